import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeWorkers } from "../../../src/emulate/acme.js";
import { type Client, NOW, startClient } from "./test-client.js";

let client: Client;
beforeAll(async () => {
	client = await startClient({ users: 510 });
});
afterAll(() => client.tenant.close());

const filter = (text: string) => encodeURIComponent(text);

describe("lists", () => {
	it("hide uncorrelated identities unless asked, and page by offset", async () => {
		const shown = await client.get("/beta/identities?count=true&limit=1");
		const everybody = await client.get("/v2026/identities?count=true&limit=1&defaultFilter=NONE");
		expect(everybody.headers.get("x-total-count")).toBe("510");
		expect(Number(shown.headers.get("x-total-count"))).toBeLessThan(510);
		const pages = await Promise.all([0, 250, 500].map((offset) => client.get(`/beta/identities?defaultFilter=NONE&offset=${offset}`)));
		expect(pages.map(({ body }) => body.length)).toEqual([250, 250, 10]);
		const ids = new Set(pages.flatMap(({ body }) => body.map(({ id }: { id: string }) => id)));
		expect(ids.size).toBe(510);
		expect((await client.get("/beta/identities")).headers.get("x-total-count")).toBeNull();
	});

	it("refuse a page too large and an offset at the end, each in its own shape", async () => {
		const large = await client.get("/beta/identities?limit=251");
		expect([large.status, large.body.detailCode]).toEqual([400, "400.1.3 Illegal value"]);
		const end = await client.get("/beta/identities?defaultFilter=NONE&offset=510");
		expect([end.status, end.body]).toEqual([400, { detailMessage: "Specified offset is invalid.", stackTrace: [], suppressedExceptions: [] }]);
		expect((await client.get("/beta/roles?limit=51")).status).toBe(400);
	});

	it("filter by the grammar, and refuse what the list does not have", async () => {
		const [first] = (await client.get("/beta/identities?limit=1")).body;
		const found = await client.get(`/beta/identities?filters=${filter(`(alias eq "${first.alias}" or id in ("x", "y")) and not cloudStatus eq "LOCKED"`)}`);
		expect(found.body.map(({ id }: { id: string }) => id)).toEqual([first.id]);
		for (const text of ['title eq "x"', 'alias co "a"', 'alias eq "a" and', 'alias eq "a" "b"', "alias"]) {
			const refused = await client.get(`/beta/identities?filters=${filter(text)}`);
			expect([text, refused.status, refused.body.detailCode]).toEqual([text, 400, "400.1 Bad Request Content"]);
		}
		expect((await client.get("/beta/identities?sorters=email")).status).toBe(400);
		const sorted = await client.get("/beta/identities?sorters=-alias&limit=250");
		const aliases = sorted.body.map(({ alias }: { alias: string }) => alias);
		expect(aliases).toEqual([...aliases].sort().reverse());
	});

	it("give accounts of a source, also without a person", async () => {
		const { body: sources } = await client.get("/v3/sources");
		const directory = sources.find(({ name }: { name: string }) => name === "Corporate Directory");
		const loose = await client.get(`/v3/accounts?filters=${filter(`sourceId eq "${directory.id}" and uncorrelated eq true`)}&count=true`);
		expect(Number(loose.headers.get("x-total-count"))).toBeGreaterThan(5);
		expect(loose.body.every((one: { identityId: unknown; identity?: unknown }) => one.identityId === null && !("identity" in one))).toBe(true);
		const [slim] = (await client.get("/v3/accounts?detailLevel=SLIM&limit=1")).body;
		expect(slim.attributes).toBeNull();
	});

	it("answer assignments short, and in full for a role", async () => {
		const [membership = ""] = client.tenant.truth().memberships;
		const [role, identity] = membership.split("/");
		const path = `/beta/identities/${identity}/role-assignments`;
		const [short] = (await client.get(path)).body;
		const [full] = (await client.get(`${path}?roleId=${role}`)).body;
		expect([short.assignmentSource, typeof full.assignmentSource]).toEqual([undefined, "string"]);
		expect((await client.get(`${path}/${full.id}`)).body).toEqual(full);
		const holders = await client.get(`/beta/roles/${role}/assigned-identities`);
		expect(holders.body.map(({ id }: { id: string }) => id)).toContain(identity);
	});

	it("say the level of privilege in the newest version only", async () => {
		const [old] = (await client.get("/beta/entitlements?limit=1")).body;
		const [now] = (await client.get("/v2026/entitlements?limit=1")).body;
		expect([typeof old.privileged, now.privileged, typeof now.privilegeLevel.direct]).toEqual(["boolean", undefined, "string"]);
	});
});

describe("the company", () => {
	it("has everybody of personnel, an owner that cannot go, and reviews", async () => {
		const acme = await startClient({ acme: true });
		const { body } = await acme.get("/beta/identities?defaultFilter=NONE");
		expect(body.length).toBe(acmeWorkers(NOW).length);
		const owner = body.find(({ alias }: { alias: string }) => alias === "peter.lang");
		const owned = await acme.get(`/beta/identities/${owner.id}/ownership`);
		const kinds = owned.body.associationDetails.map(({ associationType }: { associationType: string }) => associationType);
		expect(kinds).toEqual(expect.arrayContaining(["SOURCE_OWNER", "ACCESS_PROFILE_OWNER", "ROLE_OWNER"]));
		expect((await acme.get(`/beta/identities?filters=${filter("protected eq true")}`)).body.length).toBe(1);
		const [active] = (await acme.get(`/v2026/certifications?filters=${filter('phase eq "ACTIVE"')}`)).body;
		expect((await acme.get(`/v2026/certifications/${active.id}/access-review-items`)).body.length).toBe(active.decisionsTotal);
		expect((await acme.get("/v2026/campaigns?detail=FULL")).body.length).toBe(3);
		await acme.tenant.close();
	});
});
