import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "./connection.js";
import { makeUser } from "./emulator/build.js";
import { DEFAULT_TOKEN, emptyTenant, startEmulator } from "./emulator.js";
import { type Acting, acting, actionOf, carryOut } from "./test-act.js";

let org: Acting;
let account: string;

beforeEach(async () => {
	org = await acting();
	account = makeUser(org.state, "ana@acme.example");
});
afterEach(() => org.close());

const token = (id: string, userId: string) => ({
	id,
	name: `token ${id}`,
	userId,
	created: "2025-01-01T00:00:00.000Z",
	lastUpdated: "2025-01-01T00:00:00.000Z",
});

describe("an API token", () => {
	it("is revoked for good", async () => {
		org.state.apiTokens.set("00Tone", token("00Tone", account));
		org.state.apiTokens.set("00Ttwo", token("00Ttwo", account));
		const { before, verification, inverse } = await carryOut(org, "revoke-credential", { credential: "00Tone" });
		expect([...org.state.apiTokens.keys()]).toEqual(["00Ttwo"]);
		expect([before.facts, verification.holds, inverse]).toEqual([{ owner: account, name: "token 00Tone" }, true, null]);
		expect(await actionOf("revoke-credential").inspect(org.connection, { credential: "00Tone" })).toMatchObject({ exists: false, done: true });
	});

	it("is not taken for revoked where the id is an app's secret", async () => {
		const seen = await actionOf("revoke-credential").inspect(org.connection, { credential: "ocs1" });
		expect([seen.done, seen.refused]).toEqual([false, expect.stringContaining("in the Admin Console")]);
	});

	it("of the owner whose token Keelson uses is never revoked, nor its owner changed", async () => {
		const state = emptyTenant();
		const owner = makeUser(state, "root@acme.example");
		state.roles.push({ id: "ra1", principalType: "user", principalId: owner, type: "SUPER_ADMIN", label: "", status: "ACTIVE", created: "", lastUpdated: "" });
		state.apiTokens.set("00Tour", token("00Tour", owner));
		const emulator = await startEmulator({ state, limits: "off", auth: { ssws: [{ token: DEFAULT_TOKEN, userId: owner, apiTokenId: "00Tour" }] } });
		const credential = { method: "ssws", token: DEFAULT_TOKEN };
		const connection = await connect({ system: "okta", url: emulator.url, credential, options: {}, purpose: "act", now: Date.now, log() {} }, []);
		expect(await connection.self()).toEqual({ accounts: [owner], credentials: ["00Tour"], clients: [] });
		expect((await actionOf("revoke-credential").inspect(connection, { credential: "00Tour" })).refused).toContain("Keelson itself");
		expect((await actionOf("suspend-account").inspect(connection, { account: owner })).refused).toContain("Keelson itself");
		await expect(actionOf("revoke-credential").perform(connection, { credential: "00Tour" })).rejects.toThrow("Keelson itself");
		await expect(actionOf("deactivate-account").perform(connection, { account: owner })).rejects.toThrow("Keelson itself");
		expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
		await connection.close();
		await emulator.close();
	});
});

describe("grants", () => {
	it("are all revoked", async () => {
		org.state.userGrants.set(account, [
			{ id: "oag1", clientId: "0oa1", scopeId: "openid" },
			{ id: "oag2", clientId: "0oa2", scopeId: "groups" },
		]);
		const { before, verification } = await carryOut(org, "revoke-grants", { account });
		expect([before.facts.grants, verification.holds, org.state.userGrants.get(account)]).toEqual([2, true, []]);
		expect(await actionOf("revoke-grants").inspect(org.connection, { account })).toMatchObject({ done: true });
	});

	it("are none where the account is deactivated", async () => {
		org.state.users.set(account, { ...org.state.users.get(account), status: "DEPROVISIONED" } as never);
		expect(await actionOf("revoke-grants").inspect(org.connection, { account })).toMatchObject({ exists: true, done: true });
	});
});
