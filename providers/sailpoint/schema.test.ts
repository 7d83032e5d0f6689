import { describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import { ownedBy } from "./act-delete.js";
import { userLevel } from "./roles.js";
import { decodeAuthUser, decodeIdentity } from "./schema-account.js";
import { decodeSource, decodeSourceAccount, providerOf } from "./schema-source.js";

const identity = (raw: object): AccountRecord => {
	const decoded = decodeIdentity({ id: "i1", name: "Ana", ...raw }, () => []);
	if ("bad" in decoded) throw new Error(decoded.bad);
	return decoded.ok;
};

describe("an identity", () => {
	it.each([
		["ACTIVE", true],
		["REGISTERED", true],
		["LOCKED", true],
		["DISABLED", false],
		["TERMINATED", false],
		["DEACTIVATED", false],
		["UNREGISTERED", undefined],
		["ERROR", undefined],
		["SOMETHING_NEW", undefined],
		["constructor", undefined],
	])("of status %s is enabled: %s", (identityStatus, enabled) => {
		expect(identity({ identityStatus })).toMatchObject({ status: identityStatus });
		expect(identity({ identityStatus }).enabled).toBe(enabled);
	});

	it("keeps null and unknown apart", () => {
		const said = identity({ emailAddress: null, managerRef: null, lifecycleState: null, attributes: {} });
		expect(said).toMatchObject({ email: null, manager: null, department: null, employeeId: null, links: [], profile: { lifecycleState: null } });
		const unsaid = identity({});
		for (const field of ["email", "manager", "department", "employeeId", "enabled"]) expect(unsaid).not.toHaveProperty(field);
		expect(unsaid.links?.partial).toBe(true);
		expect(identity({ emailAddress: 7, managerRef: "x", created: "2026-02-31T00:00:00Z" })).not.toHaveProperty("created");
	});

	it("tells leavers by its profile, and keeps private data out of it", () => {
		const attributes = {
			identificationNumber: "100042",
			endDate: "2025-12-31",
			cloudLifecycleState: "inactive",
			phone: "+1",
			firstname: "Ana",
			birthDate: "1980-01-01",
			list: ["x"],
		};
		const read = identity({ attributes, lifecycleState: { stateName: "inactive", manuallyUpdated: true } });
		expect(read.profile).toEqual({ lifecycleState: "inactive", lifecycleManuallyUpdated: true, endDate: "2025-12-31", cloudLifecycleState: "inactive" });
		expect(read.links).toEqual([{ kind: "worker", field: "identificationNumber", value: "100042" }]);
	});

	it("has the same links in whatever order its source accounts come", () => {
		const links = ["b", "a", "c"].map((value) => ({ kind: "account" as const, field: "nativeIdentity", value, provider: "okta" }));
		const read = (order: typeof links) => decodeIdentity({ id: "i1", attributes: { employeeNumber: "7" } }, () => order);
		expect(read(links)).toEqual(read([...links].reverse()));
	});

	it("survives what no vendor should send", () => {
		expect(identity({ name: "🜁".repeat(1000), alias: "\u0000\u202e" }).displayName).toHaveLength(2000);
		for (const odd of [null, 1, "x", [], {}]) expect(decodeIdentity(odd, () => [])).toHaveProperty("bad");
	});
});

describe("a source", () => {
	const source = (raw: object) => {
		const decoded = decodeSource({ id: "s1", name: "S", ...raw });
		if ("bad" in decoded) throw new Error(decoded.bad);
		return decoded.ok;
	};
	it.each([
		[{ type: "Okta" }, "okta"],
		[{ type: "Microsoft Entra ID", connector: "x" }, "entra"],
		[{ type: "Azure Active Directory" }, "entra"],
		[{ type: "X", connectorName: "Google Workspace" }, "google-workspace"],
		[{ type: "X", connector: "okta-angularsc" }, "okta"],
		[{ type: "G Suite - Direct" }, "google-workspace"],
		[{ type: "Oktagon" }, undefined],
		[{ type: "Active Directory - Direct" }, undefined],
		[{ type: "Delimited File" }, undefined],
	])("of %j is read by %s", (raw, expected) => {
		expect(providerOf(source(raw))).toBe(expected);
	});
	it("account that says two things of its owner is nobody's and not nobody's", () => {
		const read = (raw: object) => decodeSourceAccount({ id: "a", sourceId: "s", ...raw });
		expect(read({ uncorrelated: true, identityId: null })).toMatchObject({ ok: { identity: null } });
		expect(read({ uncorrelated: false, identityId: "i" })).toMatchObject({ ok: { identity: "i" } });
		expect(read({ uncorrelated: true, identityId: "i" })).toMatchObject({ ok: { identity: undefined } });
		expect(read({ uncorrelated: false, identityId: null })).toMatchObject({ ok: { identity: undefined } });
		expect(decodeSourceAccount({ id: "a" })).toHaveProperty("bad");
	});
});

describe("what stands around an identity", () => {
	it("user levels: none is known, unreadable is not", () => {
		expect(decodeAuthUser({ id: "i", capabilities: null }, "i")).toMatchObject({ capabilities: null });
		expect(decodeAuthUser({ id: "i", capabilities: "ORG_ADMIN" }, "i")?.capabilities).toBeUndefined();
		expect(decodeAuthUser({ id: "j", capabilities: [] }, "i")).toBeNull();
		expect(decodeAuthUser({ id: "i", lastLoginTimestamp: 0 }, "i")?.lastLogin).toBeUndefined();
		expect(userLevel("ORG_ADMIN").level).toBe("top");
		expect(userLevel("das:ui-new").level).toBe("unknown");
	});
	it("ownership in each of its forms", () => {
		const entities = [{ id: "1", name: "Gaston", type: "ROLE" }];
		const wrapped = [{ identityEntity: entities[0] }];
		expect(ownedBy({ associationDetails: [{ associationType: "ROLE_OWNER", entities: wrapped }] })).toEqual(["ROLE Gaston"]);
		expect(ownedBy({ associationDetails: { associationType: "ROLE_OWNER", entities } })).toEqual(["ROLE Gaston"]);
		expect(ownedBy({ associationDetails: [] })).toEqual([]);
		expect(ownedBy({})).toBeNull();
		expect(ownedBy({ associationDetails: ["x"] })).toBeNull();
		for (const entities of [undefined, null, "ROLE", [null]])
			expect(ownedBy({ associationDetails: [{ associationType: "ROLE_OWNER", entities }] }), String(entities)).toBeNull();
		expect(ownedBy({ associationDetails: [{ associationType: "ROLE_OWNER", entities: [] }, {}] })).toEqual([]);
	});
});
