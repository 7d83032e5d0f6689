import type { EmulatedTenant, Emulation, EmulationOptions } from "../../src/emulate/contract.js";
import { type Knobs, makeKnobs } from "../../src/emulate/knobs.js";
import { hash, iso, random } from "../../src/emulate/random.js";
import { serve } from "../../src/emulate/server.js";
import { makeWorld } from "../../src/emulate/world.js";
import { acmePlans, acmeTenant } from "./emulator/acme.js";
import { generate } from "./emulator/generator.js";
import { levelOf, makeIdentity } from "./emulator/make.js";
import { vendorServer } from "./emulator/server.js";
import { type Choices, type Done, type Server, usualChoices } from "./emulator/tenant.js";
import type { WireIdentity } from "./wire.js";

/** A running server with what only this API's has. */
interface EmulatedIdentityApi extends EmulatedTenant {
	knobs: Knobs;
	/** Changeable while it runs. */
	choices: Choices;
	/** Actions carried out so far. */
	log(): Done[];
}

/**
 * Serves the identities of two invented tenants. The stack entry and `truth` are those of the first one.
 * @throws Error when the port is taken
 */
export async function startIdentityApi(options: EmulationOptions & { choices?: Partial<Choices> }): Promise<EmulatedIdentityApi> {
	const { users, seed, acme, now: start, port, limits } = options;
	const begun = Date.now();
	const knobs = makeKnobs({ random: random(seed).next });
	const world = makeWorld(knobs, () => start + Date.now() - begun);
	const { tenant, plans } = acme ? { tenant: acmeTenant, plans: acmePlans(start) } : generate(users, seed);
	const identities = new Map<string, WireIdentity>();
	for (const plan of plans) {
		const identity = makeIdentity(plan, start);
		identities.set(identity.id, identity);
	}
	const token = (name: string, permissions: string[]) => ({
		secret: `idt_${name}_${hash(`${tenant}/${name}`)}${hash(tenant, 2)}`,
		permissions: new Set(permissions),
	});
	const reading = token("read", ["identity:read"]);
	const acting = token("act", ["identity:read", "identity:write"]);
	const server: Server = { world, choices: { ...usualChoices, ...options.choices }, identities, log: new Map(), tokens: [reading, acting], version: 0 };
	const { vendor, forget } = vendorServer(server, limits === "vendor");
	const listening = await serve(vendor, port ?? 0);
	const own = () => [...identities.values()].filter((identity) => identity.tenant_id === tenant);
	return {
		system: {
			provider: "identity-api",
			url: listening.url,
			auth: { method: "bearer", token: reading.secret },
			act: { method: "bearer", token: acting.secret },
			options: { tenantId: tenant },
		},
		secrets: () => [reading.secret, acting.secret],
		knobs,
		faults: knobs.faults,
		choices: server.choices,
		requests: listening.requests,
		log: () => [...server.log.values()],
		now: world.now,
		advance: world.advance,
		truth: () => ({
			accounts: own().map(({ id, email, status, privileged }) => ({ id, login: email, enabled: maySignIn(status), privileged })),
			groups: [],
			memberships: [],
		}),
		withhold: (names) => {
			for (const name of names) reading.permissions.delete(name);
		},
		mutate: (share) => mutate(server, own(), share, seed),
		reset: () => {
			world.reset();
			server.version++;
			reading.permissions.add("identity:read");
			Object.assign(server.choices, usualChoices, options.choices);
			knobs.faults.length = 0;
			Object.assign(knobs, { latencyMs: 0, lagMs: 0, clockSkewMs: 0 });
			listening.forget();
			forget();
		},
		close: listening.close,
	};
}

/** How the vendor-neutral tests and the demo start this API's server. */
export const emulation: Emulation = { start: startIdentityApi };

/** By the words of `WireIdentity.status`. */
function maySignIn(status: string): boolean {
	return status === "active" || status === "password_reset_required";
}

function mutate(server: Server, identities: WireIdentity[], share: number, seed: number): string[] {
	const draw = random(`mutate/${seed}/${server.version}`);
	const { world } = server;
	const changed = identities.filter(() => draw.chance(share));
	for (const identity of changed) {
		const kind = draw.int(4);
		if (kind === 0) world.drop(server.identities, identity.id);
		else if (kind === 1) world.put(server.identities, identity.id, { ...identity, status: identity.status === "disabled" ? "active" : "disabled" });
		else if (kind === 2) {
			const score = (identity.risk_score + 40) % 101;
			world.put(server.identities, identity.id, { ...identity, risk_score: score, risk_level: levelOf(score) });
		} else world.put(server.identities, identity.id, { ...identity, display_name: `${identity.display_name} II`, last_login_at: iso(world.now()) });
	}
	server.version++;
	return changed.map(({ id }) => id);
}
