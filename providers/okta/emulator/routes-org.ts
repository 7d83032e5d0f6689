import { bodyOf, type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { afterOf, limitOf, linked, pageOf } from "./paging.js";
import { link, renderRaw, stored } from "./render.js";
import { compile, type Dialect } from "./search.js";
import { logEvent, target, userTarget } from "./syslog.js";
import { drop, iso, put, sortedKeys, type Tenant } from "./tenant.js";
import { liveUserAt } from "./users-find.js";

type Raw = Record<string, unknown>;

/** One kind of raw object: where it lives, and how it is shown. */
interface Kind {
	base: string;
	resource: string;
	type: string;
	/** Path parameter of a single object; without it the kind can't be read by id. */
	id?: string;
	of: (tenant: Tenant) => Map<string, Raw> | undefined;
	/** Default and largest page; without it the list does not page. */
	page?: [number, number];
	filter?: Dialect;
	allow: string[];
	lifecycle?: boolean;
	render?: (tenant: Tenant, object: Raw) => Raw;
}

const filterOn = (...attributes: string[]): Dialect => ({ operators: ["eq"], attributes, code: "E0000031" });

const KINDS: Kind[] = [
	{
		base: "/api/v1/authenticators",
		resource: "authenticators",
		type: "Authenticator",
		id: "authenticatorId",
		of: (t) => t.state.authenticators,
		allow: ["GET", "PUT"],
		lifecycle: true,
	},
	{
		...{
			base: "/api/v1/zones",
			resource: "networkZones",
			type: "NetworkZone",
			id: "zoneId",
			of: (t: Tenant) => t.state.zones,
			allow: ["GET", "PUT", "DELETE"],
		},
		...{ page: [200, 200] as [number, number], filter: filterOn("id", "usage", "system"), lifecycle: true },
	},
	{
		...{ base: "/api/v1/trustedOrigins", resource: "trustedOrigins", type: "TrustedOrigin", id: "trustedOriginId", of: (t: Tenant) => t.state.trustedOrigins },
		...{ allow: ["GET", "PUT", "DELETE"], page: [20, 200] as [number, number], filter: filterOn("id", "status", "name", "origin"), lifecycle: true },
	},
	{
		...{
			base: "/api/v1/api-tokens",
			resource: "apiTokens",
			type: "ApiToken",
			id: "apiTokenId",
			of: (t: Tenant) => t.state.apiTokens,
			allow: ["GET", "DELETE"],
		},
		render: (tenant, token) => {
			const links = {
				self: link(tenant, `/api/v1/api-tokens/${String(token.id)}`, "GET", "DELETE"),
				user: link(tenant, `/api/v1/users/${String(token.userId)}`, "GET"),
			};
			return { ...token, _links: links };
		},
	},
	{
		...{ base: "/api/v1/features", resource: "features", type: "Feature", id: "featureId", of: (t: Tenant) => t.state.features, allow: ["GET", "POST"] },
		render: (tenant, feature) => {
			const path = `/api/v1/features/${String(feature.id)}`;
			return {
				...feature,
				_links: { self: link(tenant, path, "GET", "POST"), dependents: link(tenant, `${path}/dependents`), dependencies: link(tenant, `${path}/dependencies`) },
			};
		},
	},
	{
		base: "/api/v1/eventHooks",
		resource: "eventHooks",
		type: "EventHook",
		id: "eventHookId",
		of: (t) => t.state.eventHooks,
		allow: ["GET", "PUT", "DELETE"],
		lifecycle: true,
	},
	{ base: "/api/v1/behaviors", resource: "behaviors", type: "BehaviorRule", of: (t) => t.state.behaviors, allow: ["GET", "PUT", "DELETE"] },
	{
		base: "/api/v1/idps",
		resource: "idps",
		type: "IdentityProvider",
		of: (t) => t.state.idps,
		page: [20, 200],
		allow: ["GET", "PUT", "DELETE"],
		lifecycle: true,
	},
	{
		...{ base: "/api/v1/logStreams", resource: "logStreams", type: "LogStream", of: (t: Tenant) => t.state.logStreams, page: [20, 200] as [number, number] },
		...{ filter: filterOn("type", "status"), allow: ["GET", "PUT", "DELETE"], lifecycle: true },
	},
	{ base: "/api/v1/devices", resource: "devices", type: "Device", of: (t) => t.state.devices, page: [200, 200], allow: ["GET", "DELETE"] },
];

function objectAt(call: Call, kind: Kind): Raw & { id: string } {
	const id = param(call, kind.id ?? "");
	const object = kind.of(call.tenant)?.get(id);
	if (!object) throw notFound(id, kind.type);
	return { ...object, id };
}

function show(tenant: Tenant, kind: Kind, object: Raw): Raw {
	return kind.render?.(tenant, object) ?? renderRaw(tenant, object, `${kind.base}/${String(object.id)}`, kind.allow, kind.lifecycle);
}

function list(call: Call, kind: Kind): Reply {
	const objects = kind.of(call.tenant) ?? new Map<string, Raw>();
	const filter = kind.filter ? compile(call.query.get("filter"), kind.filter) : undefined;
	const q = call.query.get("q")?.toLowerCase() ?? "";
	const pick = (id: string): Raw | undefined => {
		const object = objects.get(id);
		if (!object || (filter && !filter(object))) return undefined;
		return q === "" ||
			String(object.name ?? "")
				.toLowerCase()
				.startsWith(q)
			? object
			: undefined;
	};
	const [fallback, max] = kind.page ?? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
	const page = kind.page ? pageOf(sortedKeys(objects), afterOf(call), limitOf(call, fallback, max), pick) : pageOf(sortedKeys(objects), "", max, pick);
	return linked(call, page, (object) => show(call.tenant, kind, object));
}

function setStatus(call: Call, kind: Kind, status: "ACTIVE" | "INACTIVE"): Reply {
	const { tenant } = call;
	const object = objectAt(call, kind);
	const next = { ...object, status, lastUpdated: iso(tenant.now()) };
	const objects = kind.of(tenant);
	if (objects) put(tenant, objects, object.id, next);
	logEvent(tenant, call, `${kind.resource}.${status === "ACTIVE" ? "activate" : "deactivate"}`, "Change status", [target(object.id, kind.type, object.name)]);
	return ok(show(tenant, kind, next));
}

function revokeToken(call: Call): Reply {
	const { tenant } = call;
	const id = param(call, "apiTokenId");
	const token = tenant.state.apiTokens.get(id);
	if (!token) throw notFound(id, "ApiToken");
	drop(tenant, tenant.state.apiTokens, id);
	logEvent(tenant, call, "system.api_token.revoke", "Revoke API token", [target(id, "Token", token.name), userTarget(tenant, String(token.userId))]);
	return noContent();
}

function option(tenant: Tenant, name: string, fallback: Raw): Raw {
	return { ...fallback, ...tenant.state.orgOptions?.get(name) };
}

function setOption(call: Call, name: string, value: Raw, event: string): void {
	const { tenant } = call;
	tenant.state.orgOptions ??= new Map();
	put(tenant, tenant.state.orgOptions, name, { ...tenant.state.orgOptions.get(name), ...value });
	logEvent(tenant, call, event, "Update org setting", [target(tenant.state.org.id, "Org", name)]);
}

function getOrg(call: Call): Reply {
	return ok({ ...stored(call.tenant, call.tenant.state.org), _links: { preferences: link(call.tenant, "/api/v1/org/preferences") } });
}

function getSupport(call: Call): Reply {
	const value = option(call.tenant, "oktaSupport", { support: "DISABLED", expiration: null, caseNumber: null });
	const path = "/api/v1/org/privacy/oktaSupport";
	const links =
		value.support === "ENABLED"
			? { extend: link(call.tenant, `${path}/extend`, "POST"), revoke: link(call.tenant, `${path}/revoke`, "POST") }
			: { grant: link(call.tenant, `${path}/grant`, "POST") };
	return ok({ ...value, _links: links });
}

function getThreatInsight(call: Call): Reply {
	const created = String(call.tenant.state.org.created ?? iso(0));
	const value = option(call.tenant, "threatInsight", { action: "none", excludeZones: [], created, lastUpdated: created });
	return ok({ ...value, _links: { self: link(call.tenant, "/api/v1/threats/configuration", "GET", "POST") } });
}

function setThreatInsight(call: Call): Reply {
	const { action, excludeZones } = bodyOf(call);
	if (action !== "none" && action !== "audit" && action !== "block") throw invalid("action", "Must be none, audit or block");
	setOption(
		call,
		"threatInsight",
		{ action, ...(excludeZones === undefined ? {} : { excludeZones }), lastUpdated: iso(call.tenant.now()) },
		"security.threat.configuration.update",
	);
	return getThreatInsight(call);
}

/** An org option that is one object of booleans. */
function booleans(path: string, name: string, fallback: Record<string, boolean>, write: string | undefined, event: string): Route[] {
	const get = (call: Call): Reply => ok(option(call.tenant, name, fallback));
	const set = (call: Call): Reply => {
		const given = Object.entries(bodyOf(call)).filter(([key]) => key in fallback);
		if (given.length === 0 || given.some(([, value]) => typeof value !== "boolean")) throw apiError("E0000001", name, [`${name}: A boolean is required.`]);
		setOption(call, name, Object.fromEntries(given), event);
		return get(call);
	};
	return [route("GET", path, "orgs", get), ...(write === undefined ? [] : [route(write, path, "orgs", set)])];
}

function listUserDevices(call: Call): Reply {
	const { state } = call.tenant;
	const user = liveUserAt(call, "userId");
	const items = (state.userDevices?.get(user.id) ?? []).flatMap((id) => {
		const device = state.devices?.get(id);
		return device ? [{ created: device.created, deviceUserId: user.id, device }] : [];
	});
	return { status: 200, list: { items } };
}

const support = "/api/v1/org/privacy/oktaSupport";
const tokenPath = "/api/v1/api-tokens/{apiTokenId}";

export const orgRoutes: Route[] = [
	...KINDS.flatMap((kind) => {
		const one = `${kind.base}/{${kind.id}}`;
		const single = kind.id === undefined ? [] : [route("GET", one, kind.resource, (call) => ok(show(call.tenant, kind, objectAt(call, kind))))];
		const moves = kind.id === undefined || !kind.lifecycle ? [] : (["ACTIVE", "INACTIVE"] as const);
		const names = { ACTIVE: "activate", INACTIVE: "deactivate" } as const;
		return [
			route("GET", kind.base, kind.resource, (call) => list(call, kind)),
			...single,
			...moves.map((status) => route("POST", `${one}/lifecycle/${names[status]}`, kind.resource, (call) => setStatus(call, kind, status))),
		];
	}),
	route("DELETE", tokenPath, "apiTokens", revokeToken),
	route("GET", "/api/v1/users/{userId}/devices", "users", listUserDevices),
	route("GET", "/api/v1/org", "orgs", getOrg),
	route("GET", support, "orgs", getSupport),
	route("GET", "/api/v1/threats/configuration", "threatInsights", getThreatInsight),
	route("POST", "/api/v1/threats/configuration", "threatInsights", setThreatInsight),
	...booleans("/api/v1/org/orgSettings/thirdPartyAdminSetting", "thirdPartyAdmin", { thirdPartyAdmin: false }, "POST", "org.thirdPartyAdminSetting.update"),
	...booleans(
		"/api/v1/org/settings/clientPrivilegesSetting",
		"clientPrivileges",
		{ clientPrivilegesSetting: false },
		"PUT",
		"org.clientPrivilegesSetting.update",
	),
	...booleans("/api/v1/org/privacy/oktaCommunication", "oktaCommunication", { optOutEmailUsers: false }, undefined, ""),
	...booleans("/api/v1/org/preferences", "preferences", { showEndUserFooter: true }, undefined, ""),
	...booleans("/attack-protection/api/v1/user-lockout-settings", "lockout", { preventBruteForceLockoutFromUnknownDevices: false }, "PUT", "org.lockout.update"),
	...booleans(
		"/attack-protection/api/v1/authenticator-settings",
		"attackAuthenticators",
		{ verifyKnowledgeSecondWhen2faRequired: false },
		"PUT",
		"org.authenticators.update",
	),
];
