import { afterEach, expect, test } from "vitest";
import type { SettingRecord } from "../model/objects.js";
import type { Provider } from "../provider/provider.js";
import type { SettingSpec } from "../provider/setting.js";
import { type Bench, openBench } from "./bench.test-suite.js";
import { type FakeConnection, fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeState, type FakeVendor, openDoor, smallTenant, startFake } from "./fake-vendor.test-suite.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

const spec: SettingSpec<FakeConnection> = {
	kind: "rule/SESSION",
	title: "Session rule",
	valuesSchema: {},
	async read(connection, id) {
		const found = (await connection.state()).settings.find((record) => record.id === `rule/SESSION/${id}`);
		return { exists: found !== undefined, name: id, values: found?.values ?? {}, request: { call: "GET /state", requestId: null, at: Date.now() } };
	},
	canonical: (values) => values,
	update: (connection, id, values) => connection.change("update-setting", { setting: `rule/SESSION/${id}`, values }),
	pulumiTypes: [],
	lockOutCapable: true,
	predict: (live) => live,
};
const provider: Provider = { ...fakeProvider, settings: [spec as SettingSpec] };

/** Five session rules, of which the first is for everyone. */
async function tenant(edit: (state: FakeState) => void = () => {}): Promise<{ vendor: FakeVendor; bench: Bench }> {
	const state = smallTenant(20);
	const [, rule] = openDoor();
	if (rule) for (const at of [2, 3, 4, 5]) state.settings.push({ ...rule, id: `rule/SESSION/p1/r${at}`, name: `Rule ${at}`, priority: at });
	edit(state);
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url);
	open.push(bench, vendor);
	return { vendor, bench };
}

const planned = (bench: Bench, ...rules: number[]) =>
	bench.plan({
		providers: { fake: provider },
		operatorActions: rules.map((at) => ({
			system: "fake",
			kind: "update-setting" as const,
			target: { setting: `rule/SESSION/p1/r${at}`, values: { lifetime: 60 + at } },
		})),
	});
const apply: (vendor: FakeVendor, bench: Bench, plan: Awaited<ReturnType<typeof planned>>, more?: object) => ReturnType<Bench["apply"]> = (
	vendor,
	bench,
	plan,
	more,
) => {
	const opened = async () => ({ provider, connection: fakeConnection(vendor.url) });
	return bench.apply(plan, { openRead: opened, openAct: opened, operator: true, ...more });
};

test("more settings than the budget allows: not one of them is changed", async () => {
	const { vendor, bench } = await tenant();
	const report = await apply(vendor, bench, await planned(bench, 1, 2, 3, 4));
	expect(report.refusals).toEqual([{ guardrail: "budget", message: "4 settings would be changed; 3 are allowed (maxSettings)" }]);
	expect(vendor.calls).toEqual([]);
});

test("the budget is of the rolling window, and one setting counts once", async () => {
	const { vendor, bench } = await tenant();
	expect((await apply(vendor, bench, await planned(bench, 1, 2))).outcome).toBe("applied");
	const { stack } = bench;
	const two = { stack: { ...stack, remediation: { ...stack.remediation, guardrails: { ...stack.remediation.guardrails, maxSettings: 2 } } } };
	const more = await planned(bench, 3);
	expect((await apply(vendor, bench, more, two)).refusals[0]?.message).toBe(
		"3 settings would be changed, 2 of them changed already in the last 24 h; 2 are allowed (maxSettings)",
	);
	expect((await apply(vendor, bench, more, { ...two, now: () => Date.now() + 25 * 3_600_000 })).outcome).toBe("applied");
});

test("the plan says whom a changed setting is for", async () => {
	const { bench } = await tenant((state) => {
		state.members = ["p001", "p002"].map((account) => ({ group: "g1", account, source: "direct" as const }));
		const aim = (at: number, includedGroups: string[] | undefined) => {
			const found = state.settings.find(({ id }) => id === `rule/SESSION/p1/r${at}`) as SettingRecord;
			const { includedGroups: _, ...signIn } = found.signIn ?? {};
			found.signIn = { ...signIn, ...(includedGroups && { includedGroups }) };
		};
		aim(2, ["g1"]);
		aim(3, undefined);
	});
	const { blast } = await planned(bench, 1, 2, 3);
	expect(blast.settings?.map(({ name, for: who }) => [name, who]).sort()).toEqual([
		["Anywhere", "everyone"],
		["Rule 2", 2],
		["Rule 3", null],
	]);
});

test("of groups whose members were not read to the end, it can't be said how many", async () => {
	const { vendor, bench } = await tenant((state) => {
		for (const record of state.settings) if (record.signIn) record.signIn = { ...record.signIn, includedGroups: ["g1"] };
	});
	vendor.unreadable.memberships = "no scope";
	expect((await planned(bench, 1)).blast.settings?.[0]?.for).toBeNull();
});
