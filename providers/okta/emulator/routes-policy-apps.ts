import { bodyOf, type Call, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { invalid, notFound } from "./errors.js";
import { idOf } from "./gen-ids.js";
import { demandOneOf, demandText, type Raw } from "./kinds.js";
import { afterOf, limitOf, linked, pageOfList } from "./paging.js";
import { link } from "./render.js";
import { renderApp } from "./routes-apps.js";
import { policyAt } from "./routes-policies.js";
import { logEvent, target } from "./syslog.js";
import { iso, put, type Tenant } from "./tenant.js";

/** Link of an app to a policy of each type that apps are mapped to. */
const LINKS: Record<string, string> = { ACCESS_POLICY: "accessPolicy", PROFILE_ENROLLMENT: "profileEnrollment" };

function appsOf(tenant: Tenant, policyId: string, type: string | undefined): (Raw & { id: string })[] {
	const name = LINKS[type ?? ""];
	if (name === undefined) return [];
	return [...tenant.state.apps].flatMap(([id, app]) => {
		const own = (isRecord(app._links) ? app._links[name] : undefined) as { href?: string } | undefined;
		return own?.href?.endsWith(`/policies/${policyId}`) ? [{ ...app, id }] : [];
	});
}

/** Id of the mapping of an app to a policy: follows from both. */
const mappingId = (policyId: string, appId: string): string => idOf("map", `${policyId}/${appId}`);

function renderMapping(tenant: Tenant, policyId: string, appId: string): Raw {
	const id = mappingId(policyId, appId);
	const path = `/api/v1/policies/${policyId}`;
	const links = {
		self: link(tenant, `${path}/mappings/${id}`, "GET", "DELETE"),
		application: link(tenant, `/api/v1/apps/${appId}`, "GET", "PUT", "DELETE"),
		policy: link(tenant, path, "GET", "PUT", "DELETE"),
	};
	return { id, _links: links };
}

function listMappings(call: Call): Reply {
	const policy = policyAt(call);
	const items = appsOf(call.tenant, policy.id, policy.type).map((app) => renderMapping(call.tenant, policy.id, app.id));
	return { status: 200, list: { items } };
}

function listApps(call: Call): Reply {
	const policy = policyAt(call);
	const page = pageOfList(appsOf(call.tenant, policy.id, policy.type), afterOf(call), limitOf(call, 200, 200), (app) => app.id);
	return linked(call, page, (app) => renderApp(call.tenant, app));
}

function mappingAt(call: Call): { policyId: string; name: string; app: Raw & { id: string } } {
	const policy = policyAt(call);
	const id = param(call, "mappingId");
	const app = appsOf(call.tenant, policy.id, policy.type).find((one) => mappingId(policy.id, one.id) === id);
	if (!app) throw notFound(id, "PolicyMapping");
	return { policyId: policy.id, name: LINKS[policy.type ?? ""] ?? "", app };
}

function addMapping(call: Call): Reply {
	const { tenant } = call;
	const policy = policyAt(call);
	const body = bodyOf(call);
	const appId = demandText(body, "resourceId");
	if (body.resourceType !== undefined) demandOneOf(body, "resourceType", ["ACCESS_POLICY", "APP"]);
	const app = tenant.state.apps.get(appId);
	if (!app) throw notFound(appId, "AppInstance");
	const name = LINKS[policy.type ?? ""];
	if (name === undefined) throw invalid("policyId", `Apps can't be mapped to a policy of type ${String(policy.type)}`);
	const links = { ...(isRecord(app._links) ? app._links : {}), [name]: { href: `/api/v1/policies/${policy.id}` } };
	put(tenant, tenant.state.apps, appId, { ...app, _links: links, lastUpdated: iso(tenant.now()) });
	logEvent(tenant, call, "policy.mapping.create", "Create policy mapping", [
		target(policy.id, "PolicyEntity", policy.name),
		target(appId, "AppInstance", app.label),
	]);
	return ok(renderMapping(tenant, policy.id, appId));
}

/** An app taken from its policy falls back to the org's own one of that type. */
function removeMapping(call: Call): Reply {
	const { tenant } = call;
	const { policyId, name, app } = mappingAt(call);
	const type = Object.keys(LINKS).find((key) => LINKS[key] === name);
	const own = [...tenant.state.policies.values()].find((policy) => policy.type === type && policy.system === true && policy.id !== policyId);
	const { [name]: _, ...rest } = (isRecord(app._links) ? app._links : {}) as Raw;
	const links = own ? { ...rest, [name]: { href: `/api/v1/policies/${own.id}` } } : rest;
	put(tenant, tenant.state.apps, app.id, { ...app, _links: links, lastUpdated: iso(tenant.now()) });
	return noContent();
}

const policy = "/api/v1/policies/{policyId}";
const one = `${policy}/mappings/{mappingId}`;

export const policyAppRoutes: Route[] = [
	route("GET", `${policy}/app`, "policies", listApps),
	route("GET", `${policy}/mappings`, "policies", listMappings),
	route("POST", `${policy}/mappings`, "policies", addMapping),
	route("GET", one, "policies", (call) => ok(renderMapping(call.tenant, mappingAt(call).policyId, mappingAt(call).app.id))),
	route("DELETE", one, "policies", removeMapping),
];
