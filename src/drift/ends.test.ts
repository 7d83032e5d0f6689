import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GrantEnds } from "../provider/grants.js";
import type { DesiredMember, DesiredMembership, OwnershipMode } from "../stack/stack.js";
import { membershipDrift } from "./drift.js";
import { grantsOf } from "./grants.js";
import type { LiveMembership, LiveReader } from "./live.js";
import { mendMembership } from "./mend.js";
import { readLive, readMembership } from "./read-live.js";

const now = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const ids = ["a", "b", "c"];

type Line = Pick<DesiredMember, "until"> & Partial<Pick<DesiredMember, "endBy">> & { id: string };

function declared(lines: Line[], mode: OwnershipMode = "authoritative"): DesiredMembership {
	const members = lines.map((line, i) => ({ login: `${line.id}@x`, reason: null, path: `m.${i}`, ...line }));
	return { system: "s", kind: "group", target: "g", name: null, mode, adopt: null, path: "p", members };
}

function live(ends: Record<string, number | null | undefined>, vendorEnds?: string | null): LiveMembership {
	const members = Object.entries(ends).map(([id, end]) => [id, { source: "direct" as const, ...(end !== undefined && { ends: end }) }] as const);
	return { exists: true, name: "G", members: new Map(members), ...(vendorEnds !== undefined && { vendorEnds }) };
}

const endsOf = (desired: DesiredMembership, held: LiveMembership) => membershipDrift("k", desired, held, now).ends ?? [];
const mended = (desired: DesiredMembership, held: LiveMembership) => mendMembership(membershipDrift("k", desired, held, now), desired, held).changes;

/** The group as the vendor has it afterwards: an end that is not spoken of stays. */
function afterwards(held: LiveMembership, changes: ReturnType<typeof mended>): LiveMembership {
	const members = new Map(held.members);
	for (const { kind, target } of changes) {
		const [id, until] = [target.account ?? "", target.values?.until as string | null | undefined];
		if (kind === "remove-group-member") members.delete(id);
		else members.set(id, { source: "direct", ends: until === undefined ? (members.get(id)?.ends ?? null) : until === null ? null : Date.parse(until) });
	}
	return { ...held, members };
}

const someEnd = fc.option(fc.integer({ min: -3, max: 5 }).map((hours) => now + hours * hour));
const line = fc
	.record({ id: fc.constantFrom(...ids), until: someEnd })
	.chain(({ id, until }) =>
		until === null ? fc.constant<Line>({ id, until }) : fc.constantFrom<Line>({ id, until }, { id, until, endBy: "vendor" }, { id, until, endBy: "keelson" }),
	);
const someLive = fc.dictionary(fc.constantFrom(...ids), fc.oneof(someEnd, fc.constant(undefined)));

describe("ends held against the vendor's", () => {
	it("another end, or none, is drift, and the mend sets the declared one", () => {
		for (const end of [now + 2 * hour, null]) {
			const [desired, held] = [declared([{ id: "a", until: now + hour }]), live({ a: end }, null)];
			expect(endsOf(desired, held)).toEqual([{ id: "a", desired: now + hour, live: end }]);
			expect(mended(desired, held)).toMatchObject([{ kind: "add-group-member", target: { account: "a", values: { until: "2026-01-01T01:00:00.000Z" } } }]);
		}
	});

	it("an end of somebody who is declared to stay is drift, and the mend takes it away", () => {
		const [desired, held] = [declared([{ id: "a", until: null }]), live({ a: now + hour }, null)];
		expect(endsOf(desired, held)).toEqual([{ id: "a", desired: null, live: now + hour }]);
		expect(mended(desired, held)).toMatchObject(
			[{ kind: "add-group-member", target: { account: "a", values: { until: null } }, note: /lasting|without an end/ }].map((one) => ({
				...one,
				note: expect.stringMatching(one.note),
			})),
		);
	});

	it("less than a second is no difference, a second is", () => {
		const desired = declared([{ id: "a", until: now + hour }]);
		for (const apart of [-999, -1, 0, 1, 999]) expect(endsOf(desired, live({ a: now + hour + apart }, null))).toEqual([]);
		for (const apart of [-1000, 1000]) expect(endsOf(desired, live({ a: now + hour + apart }, null))).toHaveLength(1);
	});

	it("of several lines about one account the one that holds longest counts", () => {
		const lines: Line[] = [
			{ id: "a", until: now - hour },
			{ id: "a", until: now + 2 * hour },
			{ id: "a", until: now + hour },
		];
		expect(endsOf(declared(lines), live({ a: now + 2 * hour }, null))).toEqual([]);
		expect(mended(declared(lines), live({}, null))).toMatchObject([{ target: { values: { until: "2026-01-01T02:00:00.000Z" } } }]);
		expect(mended(declared([...lines, { id: "a", until: null }]), live({ a: now + hour }, null))).toMatchObject([{ target: { values: { until: null } } }]);
	});

	it("whom keelson expire is to end is left to it, whatever the vendor has", () => {
		expect(endsOf(declared([{ id: "a", until: now + hour, endBy: "keelson" }]), live({ a: null }, null))).toEqual([]);
	});

	it("property: one mend makes all ends as declared, and a second finds nothing", () => {
		fc.assert(
			fc.property(fc.array(line, { maxLength: 6 }), someLive, fc.constantFrom<OwnershipMode>("authoritative", "additive"), (lines, ends, mode) => {
				const desired = declared(lines, mode);
				const held = live(ends, null);
				const after = afterwards(held, mended(desired, held));
				expect(endsOf(desired, after)).toEqual([]);
				expect(mended(desired, after)).toEqual([]);
			}),
		);
	});

	it("property: no end is set or taken away where the vendor would not, where it is not known, or in mode observe", () => {
		const unable = fc.constantFrom<[string | null | undefined, OwnershipMode]>(
			["no licence", "authoritative"],
			[undefined, "authoritative"],
			[null, "observe"],
		);
		fc.assert(
			fc.property(fc.array(line, { maxLength: 6 }), someLive, unable, (lines, ends, [vendorEnds, mode]) => {
				const desired = declared(lines, mode);
				expect(mended(desired, live(ends, vendorEnds)).filter(({ target }) => target.values !== undefined)).toEqual([]);
			}),
		);
		fc.assert(
			fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
				const held = live({ a: undefined, b: undefined, c: undefined }, null);
				expect(mended(declared(lines), held).filter(({ kind }) => kind === "add-group-member")).toEqual([]);
			}),
		);
	});
});

describe("where the vendor does not end it", () => {
	const refused = "it needs a licence that the tenant has not";
	const desired = declared([{ id: "a", until: now + hour }]);

	it("the plan gives it all the same, and says why and who ends it", () => {
		expect(mended(desired, live({}, refused))).toEqual([
			{ system: "s", kind: "add-group-member", target: { account: "a", group: "g" }, note: `until 2026-01-01T01:00Z, ended by keelson expire, as ${refused}` },
		]);
	});

	it("the list says why, and what only the vendor may end is not given", () => {
		const listed = (held: LiveMembership) =>
			grantsOf({ stack: { memberships: { k: desired } }, live: new Map([["k", held]]), unread: [], journal: [], now, notice: 0 });
		for (const held of [live({}, refused), live({ a: undefined }, refused)])
			expect(listed(held)).toMatchObject([{ endedBy: "keelson expire", detail: refused }]);
		expect(listed(live({ a: now + hour }, null))).toMatchObject([{ endedBy: "vendor", detail: null }]);
		const only = declared([{ id: "a", until: now + hour, endBy: "vendor" }]);
		expect(mended(only, live({}, refused))).toEqual([]);
	});
});

describe("what is asked of the vendor", () => {
	function reader(answer: () => Promise<GrantEnds | null>): LiveReader & { asked: number } {
		const self = {
			asked: 0,
			setting: () => Promise.reject(new Error("no setting")),
			group: async () => live({ a: undefined }),
			role: async () => live({ a: undefined }),
			ends: () => {
				self.asked++;
				return answer();
			},
		};
		return self;
	}
	const ended = async (): Promise<GrantEnds> => ({ refused: null, ends: new Map([["a", now + hour]]) });

	it("ends of those who are declared to stay as well, and nothing where keelson expire ends all", async () => {
		const lasting = reader(ended);
		expect((await readMembership(lasting, declared([{ id: "a", until: null }]))).members.get("a")).toMatchObject({ ends: now + hour });
		const own = reader(ended);
		expect((await readMembership(own, declared([{ id: "a", until: now, endBy: "keelson" }]))).members.get("a")).toEqual({ source: "direct" });
		expect([lasting.asked, own.asked]).toEqual([1, 0]);
	});

	it("an answer that fails leaves the object unread: nothing is concluded and nothing done", async () => {
		const failing = reader(() => Promise.reject(new Error("503")));
		const stack = { settings: {}, memberships: { k: declared([{ id: "a", until: now + hour }]) } } as unknown as Parameters<typeof readLive>[0];
		const { live: found, unread } = await readLive(stack, async () => failing);
		expect([found.memberships.size, unread]).toEqual([0, [{ key: "k", why: "503" }]]);
	});
});
