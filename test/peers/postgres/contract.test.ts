import { afterAll, beforeAll, describe } from "vitest";
import { openStore } from "../../../src/store/open.js";
import { storeContract } from "../../../src/store/store-contract.test-suite.js";
import { type Cluster, missing, startCluster } from "./cluster.js";

let cluster: Cluster;
let stores = 0;

describe.skipIf(missing() !== null)("on a real PostgreSQL", () => {
	beforeAll(async () => {
		cluster = await startCluster();
	});
	afterAll(() => cluster?.close());

	storeContract("Postgres", () => openStore(cluster.url(`store_${stores++}`)));
});
