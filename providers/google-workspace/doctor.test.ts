import { afterEach, describe, expect, it } from "vitest";
import { actScopes } from "./actions.js";
import type { GoogleConnection } from "./connection.js";
import { readers } from "./readers.js";
import { readScope, writeScope } from "./scopes.js";
import { type Answers, base, connected, credential, type PathServer, refusal, servePaths } from "./test-paths.js";

let tenant: PathServer;
const open: GoogleConnection[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
	await tenant?.close();
});

const of = "/admin/directory/v1/customer/my_customer";
const whole: Answers = {
	...base(),
	[`${of}/roleassignments`]: { kind: "admin#directory#roleAssignments", items: [{ roleAssignmentId: "a" }] },
	[`${of}/domains`]: { kind: "admin#directory#domains", domains: [{ domainName: "acme.example" }] },
	[`${of}/devices/mobile`]: { kind: "admin#directory#mobiledevices" },
	"/v1/policies": { policies: [{ name: "policies/x" }] },
	"/admin/reports/v1/activity/users/all/applications/login": { kind: "admin#reports#activities" },
};
const reading = new Set(readers.flatMap(({ scopes }) => scopes));
const writing = actScopes.filter((scope) => !reading.has(scope));

async function report(answers: Answers = whole, undelegated: string[] = writing, own: Record<string, unknown> = credential) {
	tenant = await servePaths(answers);
	for (const scope of undelegated) tenant.undelegated.add(scope);
	const connection = await connected(tenant, "read", own);
	open.push(connection);
	const found = await connection.doctor();
	const bad = found.checks.filter(({ ok }) => !ok);
	for (const check of bad) expect(check.mend, check.detail).toBeTruthy();
	expect(JSON.stringify(found)).not.toContain("ya29.");
	return { found, bad: bad.map(({ name }) => name), text: JSON.stringify(bad) };
}

describe("doctor of Google", () => {
	it("is content with the delegation that reading needs, and says what a read costs", async () => {
		const { found, bad } = await report();
		expect(bad).toEqual([]);
		expect(found).toMatchObject({ ok: true, unknowns: [], canWrite: true });
		expect(found.estimate?.requests).toBeGreaterThan(10);
	});

	it("names scopes that are not delegated, and what stays unknown", async () => {
		const { found, bad, text } = await report(whole, [...writing, readScope.policies]);
		expect(bad).toEqual(["scopes"]);
		expect(text).toContain(readScope.policies);
		expect(found.unknowns).toMatchObject([{ collection: "settings", reason: { cause: "scope" } }]);
	});

	it("says that nothing is delegated at all", async () => {
		const { bad, text } = await report(whole, [...writing, ...reading]);
		expect(bad).toEqual(["credential"]);
		expect(text).toContain("Domain-wide delegation");
	});

	it("tells a wrong subject or revoked key from a missing delegation", async () => {
		const { bad, text } = await report({
			...whole,
			"/token": () => ({ status: 400, body: { error: "invalid_grant", error_description: "Invalid email or User ID" } }),
		});
		expect(bad).toEqual(["credential"]);
		expect(text).toContain("Invalid email");
	});

	it("names an administrator's role that does not reach, an API that is off, a tenant that is another", async () => {
		const { bad, text } = await report({ ...whole, "/v1/policies": () => refusal(403, "forbidden") });
		expect(bad).toEqual(["administrator's role"]);
		expect(text).toContain("super administrator");
		await tenant.close();
		expect((await report({ ...whole, "/v1/policies": () => refusal(403, "SERVICE_DISABLED") })).text).toContain("switch the API on");
	});

	it("warns of a reading credential that can write", async () => {
		const { bad, text } = await report(whole, []);
		expect(bad).toEqual(["writes"]);
		expect(text).toContain(writeScope.users);
	});

	it("sees clocks that differ by more than five minutes", async () => {
		tenant = await servePaths(whole);
		for (const scope of writing) tenant.undelegated.add(scope);
		const connection = await connected(tenant);
		open.push(connection);
		const ours = tenant.now;
		connection.config.now = () => ours;
		tenant.now += 10 * 60_000;
		const { checks } = await connection.doctor();
		expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(["clock"]);
	});

	it("refuses a key that is none before anything is sent, without showing it", async () => {
		tenant = await servePaths(whole);
		await expect(connected(tenant, "read", { ...credential, key: '{"client_email":"a@b"}' })).rejects.toThrow(
			"key of systems.google.auth is no service account's key file",
		);
		await expect(connected(tenant, "read", { ...credential, method: "password" })).rejects.toThrow("method of systems.google.auth");
	});

	it("signs without a key at Google, by the IAM Credentials API", async () => {
		const jwt = `e30.${Buffer.from(JSON.stringify({ scope: readScope.users })).toString("base64url")}.x`;
		const email = "k@acme.iam.gserviceaccount.com";
		const answers = { ...whole, [`/v1/projects/-/serviceAccounts/${email}:signJwt`]: { keyId: "k", signedJwt: jwt } };
		const { found } = await report(answers, [], { method: "keyless", serviceAccount: email, subject: credential.subject, token: "ya29.of-the-caller" });
		expect(found.checks[0]).toMatchObject({ name: "credential", ok: true });
	});

	it.each([
		[401, "UNAUTHENTICATED", "get a fresh access token"],
		[403, "PERMISSION_DENIED", "Service Account Token Creator"],
	])("says what mends a token that may not sign: %s %s", async (status, word, mend) => {
		const email = "k@acme.iam.gserviceaccount.com";
		const answers = {
			...whole,
			[`/v1/projects/-/serviceAccounts/${email}:signJwt`]: () => ({ status, body: { error: { code: status, message: "no", status: word } } }),
		};
		const own = { method: "keyless", serviceAccount: email, subject: credential.subject, token: "ya29.of-the-caller" };
		const { found, bad, text } = await report(answers, [], own);
		expect(bad).toEqual(["credential"]);
		expect(found.checks[0]?.mend).toContain(mend);
		expect(found.checks[0]?.mend).not.toContain("key not revoked");
		expect(text).not.toContain("of-the-caller");
	});
});
