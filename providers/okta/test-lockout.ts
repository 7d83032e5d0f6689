import type { Account } from "../../src/model/account.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { SystemFacts } from "../../src/plan/facts.js";
import { type LockOutProof, proveLockOut } from "../../src/plan/lockout.js";
import type { PlannedAction } from "../../src/plan/plan.js";
import { provider } from "./index.js";
import { decodePolicy, decodePolicyRule } from "./schema-policy.js";
import { decodeSetting } from "./schema-setting.js";
import type { Person, RawRule, TrueTenant } from "./sign-in-simulator.test-suite.js";

function ok<T>(decoded: { ok: T } | { bad: string; id: string | null }): T {
	if ("bad" in decoded) throw new Error(decoded.bad);
	return decoded.ok;
}

function records(held: TrueTenant): SettingRecord[] {
	const plain = (raw: object, type: string) => ok(decodePolicy({ system: false, type, ...raw }, type));
	const group = (raw: object, type: string, of: RawRule[], app: string | null): SettingRecord[] => {
		const policy = plain(raw, type);
		return [policy.record, ...of.map((rule) => ok(decodePolicyRule({ type, ...rule }, policy, app)))];
	};
	const { rules: _, ...none } = { rules: [], status: "ACTIVE", priority: 1, conditions: null };
	return [
		...held.zones.map((zone) => ok(decodeSetting(zone, "zone"))),
		...held.authenticators.map((one) => ok(decodeSetting(one, "authenticator"))),
		...group({ id: "d", name: "Routing", ...none }, "IDP_DISCOVERY", held.routes, null),
		...group({ id: "con", name: "Console", ...none }, "ACCESS_POLICY", held.console, "saasure"),
		...held.policies.flatMap(({ rules: of, ...raw }) => group(raw, "OKTA_SIGN_ON", of, null)),
		...held.enrolments.flatMap(({ rules: of, ...raw }) => group(raw, "MFA_ENROLL", of, null)),
	];
}

function accountOf(person: Person): Account {
	const strength = (type: string) => (type === "webauthn" ? "phishing-resistant" : type === "push" ? "strong" : "weak");
	return {
		...{ id: person.id, login: person.login, status: "ACTIVE", enabled: true, key: `okta/${person.id}`, system: "okta", provider: "okta" },
		...{ kind: "human", kindReason: "", external: false, breakGlass: false, credentialProvider: "local", topPrivileged: true, privileged: true },
		groups: person.groups.map((id) => ({ id, name: id, source: "direct" })),
		authenticators: person.factors.map(({ type }, at) => ({
			id: `f${at}`,
			type,
			provider: "OKTA",
			strength: strength(type),
			source: "local",
			recoveryOnly: false,
		})),
		roles: [{ assignmentId: "r", role: "SUPER_ADMIN", label: "Super", level: "top", assignment: "active", via: "direct", path: [], scope: null, ends: null }],
	};
}

/** The proof for a plan on this tenant, whose people are all super administrators. `more`: settings beside. */
export function proof(held: TrueTenant, who: Person[], actions: PlannedAction[], more: SettingRecord[] = []): LockOutProof | null {
	const facts = {
		system: "okta",
		accounts: new Map(who.map((one) => [one.id, accountOf(one)])),
		settings: [...records(held), ...more],
		settingsPartial: false,
	};
	return proveLockOut({ facts: facts as unknown as SystemFacts, provider, actions, keepAdmins: 1, now: 0 });
}
