import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, policy, reads, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { badQuery, badRequest, notFound, refusal } from "./errors.js";
import { contextOf } from "./list.js";
import { stamp } from "./moment.js";
import { rowOf, singleOf } from "./rows.js";
import { newId } from "./server.js";
import type { Raw, Tables } from "./state.js";
import { type GraphCall, type Needs, type Tenant, tableMap, version } from "./tenant.js";

/** Path, permissions for changing, and property names that aren't the policy's own. */
const singles: readonly (readonly [string, readonly string[]])[] = [
	["/policies/authorizationPolicy", writes.authorization],
	["/policies/authenticationMethodsPolicy", writes.methodsPolicy],
	["/policies/identitySecurityDefaultsEnforcementPolicy", writes.securityDefaults],
	["/policies/crossTenantAccessPolicy", writes.crossTenant],
	["/policies/crossTenantAccessPolicy/default", writes.crossTenant],
	["/policies/adminConsentRequestPolicy", writes.consentRequests],
	["/policies/authenticationFlowsPolicy", writes.authorization],
];

const isRecord = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

/** Merges complex properties one level down, as the vendor does; lists are replaced. */
function merged(had: Raw, body: Raw): Raw {
	const pairs = Object.entries(body).filter(([name]) => !name.startsWith("@"));
	return { ...had, ...Object.fromEntries(pairs.map(([name, value]) => [name, isRecord(value) && isRecord(had[name]) ? { ...had[name], ...value } : value])) };
}

function note(tenant: Tenant, call: GraphCall, activity: string, id: string, name: string, from?: unknown, to?: unknown): void {
	audit(tenant, call, { activity, category: "Policy", targets: [{ id, type: "Policy", name }], properties: [{ name: "Policy", from, to }] });
}

function update(tenant: Tenant, call: GraphCall, path: string) {
	const had = tenant.state.singles.get(path) ?? {};
	const body = bodyOf(call);
	for (const [name, value] of Object.entries(body)) {
		if (!name.startsWith("@") && !(name in had))
			throw badQuery(
				`The property '${name}' does not exist on type 'microsoft.graph.${path.split("/").at(-1)}'. Make sure to only use property names that are defined by the type.`,
			);
		if (typeof had[name] === "boolean" && typeof value !== "boolean")
			throw badQuery(`Cannot convert the literal '${String(value)}' to the expected type 'Edm.Boolean'.`);
	}
	const invites = body.allowInvitesFrom;
	if (invites !== undefined && !["none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"].includes(String(invites)))
		throw badRequest("Invalid value specified for property 'allowInvitesFrom' of resource 'AuthorizationPolicy'.");
	const next = merged(had, body);
	const changedAt = "lastModifiedDateTime" in had ? { lastModifiedDateTime: stamp(tenant.world.now()) } : {};
	tenant.world.put(tenant.state.singles, path, { ...next, ...changedAt });
	note(
		tenant,
		call,
		path.endsWith("authorizationPolicy") ? "Update authorization policy" : "Update policy",
		String(had.id ?? path),
		String(had.displayName ?? ""),
		had,
		body,
	);
	return noContent();
}

function shown(tenant: Tenant, call: GraphCall, path: string) {
	const names = call.query.get("$select")?.split(",");
	const whole = singleOf(tenant, path);
	const body = names ? Object.fromEntries(names.filter((name) => name in whole).map((name) => [name, whole[name]])) : whole;
	const extra =
		path === "/policies/authenticationMethodsPolicy" && !names
			? { "authenticationMethodConfigurations@odata.context": contextOf(call, "policies/authenticationMethodsPolicy/authenticationMethodConfigurations", null) }
			: {};
	const single = version(call) === "beta" && path === "/policies/authorizationPolicy";
	const context = { "@odata.context": contextOf(call, path.slice(1), null, true) };
	return single ? ok({ "@odata.context": contextOf(call, "policies/authorizationPolicy", null), value: [body] }) : ok({ ...context, ...extra, ...body });
}

function configurationOf(tenant: Tenant, call: GraphCall): { all: Raw[]; found: Raw } {
	const all = (singleOf(tenant, "/policies/authenticationMethodsPolicy").authenticationMethodConfigurations ?? []) as Raw[];
	const wanted = param(call, "method").toLowerCase();
	const found = all.find((one) => String(one.id).toLowerCase() === wanted);
	if (!found)
		throw refusal(
			404,
			"resourceNotFound",
			`Resource '${param(call, "method")}' does not exist or one of its queried reference-property objects are not present.`,
		);
	return { all, found };
}

function configurationRoutes(tenant: Tenant): GraphRoute[] {
	const path = "/policies/authenticationMethodsPolicy";
	const root = `${path}/authenticationMethodConfigurations`;
	return [
		...both("GET", `${root}/{method}`, policy([...reads.policies, "Policy.Read.AuthenticationMethod"]), (call) =>
			ok({ "@odata.context": contextOf(call, root.slice(1), null, true), ...configurationOf(tenant, call).found }),
		),
		...both("PATCH", `${root}/{method}`, policy(writes.methodsPolicy), (call) => {
			const { all, found } = configurationOf(tenant, call);
			const body = bodyOf(call);
			if (body["@odata.type"] !== found["@odata.type"]) throw badRequest("The '@odata.type' of the configuration is missing or does not match.");
			if (body.state !== undefined && body.state !== "enabled" && body.state !== "disabled") throw badRequest("Invalid value specified for property 'state'.");
			const next = all.map((one) => (one === found ? merged(one, body) : one));
			tenant.world.put(tenant.state.singles, path, { ...tenant.state.singles.get(path), authenticationMethodConfigurations: next });
			note(tenant, call, "Authentication Methods Policy Update", "authenticationMethodsPolicy", String(found.id), found, body);
			return noContent();
		}),
	];
}

function objectRoutes(tenant: Tenant, table: keyof Tables, path: string, needs: Needs, word: string, check: (body: Raw, made: boolean) => void): GraphRoute[] {
	const the = (call: GraphCall): Raw => {
		const row = tableMap(tenant, table).get(param(call, "id").toLowerCase());
		if (!row) throw notFound(param(call, "id"));
		return row;
	};
	return [
		...both("POST", path, needs, (call) => {
			const body = bodyOf(call);
			check(body, true);
			const id = newId(tenant, table);
			const made = { ...body, id, createdDateTime: stamp(tenant.world.now()), modifiedDateTime: null };
			tenant.world.put(tableMap(tenant, table), id, made);
			note(tenant, call, `Add ${word}`, id, String(body.displayName), undefined, body);
			return { status: 201, body: { "@odata.context": contextOf(call, path.slice(1), null, true), ...made } };
		}),
		...both("PATCH", `${path}/{id}`, needs, (call) => {
			const row = the(call);
			const body = bodyOf(call);
			check(body, false);
			tenant.world.put(tableMap(tenant, table), String(row.id), { ...merged(row, body), modifiedDateTime: stamp(tenant.world.now()) });
			note(tenant, call, `Update ${word}`, String(row.id), String(row.displayName), row, body);
			return noContent();
		}),
		...both("DELETE", `${path}/{id}`, needs, (call) => {
			const row = the(call);
			tenant.world.drop(tableMap(tenant, table), String(row.id));
			note(tenant, call, `Delete ${word}`, String(row.id), String(row.displayName), row);
			return noContent();
		}),
	];
}

function checkAccessPolicy(body: Raw, made: boolean): void {
	const { state } = body;
	const wrong = (what: string) => refusal(400, "BadRequest", `1032: ${what}`);
	if (made && (typeof body.displayName !== "string" || !isRecord(body.conditions))) throw wrong("ConditionalAccessPolicy needs a display name and conditions.");
	if (state !== undefined && !["enabled", "disabled", "enabledForReportingButNotEnforced"].includes(String(state)))
		throw wrong("Invalid value for the state of the policy.");
	for (const name of Object.keys(body))
		if (!/^(displayName|state|conditions|grantControls|sessionControls|description|templateId|id|@.*)$/.test(name))
			throw badQuery(`The property '${name}' does not exist on type 'microsoft.graph.conditionalAccessPolicy'.`);
}

export function policyRoutes(tenant: Tenant, access: Needs): GraphRoute[] {
	const pages = singles.flatMap(([path, scopes]) => [
		...both("GET", path, policy(reads.policies), (call) => shown(tenant, call, path)),
		...both("PATCH", path, policy(scopes), (call) => update(tenant, call, path)),
	]);
	return [
		...pages,
		...configurationRoutes(tenant),
		...objectRoutes(tenant, "conditionalAccess", "/identity/conditionalAccess/policies", access, "conditional access policy", checkAccessPolicy),
		...objectRoutes(tenant, "namedLocations", "/identity/conditionalAccess/namedLocations", access, "named location", (body, made) => {
			if (made && typeof body["@odata.type"] !== "string") throw badRequest("The '@odata.type' of the location is missing.");
		}),
		...objectRoutes(tenant, "accessReviews", "/identityGovernance/accessReviews/definitions", policy(writes.reviews), "access review", () => undefined),
		...both("GET", "/policies/crossTenantAccessPolicy/partners", policy(reads.policies), (call) => ({
			status: 200,
			list: { items: [], wrap: (value) => ({ "@odata.context": contextOf(call, "policies/crossTenantAccessPolicy/partners", null), value }) },
		})),
		...both("GET", "/domains/{id}/federationConfiguration", directory(reads.domains), (call) => {
			const name = param(call, "id").toLowerCase();
			if (!rowOf(tenant, "domains", name)) throw notFound(name);
			const items = [...(tenant.state.federations.get(name) ?? [])];
			return {
				status: 200,
				list: { items, wrap: (value: unknown[]) => ({ "@odata.context": contextOf(call, `domains('${name}')/federationConfiguration`, null), value }) },
			};
		}),
		...both("PATCH", "/domains/{id}", directory(writes.domains), (call) => {
			const name = param(call, "id").toLowerCase();
			const row = rowOf(tenant, "domains", name);
			if (!row) throw notFound(name);
			tenant.world.put(tableMap(tenant, "domains"), name, { ...row, ...bodyOf(call) });
			return noContent();
		}),
	];
}
