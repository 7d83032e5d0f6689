import type { EmulatedTenant, Emulation, EmulationOptions } from "../../src/emulate/contract.js";
import { makeKnobs } from "../../src/emulate/knobs.js";
import { serve } from "../../src/emulate/server.js";
import { makeWorld } from "../../src/emulate/world.js";
import { acme } from "./emulator/acme.js";
import { makeAuthority } from "./emulator/auth.js";
import type { Company } from "./emulator/build.js";
import { addClients, type Credential, readScopes, writeScopes } from "./emulator/clients.js";
import { generate } from "./emulator/generator.js";
import { makeLimiter } from "./emulator/limits.js";
import { allRoutes } from "./emulator/routes.js";
import { endSchedules } from "./emulator/schedules.js";
import { vendorServer } from "./emulator/server.js";
import { guid } from "./emulator/state.js";
import type { Licences, Tenant } from "./emulator/tenant.js";
import { mutate, truthOf } from "./emulator/truth.js";

/** Options beside those of every emulated tenant. */
export interface EntraOptions extends EmulationOptions {
	/** What the tenant has paid for ["p2"]. */
	licences?: Licences;
	/** A domain whose people sign in at an identity provider of the company [none]. */
	federatedDomain?: string;
	/** How both credentials prove themselves ["client-secret"]. */
	credential?: Credential;
	/** Permissions of the reading credential [all that a reader could want, without `Directory.Read.All`]. */
	readScopes?: string[];
	/** Directory role of the acting credential's service principal, without which it may not touch administrators ["Privileged Authentication Administrator"]; null for none. */
	actingRole?: string | null;
	/** Reads see a write this long after it, by the tenant's clock [0]. */
	lagMs?: number;
}

async function start(options: EntraOptions): Promise<EmulatedTenant> {
	const seed = options.acme ? "acme" : `tenant ${options.seed}`;
	const tenantId = guid(seed, "tenant");
	const licences = options.licences ?? "p2";
	const name = options.acme ? "Acme" : "Corp";
	const lower = name.toLowerCase();
	const company: Company = {
		...{ tenantId, seed, name, licences, now: options.now, initial: `${lower}.onmicrosoft.example`, domain: `${lower}.example` },
		federated: options.federatedDomain ?? null,
	};
	const scopes = options.readScopes ?? readScopes;
	const permissions = [...new Set([...scopes, ...writeScopes])];
	const state = options.acme ? acme(company, permissions) : generate(company, options.users, permissions);
	const began = Date.now();
	const world = makeWorld(makeKnobs({ lagMs: options.lagMs ?? 0 }), () => options.now + Date.now() - began);
	const tenant: Tenant = { state, world, licences, chains: new Map(), made: 0 };
	world.always(() => endSchedules(tenant));
	const authority = makeAuthority(tenant);
	const role = options.actingRole === undefined ? "Privileged Authentication Administrator" : options.actingRole;
	const clients = await addClients(tenant, authority, { scopes, role, credential: options.credential ?? "client-secret", now: options.now });
	const limiter = makeLimiter(tenant, options.limits === "vendor", tenantId);
	const listening = await serve(vendorServer(tenant, authority, limiter, allRoutes(tenant, authority, limiter)), options.port);
	const withheld: string[] = [];
	let rounds = 0;
	return {
		system: { provider: "entra", url: listening.url, auth: clients.auth, act: clients.act },
		secrets: () => [...clients.secrets, ...authority.issued],
		faults: world.knobs.faults,
		requests: listening.requests,
		now: world.now,
		advance: (ms) => world.advance(ms),
		truth: () => truthOf(tenant),
		withhold(names) {
			for (const one of names) if (clients.reader.scopes.delete(one)) withheld.push(one);
		},
		mutate: (share) => mutate(tenant, share, ++rounds),
		reset() {
			world.reset();
			for (const one of withheld.splice(0)) clients.reader.scopes.add(one);
			world.knobs.faults.length = 0;
			limiter.reset();
			tenant.chains.clear();
			listening.forget();
		},
		close: listening.close,
	};
}

/** Microsoft Entra ID behind Microsoft Graph. */
export const emulation = { start } satisfies Emulation;
