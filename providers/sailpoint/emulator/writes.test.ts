import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Client, startClient } from "./test-client.js";

let client: Client;
beforeAll(async () => {
	client = await startClient({ acme: true });
});
afterEach(() => client.tenant.reset());
afterAll(() => client.tenant.close());

const act = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => client.call(method, path, body, "act", headers);
async function person(alias: string): Promise<{ id: string; identityStatus: string }> {
	const { body } = await client.get(`/beta/identities?defaultFilter=NONE&filters=${encodeURIComponent(`alias eq "${alias}"`)}`);
	return body[0];
}
async function accountOf(native: string, source: string): Promise<Record<string, unknown> & { id: string }> {
	const filters = encodeURIComponent(`nativeIdentity eq "${native}" and source.displayableName eq "${source}"`);
	return (await client.get(`/v2026/accounts?filters=${filters}`)).body[0];
}

it("disables an account by a task that is followed to its end", async () => {
	const account = await accountOf("hugo.prat@acme.example", "Okta");
	const begun = await act("POST", `/v2026/accounts/${account.id}/disable`, { forceProvisioning: true });
	expect(begun.status).toBe(202);
	expect((await client.get(`/beta/task-status/${begun.body.id}`)).body.completionStatus).toBeNull();
	expect((await client.get(`/v2026/accounts/${account.id}`)).body.disabled).toBe(false);
	client.tenant.advance(1000);
	expect((await client.get(`/beta/task-status/${begun.body.id}`)).body.completionStatus).toBe("SUCCESS");
	expect((await client.get(`/v2026/account-activities/${begun.body.id}`)).body.executionStatus).toBe("COMPLETED");
	expect((await client.get(`/v2026/accounts/${account.id}`)).body.disabled).toBe(true);
	client.tenant.reset();
	expect((await client.get(`/v2026/accounts/${account.id}`)).body.disabled).toBe(false);
});

it("fails a task where the source cannot do it", async () => {
	const { body } = await client.get("/beta/sources");
	const hr = body.find(({ name }: { name: string }) => name === "HR");
	const [account] = (await client.get(`/beta/accounts?limit=1&filters=${encodeURIComponent(`sourceId eq "${hr.id}"`)}`)).body;
	const begun = await act("POST", `/beta/accounts/${account.id}/disable`, {});
	client.tenant.advance(1000);
	const task = await client.get(`/beta/task-status/${begun.body.id}`);
	expect([task.body.completionStatus, task.body.messages.length]).toEqual(["ERROR", 1]);
});

it("deletes accounts of files only, and forgets any", async () => {
	const okta = await accountOf("hugo.prat@acme.example", "Okta");
	expect((await act("DELETE", `/beta/accounts/${okta.id}`)).status).toBe(400);
	const removed = await act("POST", `/beta/accounts/${okta.id}/remove`);
	expect([removed.status, removed.body.type]).toEqual([202, "TASK_RESULT"]);
	client.tenant.advance(1000);
	expect((await client.get(`/beta/accounts/${okta.id}`)).status).toBe(404);
});

it("deletes an identity, unless it is protected or owns something", async () => {
	const [owner, shielded, free] = await Promise.all([person("peter.lang"), person("ana.lopez"), person("uma.joshi")]);
	const blocked = await act("DELETE", `/beta/identities/${owner.id}`);
	expect([blocked.status, blocked.body.message]).toEqual([400, "Identity is the owner of following resources"]);
	expect(blocked.body.associationDetails).toEqual((await client.get(`/beta/identities/${owner.id}/ownership`)).body.associationDetails);
	expect((await act("DELETE", `/beta/identities/${shielded.id}`)).status).toBe(400);
	expect((await act("DELETE", `/beta/identities/${free.id}`)).status).toBe(204);
	expect((await client.get(`/beta/identities/${free.id}`)).status).toBe(404);
	expect((await accountOf("uma.joshi@acme.example", "Okta")).uncorrelated).toBe(true);
});

it("resets an identity and takes its user levels", async () => {
	const { id } = await person("tom.becker");
	expect((await act("POST", `/beta/identities/${id}/reset`)).status).toBe(202);
	expect((await client.get(`/beta/identities/${id}`)).body.identityStatus).toBe("UNREGISTERED");
	expect((await client.get(`/v2026/auth-users/${id}`)).body.capabilities).toBeNull();
});

it("synchronises the attributes of one identity once in ten seconds", async () => {
	const path = `/beta/identities/${(await person("hugo.prat")).id}/synchronize-attributes`;
	expect((await act("POST", path)).status).toBe(202);
	const again = await act("POST", path);
	expect([again.status, again.headers.get("retry-after")]).toEqual([429, "10"]);
	client.tenant.advance(10_000);
	expect((await act("POST", path)).status).toBe(202);
});

it("asks for the header of experimental operations, except in beta", async () => {
	const { id } = await person("never.started");
	const bare = await act("POST", "/v2026/identities/invite", { ids: [id] });
	expect([bare.status, bare.body]).toEqual([400, { error: "Experimental Header is missing or invalid." }]);
	const invited = await act("POST", "/v2026/identities/invite", { ids: [id] }, { "X-SailPoint-Experimental": "true" });
	expect([invited.status, invited.body.completionStatus]).toEqual([202, null]);
	client.tenant.advance(1000);
	expect((await client.get(`/beta/identities/${id}`)).body.identityStatus).toBe("PENDING");
});

it("processes identities and sends mails, and refuses nonsense", async () => {
	const { id } = await person("olga.novak2");
	expect((await act("POST", "/beta/identities/process", { identityIds: [] })).status).toBe(400);
	const processed = await act("POST", "/beta/identities/process", { identityIds: [id] });
	client.tenant.advance(1000);
	expect((await client.get(`/beta/task-status/${processed.body.id}`)).body.completionStatus).toBe("SUCCESS");
	expect((await client.get(`/beta/identities/${id}`)).body.processingState).toBe("OK");
	expect((await act("POST", `/beta/identities/${id}/verification/account/send`, { via: "EMAIL_WORK" })).status).toBe(200);
	expect((await act("POST", `/beta/identities/${id}/verification/account/send`, { via: "PIGEON" })).status).toBe(400);
});

it("answers each element of a bulk request for itself", async () => {
	const { id } = await person("hugo.prat");
	const answer = await act("POST", "/v2026/identities-accounts/disable", { identityIds: [id, "nobody"] });
	expect([answer.status, answer.body.map(({ statusCode }: { statusCode: number }) => statusCode)]).toEqual([207, [202, 404]]);
	expect((await person("hugo.prat")).identityStatus).toBe("DISABLED");
});

it("takes away what a certification decided against", async () => {
	const { body } = await client.get(`/v2026/certifications?filters=${encodeURIComponent('phase eq "ACTIVE"')}`);
	const path = `/v2026/certifications/${body[0].id}`;
	expect((await act("POST", `${path}/sign-off`)).status).toBe(400);
	const items = (await client.get(`${path}/access-review-items`)).body as { id: string; accessSummary: { entitlement: { account: { id: string } } } }[];
	await act(
		"POST",
		`${path}/decide`,
		items.map(({ id }) => ({ id, decision: "REVOKE", bulk: true })),
	);
	expect((await act("POST", `${path}/sign-off`)).body.phase).toBe("SIGNED");
	const account = items[0]?.accessSummary.entitlement.account.id;
	expect((await client.get(`/v2026/accounts/${account}/entitlements`)).body).toEqual([]);
});
