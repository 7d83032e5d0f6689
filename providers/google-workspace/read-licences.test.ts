import { afterEach, describe, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import type { Store } from "../../src/store/store.js";
import { estimate } from "./estimate.js";
import { readScope } from "./scopes.js";
import { type Answers, admin, base, memoryStore, type PathServer, refusal, scanTenant, servePaths } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

const root = "/apps/licensing/v1/product";
const assigned = (skuId: string, userId: string, more: object = {}) => ({
	kind: "licensing#licenseAssignment",
	productId: "Google-Apps",
	productName: "Google Workspace",
	skuId,
	skuName: `SKU ${skuId}`,
	userId,
	...more,
});
const page = (items: unknown[], nextPageToken?: string) => ({ kind: "licensing#licenseAssignmentList", items, ...(nextPageToken && { nextPageToken }) });
const others: Answers = {
	"/v1/policies": {
		policies: [
			{
				name: "policies/x",
				type: "SYSTEM",
				policyQuery: { orgUnit: "orgUnits/root", sortOrder: 1 },
				setting: { type: "settings/security.password", value: { minimumLength: 12 } },
			},
		],
	},
	"/v1/inboundSamlSsoProfiles": {},
	"/v1/inboundOidcSsoProfiles": {},
	"/admin/directory/v1/customer/my_customer/domains": {
		kind: "admin#directory#domains",
		domains: [{ domainName: "acme.example", isPrimary: true, verified: true }],
	},
};

async function start(licences: Answers): Promise<void> {
	tenant = await servePaths({ ...base([admin]), ...others, ...licences });
}

async function read(store?: Store) {
	const scan = await scanTenant(tenant, store ?? (await memoryStore()), ["groups", "settings"]);
	const all = await scan.bodies<SettingRecord>("settings");
	return { coverage: scan.coverage.settings, found: all.filter(({ kind }) => kind === "licence") };
}

const suite = `${root}/Google-Apps/users`;

describe("licences", () => {
	it("are told by product and SKU, with how many are assigned, page by page, for the customer's own id", async () => {
		const asked: (string | null)[] = [];
		await start({
			[suite]: (url) => {
				asked.push(url.searchParams.get("customerId"), url.searchParams.get("maxResults"));
				return {
					body: url.searchParams.has("pageToken")
						? page([assigned("2", "c@x")])
						: page([assigned("1", "a@x"), assigned("2", "b@x"), assigned("1", "a@x")], "p"),
				};
			},
			[`${root}/101034/users`]: page([assigned("9", "z@x", { productId: "101034", productName: undefined, skuName: undefined })]),
			[`${root}/101033/users`]: () => refusal(400, "invalid", "Invalid value for: productId"),
		});
		const { coverage, found } = await read();
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		expect(asked).toEqual(["C0acme", "1000", "C0acme", "1000"]);
		expect(found.map(({ id, name, values }) => ({ id, name, values }))).toEqual([
			{ id: "licence/101034/9", name: "9", values: { productId: "101034", skuId: "9", assigned: 1 } },
			{ id: "licence/Google-Apps/1", name: "SKU 1", values: { productId: "Google-Apps", skuId: "1", assigned: 1, productName: "Google Workspace" } },
			{ id: "licence/Google-Apps/2", name: "SKU 2", values: { productId: "Google-Apps", skuId: "2", assigned: 2, productName: "Google Workspace" } },
		]);
		for (const record of found) expect(record).toMatchObject({ active: true, builtIn: false, signIn: null, session: null });
	});

	it("may be left out: it is said, nothing is asked for, and the settings are whole", async () => {
		await start({ [suite]: page([assigned("1", "a@x")]) });
		tenant.undelegated.add(readScope.licensing);
		const { coverage, found } = await read();
		expect(coverage).toMatchObject({
			state: "complete",
			reasons: [{ cause: "scope", scope: readScope.licensing, detail: expect.stringContaining("may be left out") }],
		});
		expect(found).toEqual([]);
		expect(tenant.asked.filter((one) => one.includes("licensing"))).toEqual([]);
	});

	it("are left out as well where the administrator may not see them", async () => {
		await start({ [suite]: () => refusal(403, "forbidden", "Not Authorized to access this resource/api") });
		expect((await read()).coverage).toMatchObject({ state: "complete", reasons: [{ cause: "role" }] });
		expect(tenant.asked.filter((one) => one.includes("licensing"))).toHaveLength(1);
	});

	it("that were read are not taken for gone when the scope goes, before a month is over", async () => {
		await start({ [suite]: page([assigned("1", "a@x")]) });
		const store = await memoryStore();
		await read(store);
		tenant.undelegated.add(readScope.licensing);
		expect((await read(store)).coverage).toMatchObject({ state: "partial", unseen: ["licence/Google-Apps/1"] });
		tenant.now += 20 * 86_400_000;
		expect((await read(store)).coverage?.state).toBe("partial");
		tenant.now += 11 * 86_400_000;
		const last = await read(store);
		expect(last.coverage?.state).toBe("complete");
		expect(last.found).toEqual([]);
	});

	it.each([
		["nobody has any more", page([])],
		["a product that is refused", () => refusal(400, "invalid", "Invalid value for: productId")],
	])("are not believed to be gone at once: %s", async (_, answer) => {
		await start({ [suite]: page([assigned("1", "a@x")]) });
		const store = await memoryStore();
		await read(store);
		tenant.answers[suite] = answer;
		expect((await read(store)).coverage).toMatchObject({ state: "partial", unseen: ["licence/Google-Apps/1"] });
	});

	it("are not counted of a list that was cut off, or that has what can't be understood", async () => {
		await start({ [suite]: (url) => (url.searchParams.has("pageToken") ? refusal(404, "other") : { body: page([assigned("1", "a@x")], "p") }) });
		const cut = await read();
		expect(cut.coverage?.state).toBe("partial");
		expect(cut.found).toEqual([]);
		tenant.answers[suite] = page([assigned("1", "a@x"), { skuId: "1" }, null]);
		const odd = await read();
		expect(odd.coverage?.state).toBe("partial");
		expect(odd.found).toEqual([]);
	});

	it("of a customer whom the API does not know are a failure", async () => {
		await start({ [suite]: () => refusal(400, "invalid", "Invalid value for: customerId") });
		expect((await read()).coverage).toMatchObject({ state: "partial", reasons: [{ cause: "error", detail: expect.stringContaining("C0acme") }] });
	});

	it("are reckoned with in the estimate", () => {
		const parts = estimate({ accounts: 10_000, groups: 0, memberships: 0, apps: 0, administrators: 1 });
		expect(parts.find(({ call }) => call.includes("licensing"))?.requests).toBe(26);
	});
});
