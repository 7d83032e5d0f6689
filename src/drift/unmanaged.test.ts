import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { at, role, scanned, stackOf } from "../assess/test-tenant.js";
import type { SettingSpec } from "../provider/setting.js";
import type { Stack } from "../stack/stack.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { ofKinds, unmanagedOf } from "./unmanaged.js";

const spec = { kind: "rule/X" } as SettingSpec;
const group = (id: string, source = "direct") => ({ id, name: `Group ${id}`, type: "OKTA_GROUP", source });
const setting = (id: string, values: object | undefined = {}) => ({
	id,
	kind: "rule/X",
	name: `Rule ${id}`,
	active: true,
	builtIn: false,
	...(values && { values }),
});
const app = (id: string) => ({ id, name: `App ${id}`, type: "SAML_2_0", active: true, nonHuman: false });
const records = {
	groups: { g1: group("g1"), g2: group("g2", "rule") },
	settings: { "rule/X/p/1": setting("rule/X/p/1"), "other/2": setting("other/2"), "rule/X/p/3": { ...setting("rule/X/p/3"), values: undefined } },
	roleAssignments: { "a/r": role("r", "a"), "b/r": role("r2", "b"), "c/r": role("r3", "c", { assignment: "eligible", role: "ORG_ADMIN" }) },
	apps: { a1: app("a1"), a2: app("a2") },
};

let store: Store;
beforeEach(async () => {
	store = await openStore("sqlite::memory:");
});
afterEach(() => store.close());

const of = (change: Partial<Stack> = {}, settings = [spec]) => unmanagedOf({ stack: stackOf(change), store, settings, system: "okta" });
const membership = { system: "okta", name: null, mode: "observe" as const, members: [], adopt: null, path: "" };

describe("what no stack file declares", () => {
	it("is every group, declarable setting, held role and app of the newest scan, with how much is declared", async () => {
		await scanned(store, { records });
		const found = await of({
			memberships: {
				"okta/group/g1": { ...membership, kind: "group", target: "g1" },
				"okta/role/SUPER_ADMIN": { ...membership, kind: "role", target: "SUPER_ADMIN" },
			},
			resources: {
				wiki: {
					name: "wiki",
					type: "okta:app/saml:Saml",
					system: "okta",
					properties: {},
					options: { import: "a2" },
					get: null,
					defaultProvider: false,
					after: [],
					path: "resources.wiki",
				},
			},
		});
		expect(found.unmanaged).toEqual([
			{ key: "okta/group/g2", kind: "group", name: "Group g2", detail: "OKTA_GROUP, rule" },
			{ key: "okta/rule/X/p/1", kind: "setting", name: "Rule rule/X/p/1", detail: "rule/X" },
			{ key: "okta/app/a1", kind: "app", name: "App a1", detail: "SAML_2_0" },
		]);
		expect(found.kinds).toEqual([
			{ kind: "group", total: 2, declared: 1, incomplete: null },
			{ kind: "setting", total: 1, declared: 0, incomplete: null },
			{ kind: "role", total: 1, declared: 1, incomplete: null },
			{ kind: "app", total: 2, declared: 1, incomplete: null },
		]);
		expect(found.scanned).toBe(at);
	});

	it("never counts a list that broke off as whole, nor what it did not meet again as there", async () => {
		await scanned(store, { records });
		await scanned(store, { records: { ...records, groups: { g1: group("g1") } }, coverage: { groups: "partial", apps: "unreadable" } }, at + 1000);
		const found = await of();
		expect(found.kinds.find(({ kind }) => kind === "group")).toEqual({ kind: "group", total: 1, declared: 0, incomplete: "scope missing" });
		expect(found.kinds.find(({ kind }) => kind === "app")?.incomplete).toBe("scope missing");
		expect(found.unmanaged.map(({ key }) => key)).not.toContain("okta/group/g2");
	});

	it("is unknown of a system that was never scanned", async () => {
		expect(await of()).toEqual({ system: "okta", scanned: null, kinds: [], unmanaged: [] });
	});

	it("is chosen by kind, by kind of setting and by type of group", async () => {
		await scanned(store, { records });
		const keys = async (...kinds: string[]) => ofKinds(await of(), kinds).unmanaged.map(({ key }) => key);
		expect(await keys("role", "app")).toEqual(["okta/role/SUPER_ADMIN", "okta/app/a1", "okta/app/a2"]);
		expect(await keys("rule/X")).toEqual(["okta/rule/X/p/1"]);
		expect(await keys("rule")).toEqual(["okta/rule/X/p/1"]);
		expect(await keys("OKTA_GROUP")).toEqual(["okta/group/g1", "okta/group/g2"]);
	});
});
