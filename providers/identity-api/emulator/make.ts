import { day, hash, iso } from "../../../src/emulate/random.js";
import type { WireIdentity, WireProvider, WireRiskLevel } from "../wire.js";

/** One account somewhere, in words of no vendor. Days before now; null for never. */
export interface Plan {
	key: string;
	tenant: string;
	provider: WireProvider;
	email: string;
	name: string;
	status: "active" | "disabled" | "pending" | "locked" | "password_reset_required";
	methods: string[];
	privileged: boolean;
	roles: string[];
	seen: number | null;
	age: number;
	/** Of personnel's list. */
	known: boolean;
}

const hex = (text: string, salt: number): string => hash(text, salt).toString(16).padStart(8, "0");

/** The account's id at its provider, in that provider's form. */
function providerId(provider: WireProvider, key: string): string {
	const text = `${provider}/${key}`;
	const all = hex(text, 1) + hex(text, 2) + hex(text, 3) + hex(text, 4);
	if (provider === "azure_ad") return `${all.slice(0, 8)}-${all.slice(8, 12)}-4${all.slice(13, 16)}-a${all.slice(17, 20)}-${all.slice(20)}`;
	if (provider === "okta") return `00u${parseInt(all.slice(0, 12), 16).toString(36).padStart(10, "0").slice(0, 10)}X5d7${all.slice(0, 3)}`;
	if (provider === "google_workspace") return `1${String(hash(text, 8)).padStart(10, "0")}${String(hash(text, 9)).padStart(10, "0")}`;
	return String(1 + (hash(text, 8) % 900_000));
}

const countries = ["DE", "PT", "US", "JP", "BR", "NG"];

/** Worse for administrators, for a single or weak factor, for accounts of nobody, and for accounts long unused. */
function riskOf(plan: Plan): number {
	const base = hash(plan.key, 3) % 18;
	const factor = plan.methods.length === 0 ? 30 : plan.methods.every((method) => method === "sms") ? 14 : 0;
	const unused = plan.seen !== null && plan.seen > 90 ? 12 : 0;
	return plan.status === "disabled" ? Math.min(20, base) : Math.min(100, base + factor + unused + (plan.privileged ? 30 : 0) + (plan.known ? 0 : 15));
}

/** The band of a score. */
export function levelOf(score: number): WireRiskLevel {
	return score <= 20 ? "low" : score <= 50 ? "medium" : score <= 75 ? "high" : "critical";
}

export function makeIdentity(plan: Plan, now: number): WireIdentity {
	const { key, tenant, provider, seen } = plan;
	const text = `${tenant}/${provider}/${key}`;
	const score = riskOf(plan);
	return {
		id: `idn_${hex(text, 11)}${hex(text, 12)}${hex(text, 13)}`,
		tenant_id: tenant,
		email: plan.email,
		display_name: plan.name,
		status: plan.status,
		risk_score: score,
		risk_level: levelOf(score),
		mfa_enrolled: plan.methods.length > 0,
		mfa_methods: plan.methods,
		privileged: plan.privileged,
		last_login_at: seen === null ? null : iso(now - Math.floor(seen * day)),
		last_login_ip: seen === null ? null : `203.0.113.${hash(text, 17) % 254}`,
		// Not every address can be placed.
		last_login_country: seen === null || hash(text, 19) % 23 === 0 ? null : (countries[hash(text, 21) % countries.length] ?? null),
		provider,
		provider_id: providerId(provider, key),
		roles: plan.roles,
		created_at: iso(now - plan.age * day),
	};
}
