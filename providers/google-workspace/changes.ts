import type { Millis } from "../../src/model/known.js";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { ChangeActor, ChangeEvent, ChangeLog, ChangeQuery } from "../../src/provider/changes.js";
import { at, date, known, lookUp, word } from "../../src/provider/decode.js";
import type { GoogleConnection } from "./connection.js";
import { activityPages, eventsOf, lateness, retention } from "./events.js";
import { one } from "./read.js";
import { labelOf } from "./roles.js";
import { textsOrNone } from "./schema.js";

/** A clock that is told in whole seconds may be behind by one. */
const second = 1000;

/** Requests that one kind of event may cost, 1000 activities each. */
const mostPages = 3;

type What = ChangeEvent["what"];

/** One kind of event of one application's log, and how it names the object. */
interface Kind {
	application: "admin" | "groups_enterprise";
	event: string;
	what: What;
	/** Parameter that names the group by its address. */
	group?: "GROUP_EMAIL" | "group_id";
	member?: "USER_EMAIL" | "member_id";
}

const admin = (event: string, what: What, more: Partial<Kind> = {}): Kind => ({ application: "admin", event, what, ...more });

/** https://developers.google.com/workspace/admin/reports/v1/appendix/activity/admin-group-settings, …/groups-enterprise */
const memberKinds: Kind[] = [
	admin("ADD_GROUP_MEMBER", "added", { group: "GROUP_EMAIL", member: "USER_EMAIL" }),
	admin("REMOVE_GROUP_MEMBER", "removed", { group: "GROUP_EMAIL", member: "USER_EMAIL" }),
	// What a group's owner does in Google Groups is told here only.
	{ application: "groups_enterprise", event: "add_member", what: "added", group: "group_id", member: "member_id" },
	{ application: "groups_enterprise", event: "remove_member", what: "removed", group: "group_id", member: "member_id" },
];
const groupKinds: Kind[] = [
	admin("CHANGE_GROUP_NAME", "changed", { group: "GROUP_EMAIL" }),
	admin("CREATE_GROUP", "created", { group: "GROUP_EMAIL" }),
	admin("DELETE_GROUP", "deleted", { group: "GROUP_EMAIL" }),
];
const settingKinds: Kind[] = [admin("CHANGE_GROUP_SETTING", "changed", { group: "GROUP_EMAIL" })];
/** https://developers.google.com/workspace/admin/reports/v1/appendix/activity/admin-delegated-admin-settings */
const roleKinds: Kind[] = [admin("ASSIGN_ROLE", "added", { member: "USER_EMAIL" }), admin("UNASSIGN_ROLE", "removed", { member: "USER_EMAIL" })];
const superKinds: Kind[] = [
	admin("GRANT_ADMIN_PRIVILEGE", "added", { member: "USER_EMAIL" }),
	admin("REVOKE_ADMIN_PRIVILEGE", "removed", { member: "USER_EMAIL" }),
];

/** Who changed an object, by the admin log and the groups' own. https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list */
export async function changes(connection: GoogleConnection, query: ChangeQuery): Promise<ChangeLog> {
	const skew = connection.http.clockSkew() ?? 0;
	const log: ChangeLog = { events: [], from: Math.max(query.since, query.until - retention), skew, lateness, reasons: [] };
	const fail = (cause: CoverageReason["cause"], detail: string): ChangeLog => ({ ...log, reasons: [{ cause, detail }] });
	const group = query.kind === "group" ? query.id : /^group-settings\/([^/]+)$/.exec(query.id)?.[1];
	if (query.kind === "setting" && group === undefined) return fail("unsupported", `the admin log does not name ${query.id} by the id that the API knows`);
	let addresses: string[] = [];
	if (group !== undefined) {
		const found = await addressesOf(connection, group, query.signal);
		if ("reason" in found) return { ...log, reasons: [found.reason] };
		if (found.addresses.length === 0)
			return fail("unsupported", `the log names groups by address, and there is no group ${group} any more whose address could be asked for`);
		addresses = found.addresses;
	}
	for (const kind of kindsFor(query))
		for (const address of kind.group ? addresses : [""])
			for await (const found of eventsOfKind(connection, kind, address, query, { since: log.from + skew, until: query.until + skew + second })) {
				if ("cause" in found) log.reasons.push(found);
				else log.events.push(found);
			}
	log.events.sort((a, b) => b.at - a.at);
	return log;
}

function kindsFor({ kind, members, name }: ChangeQuery): Kind[] {
	if (kind === "setting") return settingKinds;
	if (kind === "role") return name !== null && /super.?admin|seed_admin/i.test(name) ? [...roleKinds, ...superKinds] : roleKinds;
	return members.length > 0 ? [...memberKinds, ...groupKinds] : groupKinds;
}

/** The group's address and those that it had. None where there is no such group. */
async function addressesOf(
	connection: GoogleConnection,
	groupKey: string,
	signal?: AbortSignal,
): Promise<{ addresses: string[] } | { reason: CoverageReason }> {
	const request = { method: "GET" as const, path: "/admin/directory/v1/groups/{groupKey}", params: { groupKey }, query: { fields: "id,email,aliases" } };
	const answer = await one(connection, request, signal);
	if ("error" in answer)
		return answer.error.status === 404
			? { addresses: [] }
			: { reason: { cause: answer.error.cause, detail: `the group's address could not be read: ${answer.error.message}` } };
	const email = word(at(answer.body, "email"));
	return { addresses: [...(email ? [email] : []), ...(textsOrNone(at(answer.body, "aliases")) ?? [])] };
}

async function* eventsOfKind(
	connection: GoogleConnection,
	kind: Kind,
	address: string,
	query: ChangeQuery,
	window: { since: Millis; until: Millis },
): AsyncGenerator<ChangeEvent | CoverageReason> {
	const more = { eventName: kind.event, ...(kind.group && { filters: `${kind.group}==${address}` }) };
	let pages = 0;
	for await (const page of activityPages(connection, kind.application, window, query.signal ? { signal: query.signal } : {}, more)) {
		pages += 1;
		for (const item of page.items) yield* eventsIn(item, kind, query, page.request);
		if (page.end && !page.end.closed) yield* page.end.reasons;
		if (page.end || pages < mostPages) continue;
		yield { cause: "budget", detail: `the log holds more than ${mostPages * 1000} events ${kind.event} of that time, and only the newest were read` };
		return;
	}
}

function* eventsIn(item: unknown, kind: Kind, query: ChangeQuery, request: RequestRef): Generator<ChangeEvent | CoverageReason> {
	const [id, when] = [word(at(item, "id", "uniqueQualifier")), date(at(item, "id", "time"))];
	let met = false;
	for (const [place, { name, parameters }] of eventsOf(item).entries()) {
		if (name !== kind.event) continue;
		met = true;
		if (id === undefined || typeof when !== "number") {
			yield { cause: "quarantine", detail: `an event ${name} has no id or no time that can be` };
			continue;
		}
		if (query.kind === "role" && !kind.event.endsWith("ADMIN_PRIVILEGE") && !isRole(parameters, query)) continue;
		if (kind.member && !parameters.has(kind.member)) {
			yield { cause: "quarantine", detail: `an event ${name} does not say whom it is about` };
			continue;
		}
		const member = kind.member ? memberOf(parameters.get(kind.member), query) : undefined;
		if (kind.member && member === undefined) continue;
		const property = parameters.get("SETTING_NAME");
		yield known({
			// An activity may hold several events, and has one id.
			id: place === 0 ? id : `${id}/${place}`,
			type: name,
			at: when,
			what: kind.what,
			member,
			...(property !== undefined && { properties: [property] }),
			actor: actorOf(at(item, "actor")),
			ip: word(at(item, "ipAddress")),
			country: word(at(item, "networkInfo", "regionCode")),
			client: word(at(item, "actor", "applicationInfo", "applicationName")),
			requests: [],
			request,
		}) as ChangeEvent;
	}
	if (!met) yield { cause: "quarantine", detail: `an activity of the log holds no event ${kind.event}, which was asked for` };
}

function isRole(parameters: Map<string, string>, { id, name }: ChangeQuery): boolean {
	const [told, named] = [parameters.get("ROLE_ID"), parameters.get("ROLE_NAME")];
	if (told !== undefined) return told === id;
	return named !== undefined && name !== null && (named === name || labelOf(named, true) === name);
}

/** The log names people by address; nobody of whom is asked: undefined. */
function memberOf(address: string | undefined, { members }: ChangeQuery): string | undefined {
	const named = address?.toLowerCase();
	return members.find(({ id, login }) => id.toLowerCase() === named || login?.toLowerCase() === named)?.id;
}

const callers: Record<string, ChangeActor["type"]> = { USER: "account", KEY: "app", APPLICATION: "app" };

function actorOf(actor: unknown): ChangeActor {
	const [login, key] = [word(at(actor, "email")), word(at(actor, "key"))];
	const type = lookUp(callers, word(at(actor, "callerType"))) ?? (login === undefined ? "unknown" : "account");
	// A place holder that stands for nobody.
	const profile = word(at(actor, "profileId"));
	const id = profile === "105250506097979753968" ? undefined : profile;
	return known({ type, id: id ?? key, login, name: login === undefined ? key : undefined }) as ChangeActor;
}
