import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChangeEvent, ChangeLog } from "../provider/changes.js";
import type { StackSystem } from "../stack/stack.js";
import type { JournalEntry } from "../store/store.js";
import type { Since } from "./since.js";
import { keelsonsOwn, whoChanged } from "./who.js";

const request = { call: "GET /log", requestId: null, at: 0 };
const minute = 60_000;
const now = 1_000 * minute;
let serial = 0;
const event = (at: number, what: ChangeEvent["what"], more: Partial<ChangeEvent> = {}): ChangeEvent => ({
	id: `e${++serial}`,
	type: `x.${what}`,
	at,
	what,
	actor: { type: "account", id: "00u1", login: "eve@acme.example" },
	requests: [],
	request,
	...more,
});
const member = (at: number, what: "added" | "removed", id = "m") => event(at, what, { member: id });
const log = (events: ChangeEvent[], more: Partial<ChangeLog> = {}): ChangeLog => ({
	events: [...events].sort((a, b) => b.at - a.at),
	from: 0,
	skew: 0,
	lateness: 15 * minute,
	reasons: [],
	...more,
});
const since = (started: number | null): Since => ({ asDeclared: started === null ? null : { started, finished: started + 1 }, differs: null, unread: 0 });
const added = { what: "added", member: "m" } as const;
const idle = { what: "changed", path: "session.idle" } as const;

describe("who let a member in", () => {
	it("is the newest addition of this very member", () => {
		const right = member(500 * minute, "added");
		const events = [member(300 * minute, "added"), right, member(600 * minute, "added", "other"), event(700 * minute, "changed")];
		expect(whoChanged(added, since(400 * minute), log(events), now)).toEqual({ event: right, others: 0 });
	});

	it("is unknown where the log's newest word is the opposite: what came after is not in it yet", () => {
		const found = whoChanged(added, since(400 * minute), log([member(450 * minute, "added"), member(500 * minute, "removed")]), now);
		expect(found).toMatchObject({ unknown: expect.stringContaining("left it as declared") });
	});

	it("is never somebody who did it before a scan that saw all as declared, but for the vendor's lag, and that is said", () => {
		const early = member(390 * minute, "added");
		expect(whoChanged(added, since(400 * minute), log([early]), now)).toEqual({ event: early, others: 0, early: true });
		expect(whoChanged(added, since(500 * minute), log([early]), now)).toHaveProperty("unknown");
	});

	it("is told with what keeps a newer event from being known", () => {
		const one = member(500 * minute, "added");
		const found = whoChanged(added, since(400 * minute), log([one], { reasons: [{ cause: "budget", detail: "only the newest were read" }] }), now);
		expect(found).toEqual({ event: one, others: 0, incomplete: "only the newest were read" });
	});

	it("says why nobody is known: the log's own reason, its end, its lag, or nothing at all", () => {
		const why = (from: Since, more: Partial<ChangeLog> = {}) => whoChanged(added, from, log([], more), now);
		expect(why(since(400 * minute), { reasons: [{ cause: "scope", detail: "the scope x is missing" }] })).toEqual({ unknown: "the scope x is missing" });
		expect(why(since(null), { from: 100 * minute })).toMatchObject({ unknown: expect.stringContaining("it may be older") });
		expect(why(since(now - minute))).toMatchObject({ unknown: expect.stringContaining("15 minutes late") });
		expect(why(since(400 * minute))).toMatchObject({ unknown: expect.stringContaining("a way that it does not log") });
	});

	it("never names an event of another member or of the other direction, whatever the log holds", () => {
		const one = fc.record({ at: fc.integer({ min: 0, max: 900 }), what: fc.constantFrom("added" as const, "removed" as const), id: fc.constantFrom("m", "n") });
		fc.assert(
			fc.property(fc.array(one), fc.integer({ min: 0, max: 900 }), (events, start) => {
				const all = events.map(({ at, what, id }) => member(at * minute, what, id));
				const found = whoChanged(added, since(start * minute), log(all), now);
				if ("unknown" in found) return;
				expect(found.event).toMatchObject({ member: "m", what: "added" });
				const newer = all.filter((other) => other.member === "m" && other.at > found.event.at);
				expect(newer).toEqual([]);
			}),
		);
	});
});

describe("who changed a value", () => {
	it("is the event that names the property, before a newer one that names another", () => {
		const right = event(500 * minute, "changed", { properties: ["Idle"] });
		const found = whoChanged(idle, since(400 * minute), log([right, event(600 * minute, "changed", { properties: ["name"] })]), now);
		expect(found).toEqual({ event: right, others: 0 });
	});

	it("is one of several where the log does not say what each changed, and how many is said", () => {
		const newest = event(600 * minute, "changed");
		expect(whoChanged(idle, since(400 * minute), log([event(500 * minute, "changed"), newest]), now)).toEqual({ event: newest, others: 1 });
	});
});

describe("Keelson's own changes", () => {
	const declared = { act: { method: "key", clientId: "0oaACT", key: { secret: "env", name: "0oaSECRET" } } } as unknown as StackSystem;
	const entry = (word: string, data: Record<string, unknown>, at = 500 * minute): JournalEntry =>
		({ tenant: "acme", at, plan: "p1", action: "a1", event: word, data, seq: 1, previous: "", hash: "" }) satisfies JournalEntry;
	const intent = entry("intent", { system: "okta", kind: "add-group-member", target: { account: "m", group: "g" } });
	const of = (one: ChangeEvent, journal: JournalEntry[]) => keelsonsOwn(one, { system: "okta", object: "g" }, declared, journal);
	const acting = { actor: { type: "app" as const, id: "0oaACT" }, member: "m" };

	it("are known by the request, whoever the log says it was", () => {
		const performed = entry("performed", { request: { requestId: "req-1" } });
		expect(of(event(0, "added", { requests: ["x", "req-1"] }), [intent, performed])).toEqual({ plan: "p1" });
		expect(of(event(0, "added", { requests: ["req-2"] }), [intent, performed])).toBeUndefined();
	});

	it("or by the acting client, with the plan of that time where the journal has one", () => {
		expect(of(event(501 * minute, "added", acting), [intent])).toEqual({ plan: "p1" });
		expect(of(event(600 * minute, "added", acting), [intent])).toEqual({ plan: null });
		expect(of(event(501 * minute, "added", { ...acting, member: "n" }), [intent])).toEqual({ plan: null });
	});

	it("are nobody else's, and no secret's name counts", () => {
		expect(of(event(501 * minute, "added", { member: "m" }), [intent])).toBeUndefined();
		expect(of(event(501 * minute, "added", { ...acting, actor: { type: "app", id: "0oaSECRET" } }), [intent])).toBeUndefined();
	});
});
