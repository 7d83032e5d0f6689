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

describe("signing at Google", () => {
	const email = "k@acme.iam.gserviceaccount.com";
	const keyless = { method: "keyless", serviceAccount: email, subject: "admin@acme.example", token: "ya29.of-the-caller" };
	const signed = { keyId: "k", signedJwt: `e30.${Buffer.from(JSON.stringify({ scope: readScope.users })).toString("base64url")}.x` };

	async function signing(refusals: number, status: number, word: string) {
		let asked = 0;
		tenant = await servePaths({
			[`/v1/projects/-/serviceAccounts/${email}:signJwt`]: () =>
				++asked > refusals ? { body: signed } : { status, body: { error: { code: status, message: "no", status: word } } },
		});
		connection = await connected(tenant, "read", keyless);
		return connection.http.tokens.of(readScope.users).then(
			(token) => ({ asked, token }),
			(error: Error) => ({ asked, error }),
		);
	}

	it.each([
		[503, "UNAVAILABLE"],
		[500, "INTERNAL"],
		[429, "RESOURCE_EXHAUSTED"],
	])("is tried again where the service is busy: %s %s", async (status, word) => {
		expect(await signing(3, status, word)).toMatchObject({ asked: 4, token: expect.stringContaining("ya29") });
	});

	it("that stays busy is told as that", async () => {
		expect(await signing(99, 429, "RESOURCE_EXHAUSTED")).toMatchObject({ error: { cause: "throttled" } });
	});

	it("is not tried again where it is refused", async () => {
		expect(await signing(99, 403, "PERMISSION_DENIED")).toMatchObject({ asked: 1, error: { cause: "role" } });
	});
});
