import { afterEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import { admin, base, memoryStore, type PathServer, scanTenant, servePaths, user } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

/** What is known of Eva's last sign-in after each of these scans. */
async function told(...times: string[]): Promise<(number | null | undefined)[]> {
	tenant = await servePaths({});
	const store = await memoryStore();
	const known: (number | null | undefined)[] = [];
	for (const lastLoginTime of times) {
		tenant.answers = base([admin, user("eva", { lastLoginTime })]);
		const accounts = await (await scanTenant(tenant, store, ["accounts"], { full: true })).bodies<AccountRecord>("accounts");
		known.push(accounts.find(({ id }) => id === "eva")?.lastActivity);
		tenant.now += 60_000;
	}
	await store.close();
	return known;
}

const never = "1970-01-01T00:00:00.000Z";
const [may, june] = ["2025-05-01T10:00:00.000Z", "2025-06-01T10:00:00.000Z"];

describe("a last sign-in", () => {
	it("that was known once is not taken back: Google says never of some who have signed in", async () => {
		expect(await told(may, never, never, june)).toEqual([Date.parse(may), Date.parse(may), Date.parse(may), Date.parse(june)]);
	});

	it("does not go back in time", async () => {
		expect(await told(june, may)).toEqual([Date.parse(june), Date.parse(june)]);
	});

	it("that nobody ever saw is never", async () => {
		expect(await told(never, never)).toEqual([null, null]);
	});
});
