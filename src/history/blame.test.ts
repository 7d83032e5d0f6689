import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingId } from "../assess/finding.js";
import { account, at, passkey, role, type Seen, scanned, stackOf, world } from "../assess/test-tenant.js";
import type { Finding } from "../model/finding.js";
import type { Store } from "../store/store.js";
import { blame, verdictsOf } from "./blame.js";

const day = 86_400_000;
const policy = "mfa-registered-privileged";
const id = findingId(policy, { kind: "account", key: "okta/ann" });

type State = "fail" | "pass" | "unknown" | "absent" | "unread" | "other";

/** One scan in which ann's second factor, her role or she herself is as asked. */
function seen(state: State): Seen {
	const others = { bob: account("bob") };
	const there = state !== "absent" && state !== "unread";
	const roles = state === "other" ? {} : { r1: role("r1", "ann") };
	return {
		records: {
			accounts: there ? { ...others, ann: account("ann") } : others,
			roleAssignments: there ? Object.fromEntries(Object.entries(roles).map(([key, one]) => [`ann/${key}`, one])) : {},
			authenticators: state === "fail" || state === "other" ? { ann: { items: [] } } : state === "pass" ? { ann: { items: [passkey] } } : {},
		},
		coverage: { ...(state === "unread" ? { accounts: "partial" } : {}), ...(state === "unknown" ? { authenticators: "unreadable" } : {}) },
	};
}

async function past(states: readonly State[]) {
	const input = await world(stackOf({ policies: { use: ["recommended"], dirs: [], set: {} } }));
	for (const [index, state] of states.entries()) await scanned(input.store, seen(state), at + index * day);
	const runs = states.map((_, index) => at + index * day).reverse();
	return { ...input, runs };
}

const finding = { id, policy, system: "okta", subject: { kind: "account", key: "okta/ann", label: "ann" } } as Finding;
const blamed = async (states: readonly State[]) => (await blame([finding], await past(states))).get(id);

describe("blame", () => {
	it("names the run that found it first and the one before, and what changed between them", async () => {
		const one = await blamed(["fail", "pass", "pass", "fail", "fail"]);
		expect(one).toMatchObject({ since: at + 3 * day, before: { at: at + 2 * day, outcome: "pass" }, runs: 3, unknown: 0, otherwise: null });
		expect(one?.changed).toEqual([{ path: "account.authenticators.k", before: expect.objectContaining({ type: "webauthn" }) }]);
	});

	it("takes a run that could not tell neither for one that found it nor for one that did not", async () => {
		expect(await blamed(["pass", "unknown", "fail"])).toMatchObject({ since: at + 2 * day, before: { at, outcome: "pass" }, unknown: 1 });
		expect(await blamed(["fail", "unknown", "fail"])).toMatchObject({ since: at, before: null, unknown: 1 });
		expect(await blamed(["unknown", "unread", "fail"])).toMatchObject({ since: at + 2 * day, before: null, unknown: 1 + 1 });
	});

	it("tells who was not there from who was not among what was read", async () => {
		expect(await blamed(["absent", "fail"])).toMatchObject({ since: at + day, before: { at, outcome: "absent" }, changed: [] });
		expect(await blamed(["pass", "unread", "fail"])).toMatchObject({ since: at + 2 * day, before: { at, outcome: "pass" }, unknown: 1 });
	});

	it("does not say that somebody was not there where the store has lost them, or nobody had asked yet", async () => {
		const erased = await past(["absent", "fail"]);
		await erased.store.appendJournal({ tenant: "acme", at: at + 2 * day, plan: "erase", action: null, event: "erased", data: { subject: "okta/ann" } });
		expect((await blame([finding], erased)).get(id)).toMatchObject({ before: null, unknown: 1 });
		const person = { ...finding, system: "people", subject: { kind: "person", key: "hr/1", label: "ann" } } as Finding;
		const two = await past(["absent"]);
		const hr = { ...two.stack.systems.okta, provider: "hr" } as never;
		const verdicts = await verdictsOf(person, { ...two, stack: { ...two.stack, systems: { ...two.stack.systems, hr } } });
		expect(verdicts.map(({ outcome }) => outcome)).toEqual(["unread"]);
	});

	it("does not take a field that one run had not read for one that changed", async () => {
		const input = await past([]);
		const unread: Seen = { records: { accounts: { ann: account("ann") } }, coverage: { authenticators: "unreadable" } };
		await scanned(input.store, unread, at);
		await scanned(input.store, seen("fail"), at + day);
		const one = (await blame([finding], { ...input, runs: [at + day, at] })).get(id);
		expect(one).toMatchObject({ before: { at, outcome: "not-applicable" }, unread: ["account.authenticators"] });
		expect(one?.changed.map(({ path }) => path)).not.toContain("account.authenticators");
	});

	it("says when it did not apply, and what made it apply", async () => {
		const one = await blamed(["other", "fail"]);
		expect(one?.before).toEqual({ at, outcome: "not-applicable" });
		expect(one?.changed).toContainEqual({ path: "account.privileged", before: false, after: true });
	});

	it("looks no further than it is told to, and writes nothing", async () => {
		const input = await past(["pass", "fail", "fail"]);
		const one = (await blame([finding], { ...input, runs: input.runs.slice(0, 2) })).get(id);
		expect(one).toMatchObject({ since: at + day, before: null, runs: 2 });
		expect(await written(input.store)).toEqual([[], []]);
	});

	it("agrees with a plain walk over any past, and with the verdict of each run", async () => {
		const state = fc.constantFrom<State>("fail", "pass", "unknown", "absent", "other");
		await fc.assert(
			fc.asyncProperty(fc.array(state, { maxLength: 6 }), async (older) => {
				const states: State[] = [...older, "fail"];
				const input = await past(states);
				const newestFirst = states.toReversed();
				const outcomes = { fail: "fail", pass: "pass", unknown: "unknown", absent: "absent", other: "not-applicable", unread: "unread" } as const;
				expect((await verdictsOf(finding, input)).map(({ outcome }) => outcome)).toEqual(newestFirst.map((one) => outcomes[one]));
				const end = newestFirst.findIndex((one) => one !== "fail" && one !== "unknown");
				const spell = end < 0 ? newestFirst : newestFirst.slice(0, end);
				const made = (await blame([finding], input)).get(id);
				expect(made?.before).toEqual(end < 0 ? null : { at: input.runs[end], outcome: outcomes[newestFirst[end] as State] });
				expect(made?.since).toBe(input.runs[spell.lastIndexOf("fail")]);
				expect(made?.unknown).toBe(spell.filter((one) => one === "unknown").length);
			}),
			{ numRuns: 40 },
		);
	});
});

async function written(store: Store) {
	return [await store.findings({}), await store.trend("acme", 10)];
}
