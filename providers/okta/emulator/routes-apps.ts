import { type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { notFound } from "./errors.js";
import { afterOf, limitOf, linked, pageOf, pageOfList } from "./paging.js";
import { link, renderUser, stored } from "./render.js";
import { compile, type Dialect } from "./search.js";
import { logEvent, target, userTarget } from "./syslog.js";
import { drop, put, sortedKeys, type Tenant } from "./tenant.js";

type Raw = Record<string, unknown>;

const FILTER: Dialect = {
	operators: ["eq"],
	attributes: ["id", "status", "name", "credentials.signing.kid", "settings.slo.enabled", "user.id", "group.id"],
	code: "E0000031",
};

const textOf = (value: unknown): string => String(value ?? "");

function appAt(call: Call): Raw & { id: string } {
	const id = param(call, "appId");
	const app = call.tenant.state.apps.get(id);
	if (!app) throw notFound(id, "AppInstance");
	return { ...app, id };
}

/** Links kept with an app, such as its access policy, are relative: they get this server's address. */
export function renderApp(tenant: Tenant, app: Raw): Raw {
	const id = textOf(app.id);
	const path = `/api/v1/apps/${id}`;
	const own = (app._links ?? {}) as Record<string, { href?: string }>;
	const kept = Object.entries(own).map(([name, value]) => [name, value.href?.startsWith("/") ? { ...value, href: `${tenant.url}${value.href}` } : value]);
	const move = app.status === "ACTIVE" ? "deactivate" : "activate";
	const links = {
		self: link(tenant, path, "GET", "PUT"),
		users: link(tenant, `${path}/users`),
		groups: link(tenant, `${path}/groups`),
		[move]: link(tenant, `${path}/lifecycle/${move}`, "POST"),
		logo: [{ name: "medium", href: `${tenant.url}/img/logos/${id}.png`, type: "image/png" }],
		appLinks: [],
		...Object.fromEntries(kept),
	};
	return { ...stored(tenant, app), _links: links };
}

/** GET /apps. Without a limit the vendor gives all; here, too, up to 200 a page. */
function listApps(call: Call): Reply {
	const { tenant, query } = call;
	const { apps, appUsers, appGroups } = tenant.state;
	const filter = compile(query.get("filter"), FILTER);
	const q = query.get("q")?.toLowerCase() ?? "";
	const text = query.get("filter") ?? "";
	const relations = (id: string): Raw => ({
		...(text.includes("user.id") ? { user: [...(appUsers.get(id)?.keys() ?? [])].map((userId) => ({ id: userId })) } : {}),
		...(text.includes("group.id") ? { group: [...(appGroups.get(id)?.keys() ?? [])].map((groupId) => ({ id: groupId })) } : {}),
	});
	const page = pageOf(sortedKeys(apps), afterOf(call), limitOf(call, 200, 200), (id) => {
		const app = apps.get(id);
		if (!app || (filter && !filter({ ...app, ...relations(id) }))) return undefined;
		const named = [app.name, app.label].some((name) => textOf(name).toLowerCase().startsWith(q));
		return q === "" || named ? app : undefined;
	});
	return linked(call, page, (app) => renderApp(tenant, app));
}

function renderAppUser(call: Call, appId: string, assignment: Raw): Raw {
	const { tenant } = call;
	const id = textOf(assignment.id);
	const user = call.query.get("expand") === "user" ? tenant.state.users.get(id) : undefined;
	const links = { app: link(tenant, `/api/v1/apps/${appId}`), user: link(tenant, `/api/v1/users/${id}`) };
	return { ...stored(tenant, assignment), ...(user ? { _embedded: { user: renderUser(tenant, user) } } : {}), _links: links };
}

function listAppUsers(call: Call): Reply {
	const app = appAt(call);
	const users = call.tenant.state.appUsers.get(app.id) ?? new Map<string, Raw>();
	const q = call.query.get("q")?.toLowerCase() ?? "";
	const page = pageOf(sortedKeys(users), afterOf(call), limitOf(call, 50, 500), (id) => {
		const assignment = users.get(id);
		if (!assignment || q === "") return assignment;
		const profile = (assignment.profile ?? {}) as Raw;
		const credentials = (assignment.credentials ?? {}) as Raw;
		return [credentials.userName, profile.firstName, profile.lastName, profile.email].some((v) => textOf(v).toLowerCase().startsWith(q))
			? assignment
			: undefined;
	});
	return linked(call, page, (assignment) => renderAppUser(call, app.id, assignment));
}

function appUserAt(call: Call): { app: Raw & { id: string }; assignment: Raw; userId: string } {
	const app = appAt(call);
	const userId = param(call, "userId");
	const assignment = call.tenant.state.appUsers.get(app.id)?.get(userId);
	if (!assignment) throw notFound(userId, "AppUser");
	return { app, assignment, userId };
}

function unassignUser(call: Call): Reply {
	const { tenant } = call;
	const { app, userId } = appUserAt(call);
	const users = tenant.state.appUsers.get(app.id);
	if (users) drop(tenant, users, userId);
	logEvent(tenant, call, "application.user_membership.remove", "Remove users app membership", [
		userTarget(tenant, userId),
		target(app.id, "AppInstance", app.label),
	]);
	return noContent();
}

function renderAppGroup(call: Call, appId: string, assignment: Raw): Raw {
	const { tenant } = call;
	const id = textOf(assignment.id);
	const self = link(tenant, `/api/v1/apps/${appId}/groups/${id}`);
	return { ...stored(tenant, assignment), _links: { self, app: link(tenant, `/api/v1/apps/${appId}`), group: link(tenant, `/api/v1/groups/${id}`) } };
}

function listAppGroups(call: Call): Reply {
	const app = appAt(call);
	const groups = call.tenant.state.appGroups.get(app.id) ?? new Map<string, Raw>();
	const q = call.query.get("q")?.toLowerCase() ?? "";
	const page = pageOf(sortedKeys(groups), afterOf(call), limitOf(call, 20, 200), (id) => {
		const name = (call.tenant.state.groups.get(id)?.profile as { name?: string } | undefined)?.name ?? "";
		return q === "" || name.toLowerCase().startsWith(q) ? groups.get(id) : undefined;
	});
	return linked(call, page, (assignment) => renderAppGroup(call, app.id, assignment));
}

function getAppGroup(call: Call): Reply {
	const app = appAt(call);
	const id = param(call, "groupId");
	const assignment = call.tenant.state.appGroups.get(app.id)?.get(id);
	if (!assignment) throw notFound(id, "ApplicationGroupAssignment");
	return ok(renderAppGroup(call, app.id, assignment));
}

function renderGrant(call: Call, app: Raw & { id: string }, grant: Raw): Raw {
	const { tenant } = call;
	const links = {
		app: { ...link(tenant, `/api/v1/apps/${app.id}`), title: textOf(app.label) },
		self: link(tenant, `/api/v1/apps/${app.id}/grants/${textOf(grant.id)}`, "GET", "DELETE"),
		client: { ...link(tenant, `/oauth2/v1/clients/${app.id}`), title: textOf(app.label) },
	};
	const scope = call.query.get("expand") === "scope" ? { _embedded: { scope: { id: grant.scopeId } } } : {};
	return { clientId: app.id, ...grant, issuer: tenant.url, ...scope, _links: links };
}

function listGrants(call: Call): Reply {
	const app = appAt(call);
	const items = (call.tenant.state.appGrants.get(app.id) ?? []).map((grant) => renderGrant(call, app, grant));
	return { status: 200, list: { items } };
}

function grantAt(call: Call): { app: Raw & { id: string }; grant: Raw } {
	const app = appAt(call);
	const id = param(call, "grantId");
	const grant = call.tenant.state.appGrants.get(app.id)?.find((g) => g.id === id);
	if (!grant) throw notFound(id, "OAuth2ScopeConsentGrant");
	return { app, grant };
}

function revokeGrant(call: Call): Reply {
	const { tenant } = call;
	const { app, grant } = grantAt(call);
	const left = (tenant.state.appGrants.get(app.id) ?? []).filter((g) => g !== grant);
	put(tenant, tenant.state.appGrants, app.id, left);
	logEvent(tenant, call, "app.oauth2.admin.consent.revoke", "Revoke consent of an app", [target(app.id, "AppInstance", app.label)]);
	return noContent();
}

function listSecrets(call: Call): Reply {
	const app = appAt(call);
	const path = `/api/v1/apps/${app.id}/credentials/secrets`;
	const items = (call.tenant.state.appSecrets?.get(app.id) ?? []).map((secret) => {
		const own = `${path}/${textOf(secret.id)}`;
		const move = secret.status === "INACTIVE" ? "activate" : "deactivate";
		return { ...secret, _links: { [move]: link(call.tenant, `${own}/lifecycle/${move}`, "POST") } };
	});
	return { status: 200, list: { items } };
}

function listTokens(call: Call): Reply {
	const app = appAt(call);
	const all = [...(call.tenant.state.refreshTokens?.values() ?? [])].flat().filter((token) => token.clientId === app.id);
	const path = `/api/v1/apps/${app.id}/tokens`;
	return linked(
		call,
		pageOfList(all, afterOf(call), limitOf(call, 20, 200), (token) => textOf(token.id)),
		(token) => ({
			...token,
			_links: { self: link(call.tenant, `${path}/${textOf(token.id)}`) },
		}),
	);
}

const app = "/api/v1/apps/{appId}";

export const appRoutes: Route[] = [
	route("GET", "/api/v1/apps", "apps", listApps),
	route("GET", app, "apps", (call) => ok(renderApp(call.tenant, appAt(call)))),
	route("GET", `${app}/users`, "apps", listAppUsers),
	route("GET", `${app}/users/{userId}`, "apps", (call) => ok(renderAppUser(call, appUserAt(call).app.id, appUserAt(call).assignment))),
	route("DELETE", `${app}/users/{userId}`, "apps", unassignUser),
	route("GET", `${app}/groups`, "apps", listAppGroups),
	route("GET", `${app}/groups/{groupId}`, "apps", getAppGroup),
	route("GET", `${app}/grants`, "appGrants", listGrants),
	route("GET", `${app}/grants/{grantId}`, "appGrants", (call) => ok(renderGrant(call, grantAt(call).app, grantAt(call).grant))),
	route("DELETE", `${app}/grants/{grantId}`, "appGrants", revokeGrant),
	route("GET", `${app}/credentials/secrets`, "apps", listSecrets),
	route("GET", `${app}/tokens`, "apps", listTokens),
];
