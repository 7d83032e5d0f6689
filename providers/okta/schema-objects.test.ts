import { describe, expect, it } from "vitest";
import { customRoleLevel, standardRoleLevel } from "./roles.js";
import { decodeApp, decodeAppUser } from "./schema-app.js";
import { decodeApiToken, decodeAppSecret } from "./schema-credential.js";
import { decodeGroup, decodeGroupRule, membershipSource } from "./schema-group.js";
import { decodeBindingMember, decodeRoleAssignment, roleAssignmentKey } from "./schema-role.js";
import { decodeSetting } from "./schema-setting.js";

describe("a group", () => {
	const group = {
		id: "00g1",
		type: "OKTA_GROUP",
		created: "2025-01-01T00:00:00.000Z",
		lastMembershipUpdated: "2025-02-01T00:00:00.000Z",
		profile: { name: "West", description: null },
	};

	it("tells whether it carries a role only where the vendor counted", () => {
		expect(decodeGroup({ ...group, _embedded: { stats: { hasAdminPrivlege: true, usersCount: 3 } } })).toMatchObject({
			ok: { source: "direct", grantsRole: true, reportedMembers: 3, description: null },
		});
		const plain = decodeGroup(group);
		expect("ok" in plain && "grantsRole" in plain.ok).toBe(false);
	});

	it.each([
		["APP_GROUP", "app"],
		["BUILT_IN", "built-in"],
		["NEW_KIND", "unknown"],
	])("of type %s is decided by %s", (type, source) => {
		expect(decodeGroup({ ...group, type })).toMatchObject({ ok: { type, source } });
	});

	it("member of a group that rules fill can't be told from one put in by hand, but for an exclusion", () => {
		const rule = { id: "0pr1", name: "r", active: true, groups: ["00g1"], excludedAccounts: ["00u9"] };
		expect(membershipSource({ type: "OKTA_GROUP" }, [], "00u1")).toBe("direct");
		expect(membershipSource({ type: "OKTA_GROUP" }, [{ ...rule, active: false }], "00u1")).toBe("direct");
		expect(membershipSource({ type: "OKTA_GROUP" }, [rule], "00u1")).toBe("unknown");
		expect(membershipSource({ type: "OKTA_GROUP" }, [rule], "00u9")).toBe("direct");
		expect(membershipSource({ type: "OKTA_GROUP" }, null, "00u1")).toBe("unknown");
		expect(membershipSource({ type: "APP_GROUP" }, [rule], "00u1")).toBe("app");
	});

	it("rule is active only when the vendor says so", () => {
		const raw = {
			id: "0pr1",
			name: "r",
			status: "INVALID",
			conditions: { expression: { value: "x" } },
			actions: { assignUserToGroups: { groupIds: ["00g1"] } },
		};
		expect(decodeGroupRule(raw)).toEqual({ ok: { id: "0pr1", name: "r", active: false, groups: ["00g1"], expression: "x", excludedAccounts: [] } });
		expect(decodeGroupRule({ ...raw, actions: { assignUserToGroups: { groupIds: "00g1" } } })).toMatchObject({ bad: expect.any(String), id: "0pr1" });
	});
});

describe("a role assignment", () => {
	const raw = { id: "IFIFAX2BIRGUSTQ", type: "APP_ADMIN", label: "Application administrator", status: "ACTIVE", assignmentType: "USER" };
	const ana = { type: "account" as const, id: "00u1" };

	it("has a record id of its own at every principal, for the vendor's is the same at all", () => {
		const ids = [ana, { type: "group" as const, id: "00g1" }].map((principal) => {
			const found = decodeRoleAssignment(raw, principal, new Map());
			return "ok" in found && found.ok ? roleAssignmentKey(found.ok) : null;
		});
		expect(ids).toEqual(["00u1/IFIFAX2BIRGUSTQ", "00g1/IFIFAX2BIRGUSTQ"]);
	});

	it("that a user holds through a group is the group's", () => {
		const inherited = { ...raw, assignmentType: "GROUP", _links: { assignee: { href: "https://acme.okta.com/api/v1/groups/00g7" } } };
		expect(decodeRoleAssignment(inherited, ana, new Map())).toMatchObject({ ok: { principalType: "group", principal: "00g7" } });
	});

	it("that is not active is left out, and one without a status is set aside", () => {
		expect(decodeRoleAssignment({ ...raw, status: "INACTIVE" }, ana, new Map())).toEqual({ ok: null });
		expect(decodeRoleAssignment({ ...raw, status: undefined }, ana, new Map())).toHaveProperty("bad");
	});

	it("of a custom role is the same record in both lists, and as privileged as its permissions", () => {
		const permissions = new Map([["cr0", ["okta.users.read", "okta.users.credentials.manage"]]]);
		const byUser = decodeRoleAssignment(
			{
				id: "irb9",
				type: "CUSTOM",
				label: "Helper",
				role: "cr0",
				"resource-set": "iam0",
				status: "ACTIVE",
				_links: { member: { href: "https://x/bindings/cr0/members/irb1" } },
			},
			ana,
			permissions,
		);
		const byBinding = decodeBindingMember(
			{ id: "irb1", _links: { self: { href: "https://x/api/v1/users/00u1" } } },
			{ role: "cr0", label: "Helper", resourceSet: "iam0" },
			permissions,
		);
		expect(byUser).toEqual(byBinding);
		expect(byUser).toMatchObject({ ok: { id: "irb1", level: "privileged", custom: true, scope: "iam0" } });
		expect(decodeBindingMember({ id: "irb1", _links: {} }, { role: "cr0", label: "", resourceSet: "iam0" }, permissions)).toHaveProperty("bad");
	});

	it("level follows the vendor's table, and an unread or unknown role is not called harmless", () => {
		expect(standardRoleLevel("SUPER_ADMIN")).toBe("top");
		expect(standardRoleLevel("HELP_DESK_ADMIN")).toBe("privileged");
		expect(standardRoleLevel("READ_ONLY_ADMIN")).toBe("limited");
		expect(standardRoleLevel("GALAXY_ADMIN")).toBe("unknown");
		expect(customRoleLevel(["okta.users.read", "okta.groups.read"])).toBe("limited");
		expect(customRoleLevel(["okta.users.read", "okta.groups.members.manage"])).toBe("privileged");
		expect(customRoleLevel(null)).toBe("unknown");
	});
});

describe("secrets", () => {
	it("of a client never reach the record", () => {
		const found = decodeAppSecret(
			{ id: "ocs1", status: "ACTIVE", created: "2026-01-01T00:00:00.000Z", client_secret: "hush-hush", secret_hash: "abcdef" },
			{ id: "0oa1", name: "CI" },
		);
		expect(found).toMatchObject({ ok: { id: "ocs1", kind: "app-secret", owner: "0oa1", active: true, expires: null } });
		expect(JSON.stringify(found)).not.toMatch(/hush-hush|abcdef/);
	});

	it("in configuration objects are left out, and the settings around them kept", () => {
		const found = decodeSetting(
			{
				id: "who1",
				name: "hook",
				status: "INACTIVE",
				channel: {
					config: { uri: "https://x", headers: [{ key: "X-Key", value: "hush-1" }], authScheme: { type: "HEADER", key: "authorization", value: "hush-2" } },
				},
				settings: { token: "hush-3", host: "h" },
				provider: { configuration: { secretKey: "hush-4", sharedSecret: "hush-5", host: "duo" } },
				recovery: { recoveryToken: { tokenLifetimeMinutes: 60 } },
				password: { minLength: 8 },
				_links: { self: { href: "x" } },
			},
			"event-hook",
		);
		expect(JSON.stringify(found)).not.toMatch(/hush|_links/);
		expect(found).toMatchObject({
			ok: {
				active: false,
				values: {
					settings: { host: "h" },
					provider: { configuration: { host: "duo" } },
					recovery: { recoveryToken: { tokenLifetimeMinutes: 60 } },
					password: { minLength: 8 },
				},
			},
		});
	});
});

describe("apps and tokens", () => {
	it("an app may have no sign-on mode, and a service client is no person's", () => {
		expect(
			decodeApp({
				id: "0oa1",
				name: "oidc_client",
				label: "CI",
				status: "ACTIVE",
				signOnMode: null,
				created: "2026-01-01T00:00:00.000Z",
				credentials: { oauthClient: { client_id: "cid", token_endpoint_auth_method: "private_key_jwt" } },
				settings: { oauthClient: { application_type: "service" } },
				_links: { accessPolicy: { href: "https://x/api/v1/policies/rst1" } },
			}),
		).toEqual({
			ok: {
				record: { id: "0oa1", name: "CI", type: "", active: true, nonHuman: true, clientId: "cid", created: Date.UTC(2026, 0, 1) },
				vendorName: "oidc_client",
				accessPolicy: "rst1",
				ownClient: true,
				authMethod: "private_key_jwt",
			},
		});
		expect(decodeApp({ id: "0oa1" })).toHaveProperty("bad");
	});

	it("an app's user who comes through a group is left to the group", () => {
		expect(decodeAppUser({ id: "00u1", scope: "USER" }, "0oa1")).toEqual({
			ok: { app: "0oa1", principalType: "account", principal: "00u1", source: "direct" },
		});
		expect(decodeAppUser({ id: "00u1", scope: "GROUP" }, "0oa1")).toEqual({ ok: null });

		const guid = "6F1A6F0C-1111-4111-8111-AAAAAAAAAAAA";
		const linked = (externalId: string | null, vendorName: string, scope = "GROUP") => {
			const found = decodeAppUser({ id: "00u1", scope, externalId }, "0oa1", vendorName);
			return "ok" in found ? found.ok?.link : found;
		};
		expect(linked(guid, "office365")).toEqual({ kind: "account", field: "externalId in office365", value: guid.toLowerCase(), provider: "entra" });
		expect(linked("qrvMzN3u/wARIjNEVWZ3iA==", "office365")).toMatchObject({ kind: "source-anchor", value: "qrvMzN3u/wARIjNEVWZ3iA==" });
		expect(linked("104857600000000000001", "google")).toMatchObject({ kind: "account", provider: "google-workspace" });
		expect(linked("104857600000000000001", "salesforce")).toBeUndefined();
		expect(linked(null, "google")).toBeUndefined();
		expect(linked("ana@acme.example", "google")).toBeUndefined();
		expect(linked("104857600000000000001", "google", "USER")).toBeDefined();
	});

	it("a token is bound to networks, or not, or unknown", () => {
		const bound = (network: unknown) => {
			const found = decodeApiToken({ id: "00T1", name: "t", userId: "00u1", network });
			return "ok" in found ? found.ok.networkBound : null;
		};
		expect(bound({ connection: "ANYWHERE" })).toBe(false);
		expect(bound({ connection: "ZONE", include: ["nzo1"] })).toBe(true);
		expect(bound({ connection: "ZONE", include: ["nzo1"], exclude: ["nzo2"] })).toBe(true);
		expect(bound({ connection: "ZONE", include: [], exclude: ["nzo1"] })).toBe(false);
		expect(bound({ connection: "ZONE", exclude: ["nzo1"] })).toBe(false);
		expect(bound({ connection: "ZONE", include: ["ALL_ZONES"] })).toBe(false);
		for (const odd of [{ connection: "ZONE" }, { connection: "ZONE", include: "nzo1" }, { connection: "ZONE", include: [1] }, { connection: "constructor" }])
			expect(bound(odd)).toBeUndefined();
		expect(bound(undefined)).toBeUndefined();
	});
});
