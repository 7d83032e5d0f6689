import type { EmulatedTenant, Emulation, EmulationOptions } from "../../src/emulate/contract.js";
import { type Knobs, makeKnobs } from "../../src/emulate/knobs.js";
import { random } from "../../src/emulate/random.js";
import { serve } from "../../src/emulate/server.js";
import { makeWorld } from "../../src/emulate/world.js";
import { acmeState } from "./emulator/acme.js";
import { makeAuthority, withhold } from "./emulator/auth.js";
import { generate } from "./emulator/generator.js";
import { keyFile, serviceAccount } from "./emulator/keys.js";
import { mutate } from "./emulator/mutate.js";
import { actScopes, full, readScopes } from "./emulator/scopes.js";
import { vendorServer } from "./emulator/server.js";
import { truth } from "./emulator/truth.js";
import type { Choices, State, Tenant } from "./emulator/types.js";

const usualChoices: Choices = {
	throttle: "userRateLimitExceeded",
	tokenThrottle: 429,
	reportLagDays: 2,
	partialReport: false,
	derivedLossy: false,
	looseRoles: false,
	flippingLogins: false,
	staleIndex: false,
	missingFlags: false,
	absentDefaults: false,
	bareTypes: false,
	edition: "enterprise",
	archiveSeats: 1_000_000,
	blocked: false,
	apisOff: false,
	settleMs: 0,
};

/** A running tenant with what only this vendor's has. */
export interface EmulatedWorkspace extends EmulatedTenant {
	knobs: Knobs;
	/** Changeable while it runs. */
	choices: Choices;
	state: State;
	/** Operations served, by method and path template, with the scopes of which any opens them. */
	operations: { method: string; path: string; scopes: string[] }[];
	/** The reading credential without a key file: a workload that may have assertions signed. */
	keyless: Record<string, unknown>;
}

/**
 * Serves an invented Google Workspace account, its token endpoint and the APIs beside the Directory, all under one address.
 * @throws Error when the port is taken
 */
export async function startGoogleWorkspace(options: EmulationOptions & { choices?: Partial<Choices> }): Promise<EmulatedWorkspace> {
	const { users, acme, now: start, port } = options;
	const begun = Date.now();
	const seed = acme ? "acme" : String(options.seed);
	const knobs = makeKnobs({ random: random(options.seed).next });
	const world = makeWorld(knobs, () => start + Date.now() - begun);
	const state = acme ? acmeState(start) : generate(users, seed, start);
	const tenant: Tenant = { world, choices: { ...usualChoices, ...options.choices }, state, seed, version: 0 };
	const reading = serviceAccount("keelson-read", "keelson-demo", readScopes);
	const acting = serviceAccount("keelson-act", "keelson-demo", actScopes);
	const authority = makeAuthority(tenant, [reading, acting]);
	for (const account of [reading, acting]) {
		const scopes = [full("cloud-platform")];
		authority.tokens.set(account.workloadToken, { account, subject: null, scopes, expires: Number.POSITIVE_INFINITY, signer: true });
	}
	const vendor = vendorServer(tenant, authority, options.limits ?? "off");
	const listening = await serve(vendor, port ?? 0);
	const credential = (account: typeof reading) => ({ method: "service-account-key", key: keyFile(account), subject: state.admin });
	return {
		system: { provider: "google-workspace", url: listening.url, auth: credential(reading), act: credential(acting), options: { customer: "my_customer" } },
		secrets: () => [reading, acting].flatMap(({ privatePem, workloadToken }) => [privatePem, workloadToken]).concat([...authority.tokens.keys()]),
		knobs,
		faults: knobs.faults,
		choices: tenant.choices,
		state,
		requests: listening.requests,
		operations: vendor.routes.map(({ method, template, needs }) => ({ method, path: template, scopes: needs.scopes.map(full) })),
		keyless: { method: "keyless", serviceAccount: reading.email, subject: state.admin, token: reading.workloadToken },
		now: world.now,
		advance: world.advance,
		truth: () => truth(tenant),
		withhold: (scopes) => withhold(authority, reading, scopes),
		mutate: (share) => mutate(tenant, share),
		reset: () => {
			world.reset();
			tenant.version++;
			for (const scope of readScopes) reading.delegated.add(full(scope));
			// Tokens that lost scopes go with the time that has been taken back.
			for (const [token, { signer }] of authority.tokens) if (!signer) authority.tokens.delete(token);
			Object.assign(tenant.choices, usualChoices, options.choices);
			knobs.faults.length = 0;
			Object.assign(knobs, { latencyMs: 0, lagMs: 0, clockSkewMs: 0 });
			listening.forget();
		},
		close: listening.close,
	};
}

/** How the vendor-neutral tests and the demo start this vendor's tenant. */
export const emulation: Emulation = { start: startGoogleWorkspace };
