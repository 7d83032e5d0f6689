import { addAdministration } from "./gen-admin.js";
import { addGeneratedApps } from "./gen-app-portfolio.js";
import { addAnonymizerBlock, addAuthenticators, addOrigin, addZone, emptyTenant } from "./gen-config.js";
import { addGeneratedConsents } from "./gen-consents.js";
import { addDefaultPolicies } from "./gen-default-policies.js";
import { enrols, makeFactors } from "./gen-factors.js";
import { LazyLists } from "./gen-factors-lazy.js";
import { makeGroups } from "./gen-groups.js";
import { addHistory } from "./gen-history.js";
import { idMaker, prefixes } from "./gen-ids.js";
import { day, hash } from "./gen-random.js";
import { makeUsers } from "./gen-users.js";
import type { TenantState } from "./state.js";

export { mutateTenant } from "./gen-mutate.js";

export interface TenantOptions {
	/** Same seed, size and `now`: same tenant, to the last id. */
	seed: number | string;
	/** 10 to 1,000,000. */
	users: number;
	/** Milliseconds since the epoch; all dates lie before it. */
	now: number;
	/** Groups, the two built-in ones included. Default: one for 20 users, at least 16, at most 5,000. */
	groups?: number;
	/** Domain of the employees' logins. */
	domain?: string;
	/** Events in the system log at most. Default 20,000. */
	logEvents?: number;
	/** Make factors when first asked for. Default: above 20,000 users. */
	lazyFactors?: boolean;
}

/**
 * An invented Okta org of any size with the spread of a real one: every status, every factor type, roles direct and through groups.
 * @throws RangeError when `users` is outside 10 to 1,000,000
 */
export function generateTenant(options: TenantOptions): TenantState {
	const { seed, users, now } = options;
	if (!Number.isInteger(users) || users < 10 || users > 1_000_000) throw new RangeError(`users must be a whole number from 10 to 1000000, not ${users}`);
	const domain = options.domain ?? "corp.example";
	const founded = now - 7 * 365 * day;
	const state = emptyTenant({ id: idMaker(seed, prefixes.org)(), subdomain: domain.split(".")[0] ?? "corp", companyName: "Generated Corp", created: founded });

	state.users = makeUsers({ seed, users, now, domain });
	state.factors = factorsOf(state, seed, options.lazyFactors ?? users > 20_000);
	const count = options.groups ?? Math.min(5_000, Math.max(16, Math.round(users / 20)));
	const directoryApp = idMaker(`${seed}/directory`, prefixes.app)();
	const world = makeGroups({ seed, count, now, users: state.users, directoryApp });
	state.groups = world.groups;
	state.members = world.members;
	state.groupRules = world.groupRules;

	const nextZone = idMaker(seed, prefixes.zone);
	addZone(state, { id: nextZone(), name: "Offices", cidrs: ["192.0.2.0/24", "198.51.100.0/25"], created: founded });
	addAnonymizerBlock(state, nextZone(), founded);
	addAuthenticators(state, idMaker(seed, prefixes.authenticator), founded, ["security_question"]);
	const firstUser = state.users.keys().next().value ?? "";
	addOrigin(state, { id: idMaker(seed, prefixes.origin)(), name: "Portal", origin: `https://portal.${domain}`, created: founded + day, createdBy: firstUser });
	const accessPolicies = addDefaultPolicies(state, { seed, created: founded, everyone: world.everyone });
	const { admins } = addAdministration(state, { seed, now });
	addGeneratedApps(state, { seed, now, accessPolicies, admins, directoryApp, departmentGroups: [...world.departmentGroups.values()] });
	addGeneratedConsents(state, { seed, now });
	addHistory(state, { seed, now, most: options.logEvents ?? 20_000 });
	return state;
}

function factorsOf(state: TenantState, seed: number | string, lazy: boolean): TenantState["factors"] {
	const holders: string[] = [];
	const salt = hash(`${seed}/enrols`);
	for (const [id, user] of state.users) if (enrols(user, salt)) holders.push(id);
	const make = (id: string) => {
		const user = state.users.get(id);
		return user ? makeFactors(user, seed) : [];
	};
	return lazy ? new LazyLists(holders, make) : new Map(holders.map((id) => [id, make(id)]));
}
