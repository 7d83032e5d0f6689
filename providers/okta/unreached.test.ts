import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { exportPKCS8, generateKeyPair } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import type { DoctorReport } from "../../src/provider/provider.js";
import type { Store } from "../../src/store/store.js";
import { UnreachedError } from "../../src/sync/scan.js";
import { provider } from "./index.js";
import { memoryStore, noRole, scanOrg, servePaths, testNow, user } from "./test-scan.js";

const stores: Store[] = [];
afterEach(async () => {
	for (const store of stores.splice(0)) await store.close();
});

async function store(): Promise<Store> {
	const made = await memoryStore();
	stores.push(made);
	return made;
}

/** An address of this machine where nothing listens. */
async function nowhere(): Promise<string> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return `http://127.0.0.1:${port}`;
}

const token = { method: "ssws", token: "00test-token" };
const app = async () => {
	const { privateKey } = await generateKeyPair("ES256", { extractable: true });
	return { method: "private-key-jwt", clientId: "0oa1", keyId: "k", key: await exportPKCS8(privateKey) };
};

describe("where nothing answers", () => {
	it.each(["token", "app"])("a scan with the %s ends after a few requests, and what was stored before stays the newest", async (kind) => {
		const held = await store();
		const org = await servePaths({ "/api/v1/users": [user("00u1")] });
		const before = await scanOrg(org, held, { only: ["accounts"] });
		await org.close();
		const url = await nowhere();
		const credential = kind === "token" ? token : await app();
		await expect(scanOrg({ url, now: 0 }, held, { credential, now: testNow + 1000 })).rejects.toThrow(UnreachedError);
		expect((await held.scans({ system: "okta" })).map(({ id }) => id)).toEqual([before.scan.id]);
	});

	it("says so of every check, and advises on nothing but the address", async () => {
		for (const credential of [token, await app()]) {
			const url = await nowhere();
			const connection = await provider.connect({ system: "okta", url, credential, options: {}, purpose: "read", now: () => testNow, log: () => {} });
			const report: DoctorReport = await connection.doctor();
			const sent = connection.requests();
			await connection.close();
			expect(report).toMatchObject({ ok: false, unreached: true, unknowns: [], estimate: null });
			expect(report.checks[0]).toMatchObject({
				name: "address",
				ok: false,
				detail: expect.stringContaining("ECONNREFUSED"),
				mend: expect.stringContaining("systems.okta.url"),
			});
			expect(report.checks.slice(1).map(({ ok, detail, mend }) => [ok, detail, mend])).toEqual(Array(5).fill([false, "not checked: no answer", undefined]));
			expect(sent).toBeLessThanOrEqual(2);
		}
	});
});

it("an org that refuses everything has answered: its scan is one, and says what could not be read", async () => {
	const org = await servePaths({ "/api/v1/users": () => noRole });
	const { coverage } = await scanOrg(org, await store(), { only: ["accounts"] });
	expect(coverage.accounts).toMatchObject({ state: "unreadable" });
	await org.close();
});
