import { describe, expect, it, test } from "vitest";
import { day, eachInItsFolder, now, read } from "./test-feed.js";

eachInItsFolder();

it("who came back is present, whatever end an earlier employment left in the row", async () => {
	const { statuses } = await read("id,status,start_date,end_date\n1,active,2026-03-01,2024-05-31\n2,on leave,2026-03-01,2024-05-31\n");
	expect(statuses).toEqual({ 1: "active", 2: "leave" });
});

it("who has left is not called back by a start that is later than the end", async () => {
	const { statuses } = await read("id,status,start_date,end_date\n1,terminated,2026-03-01,2024-05-31\n");
	expect(statuses[1]).not.toBe("active");
});

test.each([
	[-day / 2 - 1, "active"],
	[-day / 2 + 1, "active"],
	[0, "active"],
	[day / 2 - 1, "active"],
	[day / 2 + 1, "terminated"],
])("a last day at work lasts until it is over everywhere: %i ms after midnight UTC", async (after, status) => {
	const at = Date.UTC(2026, 5, 1) + after;
	expect((await read("id,status,end_date\n1,active,2026-05-31\n", { at })).statuses[1]).toBe(status);
});

describe("a file that is too old", () => {
	const feed = "id,status,end_date\n1,terminated,\n2,active,2026-05-20\n3,active,\n";

	it("says of nobody whether they have left: a contract may have been prolonged, and people come back", async () => {
		const { coverage, statuses } = await read(feed, { written: now - 20 * day });
		expect(coverage.state).toBe("partial");
		expect(Object.values(statuses)).toEqual(["missing", "missing", "missing"]);
	});

	it("is believed again once it is written anew", async () => {
		await read(feed, { written: now - 20 * day });
		expect((await read(feed, { at: now + 1000 })).statuses).toEqual({ 1: "terminated", 2: "terminated", 3: "active" });
	});
});

test.each(["1.00234E+05", "1,00234E+05", "10423.0", "10423.00"])("a number that a spreadsheet rewrote is none: %s", async (id) => {
	const { coverage, statuses } = await read(`id;status\n"${id}";active\n2;active\n`);
	expect(coverage.state).toBe("partial");
	expect(coverage.reasons[0]?.detail).toMatch(/line 2 has a personnel number as a spreadsheet writes it/);
	expect(Object.keys(statuses)).toEqual(["2"]);
});

it("a number that is repeated says nothing any more of whom it was", async () => {
	await read("id,status\n1,active\n2,active\n");
	const { coverage } = await read("id,status\n1,active\n1,terminated\n2,active\n", { at: now + 1000 });
	expect(coverage.state).toBe("partial");
	expect(coverage.unseen).toEqual(["1"]);
});

it("a line break in quotes, CRLF, a byte order mark and semicolons together", async () => {
	const { statuses, coverage } = await read('\ufeffid;last_name;status\r\n"1";"Blanc\r\nJr.";active\r\n2;"a;b ""c""";left\r\n');
	expect(coverage.state).toBe("complete");
	expect(statuses).toEqual({ 1: "active", 2: "terminated" });
});

it("half of the rows gone makes nobody gone, also the next day", async () => {
	const feed = (count: number) => `id,status\n${Array.from({ length: count }, (_, i) => `${i},active\n`).join("")}`;
	await read(feed(100));
	for (const days of [1, 2]) {
		const { coverage, statuses } = await read(feed(50), { at: now + days * day });
		expect(coverage.state).toBe("partial");
		expect(Object.keys(statuses)).toHaveLength(100);
	}
});

describe("a feed that is not believed", () => {
	const feed = (rows: number, status: (place: number) => string) =>
		`id,status,end_date\n${Array.from({ length: rows }, (_, i) => `${i},${status(i)},\n`).join("")}`;

	it("makes nobody a leaver who was none, by the rows that it still has", async () => {
		await read(feed(100, (i) => (i === 0 ? "terminated" : "active")));
		for (const hours of [1, 2]) {
			const { state, statuses } = await read(
				feed(60, (i) => (i < 10 ? "terminated" : "active")),
				{ at: now + hours * 3_600_000 },
			);
			expect(state).toBe("partial");
			// Who had left before has left; who stays present is present; of a change nothing is known.
			expect([statuses[0], statuses[1], statuses[30]]).toEqual(["terminated", "missing", "active"]);
		}
	});

	it("is one that says of too many at once that they have left, though every row is there", async () => {
		await read(feed(100, () => "active"));
		const { state, why, statuses } = await read(
			feed(100, (i) => (i < 40 ? "terminated" : "active")),
			{ at: now + 1000 },
		);
		expect(state).toBe("partial");
		expect(why).toMatch(/100 workers were present and 60 are, and 5 % fewer are allowed \(options.maxShrink\)/);
		expect(Object.values(statuses).filter((status) => status === "terminated")).toEqual([]);
		const allowed = await read(
			feed(100, (i) => (i < 40 ? "terminated" : "active")),
			{ at: now + 2000, options: { maxShrink: 50 } },
		);
		expect(allowed.state).toBe("complete");
		expect(allowed.statuses[0]).toBe("terminated");
	});

	it("is none where a few leave a small company on one day, nor where rows of former workers go", async () => {
		await read(feed(10, (i) => (i < 5 ? "terminated" : "active")));
		expect(
			(
				await read(
					feed(10, (i) => (i < 8 ? "terminated" : "active")),
					{ at: now + 1000 },
				)
			).state,
		).toBe("complete");
	});

	it("allows not one fewer with a limit of nothing", async () => {
		await read(feed(30, () => "active"));
		expect(
			(
				await read(
					feed(29, () => "active"),
					{ at: now + 1000, options: { maxShrink: 0 } },
				)
			).state,
		).toBe("partial");
	});
});

describe("a status word that systems use in two senses is none", () => {
	test.each(["T", "F", "t", "f", "Inactive", "Not active", "A1", "退職 A"])("%s", async (word) => {
		expect((await read(`id,status\n1,${word}\n`)).statuses[1]).toBe("missing");
	});

	it("until a last day says so, or the stack file", async () => {
		const { statuses } = await read("id,status,end_date\n1,Inactive,2026-05-01\n2,Inactive,2027-05-01\n3,Inactive,\n");
		expect(statuses).toEqual({ 1: "terminated", 2: "missing", 3: "missing" });
		expect((await read("id,status\n1,T\n", { options: { statuses: { T: "terminated" } } })).statuses[1]).toBe("terminated");
	});
});

test.each(["0001-01-01", "0001-01-01T00:00:00", "1900-01-01", "1899-12-30", "/Date(-62135596800000)/", "/Date(253402214400000)/", "9999-12-31"])(
	"an end that is written as %s is none",
	async (end) => {
		const { statuses, workers } = await read(`id,status,end_date\n1,active,${end}\n2,terminated,${end}\n`);
		expect(statuses).toEqual({ 1: "active", 2: "terminated" });
		expect(workers.get("1")?.ended).toBeNull();
	},
);

it("a column that is no longer delivered moved nobody", async () => {
	await read("id,status,department\n1,active,Sales\n");
	const without = await read("id,status\n1,active\n", { at: now + 1000 });
	expect(without.workers.get("1")?.moved).toBeUndefined();
	const again = await read("id,status,department\n1,active,IT\n", { at: now + 2000 });
	expect(again.workers.get("1")?.moved).toBeUndefined();
});

test.each([
	{ workers: [{ id: "1", status: "active" }], total: 2 },
	{ workers: [{ id: "1", status: "active" }], meta: { total_count: 40 } },
	{ workers: [{ id: "1", status: "active" }], hasMore: true },
	{ workers: [{ id: "1", status: "active" }], nextLink: "https://x" },
	{ value: [{ id: "1", status: "active" }], "@odata.count": 9 },
])("half of an answer is refused: %j", async (answer) => {
	const { state, why } = await read(JSON.stringify(answer), { name: "w.json" });
	expect(state).toBe("unreadable");
	expect(why).toMatch(/only a part/);
});

it("a whole answer that counts itself is taken", async () => {
	const answer = { workers: [{ id: "1", status: "active" }], total: 1, hasMore: false, next: null };
	expect((await read(JSON.stringify(answer), { name: "w.json" })).state).toBe("complete");
});
