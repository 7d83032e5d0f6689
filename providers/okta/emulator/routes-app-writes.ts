import { bodyOf, type Call, flag, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandOneOf, demandText, type Raw, writable } from "./kinds.js";
import { appAt, appUserAt, renderApp, renderAppGroup, renderAppUser } from "./routes-apps.js";
import { groupTarget, logEvent, target, userTarget } from "./syslog.js";
import { drop, iso, newId, put, type Tenant } from "./tenant.js";

type App = Raw & { id: string };

const MODES = ["AUTO_LOGIN", "BASIC_AUTH", "BOOKMARK", "BROWSER_PLUGIN", "OPENID_CONNECT", "SAML_1_1", "SAML_2_0", "SECURE_PASSWORD_STORE", "WS_FEDERATION"];

/** Catalogue name of an app that is not from the catalogue, by sign-on mode. */
const NAMES: Record<string, string> = {
	...{ OPENID_CONNECT: "oidc_client", SAML_2_0: "template_saml_2_0", BOOKMARK: "bookmark", BASIC_AUTH: "template_basic_auth" },
	...{ WS_FEDERATION: "template_wsfed", SECURE_PASSWORD_STORE: "template_sps", BROWSER_PLUGIN: "template_swa", AUTO_LOGIN: "auto_login" },
};

const appTarget = (app: Raw) => target(String(app.id), "AppInstance", app.label);

function say(call: Call, app: Raw, verb: "create" | "update" | "activate" | "deactivate" | "delete"): void {
	logEvent(call.tenant, call, `application.lifecycle.${verb}`, `${verb} application`, [appTarget(app)]);
}

function check(call: Call, given: Raw, before: App | undefined): string {
	const label = demandText(given, "label", 100);
	const mode = demandOneOf(given, "signOnMode", MODES);
	if (before && before.signOnMode !== mode) throw invalid("signOnMode", "The sign-on mode of an app can't be changed");
	for (const [id, app] of call.tenant.state.apps)
		if (id !== before?.id && app.label === label && app.name === (given.name ?? NAMES[mode])) throw invalid("label", "An app with this label already exists.");
	return mode;
}

/** OAuth client credentials as shown: the id, and never the secret. */
function credentialsOf(given: Raw, id: string, mode: string): Raw {
	const credentials = isRecord(given.credentials) ? given.credentials : {};
	const base = { userNameTemplate: { template: "${source.login}", type: "BUILT_IN" }, signing: {}, ...credentials };
	if (mode !== "OPENID_CONNECT") return base;
	const client = isRecord(credentials.oauthClient) ? credentials.oauthClient : {};
	const { client_secret: _, ...open } = client;
	return { ...base, oauthClient: { autoKeyRotation: true, token_endpoint_auth_method: "client_secret_basic", ...open, client_id: client.client_id ?? id } };
}

/** What every app has, where the body leaves it out. */
function defaults(mode: string): Raw {
	return {
		name: NAMES[mode] ?? "template_app",
		accessibility: { selfService: false },
		visibility: { autoLaunch: false, autoSubmitToolbar: false, hide: { iOS: false, web: false }, appLinks: {} },
		features: [],
		settings: { app: {} },
	};
}

function create(call: Call): Reply {
	const { tenant } = call;
	const given = writable(bodyOf(call));
	const mode = check(call, given, undefined);
	const now = iso(tenant.now());
	const id = newId("0oa");
	const name = String(given.name ?? NAMES[mode]);
	const app = {
		...defaults(mode),
		...given,
		id,
		orn: `orn:okta:idp:${tenant.state.org.id}:apps:${name}:${id}`,
		status: flag(call, "activate", true) ? "ACTIVE" : "INACTIVE",
		created: now,
		lastUpdated: now,
		credentials: credentialsOf(given, id, mode),
	};
	put(tenant, tenant.state.apps, id, app);
	put(tenant, tenant.state.appUsers, id, new Map());
	put(tenant, tenant.state.appGroups, id, new Map());
	say(call, app, "create");
	return ok(renderApp(tenant, app));
}

function replace(call: Call): Reply {
	const { tenant } = call;
	const before = appAt(call);
	const given = writable(bodyOf(call));
	const mode = check(call, given, before);
	const { id, orn, status, created, name, _links } = before;
	const kept = { id, orn, status, created, name, ...(_links === undefined ? {} : { _links }) };
	const app = { ...defaults(mode), ...given, ...kept, credentials: credentialsOf(given, before.id, mode), lastUpdated: iso(tenant.now()) };
	put(tenant, tenant.state.apps, before.id, app);
	if (tenant.state.appKeys) drop(tenant, tenant.state.appKeys, before.id);
	say(call, app, "update");
	return ok(renderApp(tenant, app));
}

/** Everything that hangs on an app goes with it. */
function remove(call: Call): Reply {
	const { tenant } = call;
	const app = appAt(call);
	if (app.status === "ACTIVE") throw apiError("E0000056");
	const { apps, appUsers, appGroups, appGrants, appKeys, appSecrets } = tenant.state;
	for (const map of [appUsers, appGroups, appGrants, appKeys, appSecrets, apps]) if (map) drop<unknown>(tenant, map as Map<string, unknown>, app.id);
	say(call, app, "delete");
	return noContent();
}

function setStatus(call: Call, status: "ACTIVE" | "INACTIVE"): Reply {
	const { tenant } = call;
	const app = appAt(call);
	if (app.status === status) return ok({});
	put(tenant, tenant.state.apps, app.id, { ...app, status, lastUpdated: iso(tenant.now()) });
	say(call, app, status === "ACTIVE" ? "activate" : "deactivate");
	return ok({});
}

/** PUT …/policies/{id}: the sign-in policy that admits to the app. */
function setPolicy(call: Call): Reply {
	const { tenant } = call;
	const app = appAt(call);
	const id = param(call, "policyId");
	const policy = tenant.state.policies.get(id);
	if (policy?.type !== "ACCESS_POLICY") throw notFound(id, "Policy");
	const links = { ...(isRecord(app._links) ? app._links : {}), accessPolicy: { href: `/api/v1/policies/${id}` } };
	put(tenant, tenant.state.apps, app.id, { ...app, _links: links, lastUpdated: iso(tenant.now()) });
	logEvent(tenant, call, "policy.mapping.create", "Create policy mapping", [target(id, "PolicyEntity", policy.name), appTarget(app)]);
	return noContent();
}

function groupsOf(tenant: Tenant, appId: string): Map<string, Raw> {
	const kept = tenant.state.appGroups.get(appId);
	if (kept) return kept;
	const fresh = new Map<string, Raw>();
	put(tenant, tenant.state.appGroups, appId, fresh);
	return fresh;
}

function saveGroup(call: Call, app: App, groupId: string, change: Raw): Reply {
	const { tenant } = call;
	const groups = groupsOf(tenant, app.id);
	const before = groups.get(groupId);
	const next = { priority: groups.size, profile: {}, ...before, ...change, id: groupId, lastUpdated: iso(tenant.now()) };
	put(tenant, groups, groupId, next);
	logEvent(tenant, call, `group.application_assignment.${before ? "update" : "add"}`, "Group assignment to application", [
		groupTarget(tenant, groupId),
		appTarget(app),
	]);
	return ok(renderAppGroup(call, app.id, next));
}

function assignGroup(call: Call): Reply {
	const app = appAt(call);
	const groupId = param(call, "groupId");
	if (!call.tenant.state.groups.has(groupId)) throw notFound(groupId, "UserGroup");
	const { priority, profile } = bodyOf(call);
	if (priority !== undefined && (typeof priority !== "number" || !Number.isInteger(priority) || priority < 0))
		throw invalid("priority", "Must be a whole number from 0");
	return saveGroup(call, app, groupId, { ...(priority === undefined ? {} : { priority }), ...(isRecord(profile) ? { profile } : {}) });
}

/** PATCH …/groups/{id}: a JSON Patch of `replace` and `remove` on priority and profile. */
function patchGroup(call: Call): Reply {
	const app = appAt(call);
	const groupId = param(call, "groupId");
	const before = call.tenant.state.appGroups.get(app.id)?.get(groupId);
	if (!before) throw notFound(groupId, "ApplicationGroupAssignment");
	if (!Array.isArray(call.body)) throw apiError("E0000003");
	const profile = { ...(isRecord(before.profile) ? before.profile : {}) };
	let priority = before.priority;
	for (const step of call.body) {
		if (!isRecord(step) || (step.op !== "replace" && step.op !== "remove") || typeof step.path !== "string")
			throw invalid("op", "Must be replace or remove with a path");
		const name = /^\/profile\/([^/]+)$/.exec(step.path)?.[1];
		if (step.path === "/priority" && step.op === "replace" && typeof step.value === "number") priority = step.value;
		else if (name !== undefined && step.op === "replace") profile[name] = step.value;
		else if (name !== undefined) delete profile[name];
		else throw invalid("path", `The path ${step.path} can't be changed`);
	}
	return saveGroup(call, app, groupId, { priority, profile });
}

function unassignGroup(call: Call): Reply {
	const { tenant } = call;
	const app = appAt(call);
	const groupId = param(call, "groupId");
	if (!drop(tenant, groupsOf(tenant, app.id), groupId)) throw notFound(groupId, "ApplicationGroupAssignment");
	logEvent(tenant, call, "group.application_assignment.remove", "Remove group from application", [groupTarget(tenant, groupId), appTarget(app)]);
	return noContent();
}

function saveUser(call: Call, app: App, userId: string, change: Raw, verb: "add" | "update"): Reply {
	const { tenant } = call;
	const users = tenant.state.appUsers.get(app.id) ?? new Map<string, Raw>();
	if (!tenant.state.appUsers.has(app.id)) put(tenant, tenant.state.appUsers, app.id, users);
	const now = iso(tenant.now());
	const before = users.get(userId) ?? { created: now, status: "ACTIVE", statusChanged: now, syncState: "DISABLED", profile: {} };
	const next = { ...before, ...change, id: userId, lastUpdated: now };
	put(tenant, users, userId, next);
	logEvent(tenant, call, `application.user_membership.${verb}`, "User membership of application", [userTarget(tenant, userId), appTarget(app)]);
	return ok(renderAppUser(call, app.id, next));
}

/** What a body says of an assignment; a password is never kept. */
function assignmentOf(body: Raw, login: string): Raw {
	const given = isRecord(body.credentials) ? body.credentials : undefined;
	const profile = isRecord(body.profile) ? { profile: body.profile } : {};
	return { ...profile, ...(given || login !== "" ? { credentials: { userName: String(given?.userName ?? login) } } : {}) };
}

function assignUser(call: Call): Reply {
	const app = appAt(call);
	const body = bodyOf(call);
	const userId = demandText(body, "id");
	const user = call.tenant.state.users.get(userId);
	if (!user || user.status === "DEPROVISIONED") throw notFound(userId, "User");
	if (app.status !== "ACTIVE") throw apiError("E0000001", "app", ["app: The app is not active."]);
	const scope = body.scope === "GROUP" ? "GROUP" : "USER";
	return saveUser(call, app, userId, { scope, ...assignmentOf(body, user.profile?.login ?? "") }, "add");
}

function updateUser(call: Call): Reply {
	const { app, userId } = appUserAt(call);
	return saveUser(call, app, userId, assignmentOf(bodyOf(call), ""), "update");
}

function unassignUser(call: Call): Reply {
	const { tenant } = call;
	const { app, userId } = appUserAt(call);
	const users = tenant.state.appUsers.get(app.id);
	if (users) drop(tenant, users, userId);
	logEvent(tenant, call, "application.user_membership.remove", "Remove users app membership", [userTarget(tenant, userId), appTarget(app)]);
	return noContent();
}

const apps = "/api/v1/apps";
const one = `${apps}/{appId}`;

export const appWriteRoutes: Route[] = [
	route("POST", apps, "apps", create),
	route("PUT", one, "apps", replace),
	route("DELETE", one, "apps", remove),
	route("POST", `${one}/lifecycle/activate`, "apps", (call) => setStatus(call, "ACTIVE")),
	route("POST", `${one}/lifecycle/deactivate`, "apps", (call) => setStatus(call, "INACTIVE")),
	route("PUT", `${one}/policies/{policyId}`, "apps", setPolicy),
	route("PUT", `${one}/groups/{groupId}`, "apps", assignGroup),
	route("PATCH", `${one}/groups/{groupId}`, "apps", patchGroup),
	route("DELETE", `${one}/groups/{groupId}`, "apps", unassignGroup),
	route("POST", `${one}/users`, "apps", assignUser),
	route("POST", `${one}/users/{userId}`, "apps", updateUser),
	route("DELETE", `${one}/users/{userId}`, "apps", unassignUser),
];
