import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeTenant } from "../../providers/okta/emulator/acme.js";
import { BUILT_AT } from "../../providers/okta/emulator/build.js";
import { generateTenant } from "../../providers/okta/emulator/generator.js";
import type { TenantState } from "../../providers/okta/emulator/state.js";
import { DEFAULT_TOKEN, type Emulator, startEmulator } from "../../providers/okta/emulator.js";
import { fullTenant } from "./okta-state.js";
import { type OpenApi, responseSchema, toJsonSchema } from "./openapi.js";

const shared = resolve(process.env.KEELSON_SHARED ?? "../shared");
const files = ["management", "oauth"].map((name) => join(shared, "specs/okta", `${name}.trimmed.json`));
const present = files.every((file) => existsSync(file));
if (!present) console.warn(`Skipped: the vendor's specification is not at ${join(shared, "specs/okta")}; set KEELSON_SHARED.`);

/** Where the specification contradicts its own prose and examples; the answer follows those. */
const MISPRINTS = [
	// The lookahead `(?!$)` of the published pattern has lost its `!`, so no duration fits.
	/ \/(\d+\/)?tokenWindow must match pattern/,
	// `expand=rules` gives a list; the schema says every embedded thing is an object.
	/\/_embedded\/rules must be object/,
];

/** What the invented tenants hold on purpose, as real orgs do: newer values, apps with names of their own, bare settings. */
const ODD_DATA = [
	/factorType must be equal to one of|\/status must be equal to one of|phoneNumber must match pattern/,
	/apps.* \/(\d+\/)?(name must be equal to|settings\/(signOn|app) must have required property)/,
];

const FULL = "with one object of every kind";

const tenants: [string, () => TenantState][] = [
	[FULL, fullTenant],
	["from the generator", () => generateTenant({ seed: "vendor", users: 60, now: BUILT_AT })],
	["of the demo", () => acmeTenant(BUILT_AT)],
];

/** Not in the vendor's published document, served all the same. */
const UNPUBLISHED = ["/.well-known/oauth-authorization-server"];

const headers = { authorization: `SSWS ${DEFAULT_TOKEN}` };

/** Ids tried for each path parameter. */
const MOST = 12;

const POLICY_TYPES = ["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY", "PROFILE_ENROLLMENT", "IDP_DISCOVERY"];

const documents = present ? files.map((file) => JSON.parse(readFileSync(file, "utf8")) as OpenApi) : [];
const documentOf = (path: string): OpenApi | undefined => documents.find((document) => path in document.paths);

function validatorFor(document: OpenApi) {
	const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: true, validateSchema: false });
	addFormats.default(ajv);
	ajv.addSchema(toJsonSchema(document));
	const compiled = new Map<string, ValidateFunction>();
	return (path: string, status: number, body: unknown): ErrorObject[] => {
		const schema = responseSchema(document, path, "get", status);
		if (!schema) throw new Error(`No schema for GET ${path} ${status}`);
		const validate = compiled.get(path) ?? ajv.compile(schema);
		compiled.set(path, validate);
		return validate(body) ? [] : (validate.errors ?? []);
	};
}
/** Compiled once for all tenants: it is most of the work. */
const validators = new Map(documents.map((document) => [document, validatorFor(document)]));

describe.skipIf(!present).each(tenants)("answers of the tenant %s", (name, make) => {
	let emulator: Emulator;
	let state: TenantState;

	beforeAll(async () => {
		state = make();
		emulator = await startEmulator({ state, limits: "off", clock: () => BUILT_AT });
		const user = [...state.users].find(([, found]) => found.status === "ACTIVE")?.[0];
		for (const step of ["suspend", "unsuspend"]) await fetch(`${emulator.url}/api/v1/users/${user}/lifecycle/${step}`, { method: "POST", headers });
	});
	afterAll(() => emulator?.close());

	async function get(path: string): Promise<{ status: number; body: unknown }> {
		const response = await fetch(path.startsWith("http") ? path : `${emulator.url}${path}`, { headers });
		return { status: response.status, body: await response.json() };
	}

	/** Every address of an operation: one for each combination of the ids its state has, up to a few. */
	function addresses(path: string): string[] {
		const first = <T>(map: Map<string, T> | undefined, most = MOST): string[] => [...(map?.keys() ?? [])].slice(0, most);
		const live = [...state.users]
			.filter(([, user]) => user.status !== "DEPROVISIONED")
			.map(([id]) => id)
			.slice(0, MOST);
		const special = path.endsWith("/policies") ? POLICY_TYPES.map((type) => `${path}?type=${type}&expand=rules`) : undefined;
		if (special) return special;
		const custom = [...state.roles].filter((role) => role.role !== undefined);
		if (path.includes("{resourceSetIdOrLabel}")) {
			return custom.map((role) =>
				path
					.replace("{resourceSetIdOrLabel}", role.resourceSet ?? "")
					.replace("{roleIdOrLabel}", role.role ?? "")
					.replace("{memberId}", role.id),
			);
		}
		if (path.includes("/roles/{role")) {
			const types = path.includes("/groups/") ? "group" : path.includes("/clients/") ? "client" : path.includes("/users/") ? "user" : undefined;
			if (types === undefined) return first(state.customRoles).map((id) => path.replace("{roleIdOrLabel}", id));
			const held = state.roles.filter((role) => role.principalType === types && (types !== "user" || live.includes(role.principalId)));
			return held.slice(0, MOST).map((role) => path.replace(/\{(groupId|clientId|userId)\}/, role.principalId).replace(/\{role[^}]*\}/, role.id));
		}
		const groups = [...state.groups]
			.filter(([, group]) => group.type !== "BUILT_IN" || (group.profile as { name?: string }).name === "Everyone")
			.map(([id]) => id)
			.slice(0, MOST);
		const ids: Record<string, string[]> = {
			id: live,
			userId: live,
			groupId: groups,
			groupRuleId: first(state.groupRules),
			policyId: first(state.policies).filter((id) => state.policies.get(id)?.type !== ("USER_LIFECYCLE" as string)),
			appId: first(state.apps),
			authenticatorId: first(state.authenticators),
			zoneId: first(state.zones),
			trustedOriginId: first(state.trustedOrigins),
			apiTokenId: first(state.apiTokens),
			featureId: first(state.features),
			eventHookId: first(state.eventHooks),
			clientId: first(state.apps),
		};
		let list = [path];
		for (const [, name = ""] of path.matchAll(/\{([^}]+)\}/g)) {
			list = list.flatMap((address) => {
				const parent = address.split("/")[4] ?? "";
				const nested: Record<string, string[]> = {
					factorId: (state.factors.get(parent) ?? []).map((factor) => factor.id ?? ""),
					grantId: [...(state.userGrants.get(parent) ?? []), ...(state.appGrants.get(parent) ?? [])].map((grant) => String(grant.id)),
					ruleId: (state.policyRules.get(parent) ?? []).map((rule) => rule.id ?? ""),
				};
				const inApp = address.startsWith("/api/v1/apps/") && address.includes("{");
				const within =
					inApp && name === "userId" ? first(state.appUsers.get(parent), 20) : inApp && name === "groupId" ? first(state.appGroups.get(parent), 20) : undefined;
				return (within ?? nested[name] ?? ids[name] ?? []).map((id) => address.replace(`{${name}}`, encodeURIComponent(id)));
			});
		}
		return list;
	}

	const variants: Record<string, string[]> = {
		"/api/v1/users": ["?search=status%20pr&limit=200", "?filter=status%20eq%20%22ACTIVE%22"],
		"/api/v1/groups": ["?expand=stats"],
		"/api/v1/groups/rules": ["?expand=groupIdToGroupNameMap"],
		"/api/v1/apps/{appId}/users": ["?expand=user"],
		"/api/v1/users/{userId}/roles": ["?expand=targets/groups"],
		"/api/v1/logs": ["?limit=1000&since=2024-11-01T00:00:00Z&until=2025-02-01T00:00:00Z"],
	};

	it("has no error in any GET it serves", async () => {
		const problems: string[] = [];
		const empty: string[] = [];
		for (const { path } of emulator.operations.filter((operation) => operation.method === "GET" && !UNPUBLISHED.includes(operation.path))) {
			const document = documentOf(path);
			const check = document && validators.get(document);
			if (!check) {
				problems.push(`GET ${path} is not in the specification`);
				continue;
			}
			let rows = 0;
			for (const address of addresses(path).flatMap((plain) => [plain, ...(variants[path] ?? []).map((query) => plain + query)])) {
				const { status, body } = await get(address);
				if (status !== 200) problems.push(`GET ${address} answered ${status}: ${JSON.stringify(body)}`);
				else
					for (const error of check(path, status, body).filter(({ keyword }) => keyword !== "anyOf" && keyword !== "not"))
						problems.push(`GET ${path} ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
				rows += Array.isArray(body) ? body.length : 1;
			}
			if (rows === 0) empty.push(path);
		}
		const allowed = name === FULL ? MISPRINTS : [...MISPRINTS, ...ODD_DATA];
		expect([...new Set(problems)].filter((problem) => !allowed.some((pattern) => pattern.test(problem)))).toEqual([]);
		// Only the tenant made for it has something of every kind.
		const never = ["/api/v1/users/{id}/blocks", "/api/v1/groups/{groupId}/roles/{roleAssignmentId}/targets/catalog/apps"];
		const without = [...never, "/api/v1/users/{userId}/roles/{roleAssignmentId}/targets/catalog/apps", "/api/v1/policies/{policyId}/mappings"];
		if (name === FULL) expect(empty.filter((path) => !without.includes(path))).toEqual([]);
	});

	it("guards every operation with the scope the specification names", () => {
		const wrong: string[] = [];
		for (const { method, path, resource } of emulator.operations) {
			const operation = documentOf(path)?.paths[path]?.[method.toLowerCase()];
			if (!operation) {
				if (!UNPUBLISHED.includes(path)) wrong.push(`${method} ${path} is not in the specification`);
				continue;
			}
			const scopes = (operation.security ?? []).flatMap((entry) => entry.oauth2 ?? []);
			const own = resource === null ? [] : [`okta.${resource}.${method === "GET" ? "read" : "manage"}`];
			if (own.some((scope) => !scopes.includes(scope))) wrong.push(`${method} ${path} wants ${scopes.join(" ")}, not ${own.join(" ")}`);
		}
		expect(wrong).toEqual([]);
	});
});
