import { expect } from "vitest";
import type { Decoded } from "../../providers/okta/schema.js";
import { decodePolicyRule } from "../../providers/okta/schema-policy.js";

// biome-ignore lint/suspicious/noExplicitAny: vendor JSON, looked at from outside of the decoders
export type Raw = any;

export const time = (value: unknown): number | null => (value === null || value === undefined ? null : Date.parse(String(value)));

export function role(raw: Raw, record: Raw): void {
	if (raw.status !== "ACTIVE") {
		expect(record).toBeNull();
		return;
	}
	expect(record.role).toBe(raw.type === "CUSTOM" ? raw.role : raw.type);
	expect(record.label).toBe(raw.label);
	if (raw.type !== "CUSTOM") expect(record.id).toBe(raw.id);
}

export function setting(raw: Raw, record: Raw): void {
	expect(record.id.split("/").at(-1)).toBe(raw.id);
	expect(record.name).toBe(raw.name);
	if (raw.status) expect(record.active).toBe(raw.status === "ACTIVE");
	expect(record.values).not.toHaveProperty("_links");
	if (raw.created !== undefined) expect(record.values.created).toBe(raw.created);
}

export function rule(raw: Raw, record: Raw): void {
	setting(raw, record);
	const session = raw.actions?.signon?.session;
	if (session && raw.actions.signon.access !== "DENY") expect(record.session?.maxLifetimeMinutes).toBe(session.maxSessionLifetimeMinutes || null);
	if (raw.actions?.signon) expect(record.signIn.mfaRequired).toBe(raw.actions.signon.requireFactor);
	const method = raw.actions?.appSignOn?.verificationMethod;
	if (method?.factorMode === "2FA") expect(record.signIn.mfaRequired).toBe(true);
	if (raw.actions?.appSignOn) expect(record.signIn.allows).toBe(raw.actions.appSignOn.access === "ALLOW");
	if (record.signIn) expect(record.signIn.excludedAccounts).toEqual(raw.conditions?.people?.users?.exclude ?? []);
	if (record.signIn) expect(record.signIn.networkBound).toBe((raw.conditions?.network?.connection ?? "ANYWHERE") !== "ANYWHERE");
}

export function decodeRule(item: Raw): Decoded<Raw> {
	const type = item?.type === "SIGN_ON" ? "OKTA_SIGN_ON" : item?.type;
	return decodePolicyRule(item, { record: { id: "", kind: "", name: "", active: true, builtIn: false }, type, id: "00pX", active: true, people: null }, null);
}
