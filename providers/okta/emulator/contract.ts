import { generateKeyPairSync } from "node:crypto";
import { exportJWK } from "jose";
import type { EmulatedTenant, Emulation, EmulationOptions, Truth } from "../../../src/emulate/contract.js";
import type { Fault } from "../../../src/emulate/knobs.js";
import type { startEmulator } from "../emulator.js";
import { acmeTenant } from "./acme.js";
import { generateTenant, mutateTenant } from "./generator.js";
import type { TenantState } from "./state.js";

const read = "users groups apps appGrants roles policies authenticators networkZones logs apiTokens orgs trustedOrigins oauthIntegrations".split(" ");
const readMore = "behaviors eventHooks logStreams threatInsights idps userRisk".split(" ");
const write = "users groups roles policies apiTokens appGrants".split(" ");
const readScopes = [...read, ...readMore].map((word) => `okta.${word}.read`);
const actScopes = [...readScopes, ...write.map((word) => `okta.${word}.manage`)];

/** An Okta org as any emulated tenant, started by `startEmulator`. */
export const emulatedBy = (launch: typeof startEmulator): Emulation => ({
	async start(options) {
		const reading = await client("0oaContractRead", readScopes);
		const acting = await client("0oaContractAct", actScopes);
		const state = stateOf(options);
		const began = Date.now();
		const emulator = await launch({
			state,
			clock: () => options.now + Date.now() - began,
			...(options.limits === "vendor" ? {} : { limits: "off" as const }),
			auth: { clients: [reading.client, acting.client] },
			...(options.port === undefined ? {} : { port: options.port }),
		});
		let mutations = 0;
		return {
			system: {
				provider: "okta",
				url: emulator.url,
				auth: { method: "private-key-jwt", clientId: reading.client.clientId, key: reading.key },
				act: { method: "private-key-jwt", clientId: acting.client.clientId, key: acting.key },
			},
			secrets: () => [...reading.secrets, ...acting.secrets],
			get faults() {
				return emulator.knobs.faults as Fault[];
			},
			requests: emulator.requests,
			now: emulator.now,
			advance: emulator.advance,
			truth: () => truthOf(emulator.state),
			withhold(scopes) {
				reading.client.scopes = readScopes.filter((scope) => !scopes.includes(scope));
			},
			mutate: (share) => {
				const changed = mutateTenant(emulator.state, { seed: `contract/${mutations++}`, share, now: emulator.now() });
				return [...new Set([...changed.users, ...changed.factors])];
			},
			reset() {
				reading.client.scopes = readScopes;
				emulator.reset();
			},
			close: emulator.close,
		} satisfies EmulatedTenant;
	},
});

function stateOf({ acme, users, seed, now }: EmulationOptions): TenantState {
	return acme ? acmeTenant(now) : generateTenant({ seed, users, now, lazyFactors: users > 20_000 });
}

async function client(clientId: string, scopes: string[]) {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const own = { ...(await exportJWK(privateKey)), kid: clientId, alg: "ES256" };
	const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: clientId, alg: "ES256" }] };
	return { client: { clientId, jwks, scopes, dpop: true, roles: ["SUPER_ADMIN"] }, key: JSON.stringify(own), secrets: [own.d ?? ""] };
}

const able = ["ACTIVE", "PASSWORD_EXPIRED", "RECOVERY", "LOCKED_OUT"];

function truthOf(state: TenantState): Truth {
	const top = state.roles.filter((role) => role.type === "SUPER_ADMIN" && role.status === "ACTIVE").map(({ principalId }) => principalId);
	const privileged = new Set(top.flatMap((id) => [id, ...(state.members.get(id) ?? [])]));
	const builtIn = [...state.groups].flatMap(([id, { type }]) => (type === "BUILT_IN" ? [id] : []));
	return {
		accounts: [...state.users.values()].map(({ id = "", profile, status }) => ({
			id,
			login: String(profile?.login),
			enabled: able.includes(status ?? ""),
			privileged: privileged.has(id),
		})),
		groups: [...state.groups.keys()],
		memberships: [...state.members].flatMap(([group, members]) => (builtIn.includes(group) ? [] : [...members].map((member) => `${group}/${member}`))),
		computed: builtIn,
	};
}
