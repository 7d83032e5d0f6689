import { afterEach, expect, test } from "vitest";
import type { SettingRecord } from "../model/objects.js";
import type { Provider } from "../provider/provider.js";
import type { SettingSpec } from "../provider/setting.js";
import { type Bench, openBench, stackText } from "./bench.test-suite.js";
import { type FakeConnection, fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeVendor, smallTenant, startFake } from "./fake-vendor.test-suite.js";
import { undoPlan } from "./undo.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** Session rules of the fake vendor; what an update leaves of the sign-in can be said, or not. */
function sessionRules(lockOut: { capable: boolean; predicts: boolean }): Provider {
	const spec: SettingSpec<FakeConnection> = {
		kind: "rule/SESSION",
		title: "Session rule",
		valuesSchema: {},
		async read(connection, id) {
			const found = (await connection.state()).settings.find((record) => record.id === `rule/SESSION/${id}`);
			return {
				exists: found !== undefined,
				name: found?.name ?? id,
				values: found?.values ?? {},
				request: { call: "GET /state", requestId: null, at: Date.now() },
			};
		},
		canonical: (values) => values,
		update: (connection, id, values) => connection.change("update-setting", { setting: `rule/SESSION/${id}`, values }),
		pulumiTypes: [],
		lockOutCapable: lockOut.capable,
		...(lockOut.predicts && { predict: (live: SettingRecord) => live }),
	};
	return { ...fakeProvider, settings: [spec as SettingSpec] };
}

async function tenant(provider: Provider): Promise<{ vendor: FakeVendor; bench: Bench; apply: Bench["apply"]; only: object }> {
	const state = smallTenant(5);
	const rule = state.settings[1] as SettingRecord;
	rule.session = { maxLifetimeMinutes: 43_200, maxIdleMinutes: 60, persistentCookie: false };
	rule.values = { lifetime: 43_200, nested: { idle: 10, kept: true } };
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url, {
		text: stackText("settings: { fake/rule/SESSION/p1/r1: { mode: authoritative, values: { lifetime: 720, nested: { idle: 5 } } } }"),
	});
	open.push(bench, vendor);
	const opened = async () => ({ provider, connection: fakeConnection(vendor.url) });
	return {
		vendor,
		bench,
		apply: (plan) => bench.apply(plan, { openRead: opened, openAct: opened }),
		only: { only: ["session-lifetime-users"], providers: { fake: provider } },
	};
}

test("an update that loses what it should have kept is seen when it is read back", async () => {
	const provider = sessionRules({ capable: true, predicts: true });
	const { vendor, bench, apply, only } = await tenant(provider);
	const plan = await bench.plan(only);
	expect(plan.actions).toMatchObject([{ kind: "update-setting", target: { setting: "rule/SESSION/p1/r1", values: { lifetime: 720, nested: { idle: 5 } } } }]);
	const report = await apply(plan);
	expect(report.proofs[0]).toMatchObject({ holds: true });
	expect(vendor.calls).toEqual(["update-setting rule/SESSION/p1/r1"]);
	// The fake replaces a key's whole value, as many vendors do: the rest of the nested object is lost.
	expect(report.actions[0]?.outcome).toBe("unverified");
	const [, intent] = await bench.store.journal({ tenant: "acme", plan: plan.digest });
	expect(intent?.data.inverse).toEqual({
		kind: "update-setting",
		target: { setting: "rule/SESSION/p1/r1", values: { lifetime: 43_200, nested: { idle: 10 } } },
	});
});

test("a declared setting is mended, read back, and taken back to what it was", async () => {
	const provider = sessionRules({ capable: false, predicts: false });
	const { vendor, bench, apply, only } = await tenant(provider);
	const rule = vendor.state.settings[1] as SettingRecord;
	rule.values = { lifetime: 43_200, nested: { idle: 5 } };
	const plan = await bench.plan(only);
	expect(await apply(plan)).toMatchObject({ outcome: "applied", proofs: [] });
	expect(rule.values).toEqual({ lifetime: 720, nested: { idle: 5 } });
	const back = await undoPlan({
		assessment: await bench.scan(),
		stack: bench.stack,
		store: bench.store,
		providers: { fake: provider },
		compile: bench.base.compile,
		now: Date.now(),
		digest: plan.digest,
	});
	expect((await apply(back)).outcome).toBe("applied");
	expect(rule.values).toEqual({ lifetime: 43_200, nested: { idle: 5 } });
});

test("a change of a sign-in setting whose effect can't be said is refused", async () => {
	const { vendor, bench, apply, only } = await tenant(sessionRules({ capable: true, predicts: false }));
	const report = await apply(await bench.plan(only));
	expect(report.refusals.map(({ guardrail }) => guardrail)).toEqual(["lock-out"]);
	expect(vendor.calls).toEqual([]);
});
