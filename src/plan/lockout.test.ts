import { afterEach, expect, test } from "vitest";
import { type Bench, openBench, stackText } from "../apply/bench.test-suite.js";
import { fakeProvider } from "../apply/fake-provider.test-suite.js";
import { type FakeState, passkey, smallTenant, startFake, topRole, user } from "../apply/fake-vendor.test-suite.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";
import { loadFacts } from "./facts.js";
import { type LockOutProof, lockOutCapable, proveLockOut } from "./lockout.js";
import type { PlannedAction } from "./plan.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

function action(kind: ActionKind, target: ActionTarget): PlannedAction {
	return {
		id: `${kind}${JSON.stringify(target)}`,
		system: "fake",
		kind,
		target,
		label: kind,
		findings: [],
		precondition: {},
		effect: "",
		reversible: true,
		inverse: null,
		after: [],
	};
}

async function prove(
	state: FakeState,
	actions: PlannedAction[],
	more: { unreadable?: Record<string, string>; text?: string; adminApps?: string[]; readyStatuses?: string[] } = {},
): Promise<LockOutProof | null> {
	const vendor = await startFake(state);
	Object.assign(vendor.unreadable, more.unreadable);
	const bench: Bench = await openBench(vendor.url, more.text === undefined ? {} : { text: more.text });
	open.push(bench, vendor);
	await bench.scan();
	const [scan] = await bench.store.scans({ system: "fake", limit: 1 });
	if (!scan) throw new Error("no scan");
	const facts = await loadFacts({
		store: bench.store,
		stack: bench.stack,
		compile: bench.base.compile,
		scan,
		wanted: new Set(actions.flatMap(({ target }) => target.account ?? [])),
	});
	const provider = { ...fakeProvider, adminApps: more.adminApps ?? [], ...(more.readyStatuses && { readyStatuses: more.readyStatuses }) };
	return proveLockOut({ facts, provider, actions, keepAdmins: 2, now: Date.now() });
}

const suspend = action("suspend-account", { account: "p000" });
const who = (proof: LockOutProof | null) => proof?.witnesses.map(({ account }) => account).sort();
const why = (proof: LockOutProof | null, account: string) => proof?.countedOut.find((one) => one.account === account)?.why;
const change = (edit: (state: FakeState) => void): FakeState => {
	const state = smallTenant(3);
	edit(state);
	return state;
};
const admin = (state: FakeState) => state.users[0] as FakeState["users"][number];
const rule = (state: FakeState) => state.settings[1] as FakeState["settings"][number];

test("administrators who get in are named with role, authenticator and rule", async () => {
	const proof = await prove(smallTenant(3), [suspend]);
	expect(proof).toMatchObject({ holds: true, needed: 2 });
	expect(who(proof)).toEqual(["admin1", "bg1", "bg2"]);
	expect(proof?.witnesses.find(({ account }) => account === "bg1")).toEqual({
		account: "bg1",
		label: "bg1@acme.example",
		breakGlass: true,
		role: "Super Administrator",
		authenticator: "webauthn",
		rules: ["Anywhere (policy Everybody)"],
	});
});

test("a plan that can lock nobody out needs no proof", async () => {
	expect(
		await prove(smallTenant(3), [
			action("end-sessions", { account: "admin1" }),
			action("remove-role", { account: "p000", assignment: "x" }),
			action("unsuspend-account", { account: "p000" }),
		]),
	).toBeNull();
});

test("where sign-in is decided elsewhere, only what is done to accounts that are no administrators' needs no proof", async () => {
	const elsewhere = { ...fakeProvider, signInElsewhere: true as const };
	const known = (topPrivileged: boolean | undefined) => ({ accounts: new Map([["p000", { topPrivileged }]]) }) as never;
	expect([false, true, undefined].map((top) => lockOutCapable(suspend, known(top), elsewhere))).toEqual([false, true, true]);
	expect(lockOutCapable(suspend, known(false), fakeProvider)).toBe(true);
});

test.each<[string, PlannedAction, RegExp]>([
	["suspended", action("suspend-account", { account: "admin1" }), /the plan changes it \(suspend-account\)/],
	["without its top role", action("remove-role", { account: "admin1", assignment: "ra-admin1-SUPER", role: "SUPER" }), /the plan takes its top role/],
	["with its authenticators reset", action("reset-authenticators", { account: "admin1" }), /the plan changes it/],
	["with its password expired", action("expire-password", { account: "admin1" }), /the plan changes it/],
	["put into a group", action("add-group-member", { account: "admin1", group: "g1" }), /the plan changes it/],
])("whoever is %s by the plan is not counted on", async (_, one, expected) => {
	const proof = await prove(smallTenant(3), [one]);
	expect(why(proof, "admin1")).toMatch(expected);
	expect(who(proof)).toEqual(["bg1", "bg2"]);
});

test("a role through a group counts until the plan ends the membership", async () => {
	const state = change((made) => {
		made.roles = [topRole("g1", "SUPER", "group"), topRole("bg1"), topRole("bg2")];
		made.members = [{ group: "g1", account: "admin1", source: "direct" }];
	});
	const proof = await prove(structuredClone(state), [suspend]);
	expect(proof?.witnesses.find(({ account }) => account === "admin1")?.role).toBe("Super Administrator through group Administrators");
	expect(why(await prove(state, [action("remove-group-member", { account: "admin1", group: "g1" })]), "admin1")).toBe("the plan takes its top role");
});

test("a role taken from the group is taken from its members", async () => {
	const state = change((made) => {
		made.roles = [topRole("g1", "SUPER", "group"), topRole("bg1"), topRole("bg2")];
		made.members = [{ group: "g1", account: "admin1", source: "direct" }];
	});
	expect(why(await prove(state, [action("remove-role", { group: "g1", role: "SUPER" })]), "admin1")).toBe("the plan takes its top role");
});

test("leaving a group also changes the rules that apply", async () => {
	const state = change((made) => {
		made.members = [{ group: "g1", account: "admin1", source: "direct" }];
		rule(made).signIn = { ...rule(made).signIn, includedGroups: ["g1"] };
	});
	expect(who(await prove(structuredClone(state), [suspend]))).toEqual(["admin1"]);
	expect(why(await prove(state, [action("remove-group-member", { account: "admin1", group: "g1" })]), "admin1")).toBe("no rule that surely applies lets it in");
});

test.each<[string, (state: FakeState) => void, RegExp]>([
	[
		"without authenticators",
		(state) => {
			admin(state).factors = [];
		},
		/no authenticator beyond recovery/,
	],
	[
		"with recovery only",
		(state) => {
			admin(state).factors = [{ ...passkey, type: "question", strength: "weak", recoveryOnly: true }];
		},
		/no authenticator beyond recovery/,
	],
	[
		"whose factor is of unknown strength",
		(state) => {
			admin(state).factors = [{ ...passkey, type: "new", strength: "unknown" }];
		},
		/no authenticator beyond recovery/,
	],
	[
		"who is only eligible for the role",
		(state) => {
			state.roles[0] = { ...topRole("admin1"), assignment: "eligible" };
		},
		/no top role of it is surely active/,
	],
	[
		"whose role ends within the day",
		(state) => {
			state.roles[0] = { ...topRole("admin1"), ends: Date.now() + 3_600_000 };
		},
		/no top role of it is surely active/,
	],
	[
		"of whose role it is not known when it ends",
		(state) => {
			const { ends: _, ...vague } = topRole("admin1");
			state.roles[0] = vague;
		},
		/no top role of it is surely active/,
	],
	[
		"of whose role it is not known what it is narrowed to",
		(state) => {
			const { scope: _, ...vague } = topRole("admin1");
			state.roles[0] = vague;
		},
		/no top role of it is surely active/,
	],
	[
		"who is shut out by a rule",
		(state) => {
			state.settings.push({
				...rule(state),
				id: "rule/SESSION/p1/r0",
				name: "No admins",
				priority: 0,
				signIn: { ...rule(state).signIn, allows: false, excludedAccounts: ["bg1", "bg2"] },
			});
		},
		/rule No admins of policy Everybody refuses it/,
	],
])("an administrator %s is not counted on", async (_, edit, expected) => {
	const proof = await prove(change(edit), [suspend]);
	expect(why(proof, "admin1")).toMatch(expected);
	expect(who(proof)).toEqual(["bg1", "bg2"]);
});

test("whoever must unlock or renew something first is not counted on", async () => {
	const proof = await prove(smallTenant(3), [suspend], { readyStatuses: ["READY"] });
	expect(proof).toMatchObject({ holds: false, witnesses: [] });
	expect(why(proof, "bg1")).toBe("its status is ACTIVE: it does not get in as it is");
});

test("a factor of a kind that the rule does not take is not counted on", async () => {
	const state = change((made) => {
		rule(made).signIn = { ...rule(made).signIn, accepts: ["webauthn"] };
		admin(made).factors = [{ ...passkey, type: "sms", strength: "weak" }];
	});
	const proof = await prove(state, [suspend]);
	expect(why(proof, "admin1")).toMatch(/rule Anywhere of policy Everybody asks for particular authenticators/);
	expect(who(proof)).toEqual(["bg1", "bg2"]);
});

test("a service account is no administrator who gets in, an emergency account is whatever its kind", async () => {
	const text = stackText().replace(
		"people:",
		"people:\n  service: [ { where: \"account.login.startsWith('admin') || account.login.startsWith('bg')\", reason: machines } ]",
	);
	const proof = await prove(smallTenant(3), [suspend], { text });
	expect(why(proof, "admin1")).toBe("it is a service account");
	expect(who(proof)).toEqual(["bg1", "bg2"]);
});

test.each(["authenticators", "settings", "accounts", "memberships"])("with %s not read to the end, nothing unknown is counted on", async (collection) => {
	const state = change((made) => {
		rule(made).signIn = { ...rule(made).signIn, excludedGroups: ["g9"] };
		if (collection === "authenticators" || collection === "accounts") made.users = made.users.filter(({ id }) => id !== "admin1");
	});
	const proof = await prove(state, [suspend], { unreadable: { [collection]: "no scope" } });
	if (collection === "memberships" || collection === "settings") expect(proof).toMatchObject({ holds: false, witnesses: [] });
	else expect(who(proof)).not.toContain("admin1");
});

test("the administrators' console has a door of its own", async () => {
	const state = change((made) => {
		const policy = { ...(made.settings[0] as FakeState["settings"][number]), id: "policy/APP/p2", kind: "policy/APP", name: "Console", priority: 1 };
		const guard = {
			...rule(made),
			id: "rule/APP/p2/c1",
			kind: "rule/APP",
			parent: "p2",
			name: "Passkeys",
			signIn: { ...rule(made).signIn, phishingResistantRequired: true, appliesTo: "console" },
		};
		made.settings.push(policy, guard);
		admin(made).factors = [{ ...passkey, type: "push", strength: "strong" }];
	});
	const proof = await prove(state, [suspend], { adminApps: ["console"] });
	expect(why(proof, "admin1")).toMatch(/rule Passkeys of policy Console asks for a phishing-resistant authenticator/);
	expect(proof?.witnesses[0]?.rules).toEqual(["Anywhere (policy Everybody)", "Passkeys (policy Console)"]);
});

test("a changed sign-in setting needs the proof, and what it will ask must be said", async () => {
	const update = action("update-setting", { setting: "rule/SESSION/p1/r1", values: { lifetime: 60 } });
	const proof = await prove(smallTenant(3), [update]);
	expect(proof).toMatchObject({ holds: false, witnesses: [] });
	expect(why(proof, "admin1")).toMatch(/the plan changes Anywhere, and what that asks of a sign-in can't be said/);
	expect(lockOutCapable(update, { accounts: new Map() } as never, fakeProvider)).toBe(true);
});

test("accounts of people without the top role are not in the proof", async () => {
	const proof = await prove(
		change((state) => {
			state.users.push(user("helper"));
			state.roles.push(topRole("helper", "HELP"));
		}),
		[suspend],
	);
	expect([...(who(proof) ?? []), ...(proof?.countedOut ?? []).map(({ account }) => account)].sort()).toEqual(["admin1", "bg1", "bg2"]);
});
