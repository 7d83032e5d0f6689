import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Tried, told, tried } from "./test-tenant.js";

const day = 86_400_000;
let tenant: Tried;
beforeAll(async () => {
	tenant = await tried({ users: 450 });
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

async function through(path: string): Promise<{ items: Answer["body"][]; link: string; pages: number }> {
	const items: Answer["body"][] = [];
	let pages = 0;
	for (let next = path; ; pages++) {
		const { body } = await tenant.read(next);
		items.push(...body.value);
		if (body["@odata.deltaLink"]) return { items, link: body["@odata.deltaLink"], pages: pages + 1 };
		next = body["@odata.nextLink"];
	}
}

describe("delta", () => {
	it("tells everybody once, then what changed", async () => {
		const { items, link, pages } = await through("/v1.0/users/delta?$select=displayName,accountEnabled,onPremisesSyncEnabled");
		expect([items.length, pages]).toEqual([450, 3]);
		expect((await through(link)).items).toEqual([]);
		const [a, b] = items
			.slice(20)
			.filter((one) => one.onPremisesSyncEnabled !== true)
			.map(({ id }) => id);
		await tenant.act("PATCH", `/v1.0/users/${a}`, { jobTitle: "Other" });
		expect((await tenant.act("DELETE", `/v1.0/users/${b}`)).status).toBe(204);
		await tenant.act("PATCH", `/v1.0/users/${a}`, { jobTitle: "Again" });
		const second = await through(link);
		expect(second.items).toEqual([expect.objectContaining({ id: a }), { id: b, "@removed": { reason: "changed" } }]);
		await tenant.act("DELETE", `/v1.0/directory/deletedItems/${b}`);
		expect((await through(second.link)).items).toEqual([{ id: b, "@removed": { reason: "deleted" } }]);
	});

	it("has the members of every group, and who came and went", async () => {
		const { items, link } = await through("/v1.0/groups/delta?$select=displayName,members");
		const told = items.flatMap((one) => (one["members@delta"] ?? []).map((member: { id: string }) => `${one.id}/${member.id}`));
		for (const one of tenant.truth().memberships) expect(told).toContain(one);
		const group = items.find((one) => one.displayName === "MFA exceptions");
		const gone = group["members@delta"][0].id;
		await tenant.act("DELETE", `/v1.0/groups/${group.id}/members/${gone}/$ref`);
		expect((await through(link)).items).toMatchObject([{ id: group.id, "members@delta": [{ id: gone, "@removed": { reason: "deleted" } }] }]);
	});

	it("doesn't tell of members when they weren't asked for", async () => {
		const { items, link } = await through("/v1.0/groups/delta?$select=displayName");
		const group = items.find((one) => one.displayName === "MFA exceptions").id;
		const [first] = (await tenant.read(`/v1.0/groups/${group}/members`)).body.value;
		await tenant.act("DELETE", `/v1.0/groups/${group}/members/${first.id}/$ref`);
		expect((await through(link)).items).toEqual([]);
	});

	it("begins from now, and wants a resync after seven days", async () => {
		const { items, link } = await through("/v1.0/users/delta?$deltatoken=latest");
		expect(items).toEqual([]);
		tenant.advance(8 * day);
		const late = await tried({ users: 10 });
		const first = (await late.read("/v1.0/users/delta")).body["@odata.deltaLink"];
		late.advance(8 * day);
		const { body } = await late.login();
		expect(told(await late.ask(body.access_token, first))).toEqual([400, "syncStateNotFound"]);
		late.advance(30 * day);
		const again = await late.ask((await late.login()).body.access_token, first);
		expect([...told(again), again.headers.get("location")]).toEqual([410, "syncStateNotFound", `${late.system.url}/v1.0/users/delta?$deltatoken=`]);
		await late.close();
		expect(link).toContain("$deltatoken=");
	});

	it("refuses what it cannot do", async () => {
		for (const query of ["$filter=userType eq 'Guest'", "$expand=manager", "$deltatoken=rubbish"])
			expect((await tenant.read(`/v1.0/users/delta?${query}`)).status).toBe(400);
	});
});

const batched = async (requests: unknown) => tenant.read("/v1.0/$batch", { method: "POST", body: { requests } });

describe("batches", () => {
	it("answer each part by itself, in an order of their own", async () => {
		const ids = Array.from({ length: 20 }, (_, at) => String(at + 1));
		const { status, body } = await batched(ids.map((id) => ({ id, method: "GET", url: id === "7" ? "/nothing" : "/users?$top=1&$select=id" })));
		expect(status).toBe(200);
		const got = body.responses.map((one: { id: string }) => one.id);
		expect(got).not.toEqual(ids);
		expect([...got].sort()).toEqual([...ids].sort());
		const by = Object.fromEntries(body.responses.map((one: { id: string }) => [one.id, one]));
		expect([by[7].status, by[7].body.error.code]).toEqual([400, "BadRequest"]);
		expect(by[1]).toMatchObject({ status: 200, body: { value: [{ id: expect.any(String) }] } });
		expect(by[1].headers["Content-Type"]).toContain("application/json");
	});

	it.each([
		["more than twenty", Array.from({ length: 21 }, (_, id) => ({ id: String(id), method: "GET", url: "/users" }))],
		["one id twice", ["a", "A"].map((id) => ({ id, method: "GET", url: "/users" }))],
		["none", []],
		["a whole address", [{ id: "1", method: "GET", url: "https://graph.microsoft.com/v1.0/users" }]],
		["a body of no type", [{ id: "1", method: "PATCH", url: "/users/x", body: {} }]],
	])("refuse %s", async (_, requests) => {
		expect(told(await batched(requests))).toEqual([400, "BadRequest"]);
	});

	it("fail what depends on a failure", async () => {
		const { body } = await batched([
			{ id: "1", method: "GET", url: "/users/nobody@corp.example" },
			{ id: "2", method: "GET", url: "/organization", dependsOn: ["1"] },
		]);
		expect(body.responses.map((one: { status: number }) => one.status)).toEqual([404, 424]);
	});
});

describe("limits", () => {
	it("are the reports', the risk back end's and the directory's", async () => {
		const held = await tried({ limits: "vendor" });
		const statuses = async (path: string, times: number) => {
			const answers: Answer[] = [];
			for (let at = 0; at < times; at++) answers.push(await held.read(path));
			return answers;
		};
		const reports = await statuses("/v1.0/reports/authenticationMethods/userRegistrationDetails", 6);
		expect(reports.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
		expect(Number(reports[5]?.headers.get("retry-after"))).toBeGreaterThan(5);
		expect(reports[5]?.headers.get("x-ms-throttle-scope")).toContain("Tenant_Application/ReadWrite/");
		expect(told(await held.read("/v1.0/users?$select=id,signInActivity"))).toEqual([429, "TooManyRequests"]);
		const [first, second] = await statuses("/v1.0/identity/conditionalAccess/policies", 2);
		expect([first?.status, second?.status, second?.headers.get("retry-after")]).toEqual([200, 429, null]);
		const { body } = await held.read("/v1.0/$batch", {
			method: "POST",
			body: { requests: ["1", "2"].map((id) => ({ id, method: "GET", url: "/identity/conditionalAccess/policies" })) },
		});
		expect(body.responses.map((one: { status: number }) => one.status)).toEqual([429, 429]);
		expect((await held.read("/v1.0/users")).headers.get("x-ms-resource-unit")).toBe("2");
		held.advance(11_000);
		expect((await held.read("/v1.0/reports/authenticationMethods/userRegistrationDetails")).status).toBe(200);
		expect((await held.read("/v1.0/identity/conditionalAccess/policies")).status).toBe(200);
		await held.close();
	});

	it("tell how near they are", async () => {
		const held = await tried({ limits: "vendor" });
		let near: string | null = null;
		let refused: Answer | undefined;
		for (let at = 0; at < 60 && !refused; at++) {
			const requests = Array.from({ length: 20 }, (_, id) => ({ id: String(id), method: "GET", url: "/groups/x/transitiveMembers?$expand=a" }));
			const { body } = await held.read("/v1.0/$batch", { method: "POST", body: { requests } });
			near ??= body.responses.map((one: { headers: Record<string, string> }) => one.headers["x-ms-throttle-limit-percentage"]).find(Boolean) ?? null;
			refused = body.responses.find((one: Answer) => one.status === 429);
		}
		expect(near).toMatch(/^0\.[89]$|^1\.0$/);
		expect(refused).toBeDefined();
		await held.close();
	});
});
