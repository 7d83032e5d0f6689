import { randomBytes, randomUUID } from "node:crypto";
import { bodyOf, type Call, created, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { invalid, notFound } from "./errors.js";
import { demandText, type Raw } from "./kinds.js";
import { demandLicence } from "./licence.js";
import { afterOf, limitOf, linked, pageOf } from "./paging.js";
import { link } from "./render.js";
import { logEvent, target } from "./syslog.js";
import { drop, iso, newId, put, sortedKeys, type Tenant } from "./tenant.js";

/** One of the two kinds of accounts Privileged Access knows. */
interface Accounts {
	base: string;
	resource: string;
	of: (tenant: Tenant) => Map<string, Raw>;
	/** Properties `match` looks into. */
	matched: readonly string[];
	/** Status of a creation: the vendor's file has one for each kind. */
	createdStatus: number;
	make: (call: Call, body: Raw) => Raw;
}

const owners = (body: Raw): Raw =>
	Object.fromEntries(["ownerUserIds", "ownerGroupIds"].map((name) => [name, Array.isArray(body[name]) ? (body[name] as unknown[]).map(String) : []]));

const NAME = /^[\w\-_. ]{1,50}$/;

function nameOf(body: Raw): string {
	const name = demandText(body, "name", 50);
	if (!NAME.test(name)) throw invalid("name", "Only letters, digits, spaces, full stops, hyphens and underscores are allowed");
	return name;
}

/** An account in an app: the password goes in and never comes out. */
const APP_ACCOUNTS: Accounts = {
	base: "/privileged-access/api/v1/service-accounts",
	resource: "serviceAccounts",
	of: (tenant) => {
		tenant.state.appAccounts ??= new Map();
		return tenant.state.appAccounts;
	},
	matched: ["name", "username", "containerInstanceName", "containerGlobalName"],
	createdStatus: 200,
	make: (call, body) => {
		const containerOrn = demandText(body, "containerOrn");
		demandText(body, "password");
		const appId = containerOrn.split(":").at(-1) ?? "";
		const app = call.tenant.state.apps.get(appId);
		if (!app) throw notFound(containerOrn, "AppInstance");
		const container = { containerOrn, containerInstanceName: String(app.label), containerGlobalName: String(app.name) };
		return { name: nameOf(body), username: demandText(body, "username", 100), ...container, status: "UNSECURED", statusDetail: "STAGED" };
	},
};

/** An Okta user managed as a service account. */
const OKTA_ACCOUNTS: Accounts = {
	base: "/privileged-access/api/v1/okta-service-accounts",
	resource: "serviceAccounts.okta",
	of: (tenant) => {
		tenant.state.oktaAccounts ??= new Map();
		return tenant.state.oktaAccounts;
	},
	matched: ["name", "username"],
	createdStatus: 201,
	make: (call, body) => {
		const oktaUserId = demandText(body, "oktaUserId", 20);
		const user = call.tenant.state.users.get(oktaUserId);
		if (!user) throw notFound(oktaUserId, "User");
		if ([...OKTA_ACCOUNTS.of(call.tenant).values()].some((account) => account.oktaUserId === oktaUserId))
			throw invalid("oktaUserId", "The user is managed already");
		const { login, email } = user.profile ?? {};
		return { name: nameOf(body), oktaUserId, username: login, email, status: "UNSECURED", statusDetail: "STAGED" };
	},
};

function accountAt(call: Call, kind: Accounts): Raw & { id: string } {
	demandLicence(call, "privileged-access");
	const id = param(call, "id");
	const account = kind.of(call.tenant).get(id);
	if (!account) throw notFound(id, "ServiceAccount");
	return { ...account, id };
}

function list(call: Call, kind: Accounts): Reply {
	demandLicence(call, "privileged-access");
	const all = kind.of(call.tenant);
	const match = call.query.get("match")?.toLowerCase() ?? "";
	const page = pageOf(sortedKeys(all), afterOf(call), limitOf(call, 20, 200), (id) => {
		const account = all.get(id);
		return account &&
			kind.matched.some((name) =>
				String(account[name] ?? "")
					.toLowerCase()
					.includes(match),
			)
			? account
			: undefined;
	});
	return linked(call, page, (account) => account);
}

function create(call: Call, kind: Accounts): Reply {
	demandLicence(call, "privileged-access");
	const { tenant } = call;
	const body = bodyOf(call);
	const now = iso(tenant.now());
	const description = typeof body.description === "string" ? { description: body.description } : {};
	const account = { id: randomUUID(), ...kind.make(call, body), ...description, ...owners(body), created: now, lastUpdated: now };
	put(tenant, kind.of(tenant), account.id, account);
	logEvent(tenant, call, "pam.service_account.create", "Create service account", [target(account.id, "ServiceAccount", body.name)]);
	return { status: kind.createdStatus, body: account };
}

function update(call: Call, kind: Accounts): Reply {
	const { tenant } = call;
	const before = accountAt(call, kind);
	const body = bodyOf(call);
	const name = body.name === undefined ? {} : { name: nameOf(body) };
	const description = typeof body.description === "string" ? { description: body.description } : {};
	const given = Object.fromEntries(Object.entries(owners(body)).filter(([key]) => key in body));
	const next = { ...before, ...name, ...description, ...given, lastUpdated: iso(tenant.now()) };
	put(tenant, kind.of(tenant), before.id, next);
	logEvent(tenant, call, "pam.service_account.update", "Update service account", [target(before.id, "ServiceAccount", before.name)]);
	return ok(next);
}

function remove(call: Call, kind: Accounts): Reply {
	const { tenant } = call;
	const account = accountAt(call, kind);
	drop(tenant, kind.of(tenant), account.id);
	logEvent(tenant, call, "pam.service_account.delete", "Delete service account", [target(account.id, "ServiceAccount", account.name)]);
	return noContent();
}

const SERVICES = "/integrations/api/v1/api-services";

function services(tenant: Tenant): Map<string, Raw> {
	tenant.state.apiServices ??= new Map();
	return tenant.state.apiServices;
}

function renderService(tenant: Tenant, service: Raw): Raw {
	const id = String(service.id);
	const links = {
		self: link(tenant, `${SERVICES}/${id}`, "GET", "DELETE"),
		client: link(tenant, `/oauth2/v1/clients/${id}`, "GET"),
		logo: { name: "small", href: `${tenant.url}/img/logos/${String(service.type)}.png` },
	};
	return { ...service, _links: links };
}

function serviceAt(call: Call): Raw & { id: string } {
	const id = param(call, "apiServiceId");
	const service = services(call.tenant).get(id);
	if (!service) throw notFound(id, "ApiServiceIntegrationInstance");
	return { ...service, id };
}

function listServices(call: Call): Reply {
	const all = services(call.tenant);
	return linked(
		call,
		pageOf(sortedKeys(all), afterOf(call), limitOf(call, 200, 200), (id) => all.get(id)),
		(service) => renderService(call.tenant, service),
	);
}

/** The client secret is in this answer only. */
function createService(call: Call): Reply {
	const { tenant } = call;
	const body = bodyOf(call);
	const type = demandText(body, "type");
	const { grantedScopes, properties } = body;
	if (!Array.isArray(grantedScopes) || grantedScopes.some((scope) => typeof scope !== "string")) throw invalid("grantedScopes", "A list of scopes is required");
	const by = call.caller.userId ?? call.caller.clientId ?? "okta.system";
	const words = { name: type, configGuideUrl: `${tenant.url}/docs/${type}`, ...(isRecord(properties) ? { properties } : {}) };
	const service = { id: newId("0oa"), type, ...words, createdAt: iso(tenant.now()), createdBy: by, grantedScopes };
	put(tenant, services(tenant), service.id, service);
	logEvent(tenant, call, "app.oauth2.client.lifecycle.create", "Create OAuth client", [target(service.id, "PublicClientApp", type)]);
	return created({ ...renderService(tenant, service), clientSecret: randomBytes(30).toString("base64url") });
}

function deleteService(call: Call): Reply {
	const { tenant } = call;
	const service = serviceAt(call);
	drop(tenant, services(tenant), service.id);
	logEvent(tenant, call, "app.oauth2.client.lifecycle.delete", "Delete OAuth client", [target(service.id, "PublicClientApp", service.name)]);
	return noContent();
}

export const serviceAccountRoutes: Route[] = [
	...[APP_ACCOUNTS, OKTA_ACCOUNTS].flatMap((kind) => [
		route("GET", kind.base, kind.resource, (call) => list(call, kind)),
		route("POST", kind.base, kind.resource, (call) => create(call, kind)),
		route("GET", `${kind.base}/{id}`, kind.resource, (call) => ok(accountAt(call, kind))),
		route("PATCH", `${kind.base}/{id}`, kind.resource, (call) => update(call, kind)),
		route("DELETE", `${kind.base}/{id}`, kind.resource, (call) => remove(call, kind)),
	]),
	route("GET", SERVICES, "oauthIntegrations", listServices),
	route("POST", SERVICES, "oauthIntegrations", createService),
	route("GET", `${SERVICES}/{apiServiceId}`, "oauthIntegrations", (call) => ok(renderService(call.tenant, serviceAt(call)))),
	route("DELETE", `${SERVICES}/{apiServiceId}`, "oauthIntegrations", deleteService),
];
