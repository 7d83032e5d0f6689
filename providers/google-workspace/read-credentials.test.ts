import { afterEach, describe, expect, it } from "vitest";
import type { AppRecord, CredentialRecord } from "../../src/model/objects.js";
import { readScope } from "./scopes.js";
import { type Answers, admin, base, memoryStore, type PathServer, refusal, scanTenant, servePaths, user } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

const users = (id: string) => `/admin/directory/v1/users/${id}`;
const of = "/admin/directory/v1/customer/my_customer";
const log = "/admin/reports/v1/activity/users/all/applications/token";
const tokens = (...items: object[]) => ({ kind: "admin#directory#tokenList", ...(items.length > 0 && { items }) });
const asps = (...items: object[]) => ({ kind: "admin#directory#aspList", ...(items.length > 0 && { items }) });
const mail = { clientId: "c1.apps.googleusercontent.com", displayText: "Mail Tool", scopes: ["https://mail.google.com/"], nativeApp: false };
const collections = ["accounts", "roleAssignments", "apps", "credentials"] as const;

function tenantOf(more: Answers = {}): Answers {
	return {
		...base([admin, user("eva", { isEnrolledIn2Sv: true }), user("bob")]),
		[`${of}/roles`]: { kind: "admin#directory#roles", items: [{ roleId: "1", roleName: "_SEED_ADMIN_ROLE", isSystemRole: true, isSuperAdminRole: true }] },
		[`${of}/roleassignments`]: {
			kind: "admin#directory#roleAssignments",
			items: [{ roleAssignmentId: "a", roleId: "1", assignedTo: "me", scopeType: "CUSTOMER" }],
		},
		...Object.fromEntries(["me", "eva", "bob"].map((id) => [`${users(id)}/tokens`, tokens()])),
		[`${users("eva")}/tokens`]: tokens(mail),
		[`${users("eva")}/asps`]: asps(
			{ codeId: 7, name: "Phone", creationTime: "1700000000", lastTimeUsed: "0" },
			{ codeId: 8, name: "Scanner", creationTime: "1700000000000", lastTimeUsed: "1760000000000" },
		),
		[log]: { kind: "admin#reports#activities" },
		...more,
	};
}

describe("what users granted, and their app passwords", () => {
	it("belong to their user, name the app, and keep Google's never", async () => {
		tenant = await servePaths(tenantOf());
		const read = await scanTenant(tenant, await memoryStore(), [...collections]);
		expect(read.coverage.credentials).toMatchObject({ state: "complete", reasons: [] });
		const found = Object.fromEntries((await read.bodies<CredentialRecord>("credentials")).map((one) => [one.id, one]));
		expect(found[`eva/token/${mail.clientId}`]).toEqual({
			id: `eva/token/${mail.clientId}`,
			kind: "oauth-grant",
			name: "Mail Tool",
			owner: "eva",
			app: mail.clientId,
			scopes: mail.scopes,
			active: true,
		});
		expect(found["eva/app-password/7"]).toMatchObject({ kind: "app-password", created: 1_700_000_000_000, lastUsed: null, expires: null });
		expect(found["eva/app-password/8"]).toMatchObject({ created: 1_700_000_000_000, lastUsed: 1_760_000_000_000 });
		expect(await read.bodies<AppRecord>("apps")).toMatchObject([{ id: mail.clientId, name: "Mail Tool", type: "web", nonHuman: false }]);
		// Without 2-step verification there are no app passwords.
		expect(tenant.asked).not.toContain(`GET ${users("bob")}/asps`);
	});

	it("are asked again only for whom the log of grants names", async () => {
		const answers = tenantOf();
		tenant = await servePaths(answers);
		const store = await memoryStore();
		await scanTenant(tenant, store, [...collections]);
		tenant.reset();
		tenant.now += 3600_000;
		answers[log] = {
			kind: "admin#reports#activities",
			items: [{ id: { time: "2026-01-01T00:30:00Z" }, actor: { profileId: "bob" }, events: [{ name: "authorize" }] }],
		};
		answers[`${users("bob")}/tokens`] = tokens({ ...mail, clientId: "c2" });
		const read = await scanTenant(tenant, store, [...collections]);
		expect(tenant.asked.filter((call) => /tokens|asps/.test(call))).toEqual([`GET ${users("bob")}/tokens`]);
		expect(read.coverage.credentials?.state).toBe("complete");
		expect((await read.records("credentials")).map(({ id }) => id).sort()).toEqual([
			"bob/token/c2",
			"eva/app-password/7",
			"eva/app-password/8",
			`eva/token/${mail.clientId}`,
		]);
		expect((await read.records("apps")).map(({ id }) => id).sort()).toEqual([mail.clientId, "c2"]);
	});

	it("keep to the budget, administrators first, and go on with the next scan", async () => {
		tenant = await servePaths(tenantOf());
		const store = await memoryStore();
		const first = await scanTenant(tenant, store, [...collections], { budget: { perAccountRequests: 1 } });
		expect(tenant.asked.filter((call) => /tokens|asps/.test(call))).toEqual([`GET ${users("me")}/tokens`]);
		expect(first.coverage.credentials?.reasons).toMatchObject([{ cause: "budget" }]);
		expect(first.coverage.credentials?.state).not.toBe("complete");
	});

	it("name the scope, and ask nobody else without it", async () => {
		tenant = await servePaths(tenantOf());
		tenant.undelegated.add(readScope.security);
		const read = await scanTenant(tenant, await memoryStore(), [...collections]);
		expect(read.coverage.credentials).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: readScope.security }] });
		expect(read.coverage.accounts?.state).toBe("complete");
	});

	it("are not whole where one account is refused", async () => {
		tenant = await servePaths(tenantOf({ [`${users("bob")}/tokens`]: () => refusal(403, "forbidden") }));
		const read = await scanTenant(tenant, await memoryStore(), [...collections]);
		expect(read.coverage.credentials).toMatchObject({ state: "partial", reasons: [{ cause: "role" }] });
	});
});
