import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { ChangeActor, ChangeEvent, ChangeLog, ChangeQuery } from "../../src/provider/changes.js";
import { namesRole, targetsOf } from "./changes-role.js";
import type { OktaConnection } from "./connection.js";
import { lateness, retention } from "./log-events.js";
import { list } from "./read.js";
import { at, known, lookUp, object, stamp, word } from "./schema.js";

/** A clock that is told in whole seconds may be behind by one. */
const second = 1000;

/** Requests that one question may cost, 1000 events each: the log lets an app ask about once a second. */
const mostPages = 5;

const memberEvents = { "group.user_membership.add": "added", "group.user_membership.remove": "removed" } as const;
const groupEvents = { "group.profile.update": "changed", "group.lifecycle.create": "created", "group.lifecycle.delete": "deleted" } as const;
const roleEvents = {
	"user.account.privilege.grant": "added",
	"user.account.privilege.revoke": "removed",
	"iam.resourceset.bindings.add": "added",
	"iam.resourceset.bindings.delete": "removed",
} as const;

type What = ChangeEvent["what"];

/** Event types of the kinds of setting that can be declared. https://developer.okta.com/docs/reference/api/event-types/ */
const lifecycle = (stem: string): Record<string, What> => ({
	[`${stem}.create`]: "created",
	[`${stem}.update`]: "changed",
	[`${stem}.activate`]: "changed",
	[`${stem}.deactivate`]: "changed",
	[`${stem}.delete`]: "deleted",
});
const moves = (stem: string): Record<string, What> =>
	Object.fromEntries(Object.keys({ ...lifecycle(stem), [`${stem}.add`]: "" }).flatMap((type) => (type.endsWith("activate") ? [] : [[type, "changed"]])));
const settingEvents: [RegExp, Record<string, What>][] = [
	[/^policy-order\//, moves("policy.lifecycle")],
	[/^rule-order\//, moves("policy.rule")],
	[/^policy\//, { ...lifecycle("policy.lifecycle"), "policy.lifecycle.overwrite": "changed" }],
	[/^rule\//, { ...lifecycle("policy.rule"), "policy.rule.add": "created" }],
	[/^zone\//, lifecycle("zone")],
	[/^authenticator\//, lifecycle("security.authenticator.lifecycle")],
	[/^threat-insight\//, { "security.threat.configuration.update": "changed" }],
];

/** Who changed an object, by the System Log. https://developer.okta.com/docs/reference/system-log-query/ */
export async function changes(connection: OktaConnection, query: ChangeQuery): Promise<ChangeLog> {
	const skew = connection.http.clockSkew() ?? 0;
	const from = Math.max(query.since, query.until - retention);
	const events = eventsFor(query);
	if (!events) {
		const detail = `the System Log has no event for ${query.id} that is known here`;
		return { events: [], from, skew, lateness, reasons: [{ cause: "unsupported", detail }] };
	}
	const request = {
		method: "GET" as const,
		path: "/api/v1/logs",
		query: {
			since: new Date(from + skew).toISOString(),
			until: new Date(query.until + skew + second).toISOString(),
			filter: filterOf(query, Object.keys(events)),
			sortOrder: "DESCENDING",
			limit: 1000,
		},
	};
	const log: ChangeLog = { events: [], from, skew, lateness, reasons: [] };
	let pages = 0;
	for await (const page of list(connection, request, { scope: "okta.logs.read", signal: query.signal })) {
		pages += 1;
		for (const item of page.items) {
			const found = eventOf(item, query, events, page.request);
			if (found && "cause" in found) log.reasons.push(found);
			else if (found) log.events.push(found);
		}
		if (page.quarantined.length > 0) log.reasons.push({ cause: "quarantine", detail: "an event of the System Log is no object" });
		if (page.end && !page.end.closed) log.reasons.push(...page.end.reasons);
		if (page.end || pages < mostPages) continue;
		log.from = (log.events.at(-1)?.at ?? query.until + skew) - skew;
		log.reasons.push({ cause: "budget", detail: `the log holds more than ${mostPages * 1000} events about it in that time, and only the newest were read` });
		break;
	}
	return log;
}

function eventsFor({ kind, id }: ChangeQuery): Record<string, What> | null {
	if (kind === "group") return { ...memberEvents, ...groupEvents };
	if (kind === "role") return roleEvents;
	return settingEvents.find(([pattern]) => pattern.test(id))?.[1] ?? null;
}

/** A grant names its user, and its role in words that no filter reaches; the one ThreatInsight there is has no id. */
function filterOf({ kind, id, members, about = [] }: ChangeQuery, types: string[]): string {
	const anyOf = (field: string, values: string[]) => `(${values.map((value) => `${field} eq "${value.replace(/["\\]/g, "")}"`).join(" or ")})`;
	const parts = [anyOf("eventType", types), 'outcome.result eq "SUCCESS"'];
	if (kind === "group") parts.unshift(anyOf("target.id", [id]));
	if (kind === "setting" && id.startsWith("policy-order/")) {
		// The type of the policies is no target; more ids than a filter holds are looked for in the answer.
		if (about.length > 0 && about.length <= 10) parts.unshift(anyOf("target.id", about));
	} else if (kind === "setting" && !id.startsWith("threat-insight/")) parts.unshift(anyOf("target.id", [id.split("/").at(-1) ?? id]));
	if (kind === "role" && members.length > 0 && members.length <= 10)
		parts.unshift(
			anyOf(
				"target.id",
				members.map((member) => member.id),
			),
		);
	return parts.join(" and ");
}

function eventOf(item: unknown, query: ChangeQuery, events: Record<string, What>, request: RequestRef): ChangeEvent | CoverageReason | null {
	const type = word(at(item, "eventType"));
	const what = lookUp(events, type);
	const [id, published] = [word(at(item, "uuid")), stamp(at(item, "published"))];
	// Others were not asked for.
	if (type === undefined || what === undefined || at(item, "outcome", "result") !== "SUCCESS")
		return { cause: "quarantine", detail: "an event of the System Log is not of the types that were asked for" };
	if (id === undefined || published === undefined)
		return { cause: "quarantine", detail: `an event ${type} of the System Log has no id or no time that can be` };
	const users = targetsOf(item).flatMap((target) => (at(target, "type") === "User" ? (word(at(target, "id")) ?? []) : []));
	const member = type in memberEvents || query.kind === "role" ? users[0] : undefined;
	if (type in memberEvents && member === undefined) return { cause: "quarantine", detail: `an event ${type} of the System Log names no user` };
	if (query.kind === "role") {
		const named = namesRole(item, query.id, query.name);
		const asked = query.members.some((one) => one.id === member);
		if (named === undefined && asked)
			return { cause: "unsupported", detail: `the event ${type} of ${new Date(published).toISOString()} does not name the role` };
		if (!named) return null;
	}
	if (query.id.startsWith("policy-order/") && !targetsOf(item).some((target) => query.about?.includes(word(at(target, "id")) ?? ""))) return null;
	const changed = targetsOf(item).flatMap((target) => Object.keys(object(at(target, "changeDetails", "to")) ?? {}));
	return known({
		id,
		type,
		at: published,
		what,
		member,
		...(changed.length > 0 && { properties: changed }),
		actor: actorOf(at(item, "actor")),
		ip: word(at(item, "client", "ipAddress")),
		country: word(at(item, "client", "geographicalContext", "country")),
		client: clientOf(at(item, "client")),
		requests: [word(at(item, "transaction", "id")), word(at(item, "debugContext", "debugData", "requestId"))].filter((one) => one !== undefined),
		request,
	}) as ChangeEvent;
}

/** Okta writes `unknown` where it has no name. */
const named = (value: unknown) => (value === "unknown" ? undefined : word(value));

function actorOf(actor: unknown): ChangeActor {
	const word_ = word(at(actor, "type")) ?? "";
	const type = word_ === "User" ? "account" : /app/i.test(word_) ? "app" : word_ === "SystemPrincipal" ? "system" : "unknown";
	return known({ type, id: word(at(actor, "id")), login: named(at(actor, "alternateId")), name: named(at(actor, "displayName")) }) as ChangeActor;
}

/** `CHROME on Mac OS X`; a script's user agent as it is. */
function clientOf(client: unknown): string | undefined {
	const [browser, os] = [word(at(client, "userAgent", "browser")), word(at(client, "userAgent", "os"))];
	if (browser && !/^unknown$/i.test(browser)) return os && !/^unknown$/i.test(os) ? `${browser} on ${os}` : browser;
	return word(at(client, "userAgent", "rawUserAgent"));
}
