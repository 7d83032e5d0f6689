import type { EmulatedTenant, Emulation, EmulationOptions } from "../../src/emulate/contract.js";
import { makeKnobs } from "../../src/emulate/knobs.js";
import { random } from "../../src/emulate/random.js";
import { serve } from "../../src/emulate/server.js";
import { makeWorld } from "../../src/emulate/world.js";
import { acmeState } from "./emulator/acme.js";
import { acmeIdentityId } from "./emulator/acme-people.js";
import { makeAuthority } from "./emulator/auth.js";
import { idOf } from "./emulator/build.js";
import { inventState } from "./emulator/generator.js";
import { makeLimiter } from "./emulator/limits.js";
import { accessRoutes } from "./emulator/routes-access.js";
import { accountRoutes } from "./emulator/routes-accounts.js";
import { campaignRoutes } from "./emulator/routes-campaigns.js";
import { identityRoutes } from "./emulator/routes-identities.js";
import { sourceRoutes } from "./emulator/routes-sources.js";
import { tokenRoutes } from "./emulator/routes-tokens.js";
import { makeVendor } from "./emulator/server.js";
import type { Credential, SailRoute, State, Tenant } from "./emulator/state.js";
import { mutate, truth } from "./emulator/truth.js";
import { identityWrites } from "./emulator/writes-identities.js";

const READS = [
	...["identity", "accounts", "access-profile", "entitlement", "sources", "role-unchecked", "campaign", "task-management"].map((word) => `idn:${word}:read`),
	...["idn:identity-profile-lifecycle-state:read", "idn:campaign-report:read", "idn:certification:read", "idn:identity-history:manage"],
	...["sp:auth-user:read", "sp:all-personal-access-tokens:read", "sp:oauth-client:read", "sp:scopes:default"],
];

/** SailPoint Identity Security Cloud, as a tenant on the loopback interface. */
export const emulation: Emulation = { start };

async function start(options: EmulationOptions): Promise<EmulatedTenant> {
	const began = Date.now();
	const knobs = makeKnobs({ random: random(options.seed).next });
	const world = makeWorld(knobs, () => options.now + (Date.now() - began));
	const state = options.acme ? acmeState(options.now) : inventState(options.users, options.seed, options.now);
	const tenant: Tenant = { ...state, world };
	const [reading, acting] = credentialsOf(state, options);
	const authority = makeAuthority(tenant, world, [reading, acting]);
	const limiter = makeLimiter(options.limits);
	const token: SailRoute = {
		method: "POST",
		template: "/oauth/token",
		needs: { scopes: [], levels: [], experimental: false, open: true },
		handler: (call) => authority.token(call),
	};
	const routes = [identityRoutes, identityWrites, accountRoutes, accessRoutes, sourceRoutes, campaignRoutes].flatMap((make) => make(tenant));
	routes.push(...tokenRoutes(tenant, [reading, acting]));
	const listening = await serve(makeVendor(tenant, authority, limiter, [token, ...routes]), options.port);
	const block = ({ clientId, clientSecret }: Credential) => ({ method: "client-secret", clientId, clientSecret });
	return {
		system: { provider: "sailpoint", url: listening.url, auth: block(reading), act: block(acting) },
		secrets: () => [reading.clientSecret, acting.clientSecret, ...authority.issued],
		faults: knobs.faults,
		requests: listening.requests,
		now: world.now,
		advance: world.advance,
		truth: () => truth(tenant),
		withhold: (words) => {
			for (const word of words) reading.withheld.add(word);
		},
		mutate: (share) => mutate(tenant, share),
		reset() {
			world.reset();
			listening.forget();
			limiter.forget();
			knobs.faults.length = 0;
			Object.assign(knobs, { ...makeKnobs({ random: knobs.random }), faults: knobs.faults });
			reading.withheld.clear();
		},
		close: listening.close,
	};
}

/** A token that reads and one that does everything; both belong to administrators. */
function credentialsOf(state: State, options: EmulationOptions): [Credential, Credential] {
	const first = (at: number) => [...state.identities.keys()][at] ?? "";
	const make = (name: string, identityId: string, scopes: string[]): Credential => ({
		clientId: idOf(`${state.name}/client`, name),
		clientSecret: `${idOf(`${state.name}/secret/${options.seed}`, name)}${idOf("more", name)}`,
		identityId,
		scopes,
		levels: ["ORG_ADMIN", "USER"],
		withheld: new Set(),
	});
	return [
		make("read", options.acme ? acmeIdentityId("ana.lopez") : first(0), READS),
		make("act", options.acme ? acmeIdentityId("leo.fischer") : first(1), ["sp:scopes:all"]),
	];
}
