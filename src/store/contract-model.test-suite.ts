import fc from "fast-check";
import { expect, it } from "vitest";
import type { Scan } from "../model/snapshot.js";
import { begin, bodiesAt, finish, request } from "./fixture.test-suite.js";
import type { Store } from "./store.js";

/** What one scan does to one collection, in order. `abandoned`: the scan is never finished. */
interface Round {
	steps: { kind: "put" | "confirm" | "remove"; records: { id: string; value: number }[] }[];
	ending: "closed" | "partial" | "incremental" | "abandoned";
}

interface Expected {
	scan: Scan;
	values: Map<string, number>;
}

const ids = ["a", "b", "c", "d", "e"];
const rounds: fc.Arbitrary<Round[]> = fc.array(
	fc.record({
		steps: fc.array(
			fc.record({
				kind: fc.constantFrom("put" as const, "put" as const, "put" as const, "confirm" as const, "remove" as const),
				records: fc.array(fc.record({ id: fc.constantFrom(...ids), value: fc.nat(2) }), { maxLength: 5 }),
			}),
			{ maxLength: 4 },
		),
		ending: fc.constantFrom("closed" as const, "partial" as const, "incremental" as const, "abandoned" as const),
	}),
	{ minLength: 1, maxLength: 9 },
);

/** Compares the store with a plain map over random sequences of scans, at every past scan and in every history. */
export function modelContract(open: () => Promise<Store>): void {
	it("agrees with a plain map of values over any sequence of scans", async () => {
		await fc.assert(
			fc.asyncProperty(rounds, async (sequence) => {
				const store = await open();
				try {
					const expected: Expected[] = [];
					for (const [index, round] of sequence.entries()) expected.push(await play(store, round, index * 100, expected.at(-1)?.values ?? new Map()));
					// The last one may be abandoned: its successor closes it.
					await begin(store, sequence.length * 100);
					for (const { scan, values } of expected) {
						expect(await bodiesAt(store, scan)).toEqual(Object.fromEntries([...values].map(([id, value]) => [id, { value }])));
						expect(await store.countRecords(scan, "accounts")).toBe(values.size);
					}
					for (const id of ids) {
						const history = await store.history("acme", "accounts", id);
						expect(history.map(({ body }) => Reflect.get(body, "value"))).toEqual(versions(expected, id));
						for (const [index, version] of history.entries()) {
							expect(version.from).toBeLessThanOrEqual(version.to ?? Number.POSITIVE_INFINITY);
							expect(history[index - 1]?.to ?? 0).toBeLessThanOrEqual(version.from);
						}
						expect(history.at(-1)?.to === null).toBe(expected.at(-1)?.values.has(id));
					}
				} finally {
					await store.close();
				}
			}),
			{ numRuns: 60 },
		);
	});
}

async function play(store: Store, round: Round, at: number, before: Map<string, number>): Promise<Expected> {
	const scan = await begin(store, at);
	const values = new Map(before);
	const met = new Set<string>();
	for (const [index, { kind, records }] of round.steps.entries()) {
		const named = records.map(({ id }) => id);
		if (kind === "put") {
			await store.putRecords(
				scan,
				"accounts",
				records.map(({ id, value }) => ({ id, body: { value } })),
				request(at + 1 + index),
			);
			for (const { id, value } of records) values.set(id, value);
			for (const id of named) met.add(id);
		} else if (kind === "confirm") {
			await store.confirmRecords(scan, "accounts", named, at + 1 + index);
			for (const id of named) if (values.has(id)) met.add(id);
		} else {
			await store.removeRecords(scan, "accounts", named);
			for (const id of named) values.delete(id);
			for (const id of named) met.delete(id);
		}
	}
	if (round.ending === "abandoned") return { scan, values };
	const coverage = await finish(store, scan, "accounts", round.ending);
	const unmet = [...values.keys()].filter((id) => !met.has(id)).sort();
	if (round.ending === "closed") for (const id of unmet) values.delete(id);
	expect(coverage.unseen).toEqual(round.ending === "partial" ? unmet : []);
	expect(coverage.known).toBe(values.size - coverage.unseen.length);
	await store.finishScan(scan, at + 50, 1);
	return { scan, values };
}

/** A version ends where the next scan has another value or none. */
function versions(expected: Expected[], id: string): number[] {
	const result: number[] = [];
	let last: number | undefined;
	for (const { values } of expected) {
		const value = values.get(id);
		if (value !== undefined && value !== last) result.push(value);
		last = value;
	}
	return result;
}
