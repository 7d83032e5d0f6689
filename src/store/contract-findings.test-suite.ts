import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../model/finding.js";
import { draft } from "./fixture.test-suite.js";
import type { Store } from "./store.js";

export function findingsContract(open: () => Promise<Store>): void {
	describe("findings", () => {
		let store: Store;
		beforeEach(async () => {
			store = await open();
		});
		afterEach(() => store.close());

		const brief = (findings: Finding[]) => findings.map(({ id, state, firstSeen, lastSeen }) => [id, state, firstSeen, lastSeen]);
		const save = async (at: number, ids: string[], keep: string[] = []) =>
			brief(
				await store.saveFindings(
					at,
					["acme"],
					ids.map((id) => draft(id)),
					keep,
				),
			);

		it("goes from new to open to fixed to reopened, and keeps when it was first seen", async () => {
			expect(await save(10, ["a"])).toEqual([["a", "new", 10, 10]]);
			expect(brief(await store.findings({}))).toEqual([["a", "new", 10, 10]]);
			expect(await save(20, ["a"])).toEqual([["a", "open", 10, 20]]);
			expect(await save(30, [])).toEqual([["a", "fixed", 10, 20]]);
			expect(await save(40, [])).toEqual([]);
			expect(brief(await store.findings({}))).toEqual([["a", "fixed", 10, 20]]);
			expect(await save(50, ["a"])).toEqual([["a", "reopened", 10, 50]]);
			expect(await save(60, ["a"])).toEqual([["a", "open", 10, 60]]);
			expect(brief(await store.findings({}))).toEqual([["a", "open", 10, 60]]);
		});

		it("leaves a finding whose subject became unknown as it was", async () => {
			await save(10, ["a", "b"]);
			await save(20, ["a", "b", "c"]);
			expect(await save(30, ["b"], ["a", "c"])).toEqual([["b", "open", 10, 30]]);
			const kept = [
				["a", "open", 10, 20],
				["b", "open", 10, 30],
				["c", "new", 20, 20],
			];
			expect(brief(await store.findings({}))).toEqual(kept);
			await save(40, ["b"], ["a", "c"]);
			expect(brief(await store.findings({ states: ["new"] }))).toEqual([["c", "new", 20, 20]]);
			expect(await save(45, ["b", "c"], ["a"])).toEqual([
				["b", "open", 10, 45],
				["c", "open", 20, 45],
			]);
			expect(await save(50, ["a", "b"])).toEqual([
				["a", "open", 10, 50],
				["b", "open", 10, 50],
				["c", "fixed", 20, 45],
			]);
		});

		it("touches only the systems it was given", async () => {
			await store.saveFindings(10, ["acme", "other"], [draft("a"), draft("o", "m", "other")], []);
			await store.saveFindings(20, ["acme"], [], []);
			expect(brief(await store.findings({ systems: ["other"] }))).toEqual([["o", "new", 10, 10]]);
			expect(brief(await store.findings({ systems: ["acme"] }))).toEqual([["a", "fixed", 10, 10]]);
			expect(brief(await store.findings({ states: ["fixed", "new"] }))).toHaveLength(2);
			await expect(store.saveFindings(30, ["acme"], [draft("x", "m", "other")], [])).rejects.toThrow(/other/);
		});

		it("shows the newest text and evidence, and all that the draft said", async () => {
			await store.saveFindings(10, ["acme"], [draft("a", "old")], []);
			const [saved] = await store.saveFindings(20, ["acme"], [draft("a", "newer")], []);
			expect(saved).toEqual({ ...draft("a", "newer"), state: "open", firstSeen: 10, lastSeen: 20 });
			expect(await store.findings({})).toEqual([saved]);
		});
	});
}
