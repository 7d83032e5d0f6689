import { afterAll, beforeAll, describe } from "vitest";
import { processesContract } from "../../../src/store/processes.test-suite.js";
import { type Cluster, missing, startCluster } from "./cluster.js";

let cluster: Cluster;
let stores = 0;

describe.skipIf(missing() !== null)("on a real PostgreSQL", () => {
	beforeAll(async () => {
		cluster = await startCluster();
	});
	afterAll(() => cluster?.close());

	processesContract("Postgres", async () => {
		const schema = `processes_${stores++}`;
		return {
			location: cluster.url(schema),
			async check() {
				// What a killed process had begun is undone by the server as soon as it notices: nothing of it holds a lock then.
				const raw = await cluster.raw();
				const left = async () => (await raw.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'keelson' AND state LIKE '%transaction%'")).rowCount;
				for (let tries = 0; (await left()) !== 0; tries++) {
					if (tries > 100) throw new Error("a killed process still holds a transaction");
					await new Promise((resolve) => setTimeout(resolve, 50));
				}
				await raw.end();
			},
			async remove() {},
		};
	});
});
