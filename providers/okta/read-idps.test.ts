import { afterEach, beforeEach, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import type { Store } from "../../src/store/store.js";
import { memoryStore, noScope, type PathServer, scanOrg, servePaths } from "./test-scan.js";

let org: PathServer;
let store: Store;
beforeEach(async () => {
	org = await servePaths({ "/api/v1/policies": [], "/api/v1/apps": [] });
	store = await memoryStore();
});
afterEach(async () => {
	await store.close();
	await org.close();
});

const idps = async () => {
	const { coverage, bodies } = await scanOrg(org, store, { only: ["settings"] });
	return { coverage: coverage.settings, found: ((await bodies("settings")) as SettingRecord[]).filter(({ kind }) => kind === "idp") };
};

it("identity providers are settings, without their clients' secrets", async () => {
	org.answers["/api/v1/idps"] = [
		{
			id: "0oa1",
			type: "SAML2",
			name: "Partner",
			status: "ACTIVE",
			protocol: { type: "SAML2", credentials: { trust: { kid: "k1", issuer: "https://idp.example" } } },
		},
		{
			id: "0oa2",
			type: "OIDC",
			name: "Old",
			status: "INACTIVE",
			protocol: { type: "OIDC", credentials: { client: { client_id: "c", client_secret: "hush" } } },
		},
	];
	const { found } = await idps();
	expect(found).toMatchObject([
		{ id: "idp/0oa1", name: "Partner", active: true, values: { protocol: { credentials: { trust: { kid: "k1" } } } } },
		{ id: "idp/0oa2", name: "Old", active: false },
	]);
	expect(JSON.stringify(found)).not.toContain("hush");
});

it("identity providers whose scope is missing make the settings partial, and the scope is named", async () => {
	org.answers["/api/v1/idps"] = () => noScope;
	const { found, coverage } = await idps();
	expect(found).toEqual([]);
	expect(coverage?.state).not.toBe("complete");
	expect(coverage?.reasons).toContainEqual(expect.objectContaining({ cause: "scope", scope: "okta.idps.read" }));
});
