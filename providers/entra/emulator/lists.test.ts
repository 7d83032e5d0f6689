import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventual, type Tried, told, tried } from "./test-tenant.js";

describe("lists", () => {
	let tenant: Tried;
	beforeAll(async () => {
		tenant = await tried({ users: 1205 });
	});
	afterAll(() => tenant.close());

	it("page by a hundred, and by 999 at most", async () => {
		expect((await tenant.read("/v1.0/users")).body.value).toHaveLength(100);
		expect((await tenant.read("/v1.0/users?$top=999")).body.value).toHaveLength(999);
		for (const top of ["1000", "0"]) expect(told(await tenant.read(`/v1.0/users?$top=${top}`))).toEqual([400, "Request_UnsupportedQuery"]);
		expect(told(await tenant.read("/v1.0/users?$top=x"))).toEqual([400, "BadRequest"]);
		expect(new Set((await tenant.all("/v1.0/users?$select=id&$top=999")).map(({ id }) => id)).size).toBe(1205);
	});

	it("bring sign-in activity in pages of 500 at most (microsoftgraph/msgraph-sdk-powershell#1898)", async () => {
		const { body } = await tenant.read("/v1.0/users?$select=id,signInActivity&$top=999");
		expect(body.value).toHaveLength(500);
		expect(body["@odata.nextLink"]).toContain(`${tenant.system.url}/v1.0/users?`);
	});

	it("have cursors bound to their query", async () => {
		const { body } = await tenant.read("/v1.0/users?$top=5");
		const token = new URL(body["@odata.nextLink"]).searchParams.get("$skiptoken") ?? "";
		expect(told(await tenant.read(`/v1.0/users?$top=5&$filter=userType eq 'Guest'&$skiptoken=${token}`))).toEqual([400, "Request_BadRequest"]);
		expect(told(await tenant.read("/v1.0/users?$skiptoken=rubbish"))).toEqual([400, "Request_BadRequest"]);
		tenant.reset();
		expect(told(await tenant.read(body["@odata.nextLink"]))).toEqual([400, "Directory_ExpiredPageToken"]);
	});

	it("leave out what is not selected, and say which properties there are", async () => {
		const { body } = await tenant.read("/v1.0/users?$top=1");
		expect(Object.keys(body.value[0])).not.toContain("accountEnabled");
		expect(Object.keys((await tenant.read("/v1.0/users?$top=1&$select=id,accountEnabled")).body.value[0])).toEqual(["id", "accountEnabled"]);
		expect(told(await tenant.read("/v1.0/users?$select=shoeSize"))).toEqual([400, "BadRequest"]);
	});

	it.each([
		["accountEnabled eq false", (one: Record<string, unknown>) => one.accountEnabled === false],
		["userType eq 'guest' and accountEnabled eq true", (one: Record<string, unknown>) => one.userType === "Guest" && one.accountEnabled === true],
		["startsWith(displayName,'a')", (one: Record<string, unknown>) => /^a/i.test(String(one.displayName))],
		["department in ('IT', 'Legal')", (one: Record<string, unknown>) => one.department === "IT" || one.department === "Legal"],
		["createdDateTime ge 2025-06-01T00:00:00Z", (one: Record<string, unknown>) => String(one.createdDateTime) >= "2025-06-01"],
		[
			"proxyAddresses/any(p:startsWith(p,'smtp:z'))",
			(one: Record<string, unknown>) => (one.proxyAddresses as string[]).some((address) => /^smtp:z/i.test(address)),
		],
	])("filter by %s", async (filter, right) => {
		const select = "$select=id,displayName,accountEnabled,userType,department,createdDateTime,proxyAddresses";
		const every = await tenant.all(`/v1.0/users?${select}&$top=999`);
		const some = await tenant.all(`/v1.0/users?${select}&$top=999&$filter=${encodeURIComponent(filter)}`);
		expect(some).toEqual(every.filter(right));
		expect(some.length).toBeGreaterThan(0);
	});

	it.each(["accountEnabled ne true", "not(startsWith(displayName,'A'))", "endsWith(mail,'partner.example')", "assignedLicenses/$count eq 0"])(
		"want the separate index for %s",
		async (filter) => {
			const path = `/v1.0/users?$select=id&$filter=${encodeURIComponent(filter)}`;
			expect(told(await tenant.read(path))).toEqual([400, "Request_UnsupportedQuery"]);
			expect(told(await tenant.read(`${path}&$count=true`))).toEqual([400, "Request_UnsupportedQuery"]);
			const { body } = await tenant.read(`${path}&$count=true`, eventual);
			expect(body["@odata.count"]).toBeGreaterThan(0);
			// The count comes once.
			if (body["@odata.nextLink"]) expect((await tenant.read(body["@odata.nextLink"], eventual)).body).not.toHaveProperty("@odata.count");
		},
	);

	it.each([
		["$filter=shoeSize eq 1", "BadRequest"],
		["$filter=passwordProfile eq null", "Request_UnsupportedQuery"],
		["$filter=displayName eq", "BadRequest"],
		["$filter=contains(displayName,'a')", "Request_UnsupportedQuery"],
		["$orderby=department", "Request_UnsupportedQuery"],
		["$expand=messages", "BadRequest"],
		["$skip=5", "Request_BadRequest"],
		["$apply=x", "BadRequest"],
		['$search="displayName:a"', "Request_UnsupportedQuery"],
	])("refuse %s rather than ignore it", async (query, code) => {
		expect(told(await tenant.read(`/v1.0/users?${query}`))).toEqual([400, code]);
	});

	it("count in text, search and sort", async () => {
		expect(told(await tenant.read("/v1.0/users/$count"))).toEqual([400, "Request_BadRequest"]);
		const counted = await tenant.read("/v1.0/users/$count", eventual);
		expect([counted.body, counted.headers.get("content-type")]).toEqual(["1205", "text/plain"]);
		const found = await tenant.read('/v1.0/users?$search="displayName:zo"', eventual);
		expect(found.body.value.length).toBeGreaterThan(0);
		const sorted = (await tenant.read("/v1.0/users?$orderby=displayName desc")).body.value.map((one: { displayName: string }) => one.displayName.toLowerCase());
		expect(sorted).toEqual([...sorted].sort().reverse());
	});

	it("answer paths in any case, keys in brackets, and say what they don't know", async () => {
		expect((await tenant.read("/V1.0/USERS/$COUNT", eventual)).body).toBe("1205");
		const graph = "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')";
		expect((await tenant.read(graph)).body.displayName).toBe("Microsoft Graph");
		expect(told(await tenant.read("/v1.0/nothing"))).toEqual([400, "BadRequest"]);
		expect((await tenant.read("/v1.0/users/a/nothing")).body.error.message).toContain("'nothing'");
		expect(told(await tenant.read("/v2.0/users"))).toEqual([400, "BadRequest"]);
		expect(told(await tenant.read("/v1.0/users/a", { method: "PUT", body: {} }))).toEqual([405, "Request_BadRequest"]);
		expect(told(await tenant.read("/v1.0/users/11111111-1111-1111-1111-111111111111"))).toEqual([404, "Request_ResourceNotFound"]);
	});

	it("name each request", async () => {
		const answer = await tenant.read("/v1.0/nothing", { headers: { "client-request-id": "mine" } });
		expect(answer.body.error.innerError).toMatchObject({ "request-id": answer.headers.get("request-id"), "client-request-id": "mine" });
		expect(answer.headers.get("date")).toContain("2026");
	});
});
