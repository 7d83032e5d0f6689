import type { Call, Reply } from "../../../src/emulate/call.js";
import { noContent, ok, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { duplicate, invalid, legacy, notFound, required } from "./errors.js";
import { etag, shortId } from "./ids.js";
import type { Operation } from "./rights.js";
import { checkCustomer } from "./routes-roles.js";
import { oneOf } from "./routes-users.js";
import { directory } from "./scopes.js";
import type { OrgUnitBody, Tenant } from "./types.js";
import { sentBody } from "./writes-users.js";

const base = "/admin/directory/v1";

/** Organisational units, domains, the customer itself and custom schemas. */
export function orgRoutes(tenant: Tenant): Operation[] {
	const { state, world } = tenant;
	const route = (method: string, path: string, scopes: readonly string[], privilege: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: base + path,
		needs: { service: "admin.googleapis.com", scopes: method === "GET" ? scopes : scopes.slice(0, 1), privilege },
		handler(call) {
			checkCustomer(tenant, call);
			return handler(call);
		},
	});
	const units = "/customer/{customerId}/orgunits";
	const retrieve = "ORGANIZATION_UNITS_RETRIEVE";

	function listUnits(call: Call): Reply {
		const type = oneOf(call, "type", ["children", "all", "allIncludingParent", "type_unspecified"]);
		const given = call.query.get("orgUnitPath") ?? "/";
		const parent = unitBy(tenant, given);
		if (!parent) throw legacy(404, "notFound", "Org unit not found");
		const under = parent.orgUnitPath === "/" ? "/" : `${parent.orgUnitPath}/`;
		const all = world.allSeen(state.orgUnits).map(([, unit]) => unit);
		// Without `allIncludingParent` the parent stays out, the root among them.
		const items = all.filter(({ orgUnitPath, orgUnitId, parentOrgUnitPath }) => {
			if (orgUnitId === parent.orgUnitId) return type === "allIncludingParent";
			return type === "children" || type === "type_unspecified" ? parentOrgUnitPath === parent.orgUnitPath : orgUnitPath.startsWith(under);
		});
		const wrap = (shown: unknown[]) => ({
			kind: "admin#directory#orgUnits",
			etag: etag("orgUnits", tenant.version),
			...(shown.length > 0 && { organizationUnits: shown }),
		});
		return { status: 200, list: { items: items.map(showUnit), wrap, idKey: "orgUnitId" } };
	}

	function unitOf(call: Call): OrgUnitBody {
		const found = unitBy(tenant, param(call, "orgunitsId"));
		if (!found) throw legacy(404, "notFound", "Org unit not found");
		return found;
	}

	function saveUnit(call: Call<Grant>, old: OrgUnitBody | null): Reply {
		const sent = sentBody(call);
		const name = String(sent.name ?? old?.name ?? "");
		if (name === "") throw required("Required parameter: [name]");
		const parent = unitBy(tenant, String(sent.parentOrgUnitId ?? sent.parentOrgUnitPath ?? old?.parentOrgUnitPath ?? ""));
		if (!parent) throw invalid("Invalid Parent Orgunit Id");
		const orgUnitPath = `${parent.orgUnitPath === "/" ? "" : parent.orgUnitPath}/${name}`;
		if (orgUnitPath !== old?.orgUnitPath && state.orgUnits.has(orgUnitPath)) throw duplicate("Invalid Ou Id");
		if (old) moveUsers(tenant, old.orgUnitPath, orgUnitPath);
		const orgUnitId = old?.orgUnitId ?? `id:${shortId(`unit/${orgUnitPath}/${tenant.version}`)}`;
		const unit: OrgUnitBody = {
			...old,
			name,
			orgUnitPath,
			orgUnitId,
			parentOrgUnitPath: parent.orgUnitPath,
			parentOrgUnitId: parent.orgUnitId,
			...(sent.description !== undefined && { description: String(sent.description) }),
		};
		if (old && old.orgUnitPath !== orgUnitPath) world.drop(state.orgUnits, old.orgUnitPath);
		world.put(state.orgUnits, orgUnitPath, unit);
		changed(tenant, call, "ORG_SETTINGS", old ? "EDIT_ORG_UNIT_NAME" : "CREATE_ORG_UNIT", { ORG_UNIT_NAME: orgUnitPath });
		return ok(showUnit(unit));
	}

	function removeUnit(call: Call<Grant>): Reply {
		const unit = unitOf(call);
		const used = [...state.users.values()].some(({ body, deleted }) => deleted === null && body.orgUnitPath === unit.orgUnitPath);
		const inner = [...state.orgUnits.values()].some(({ parentOrgUnitPath }) => parentOrgUnitPath === unit.orgUnitPath);
		if (used || inner || unit.orgUnitPath === "/") throw legacy(412, "conditionNotMet", "Org unit is not empty");
		world.drop(state.orgUnits, unit.orgUnitPath);
		changed(tenant, call, "ORG_SETTINGS", "REMOVE_ORG_UNIT", { ORG_UNIT_NAME: unit.orgUnitPath });
		return noContent();
	}

	const domain = (one: { domainName: string }) => ({ kind: "admin#directory#domain", etag: etag(one.domainName, 1), ...one });
	const customer = () => ({ kind: "admin#directory#customer", etag: etag(state.customer.id, 1), ...state.customer });
	const list = (kind: string, key: string, items: unknown[], idKey: string): Reply => ({
		status: 200,
		list: { items, wrap: (shown) => ({ kind: `admin#directory#${kind}`, etag: etag(kind, tenant.version), ...(shown.length > 0 && { [key]: shown }) }), idKey },
	});
	return [
		route("GET", units, directory.orgunits, retrieve, listUnits),
		// A path's slashes may come bare or encoded.
		route("GET", `${units}/{+orgunitsId}`, directory.orgunits, retrieve, (call) => ok(showUnit(unitOf(call)))),
		route("POST", units, directory.orgunits, "ORGANIZATION_UNITS_CREATE", (call) => saveUnit(call, null)),
		route("PUT", `${units}/{+orgunitsId}`, directory.orgunits, "ORGANIZATION_UNITS_UPDATE", (call) => saveUnit(call, unitOf(call))),
		route("PATCH", `${units}/{+orgunitsId}`, directory.orgunits, "ORGANIZATION_UNITS_UPDATE", (call) => saveUnit(call, unitOf(call))),
		route("DELETE", `${units}/{+orgunitsId}`, directory.orgunits, "ORGANIZATION_UNITS_DELETE", removeUnit),
		route("GET", "/customer/{customer}/domains", directory.domains, "DOMAIN_MANAGEMENT", () =>
			list("domains", "domains", [...state.domains.values()].map(domain), "domainName"),
		),
		route("GET", "/customer/{customer}/domains/{domainName}", directory.domains, "DOMAIN_MANAGEMENT", (call) => {
			const found = state.domains.get(param(call, "domainName"));
			if (!found) throw legacy(404, "notFound", "Domain not found.");
			return ok(domain(found));
		}),
		route("GET", "/customer/{customer}/domainaliases", directory.domains, "DOMAIN_MANAGEMENT", () => {
			const items = [...state.domainAliases.values()].map((one) => ({
				kind: "admin#directory#domainAlias",
				etag: etag(String(one.domainAliasName), 1),
				...one,
			}));
			return list("domainAliases", "domainAliases", items, "domainAliasName");
		}),
		route("GET", "/customer/{customer}/domainaliases/{domainAliasName}", directory.domains, "DOMAIN_MANAGEMENT", (call) => {
			const found = state.domainAliases.get(param(call, "domainAliasName"));
			if (!found) throw legacy(404, "notFound", "Domain alias not found.");
			return ok({ kind: "admin#directory#domainAlias", etag: etag(String(found.domainAliasName), 1), ...found });
		}),
		route("GET", "/customers/{customerKey}", directory.customers, "DOMAIN_MANAGEMENT", () => ok(customer())),
		route("GET", "/customer/{customerId}/schemas", directory.schemas, "SCHEMA_RETRIEVE", () => {
			const items = [...state.schemas.values()].map((one) => ({ kind: "admin#directory#schema", etag: etag(String(one.schemaId), 1), ...one }));
			return list("schemas", "schemas", items, "schemaId");
		}),
		route("GET", "/customer/{customerId}/schemas/{schemaKey}", directory.schemas, "SCHEMA_RETRIEVE", (call) => {
			const key = param(call, "schemaKey");
			const found = [...state.schemas.values()].find(({ schemaId, schemaName }) => schemaId === key || schemaName === key);
			if (!found) throw notFound("schemaKey");
			return ok({ kind: "admin#directory#schema", etag: etag(String(found.schemaId), 1), ...found });
		}),
	];
}

const showUnit = (unit: OrgUnitBody) => ({ kind: "admin#directory#orgUnit", etag: etag(unit.orgUnitId, JSON.stringify(unit)), ...unit });

/** A unit by path, with or without its leading slash, or by `id:`. */
function unitBy(tenant: Tenant, key: string): OrgUnitBody | undefined {
	if (/^id:/.test(key)) return tenant.world.allSeen(tenant.state.orgUnits).find(([, { orgUnitId }]) => orgUnitId === key)?.[1];
	return tenant.world.seen(tenant.state.orgUnits, key.startsWith("/") ? key : `/${key}`);
}

function moveUsers(tenant: Tenant, from: string, to: string): void {
	if (from === to) return;
	const { state, world } = tenant;
	for (const person of state.users.values()) {
		const { orgUnitPath } = person.body;
		if (orgUnitPath !== from && !orgUnitPath.startsWith(`${from}/`)) continue;
		world.put(state.users, person.id, { ...person, body: { ...person.body, orgUnitPath: to + orgUnitPath.slice(from.length) } });
	}
	for (const [path, unit] of [...state.orgUnits]) {
		if (!path.startsWith(`${from}/`)) continue;
		world.drop(state.orgUnits, path);
		const parent = String(unit.parentOrgUnitPath);
		world.put(state.orgUnits, to + path.slice(from.length), {
			...unit,
			orgUnitPath: to + path.slice(from.length),
			parentOrgUnitPath: to + parent.slice(from.length),
		});
	}
}
