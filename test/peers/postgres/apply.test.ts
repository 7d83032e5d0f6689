import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench } from "../../../src/apply/bench.test-suite.js";
import { crashContract } from "../../../src/apply/crash.test-suite.js";
import { type FakeVendor, smallTenant, startFake, user } from "../../../src/apply/fake-vendor.test-suite.js";
import { type Cluster, missing, startCluster } from "./cluster.js";
import { type Line, startProxy } from "./proxy.js";

let cluster: Cluster;
let stores = 0;

describe.skipIf(missing() !== null)("on a real PostgreSQL", () => {
	beforeAll(async () => {
		cluster = await startCluster();
	});
	afterAll(() => cluster?.close());
	const location = () => cluster.url(`apply_${stores++}`);

	crashContract("Postgres", location);

	describe("a run whose journal is out of reach", () => {
		let vendor: FakeVendor;
		let line: Line;
		beforeAll(async () => {
			const state = smallTenant(20);
			state.users.push(user("eve", { leaver: true }));
			[vendor, line] = await Promise.all([startFake(state), startProxy(cluster.port)]);
		});
		afterAll(() => Promise.all([vendor.close(), line.close()]));

		it("writes nothing, says why, and does it all the next time", async () => {
			const through = location().replace(`:${cluster.port}/`, `:${line.port}/`);
			const bench = await openBench(vendor.url, { location: through });
			const plan = await bench.plan({ only: ["leaver-still-enabled"] });
			// The entry before the first call: it doesn't reach the server.
			const store = {
				...bench.store,
				appendJournal: (entry: Parameters<typeof bench.store.appendJournal>[0]) => {
					if (entry.event === "intent") line.cutAt("COMMIT\0", false);
					return bench.store.appendJournal(entry);
				},
			};
			const stopped = await bench.apply(plan, { store });
			expect(stopped.stopped).toMatch(/connection was lost while this step was being stored/);
			expect(JSON.stringify(stopped)).not.toContain("cAnary");
			expect(vendor.calls).toEqual([]);
			expect(line.cuts()).toBe(1);
			const done = await bench.apply(plan);
			expect(done).toMatchObject({ outcome: "applied", stopped: null });
			expect(vendor.calls).toHaveLength(2);
			expect((await bench.store.verifyJournal("acme")).broken).toBeNull();
			await bench.close();
		});
	});

	it("a second pipeline is refused while the first one writes", async () => {
		const state = smallTenant(20);
		state.users.push(user("eve", { leaver: true }));
		const vendor = await startFake(state);
		const shared = location();
		const [one, two] = [await openBench(vendor.url, { location: shared }), await openBench(vendor.url, { location: shared })];
		const plan = await one.plan({ only: ["leaver-still-enabled"] });
		let second: Awaited<ReturnType<typeof two.apply>> | null = null;
		const first = await one.apply(plan, {
			holder: "pipeline one",
			store: {
				...one.store,
				async appendJournal(entry) {
					const written = await one.store.appendJournal(entry);
					if (entry.event === "intent") second ??= await two.apply(plan, { holder: "pipeline two" });
					return written;
				},
			},
		});
		expect(first).toMatchObject({ outcome: "applied" });
		expect(second).toMatchObject({ outcome: "refused", calls: 0, refusals: [{ guardrail: "lease" }] });
		expect(JSON.stringify(second)).toContain("pipeline one");
		expect(vendor.calls).toHaveLength(2);
		await Promise.all([one.close(), two.close(), vendor.close()]);
	});
});
