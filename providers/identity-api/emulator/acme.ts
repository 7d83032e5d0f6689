import { acmeDomain, acmeWorkers } from "../../../src/emulate/acme.js";
import { type AcmeColumn, acmePresence, type Presence } from "../../../src/emulate/acme-presence.js";
import { day, hash } from "../../../src/emulate/random.js";
import type { Plan } from "./make.js";

export const acmeTenant = "ten_acme7k2m";

const methods: Record<Presence["factor"], string[]> = {
	none: [],
	weak: ["sms"],
	strong: ["push", "totp"],
	"phishing-resistant": ["hardware_key"],
};

const roleNames: Record<AcmeColumn, Record<"top" | "limited", string>> = {
	directory: { top: "Global Administrator", limited: "User Administrator" },
	suite: { top: "Super Admin", limited: "Groups Admin" },
};

function ofColumn(column: AcmeColumn, now: number): Plan[] {
	return acmePresence(column, now).map((one) => ({
		key: one.key,
		tenant: acmeTenant,
		provider: column === "directory" ? "azure_ad" : "google_workspace",
		email: one.login,
		name: `${one.first} ${one.last}`,
		status: one.enabled ? "active" : "disabled",
		methods: methods[one.factor],
		privileged: one.admin !== null,
		roles: one.admin === null ? [] : [roleNames[column][one.admin]],
		seen: one.seen,
		age: one.age,
		known: one.worker !== null,
	}));
}

const oktaRoles: Record<string, string> = {
	"ana.lopez": "SUPER_ADMIN",
	"leo.fischer": "SUPER_ADMIN",
	"kim.novak": "HELP_DESK_ADMIN",
	"nina.osei": "APP_ADMIN",
};
const draws: Presence["factor"][] = ["strong", "phishing-resistant", "strong", "weak", "none"];

/** Those whose factor at the identity provider is better than elsewhere. */
const settled: Record<string, Presence["factor"]> = { "ana.lopez": "phishing-resistant", "leo.fischer": "strong", "hugo.prat": "strong" };

function seenAtOkta(key: string, status: string): number | null {
	if (key.startsWith("never.") || status === "preboarding") return null;
	if (key === "carl.berg") return 130;
	return status === "terminated" ? 50 : (hash(key, 43) % 20) + 0.1;
}

function ofOkta(now: number): Plan[] {
	return acmeWorkers(now).map((worker) => {
		const { key, first, last, status } = worker;
		const role = oktaRoles[key];
		return {
			key,
			tenant: acmeTenant,
			provider: "okta",
			email: key.includes("@") ? key : `${key}@${acmeDomain}`,
			name: `${first} ${last}`,
			status: status === "terminated" ? "disabled" : status === "preboarding" ? "pending" : key === "lock.out" ? "locked" : "active",
			methods: methods[settled[key] ?? draws[hash(key, 41) % draws.length] ?? "none"],
			privileged: role !== undefined,
			roles: role === undefined ? [] : [role],
			seen: seenAtOkta(key, status),
			age: Math.max(1, Math.floor((now - worker.hired) / day) - 1),
			known: true,
		};
	});
}

/** A second tenant on the same server: a company that Acme looks after. */
function neighbours(): Plan[] {
	return ["ann.berg", "bob.stone", "cleo.park"].map((key, number) => ({
		key,
		tenant: "ten_orbit4x9q",
		provider: "local",
		email: `${key}@orbit.example`,
		name: key,
		status: "active",
		methods: [],
		privileged: number === 0,
		roles: number === 0 ? ["admin"] : [],
		seen: number,
		age: 90,
		known: true,
	}));
}

/** Acme's people at its three providers, one identity each, and the neighbour's. */
export function acmePlans(now: number): Plan[] {
	return [...ofColumn("directory", now), ...ofColumn("suite", now), ...ofOkta(now), ...neighbours()];
}
