import type { EmulatedTenant, Emulation, EmulationOptions } from "../../src/emulate/contract.js";
import { type Knobs, makeKnobs } from "../../src/emulate/knobs.js";
import { random } from "../../src/emulate/random.js";
import { serve } from "../../src/emulate/server.js";
import { makeWorld } from "../../src/emulate/world.js";
import { acmeNames, acmeState } from "./emulator/acme.js";
import { type Authority, makeAuthority, serviceAccount } from "./emulator/auth.js";
import { type Choices, usualChoices } from "./emulator/choices.js";
import { generate } from "./emulator/generator.js";
import { objectId } from "./emulator/ids.js";
import { loginOf } from "./emulator/routes-tickets.js";
import { vendorServer } from "./emulator/server.js";
import type { Account, CsvReport, Tenant } from "./emulator/types.js";

/** A running tenant with what only this vendor's has. */
export interface EmulatedSspm extends EmulatedTenant {
	knobs: Knobs;
	/** Changeable while it runs. */
	choices: Choices;
	/** Operations served, by method and path template. */
	operations: { method: string; path: string }[];
	/** Reports that were asked for and mailed. */
	reports(): CsvReport[];
	/** The ticketing integration that tickets can be opened in. */
	integrationId: string;
}

/**
 * Serves an invented tenant of SaaS Security Posture Management and its identity calls. No rate limits are documented, so none are held.
 * @throws Error when the port is taken
 */
export async function startPanwSspm(options: EmulationOptions & { choices?: Partial<Choices> }): Promise<EmulatedSspm> {
	const { users, seed, acme, now: start, port } = options;
	const begun = Date.now();
	const knobs = makeKnobs({ random: random(seed).next });
	const world = makeWorld(knobs, () => start + Date.now() - begun);
	const names = acme
		? acmeNames
		: { name: `tenant-${seed}`, tsgId: String(1_000_000_000 + (Math.abs(seed) % 1_000_000_000)), integrationId: objectId(`jira/${seed}`) };
	const state = acme ? acmeState(start) : generate(users, seed, start, names);
	const tenant: Tenant = { world, choices: { ...usualChoices, ...options.choices }, state, ...names, version: 0 };
	const reading = serviceAccount(tenant, "keelson-read", ["view_only_admin"]);
	const acting = serviceAccount(tenant, "keelson-act", ["superuser"]);
	const authority = makeAuthority(tenant, [reading, acting]);
	const vendor = vendorServer(tenant, authority);
	const listening = await serve(vendor, port ?? 0);
	const credential = ({ clientId, secret }: typeof reading) => ({ method: "client-secret", clientId, clientSecret: secret, tsgId: tenant.tsgId });
	const roles = [...reading.roles];
	return {
		system: {
			provider: "panw-sspm",
			url: listening.url,
			auth: credential(reading),
			act: credential(acting),
			options: { ticketing: { integration: tenant.integrationId, project: "SEC", issueType: "Task" } },
		},
		secrets: () => [reading.secret, acting.secret, ...authority.tokens],
		knobs,
		faults: knobs.faults,
		choices: tenant.choices,
		requests: listening.requests,
		operations: vendor.routes.map(({ method, template }) => ({ method, path: template })),
		reports: () => [...state.reports.values()],
		integrationId: tenant.integrationId,
		now: world.now,
		advance: world.advance,
		// The vendor says of no account whether it is enabled: all of them count as such. It has no groups.
		truth: () => ({ accounts: allAccounts(tenant).map(([, account]) => truthOf(account)), groups: [], memberships: [] }),
		withhold: (scopes) => withhold(reading, scopes),
		mutate: (share) => mutate(tenant, share, seed),
		reset: () => {
			world.reset();
			tenant.version++;
			Object.assign(reading, { roles: [...roles] });
			reading.without.clear();
			Object.assign(tenant.choices, usualChoices, options.choices);
			knobs.faults.length = 0;
			Object.assign(knobs, { latencyMs: 0, lagMs: 0, clockSkewMs: 0 });
			listening.forget();
		},
		close: listening.close,
	};
}

/** How the vendor-neutral tests and the demo start this vendor's tenant. */
export const emulation: Emulation = { start: startPanwSspm };

function allAccounts(tenant: Tenant): [Map<string, Account>, Account][] {
	return [...tenant.state.instances.values()].flatMap(({ accounts }) =>
		[...accounts.values()].map((account): [Map<string, Account>, Account] => [accounts, account]),
	);
}

const truthOf = (account: Account) => ({ id: account.id, login: loginOf(account), enabled: true, privileged: account.isElevated });

/** Takes roles away by their names, or parts of the API by the catalogue's: `SCAN`, `THIRD_PARTY_APPS`, `IDENTITY`, `IAM`. */
function withhold(account: Authority["accounts"][number], names: string[]): void {
	account.roles = account.roles.filter((role) => !names.includes(role));
	for (const name of names) account.without.add(name);
}

function mutate(tenant: Tenant, share: number, seed: number): string[] {
	const draw = random(`mutate/${seed}/${tenant.version}`);
	const changed: string[] = [];
	for (const [map, account] of allAccounts(tenant)) {
		if (!draw.chance(share)) continue;
		changed.push(account.id);
		const kind = draw.int(4);
		if (kind === 0) tenant.world.drop(map, account.id);
		else if (kind === 1) tenant.world.put(map, account.id, { ...account, isElevated: !account.isElevated, lastModified: tenant.world.now() });
		else if (kind === 2) tenant.world.put(map, account.id, { ...account, isOrphaned: !account.isOrphaned, lastModified: tenant.world.now() });
		else tenant.world.put(map, account.id, { ...account, accountName: `${account.accountName} (renamed)`, lastLogin: tenant.world.now() });
	}
	tenant.version++;
	return changed;
}
