import { expect, it } from "vitest";
import { pacer } from "./pace.js";
import { scan, startTenant } from "./test-tenant.js";

it("a full read that meets the vendor's limit waits, and is whole", async () => {
	const one = await startTenant({ users: 250, limits: "vendor" });
	const read = await scan(await one.connect("read"));
	expect(Object.values(read.coverage).map(({ state }) => state)).toEqual(Object.values(read.coverage).map(() => "complete"));
	expect(one.tenant.requests.length).toBeGreaterThan(250);
	await one.close();
});

it("requests are spaced so that no ten seconds hold more than a hundred, and none waits longer than it must", async () => {
	let now = 0;
	const sent: number[] = [];
	const turn = pacer({
		now: () => now,
		sleep: async (ms) => {
			now += ms;
		},
	});
	await Promise.all(
		Array.from({ length: 500 }, async () => {
			await turn();
			sent.push(now);
		}),
	);
	expect(sent).toHaveLength(500);
	for (const at of sent) expect(sent.filter((other) => other > at - 10_000 && other <= at).length).toBeLessThanOrEqual(100);
	expect(now).toBeLessThan(56_000);
});
