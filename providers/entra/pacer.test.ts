import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPacer } from "./pacer.js";

describe("the pacer", () => {
	it("never lets more than the burst start in any stretch of the window, alone or together", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 6 }),
				fc.array(fc.tuple(fc.nat(3000), fc.integer({ min: 1, max: 6 })), { maxLength: 30 }),
				async (burst, calls) => {
					let clock = 1_000_000;
					const pacer = createPacer(
						() => clock,
						async (ms) => {
							clock += ms;
						},
					);
					const bucket = { name: "b", burst, perSecond: 0.5, source: "" };
					const started: number[] = [];
					for (const [later, together] of calls) {
						clock += later;
						const count = Math.min(together, burst);
						await pacer.turn(bucket, undefined, count);
						for (let index = 0; index < count; index++) started.push(clock);
					}
					const window = (burst / 0.5) * 1000;
					for (const from of started) expect(started.filter((time) => time >= from && time < from + window).length).toBeLessThanOrEqual(burst);
				},
			),
		);
	});

	it("holds for calls that are long under way: what counts is when they arrive", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 4 }),
				fc.array(fc.tuple(fc.nat(3000), fc.nat(2000), fc.nat(2000)), { maxLength: 30 }),
				async (burst, calls) => {
					let clock = 1_000_000;
					const pacer = createPacer(
						() => clock,
						async (ms) => {
							clock += ms;
						},
					);
					const arrived: number[] = [];
					for (const [later, there, back] of calls) {
						clock += later;
						const answered = await pacer.turn({ name: "b", burst, perSecond: 0.5, source: "" });
						clock += there;
						arrived.push(clock);
						clock += back;
						answered();
					}
					const window = (burst / 0.5) * 1000;
					for (const from of arrived) expect(arrived.filter((time) => time >= from && time < from + window).length).toBeLessThanOrEqual(burst);
				},
			),
		);
	});

	it("rejects when it is aborted", async () => {
		const stop = new AbortController();
		stop.abort(new Error("stopped"));
		const pacer = createPacer(Date.now, async () => {});
		await expect(pacer.turn({ name: "b", burst: 1, perSecond: 1, source: "" }, stop.signal)).rejects.toThrow("stopped");
	});
});
