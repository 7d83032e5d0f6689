import fc from "fast-check";
import { expect, it } from "vitest";
import type { Outcome } from "../model/finding.js";
import { type CollectionName, type Coverage, collections } from "../model/snapshot.js";
import type { DesiredMembership, DesiredSetting } from "../stack/stack.js";
import { managedObjects } from "./managed.js";
import { indexRoles } from "./roles.js";
import { openSnapshot } from "./snapshot.js";
import { account, at, role, type Seen, scanned, stackOf, world } from "./test-tenant.js";

const ids = ["a", "b", "c"];
const some = fc.subarray(ids);
const mode = fc.constantFrom<DesiredMembership["mode"]>("authoritative", "additive", "observe");
const spec = {
	kind: "rule/X",
	title: "Rule",
	valuesSchema: {},
	read: () => Promise.reject(new Error("nothing is read over the network")),
	canonical: (values: Record<string, unknown>) => values,
	update: null,
	pulumiTypes: [],
	lockOutCapable: true,
};

interface Wish {
	target: string;
	kind: "group" | "role";
	members: string[];
	ended: string[];
	mode: DesiredMembership["mode"];
	name: string | null;
}
const wish = (target: string, kind: Wish["kind"]) =>
	fc.record<Wish>({ target: fc.constant(target), kind: fc.constant(kind), members: some, ended: some, mode, name: fc.constantFrom(null, "G", "Another") });
interface Tenant {
	group: string[];
	carrier: string[];
	direct: string[];
	access: string;
	exists: boolean;
	carries: boolean;
}
const tenant = fc.record<Tenant>({
	group: some,
	carrier: some,
	direct: some,
	access: fc.constantFrom("ALLOW", "DENY"),
	exists: fc.boolean(),
	carries: fc.boolean(),
});

it("of declared objects: a read that saw less turns nothing into a pass, and claims no difference that is not there", async () => {
	await fc.assert(
		fc.asyncProperty(
			tenant,
			fc.tuple(wish("g", "group"), wish("h", "group"), wish("SUPER_ADMIN", "role")),
			fc.dictionary(fc.constantFrom(...collections), fc.constantFrom<Coverage["state"]>("partial", "unreadable")),
			fc.subarray(["g/a", "g/b", "g/c", "h/a", "h/b", "ra", "rb", "rh", "g", "h", "rule/X/1", "rule/X/2"]),
			fc.boolean(),
			async (live, wishes, coverage, lost, noValues) => {
				const whole = tenantOf(live);
				const less: Required<Seen> = structuredClone({ ...whole, coverage });
				for (const [name, state] of Object.entries(coverage) as [CollectionName, Coverage["state"]][]) {
					if (state === "unreadable") delete less.records[name];
					else for (const id of lost) delete less.records[name]?.[id];
				}
				const kept = less.records.settings?.["rule/X/1"] as { values?: object } | undefined;
				if (noValues && kept) delete kept.values;
				const truth = await outcomes(whole, wishes);
				for (const [key, outcome] of await outcomes(less, wishes)) {
					if (outcome === "pass") expect([key, truth.get(key)]).toEqual([key, truth.get(key) === "not-applicable" ? "not-applicable" : "pass"]);
					// Which of the two policies judges it may be unknown; that it differs is not.
					const differing = [...truth].filter(([other]) => other.split(" ")[1] === key.split(" ")[1]).map(([, of]) => of);
					if (outcome === "fail" || outcome === "review") expect(differing, key).toContain(outcome);
				}
			},
		),
		{ numRuns: 100 },
	);
});

function tenantOf({ group, carrier, direct, access, exists, carries }: Tenant): Required<Seen> {
	const rule = { kind: "rule/X", name: "R", active: true, builtIn: false };
	const member = (of: string, id: string) => [`${of}/${id}`, { group: of, account: id, source: "direct" }] as const;
	return {
		records: {
			accounts: Object.fromEntries(ids.map((id) => [id, account(id)])),
			groups: {
				...(exists ? { g: { id: "g", name: "G", type: "OKTA_GROUP", source: "direct" } } : {}),
				h: { id: "h", name: "H", type: "OKTA_GROUP", source: "direct" },
			},
			memberships: Object.fromEntries([...(exists ? group.map((id) => member("g", id)) : []), ...carrier.map((id) => member("h", id))]),
			roleAssignments: {
				...Object.fromEntries(direct.map((id) => [`r${id}`, role(`r${id}`, id)])),
				...(carries ? { rh: role("rh", "h", { principalType: "group" }) } : {}),
			},
			settings: { "rule/X/1": { ...rule, id: "rule/X/1", values: { access } }, "rule/X/2": { ...rule, id: "rule/X/2", values: {} } },
		},
		coverage: {},
	};
}

async function outcomes(seen: Seen, wishes: Wish[]): Promise<Map<string, Outcome>> {
	const memberships = Object.fromEntries(wishes.map((one) => [`okta/${one.kind}/${one.target}`, desiredOf(one)]));
	const settings: Record<string, DesiredSetting> = {
		"okta/rule/X/1": { system: "okta", setting: "rule/X/1", name: null, mode: "authoritative", values: { access: "DENY" }, adopt: null, path: "s" },
	};
	const input = await world(stackOf({ memberships, settings }));
	const snapshot = openSnapshot(input.store, await scanned(input.store, seen));
	const { subjects } = await managedObjects({ ...input, snapshot, roles: await indexRoles(snapshot), kinds: [spec], now: at });
	await input.store.close();
	const policies = input.policies.filter(({ policy }) => policy.for === "managed");
	return new Map(subjects.flatMap(({ subject }) => policies.map((policy) => [`${policy.policy.id} ${subject.key}`, policy.judge(subject, at)] as const)));
}

function desiredOf({ target, kind, members, ended, mode: of, name }: Wish): DesiredMembership {
	const all = ids.filter((id) => members.includes(id) || ended.includes(id));
	return {
		system: "okta",
		kind,
		target,
		name,
		mode: of,
		adopt: null,
		path: target,
		members: all.map((id) => ({ login: id, id, until: members.includes(id) ? null : at - 1, reason: null, path: id })),
	};
}
