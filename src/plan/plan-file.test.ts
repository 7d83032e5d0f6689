import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { actionKinds } from "../provider/action.js";
import { actionId, planDigest, sealPlan } from "./digest.js";
import type { Plan, PlannedAction } from "./plan.js";
import { planText, writePlan } from "./plan-file.js";
import { parsePlan, readPlan } from "./read-plan.js";

const folder = mkdtempSync(join(tmpdir(), "keelson-plan-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = fc.string({ unit: "binary", maxLength: 30 });
const id = fc.string({ minLength: 1, maxLength: 12 });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const points = fc.option(fc.double({ min: 0, max: 100, noNaN: true }));
const json = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ depthSize: "small" },
		fc.constant(null),
		fc.boolean(),
		fc.integer(),
		fc.double({ noNaN: true, noDefaultInfinity: true }),
		text,
		fc.constantFrom("2026-01-01", "yes", "null", "0x1f", "1e3", "~", "- a", "a: b", "#"),
		fc.array(tie("value"), { maxLength: 3 }),
		fc.dictionary(text, tie("value"), { maxKeys: 3 }),
	),
})).value;
const evidence = fc.record({ field: text, value: json, observedAt: fc.option(time), call: text, requestId: fc.option(text) });
const target = fc.record({ account: id, group: id, setting: id, values: fc.dictionary(text, json, { maxKeys: 3 }) }, { requiredKeys: ["account"] });
const action: fc.Arbitrary<PlannedAction> = fc
	.record({
		system: id,
		kind: fc.constantFrom(...actionKinds),
		target,
		label: text,
		findings: fc.array(fc.record({ id, policy: id, message: text, evidence: fc.array(evidence, { maxLength: 2 }) }), { maxLength: 2 }),
		precondition: fc.dictionary(id, json, { maxKeys: 2 }),
		effect: text,
		reversible: fc.boolean(),
		inverse: fc.option(fc.record({ kind: fc.constantFrom(...actionKinds), target })),
	})
	.map((made) => ({ ...made, id: actionId(made.system, made.kind, made.target), after: [] }));
const number = fc.option(fc.nat());
/** What plans on groups or settings have besides. */
const reach = fc.record(
	{
		groups: fc.array(fc.record({ system: id, group: id, name: text, members: number, privileged: number }), { maxLength: 2 }),
		settings: fc.array(fc.record({ system: id, setting: id, name: text, for: fc.oneof(fc.constant("everyone" as const), number) }), { maxLength: 2 }),
	},
	{ requiredKeys: [] },
);
const plans: fc.Arbitrary<Plan> = fc
	.record({
		tenant: id,
		created: time,
		actions: fc.uniqueArray(action, { maxLength: 3, selector: (one) => one.id }),
		scans: fc.dictionary(id, fc.record({ id: fc.nat(), finished: time }), { maxKeys: 2 }),
		notPlanned: fc.array(fc.record({ finding: text, policy: text, label: text, why: text }), { maxLength: 2 }),
		before: points,
		after: points,
		reach,
	})
	.map(({ tenant, created, actions, scans, notPlanned, before, after, reach }) =>
		sealPlan({
			schema: "keelson.dev/plan/v1",
			tenant,
			created,
			basis: { scans, stack: "s", policies: "p" },
			score: { before, after, accounts: [] },
			blast: {
				accounts: 1,
				privilegedAccounts: 0,
				bySystem: { okta: { accounts: 1, enabledAccounts: null } },
				byKind: { "remove-role": 1 },
				irreversible: 0,
				...reach,
			},
			// The id is that of the plain target.
			actions: sealedIds(actions),
			notPlanned,
		}),
	);

function sealedIds(actions: PlannedAction[]): PlannedAction[] {
	const plain: PlannedAction[] = JSON.parse(JSON.stringify(actions));
	return plain.map((one) => ({ ...one, id: actionId(one.system, one.kind, one.target) }));
}

const sample = (): Plan =>
	fc.sample(
		plans.filter((plan) => plan.actions.length > 1),
		{ numRuns: 1, seed: 7 },
	)[0] as Plan;

describe("a plan file", () => {
	test("comes back as it was, whatever it holds", () => {
		fc.assert(
			fc.property(plans, (plan) => {
				const read = parsePlan(planText(plan), "plan.yaml");
				expect(read.diagnostics).toBeUndefined();
				expect(read.plan).toEqual(plan);
			}),
			{ numRuns: 150 },
		);
	});

	test("shows every character that hides or reorders text as an escape", () => {
		fc.assert(
			fc.property(plans, (plan) => {
				expect(planText(plan)).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2800]/u);
			}),
			{ numRuns: 100 },
		);
	});

	test("is named after its day and digest, is read back from disk, and begins an action with what a reviewer needs", async () => {
		const plan = sample();
		const file = await writePlan(plan, join(folder, "plans"));
		expect(file).toBe(join(folder, "plans", `${new Date(plan.created).toISOString().slice(0, 10)}-${plan.digest.slice(0, 8)}.yaml`));
		expect((await readPlan(file)).plan).toEqual(plan);
		const written = readFileSync(file, "utf8");
		const order = ["label:", "findings:", "effect:", "system:", "target:"].map((key) => written.indexOf(key, written.indexOf("\nactions:")));
		expect(order).toEqual([...order].sort((a, b) => a - b));
	});

	test.each<[string, (text: string, plan: Plan) => string, RegExp]>([
		["an edited value", (yaml) => yaml.replace("irreversible: 0", "irreversible: 1"), /the plan was edited after it was made/],
		[
			"an edited target",
			(yaml, plan) => yaml.replaceAll(JSON.stringify(plan.tenant), '"other"').replace(/tenant: .*/, "tenant: other"),
			/edited after it was made/,
		],
		["an unknown key", (yaml) => yaml.replace("blast:", "blasts: {}\nblast:"), /unknown key blasts/],
		["a key that is there twice", (yaml) => yaml.replace("blast:", "created: 2026-01-01T00:00:00Z\nblast:"), /this key is there twice/],
		["another version", (yaml) => yaml.replace("plan/v1", "plan/v2"), /not a plan of this version of Keelson \(schema "keelson.dev\/plan\/v2"\)/],
		["a missing part", (yaml) => yaml.replace(/^notPlanned:[\s\S]*?(?=^basis:)/m, ""), /notPlanned is missing/],
		["an alias", (yaml) => yaml.replace("blast:", "blast: &b").replace(/^basis:[\s\S]*$/m, "basis: *b\n"), /./],
		["no YAML", () => "{", /./],
		["nothing", () => "", /the file is empty/],
	])("is refused with %s", (_, edit, message) => {
		const plan = sample();
		const { diagnostics } = parsePlan(edit(planText(plan), plan), "plan.yaml");
		expect(diagnostics?.map((one) => one.message).join("\n")).toMatch(message);
	});

	test("with a forged id is refused although its digest fits", () => {
		const plan = sample();
		const [first, ...rest] = plan.actions as [PlannedAction, ...PlannedAction[]];
		const forged = { ...plan, actions: [{ ...first, target: { account: "somebody-else" } }, ...rest] };
		const sealed = { ...forged, digest: planDigest(forged) };
		expect(parsePlan(planText(sealed), "plan.yaml").diagnostics?.[0]?.message).toMatch(/not the one of its target/);
	});

	test("that is missing, or no text, is refused", async () => {
		expect((await readPlan(join(folder, "none.yaml"))).diagnostics?.[0]?.message).toBe("there is no such file");
		const file = join(folder, "latin.yaml");
		writeFileSync(file, Buffer.from([0x61, 0xff]));
		expect((await readPlan(file)).diagnostics?.[0]?.message).toBe("the file is not UTF-8 text");
	});
});
