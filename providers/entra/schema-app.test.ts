import { describe, expect, it } from "vitest";
import { decodeApplication, decodeServicePrincipal } from "./schema-app.js";
import { decodeAppRole } from "./schema-credential.js";
import { decodeGroup } from "./schema-group.js";

const principal = { id: "p1", displayName: "App", accountEnabled: true, servicePrincipalType: "Application" };
const record = (item: object) => {
	const decoded = decodeServicePrincipal(item, "t");
	if ("bad" in decoded) throw new Error(decoded.bad);
	return decoded.ok.record;
};

describe("what an answer leaves out", () => {
	it("is no app without owners", () => {
		expect(record(principal)).not.toHaveProperty("owners");
		expect(record({ ...principal, owners: [] }).owners).toEqual([]);
		const application = decodeApplication({ id: "a1" });
		expect("ok" in application && application.ok.record).not.toHaveProperty("owners");
	});

	it("is no permission that nobody holds", () => {
		const resource = { id: "graph", name: "Graph", roles: new Map([["r", "User.Read.All"]]) };
		expect(decodeAppRole({ id: "x", principalId: "p1", appRoleId: "r" }, resource)).toHaveProperty("bad");
		expect(decodeAppRole({ id: "x", principalId: "u1", appRoleId: "r", principalType: "User" }, resource)).toEqual({ ok: null });
	});

	it("is no group that can't hold a role", () => {
		const group = (more: object) => {
			const decoded = decodeGroup({ id: "g", groupTypes: [], ...more });
			return "ok" in decoded ? decoded.ok.record : {};
		};
		expect(group({})).not.toHaveProperty("grantsRole");
		expect(group({ isAssignableToRole: true })).not.toHaveProperty("grantsRole");
		expect(group({ isAssignableToRole: null })).toMatchObject({ grantsRole: false });
		expect(group({ isAssignableToRole: false })).toMatchObject({ grantsRole: false });
	});
});
