import { afterEach, describe, expect, it } from "vitest";
import { connect, type GoogleConnection } from "./connection.js";
import { startGoogleWorkspace } from "./emulator.js";
import { readScope } from "./scopes.js";
import { connected, type PathServer, servePaths, testNow } from "./test-paths.js";

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

	it("that answers with a page for people is waited for as well", async () => {
		let asked = 0;
		const workspace = await startGoogleWorkspace({ users: 5, seed: 1, now: testNow, limits: "off", choices: { tokenThrottle: "page" } });
		workspace.faults.push({ do: "throttle", path: /^\/token/, times: 6 });
		const { url, auth } = workspace.system;
		const sleep = async (ms: number): Promise<void> => {
			asked += 1;
			workspace.advance(ms);
		};
		connection = await connect({ system: "google", url, credential: auth, options: {}, purpose: "read", now: workspace.now, log: () => {}, sleep });
		expect(await connection.http.tokens.of(readScope.users)).toMatch(/^ya29/);
		expect(asked).toBe(6);
		workspace.faults.push({ do: "throttle", path: /^\/token/ });
		await expect(connection.http.tokens.of(readScope.groups)).rejects.toMatchObject({ cause: "throttled", message: expect.stringContaining("page") });
		await workspace.close();
	});

	it("is not what any other 403 is: that is told at once", async () => {
		await expect(token(1, 403, "access_denied")).rejects.toMatchObject({ cause: "scope" });
	});
});
