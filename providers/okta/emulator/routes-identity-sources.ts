import { bodyOf, type Call, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { type Load, removeUser, runImport, sourceUsers, upsertUser } from "./identity-import.js";
import { demandOneOf, demandText, type Raw } from "./kinds.js";
import { logEvent, target } from "./syslog.js";
import { iso, newId, put, type Tenant } from "./tenant.js";

/** Bounds of one session, by the vendor's guide. */
const MOST_ENTRIES = 200;
const MOST_LOADS = 50;
const IDLE_MS = 86_400_000;

interface Session {
	id: string;
	status: string;
	lastUpdated: string;
	loads: Load[];
}

/** A source is an app of the org. */
function sourceAt(call: Call): string {
	const id = param(call, "identitySourceId");
	if (!call.tenant.state.apps.has(id)) throw notFound(id, "IdentitySource");
	return id;
}

/** Sessions of a source; those left alone for a day have expired. */
function sessionsOf(tenant: Tenant, sourceId: string): (Raw & Session)[] {
	return ((tenant.state.sourceSessions?.get(sourceId) ?? []) as unknown as (Raw & Session)[]).map((session) => {
		const open = session.status === "CREATED" || session.status === "IN_PROGRESS";
		return open && tenant.now() - Date.parse(session.lastUpdated) > IDLE_MS ? { ...session, status: "EXPIRED" } : session;
	});
}

function show({ loads: _, ...session }: Raw & Session): Raw {
	return session;
}

function sessionAt(call: Call): { sourceId: string; session: Raw & Session } {
	const sourceId = sourceAt(call);
	const id = param(call, "sessionId");
	const session = sessionsOf(call.tenant, sourceId).find((one) => one.id === id);
	if (!session) throw notFound(id, "IdentitySourceSession");
	return { sourceId, session };
}

function save(tenant: Tenant, sourceId: string, session: Raw & Session): Raw {
	tenant.state.sourceSessions ??= new Map();
	const others = (tenant.state.sourceSessions.get(sourceId) ?? []).filter((one) => one.id !== session.id);
	const next = { ...session, lastUpdated: iso(tenant.now()) };
	put(tenant, tenant.state.sourceSessions, sourceId, [...others, next]);
	return show(next);
}

/** One session at a time may be open. */
function create(call: Call): Reply {
	const { tenant } = call;
	const sourceId = sourceAt(call);
	if (sessionsOf(tenant, sourceId).some((one) => one.status === "CREATED"))
		throw apiError("E0000001", "session", ["session: The identity source has an open session."]);
	const created = iso(tenant.now());
	const session = { id: newId("aps"), identitySourceId: sourceId, status: "CREATED", importType: "INCREMENTAL", created, lastUpdated: created, loads: [] };
	logEvent(tenant, call, "system.import.session.created", "Import session created", [target(sourceId, "AppInstance", tenant.state.apps.get(sourceId)?.label)]);
	return ok(save(tenant, sourceId, session));
}

function cancel(call: Call): Reply {
	const { tenant } = call;
	const { sourceId, session } = sessionAt(call);
	if (session.status !== "CREATED" && session.status !== "IN_PROGRESS")
		throw apiError("E0000001", "status", [`status: A session that is ${session.status} can't be cancelled.`]);
	save(tenant, sourceId, { ...session, status: "CLOSED", loads: [] });
	logEvent(tenant, call, "system.import.session.cancelled", "Import session cancelled", [
		target(sourceId, "AppInstance", tenant.state.apps.get(sourceId)?.label),
	]);
	return noContent();
}

/** Where each load keeps its entries, and its event. */
const LOADS: Record<Load["kind"], { field: string; event: string }> = {
	"bulk-upsert": { field: "profiles", event: "bulk_upsert" },
	"bulk-delete": { field: "profiles", event: "bulk_delete" },
	"bulk-groups-upsert": { field: "profiles", event: "bulk_group_upsert" },
	"bulk-groups-delete": { field: "externalIds", event: "bulk_group_delete" },
	"bulk-group-memberships-upsert": { field: "memberships", event: "bulk_group_membership_upsert" },
	"bulk-group-memberships-delete": { field: "memberships", event: "bulk_group_membership_delete" },
};

function load(call: Call, kind: Load["kind"]): Reply {
	const { tenant } = call;
	const { sourceId, session } = sessionAt(call);
	const body = bodyOf(call);
	const { field, event } = LOADS[kind];
	if (kind === "bulk-upsert" || kind === "bulk-delete") demandOneOf(body, "entityType", ["USERS"]);
	const given = body[field];
	if (!Array.isArray(given) || given.length === 0) throw invalid(field, "The field cannot be left blank");
	if (given.length > MOST_ENTRIES) throw invalid(field, `At most ${MOST_ENTRIES} entries are allowed`);
	if (session.status !== "CREATED" && session.status !== "IN_PROGRESS")
		throw apiError("E0000001", "status", [`status: A session that is ${session.status} takes no data.`]);
	if (session.loads.length >= MOST_LOADS) throw apiError("E0000001", "session", [`session: At most ${MOST_LOADS} loads are allowed.`]);
	const entries = given.map((entry) => (isRecord(entry) ? entry : { externalId: entry }));
	for (const entry of entries) demandText(entry, field === "memberships" ? "groupExternalId" : "externalId", 512);
	save(tenant, sourceId, { ...session, status: "IN_PROGRESS", loads: [...session.loads, { kind, entries }] });
	logEvent(tenant, call, `system.identity_sources.${event}`, "Identity source bulk load", [
		target(sourceId, "AppInstance", tenant.state.apps.get(sourceId)?.label),
	]);
	return { status: 202 };
}

function start(call: Call): Reply {
	const { tenant } = call;
	const { sourceId, session } = sessionAt(call);
	if (session.status !== "IN_PROGRESS") throw apiError("E0000001", "status", ["status: Only a session with data can be started."]);
	const triggered = save(tenant, sourceId, { ...session, status: "TRIGGERED" });
	logEvent(tenant, call, "system.import.session.triggered", "Import session triggered", [
		target(sourceId, "AppInstance", tenant.state.apps.get(sourceId)?.label),
	]);
	const finish = (): void => {
		runImport(tenant, call, sourceId, session.loads);
		save(tenant, sourceId, { ...session, status: "COMPLETED", loads: [] });
	};
	if (tenant.knobs.asyncMs <= 0) finish();
	else tenant.pending.push({ at: tenant.now() + tenant.knobs.asyncMs, run: finish });
	return ok(triggered);
}

function userAt(call: Call): { sourceId: string; entry: Raw & { externalId: string } } {
	const sourceId = sourceAt(call);
	const externalId = param(call, "externalId");
	const entry = sourceUsers(call.tenant, sourceId).get(externalId);
	if (!entry) throw notFound(externalId, "IdentitySourceUser");
	return { sourceId, entry: { ...entry, externalId } };
}

const PARTS = ["userName", "email", "firstName", "lastName", "secondEmail", "mobilePhone", "homeAddress"];

function profileOf(body: Raw, whole: boolean): Raw {
	const profile = isRecord(body.profile) ? body.profile : undefined;
	if (!profile) throw invalid("profile", "The field cannot be left blank");
	if (whole) for (const name of ["userName", "email"]) demandText(profile, name, 100);
	return Object.fromEntries(PARTS.flatMap((name) => (profile[name] === undefined ? [] : [[name, profile[name]]])));
}

function createUser(call: Call): Reply {
	const sourceId = sourceAt(call);
	const body = bodyOf(call);
	const externalId = demandText(body, "externalId", 512);
	if (sourceUsers(call.tenant, sourceId).has(externalId)) throw invalid("externalId", "An object with this field already exists");
	upsertUser(call.tenant, call, sourceId, externalId, profileOf(body, true));
	return { status: 200 };
}

function changeUser(call: Call): Reply {
	const { sourceId, entry } = userAt(call);
	const profile = profileOf(bodyOf(call), call.method === "PUT");
	return ok(upsertUser(call.tenant, call, sourceId, entry.externalId, profile));
}

function deleteUser(call: Call): Reply {
	const { sourceId, entry } = userAt(call);
	removeUser(call.tenant, call, sourceId, entry.externalId);
	return noContent();
}

const source = "/api/v1/identity-sources/{identitySourceId}";
const sessions = `${source}/sessions`;
const session = `${sessions}/{sessionId}`;
const users = `${source}/users`;
const user = `${users}/{externalId}`;

export const identitySourceRoutes: Route[] = [
	route("GET", sessions, "identitySources", (call) => ({ status: 200, list: { items: sessionsOf(call.tenant, sourceAt(call)).map(show) } })),
	route("POST", sessions, "identitySources", create),
	route("GET", session, "identitySources", (call) => ok(show(sessionAt(call).session))),
	route("DELETE", session, "identitySources", cancel),
	...(Object.keys(LOADS) as Load["kind"][]).map((kind) => route("POST", `${session}/${kind}`, "identitySources", (call) => load(call, kind))),
	route("POST", `${session}/start-import`, "identitySources", start),
	route("POST", users, "identitySources", createUser),
	route("GET", user, "identitySources", (call) => ok(userAt(call).entry)),
	route("PUT", user, "identitySources", changeUser),
	route("PATCH", user, "identitySources", changeUser),
	route("DELETE", user, "identitySources", deleteUser),
];
