import { afterEach, describe, expect, it } from "vitest";
import type { GoogleConnection } from "./connection.js";
import { readScope } from "./scopes.js";
import { connected, type PathServer, servePaths } from "./test-paths.js";

let tenant: PathServer;
let connection: GoogleConnection;
afterEach(async () => {
	await connection?.close();
	await tenant?.close();
});

async function token(refusals: number, status: number, error: string) {
	let asked = 0;
	tenant = await servePaths({
		"/token": () => (++asked > refusals ? { body: { access_token: "ya29.x", expires_in: 3599 } } : { status, body: { error, error_description: "busy" } }),
	});
	connection = await connected(tenant);
	return connection.http.tokens.of(readScope.users);
}

describe("a throttled token endpoint", () => {
	it.each([
		[429, "rate_limit_exceeded"],
		[403, "rate_limit_exceeded"],
	])("is waited for: %s %s", async (status, error) => {
		expect(await token(6, status, error)).toBe("ya29.x");
	});

	it("that stays so is no wrong credential", async () => {
		await expect(token(99, 403, "rate_limit_exceeded")).rejects.toMatchObject({ cause: "throttled" });
	});

	it("is not what any other 403 is: that is told at once", async () => {
		await expect(token(1, 403, "access_denied")).rejects.toMatchObject({ cause: "scope" });
	});
});
