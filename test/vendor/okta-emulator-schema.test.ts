import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeTenant } from "../../providers/okta/emulator/acme.js";
import { BUILT_AT } from "../../providers/okta/emulator/build.js";
import { generateTenant } from "../../providers/okta/emulator/generator.js";
import type { TenantState } from "../../providers/okta/emulator/state.js";
import { DEFAULT_TOKEN, type Emulator, startEmulator } from "../../providers/okta/emulator.js";
import { makeAddresses } from "./okta-addresses.js";
import { BEYOND } from "./okta-beyond.js";
import { allOperations, checkAnswer, MISPRINTS, operationOf, present } from "./okta-spec.js";
import { fullTenant } from "./okta-state.js";

/** What the invented tenants hold on purpose, as real orgs do: newer values, apps with names of their own, bare settings. */
const ODD_DATA = [
	/factorType must be equal to one of|\/status must be equal to one of|phoneNumber must match pattern/,
	/(apps|\/app).* \/(\d+\/)?(name must be equal to|settings\/(signOn|app) must have required property)/,
];

const FULL = "with one object of every kind";

const tenants: [string, () => TenantState][] = [
	[FULL, fullTenant],
	["from the generator", () => generateTenant({ seed: "vendor", users: 60, now: BUILT_AT })],
	["of the demo", () => acmeTenant(BUILT_AT)],
];

const headers = { authorization: `SSWS ${DEFAULT_TOKEN}` };

/** Ids tried for each path parameter. */
const MOST = 8;

/** Lists that hold nothing even in the tenant with one of everything. */
const NEVER = ["/api/v1/users/{id}/blocks"];

const variants: Record<string, string[]> = {
	"/api/v1/users": ["?search=status%20pr&limit=200", "?filter=status%20eq%20%22ACTIVE%22"],
	"/api/v1/groups": ["?expand=stats"],
	"/api/v1/groups/rules": ["?expand=groupIdToGroupNameMap"],
	"/api/v1/apps/{appId}/users": ["?expand=user"],
	"/api/v1/apps/{appId}/grants": ["?expand=scope"],
	"/api/v1/apps/{appId}/tokens": ["?expand=scope"],
	"/api/v1/devices": ["?expand=user", "?expand=userSummary"],
	"/api/v1/users/{userId}/grants": ["?expand=scope"],
	"/api/v1/users/{userId}/clients/{clientId}/tokens": ["?expand=scope"],
	"/api/v1/users/{userId}/roles": ["?expand=targets/groups"],
	"/api/v1/logs": ["?limit=1000&since=2024-11-01T00:00:00Z&until=2025-02-01T00:00:00Z"],
};

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

	it("has no error in any GET it serves", async () => {
		const problems: string[] = [];
		const empty: string[] = [];
		const withRoles = [...new Set(state.roles.filter((role) => role.principalType === "client").map((role) => role.principalId))];
		const sources = [...(state.sourceUsers ?? [])];
		const known = {
			"/oauth2/v1/clients/{clientId}": withRoles.slice(0, MOST),
			"/api/v1/meta/schemas/user/{schemaId}": ["default"],
			"/api/v1/first-party-app-settings/{appName}": ["admin-console"],
			"/api/v1/identity-sources/{identitySourceId}": sources.map(([id]) => id),
			"{externalId}": sources.flatMap(([, users]) => [...users.keys()]),
		};
		const addresses = makeAddresses(get, known, MOST);
		for (const { path } of emulator.operations.filter((operation) => operation.method === "GET")) {
			if (!operationOf("GET", path) && !(path in BEYOND)) problems.push(`GET ${path} is not in the specification`);
			let rows = 0;
			for (const address of (await addresses(path)).flatMap((plain) => [plain, ...(variants[path] ?? []).map((query) => plain + query)])) {
				const { status, body } = await get(address);
				if (status !== 200) problems.push(`GET ${address} answered ${status}: ${JSON.stringify(body)}`);
				else {
					const found = checkAnswer("GET", path, status, body);
					if (found === undefined && !(path in BEYOND)) problems.push(`No schema for GET ${path} ${status}`);
					problems.push(...(found ?? []));
				}
				rows += Array.isArray(body) ? body.length : 1;
			}
			if (rows === 0) empty.push(path);
		}
		const allowed = name === FULL ? MISPRINTS : [...MISPRINTS, ...ODD_DATA];
		expect([...new Set(problems)].filter((problem) => !allowed.some((pattern) => pattern.test(problem)))).toEqual([]);
		if (name === FULL) expect(empty.filter((path) => !NEVER.includes(path))).toEqual([]);
	});

	it("guards every operation with the scope the specification names", () => {
		const wrong: string[] = [];
		for (const { method, path, resource } of emulator.operations) {
			const operation = operationOf(method, path);
			if (!operation) {
				if (!(path in BEYOND)) wrong.push(`${method} ${path} is not in the specification`);
				continue;
			}
			const scopes = (operation.security ?? []).flatMap((entry) => entry.oauth2 ?? []);
			const own = resource === null ? [] : [`okta.${resource}.${method === "GET" ? "read" : "manage"}`];
			if (own.some((scope) => !scopes.includes(scope))) wrong.push(`${method} ${path} wants ${scopes.join(" ")}, not ${own.join(" ")}`);
		}
		expect(wrong).toEqual([]);
	});

	it("serves every operation of the specification", () => {
		const bare = (path: string): string => path.replace(/\{[^}]+\}/g, "{}");
		const served = new Set(emulator.operations.map(({ method, path }) => `${method} ${bare(path)}`));
		// OPTIONS is answered for every path, apart from the operations.
		const missing = allOperations().filter(({ method, path }) => method !== "OPTIONS" && !served.has(`${method} ${bare(path)}`));
		expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
	});
});
