import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { ChangeActor, ChangeEvent, ChangeLog, ChangeQuery } from "../../src/provider/changes.js";
import { changedProperties, namesRole } from "./changes-properties.js";
import type { EntraConnection } from "./connection.js";
import { list } from "./read.js";
import { at, known, stamp, word } from "./schema.js";

/** With a P1 or P2 licence; without one 7 days. https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention */
const retention: Millis = 30 * 24 * 3600_000;

/** Most events are there within minutes, some after an hour. https://learn.microsoft.com/entra/identity/monitoring-health/reference-sla-performance */
const lateness: Millis = 60 * 60_000;

/** Requests that one question may cost; the reports of a tenant answer one in two seconds. */
const mostPages = 5;

type What = ChangeEvent["what"];

/** The vendor's words for what it did; PIM asks (`requested`) before it does. https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities */
const activities: Record<ChangeQuery["kind"], [RegExp, What][]> = {
	group: [
		[/^add member to group$/i, "added"],
		[/^remove member from group$/i, "removed"],
		[/^update group$/i, "changed"],
		[/^add group$/i, "created"],
		[/^(hard )?delete group$/i, "deleted"],
	],
	role: [
		[/^add (scoped )?member to role( completed| in pim completed| outside of pim)?( \(.*\))?$/i, "added"],
		[/^remove (scoped )?member from role( completed| in pim completed| outside of pim)?( \(.*\))?$/i, "removed"],
	],
	setting: [
		[/^add /i, "created"],
		[/^(hard )?delete /i, "deleted"],
		[/^(update|enable|disable|set) |update$|reset$/i, "changed"],
	],
};

/** Where a tenant has one such object, the log names it by its activity and not by the id that the API knows. */
const single: Record<string, string> = {
	authorizationPolicy: "Update authorization policy",
	authenticationMethodsPolicy: "Authentication Methods Policy Update",
	authenticationMethodConfiguration: "Authentication Methods Policy Update",
	crossTenantAccessPolicy: "Update the company default cross-tenant access setting",
};

/** Who changed an object, by the directory's audit log. https://learn.microsoft.com/graph/api/directoryaudit-list */
export async function changes(connection: EntraConnection, query: ChangeQuery): Promise<ChangeLog> {
	const skew = connection.http.clockSkew() ?? 0;
	const log: ChangeLog = { events: [], from: Math.max(query.since, query.until - retention), skew, lateness, reasons: [] };
	const $filter = `activityDateTime ge ${new Date(log.from + skew).toISOString()} and ${about(query)}`;
	const request = { method: "GET" as const, path: "/v1.0/auditLogs/directoryAudits", query: { $filter, $top: 500 } };
	let pages = 0;
	for await (const page of list(connection, request, query.signal)) {
		pages += 1;
		for (const item of page.items) {
			const found = eventOf(item, query, page.request);
			if (found === "odd") log.reasons.push({ cause: "quarantine", detail: "an event of the audit log lacks what says when and what it was, or to whom" });
			else if (found) log.events.push(found);
		}
		if (page.end && !page.end.closed) log.reasons.push(...page.end.reasons);
		if (page.end || pages < mostPages) continue;
		log.reasons.push({ cause: "budget", detail: `the audit log holds more about it in that time than ${mostPages} requests give` });
		break;
	}
	// The vendor's order is not promised.
	log.events.sort((a, b) => b.at - a.at);
	return log;
}

function about({ kind, id }: ChangeQuery): string {
	if (kind === "role") return "category eq 'RoleManagement'";
	const activity = kind === "setting" && Object.hasOwn(single, kindOf(id)) ? single[kindOf(id)] : undefined;
	if (activity !== undefined) return `activityDisplayName eq '${activity}'`;
	const target = kind === "setting" ? id.slice(id.indexOf("/") + 1) : id;
	return `targetResources/any(t: t/id eq '${target.replaceAll("'", "''")}')`;
}

const kindOf = (setting: string) => setting.split("/")[0] ?? "";

function eventOf(item: unknown, query: ChangeQuery, request: RequestRef): ChangeEvent | "odd" | null {
	const [type, result] = [word(at(item, "activityDisplayName")), word(at(item, "result"))];
	if (type === undefined || result === undefined) return "odd";
	const what = activities[query.kind].find(([pattern]) => pattern.test(type))?.[1];
	if (what === undefined || result !== "success") return null;
	const [id, when] = [word(at(item, "id")), stamp(at(item, "activityDateTime"))];
	if (id === undefined || when === undefined) return "odd";
	const targets = at(item, "targetResources");
	const named = (Array.isArray(targets) ? targets : []).map((target) => ({ target, id: word(at(target, "id")), type: word(at(target, "type")) }));
	if (query.kind === "role" && !namesRole(item, query)) return null;
	// One setting holds all methods; an event that names another of them is none of this one's.
	const method = query.id.split("/")[1]?.toLowerCase();
	const label = word(at(named[0]?.target, "displayName"));
	if (kindOf(query.id) === "authenticationMethodConfiguration" && label !== undefined && label.toLowerCase() !== method) return null;
	const comes = what === "added" || what === "removed";
	const member = comes ? named.find((one) => one.id !== query.id && one.type !== "Group" && one.type !== "Role")?.id : undefined;
	if (comes && member === undefined) return "odd";
	const properties = query.kind === "setting" ? changedProperties(item) : [];
	return known({
		id,
		type,
		at: when,
		what,
		member,
		...(properties.length > 0 && { properties }),
		actor: actorOf(at(item, "initiatedBy")),
		ip: word(at(item, "initiatedBy", "user", "ipAddress")),
		client: clientOf(at(item, "additionalDetails")),
		requests: [word(at(item, "correlationId"))].filter((one) => one !== undefined),
		request,
	}) as ChangeEvent;
}

function actorOf(by: unknown): ChangeActor {
	const [user, app] = [at(by, "user"), at(by, "app")];
	const login = word(at(user, "userPrincipalName"));
	if (login !== undefined || word(at(user, "id")) !== undefined)
		return known({ type: "account", id: word(at(user, "id")), login, name: word(at(user, "displayName")) }) as ChangeActor;
	const id = word(at(app, "appId")) ?? word(at(app, "servicePrincipalId"));
	const name = word(at(app, "displayName")) ?? word(at(app, "servicePrincipalName"));
	return known({ type: id === undefined && name === undefined ? "unknown" : "app", id, name }) as ChangeActor;
}

function clientOf(details: unknown): string | undefined {
	const agent = (Array.isArray(details) ? details : []).find((one) => at(one, "key") === "User-Agent");
	return word(at(agent, "value"));
}
