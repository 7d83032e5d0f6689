import { type Call, ok, param, type Reply, type Route, route } from "./call.js";
import { notFound } from "./errors.js";
import { afterOf, limitOf, linked, pageOf } from "./paging.js";
import { link, renderUser, stored } from "./render.js";
import { compile, type Dialect } from "./search.js";
import { sortedKeys, type Tenant } from "./tenant.js";

type Raw = Record<string, unknown>;

const FILTER: Dialect = {
	operators: ["eq"],
	attributes: ["id", "status", "name", "credentials.signing.kid", "settings.slo.enabled", "user.id", "group.id"],
	code: "E0000031",
};

const textOf = (value: unknown): string => String(value ?? "");

/** The app a path names. @throws ApiError 404 E0000007 */
export function appAt(call: Call): Raw & { id: string } {
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

/** A user's assignment to an app. */
export function renderAppUser(call: Call, appId: string, assignment: Raw): Raw {
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

/** The assignment a path names. @throws ApiError 404 E0000007 */
export function appUserAt(call: Call): { app: Raw & { id: string }; assignment: Raw; userId: string } {
	const app = appAt(call);
	const userId = param(call, "userId");
	const assignment = call.tenant.state.appUsers.get(app.id)?.get(userId);
	if (!assignment) throw notFound(userId, "AppUser");
	return { app, assignment, userId };
}

/** A group's assignment to an app. */
export function renderAppGroup(call: Call, appId: string, assignment: Raw): Raw {
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

const app = "/api/v1/apps/{appId}";

export const appRoutes: Route[] = [
	route("GET", "/api/v1/apps", "apps", listApps),
	route("GET", app, "apps", (call) => ok(renderApp(call.tenant, appAt(call)))),
	route("GET", `${app}/users`, "apps", listAppUsers),
	route("GET", `${app}/users/{userId}`, "apps", (call) => ok(renderAppUser(call, appUserAt(call).app.id, appUserAt(call).assignment))),
	route("GET", `${app}/groups`, "apps", listAppGroups),
	route("GET", `${app}/groups/{groupId}`, "apps", getAppGroup),
];
