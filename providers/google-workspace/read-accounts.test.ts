import { afterEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import { readScope } from "./scopes.js";
import { type Answers, admin, base, memoryStore, notFound, type PathServer, refusal, scanTenant, servePaths, user } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

async function accountsOf(answers: Answers) {
	tenant = await servePaths(answers);
	const read = await scanTenant(tenant, await memoryStore(), ["accounts"]);
	const found = new Map((await read.bodies<AccountRecord>("accounts")).map((one) => [one.id, one]));
	return { coverage: read.coverage.accounts, found };
}

describe("accounts of Google", () => {
	it("carry what Google says, and 1970 is never", async () => {
		const eva = user("eva", {
			lastLoginTime: "2025-12-31T10:00:00.000Z",
			aliases: ["e@acme.example"],
			nonEditableAliases: ["eva@acme.example.test-google-a.com"],
			externalIds: [
				{ type: "network", value: "x" },
				{ type: "organization", value: "10042" },
			],
			organizations: [{ department: "Old" }, { primary: true, department: "IT", title: "Engineer", description: "Employee" }],
			relations: [{ type: "manager", value: "boss@acme.example" }],
		});
		const { coverage, found } = await accountsOf(base([admin, eva, user("never")]));
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		expect(found.get("eva")).toMatchObject({
			login: "eva@acme.example",
			emailVerified: true,
			status: "active",
			enabled: true,
			lastActivity: Date.UTC(2025, 11, 31, 10),
			department: "IT",
			title: "Engineer",
			manager: "boss@acme.example",
			employeeId: "10042",
			links: [{ kind: "worker", field: "externalIds.organization", value: "10042" }],
			aliases: ["e@acme.example", "eva@acme.example.test-google-a.com"],
			credentialProvider: "local",
		});
		expect(found.get("never")).toMatchObject({ lastActivity: null, employeeId: null, links: [], aliases: [], department: null });
	});

	it("are suspended, archived and deleted by Google's own words, and none of them signs in", async () => {
		const answers = base([admin, user("s", { suspended: true, suspensionTime: "2025-05-05T00:00:00.000Z" }), user("a", { archived: true })]);
		const list = answers["/admin/directory/v1/users"] as (url: URL) => { body: object };
		answers["/admin/directory/v1/users"] = (url: URL) =>
			url.searchParams.has("showDeleted")
				? { body: { kind: "admin#directory#users", users: [user("d", { deletionTime: "2025-12-20T00:00:00.000Z" })] } }
				: list(url);
		const { found } = await accountsOf(answers);
		expect(found.get("s")).toMatchObject({ status: "suspended", enabled: false, statusChanged: Date.UTC(2025, 4, 5) });
		expect(found.get("a")).toMatchObject({ status: "archived", enabled: false });
		expect(found.get("d")).toMatchObject({ status: "deleted", enabled: false });
	});

	it("are of unknown status where a flag is missing", async () => {
		const { suspended: _, ...odd } = user("odd");
		const { found } = await accountsOf(base([admin, odd]));
		expect(found.get("odd")).not.toHaveProperty("status");
		expect(found.get("odd")).not.toHaveProperty("enabled");
	});

	it("are not whole where the one who asks is not among them", async () => {
		const { coverage } = await accountsOf(base([user("eva")]));
		expect(coverage).toMatchObject({ state: "partial", reasons: [{ cause: "floor" }] });
	});

	it("are not whole where the answer is none of Google's", async () => {
		const { coverage } = await accountsOf({ ...base(), "/admin/directory/v1/users": { users: [admin] } });
		expect(coverage?.state).toBe("unreadable");
	});

	it("name the scope that is not delegated", async () => {
		tenant = await servePaths(base());
		tenant.undelegated.add(readScope.users);
		const read = await scanTenant(tenant, await memoryStore(), ["accounts"]);
		expect(read.coverage.accounts).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: readScope.users }, { cause: "scope" }] });
	});

	it("are read again after a page token that Google forgot, and once only", async () => {
		let asked = 0;
		const answers = base();
		answers["/admin/directory/v1/users"] = (url: URL) => {
			if (url.searchParams.has("showDeleted")) return { body: { kind: "admin#directory#users" } };
			if (!url.searchParams.has("pageToken")) return { body: { kind: "admin#directory#users", users: [admin], nextPageToken: "t" } };
			return ++asked === 1 ? refusal(400, "invalid") : { body: { kind: "admin#directory#users", users: [user("eva")] } };
		};
		const { coverage, found } = await accountsOf(answers);
		expect(coverage?.state).toBe("complete");
		expect([...found.keys()].sort()).toEqual(["eva", "me"]);
	});

	it("wait when Google says 403 for too many, and do not for a missing right", async () => {
		let busy = 7;
		const answers = base();
		const list = answers["/admin/directory/v1/users"] as (url: URL) => { body: object };
		answers["/admin/directory/v1/users"] = (url: URL) => (busy-- > 0 ? refusal(403, "userRateLimitExceeded") : list(url));
		expect((await accountsOf(answers)).coverage?.state).toBe("complete");
		await tenant.close();
		const { coverage } = await accountsOf({ ...base(), "/admin/directory/v1/users": () => refusal(403, "forbidden") });
		expect(coverage).toMatchObject({ state: "unreadable", reasons: [{ cause: "role" }, { cause: "role" }] });
		expect(tenant.asked.filter((call) => call === "GET /admin/directory/v1/users")).toHaveLength(2);
	});
});

describe("where accounts of Google sign in", () => {
	const saml = (target: object, more: object = {}) => ({ name: "inboundSsoAssignments/1", ssoMode: "SAML_SSO", ...target, ...more });
	const providers = async (answers: Answers) => {
		const { found, coverage } = await accountsOf(answers);
		return { of: Object.fromEntries([...found].map(([id, { credentialProvider }]) => [id, credentialProvider])), coverage };
	};

	it("is another provider in the org unit that a profile is for, and not for super administrators", async () => {
		const people = [admin, user("n", { orgUnitPath: "/Sales/North" }), user("r"), user("top", { orgUnitPath: "/Sales", isAdmin: true })];
		const { of } = await providers({ ...base(people), "/v1/inboundSsoAssignments": { inboundSsoAssignments: [saml({ targetOrgUnit: "orgUnits/sales" })] } });
		expect(of).toEqual({ me: "local", n: "federated", r: "local", top: "local" });
	});

	it("is told by the group before the org unit, groups inside it too", async () => {
		const people = [admin, user("in"), user("nested"), user("out")];
		const member = (id: string, type = "USER") => ({ id, type });
		const { of } = await providers({
			...base(people),
			"/v1/inboundSsoAssignments": { inboundSsoAssignments: [saml({ targetGroup: "groups/g1" }, { rank: 1 })] },
			"/admin/directory/v1/groups/g1/members": { kind: "admin#directory#members", members: [member("in"), member("g2", "GROUP")] },
			"/admin/directory/v1/groups/g2/members": { kind: "admin#directory#members", members: [member("nested")] },
		});
		expect(of).toEqual({ me: "local", in: "federated", nested: "federated", out: "local" });
	});

	it("is Google where nobody is sent away, and unknown where Google does not say", async () => {
		const never = saml({ targetOrgUnit: "orgUnits/root" }, { signInBehavior: { redirectCondition: "NEVER" } });
		expect((await providers({ ...base([admin, user("r")]), "/v1/inboundSsoAssignments": { inboundSsoAssignments: [never] } })).of).toEqual({
			me: "local",
			r: "local",
		});
		await tenant.close();
		const legacy = { name: "inboundSsoAssignments/1", ssoMode: "DOMAIN_WIDE_SAML_IF_ENABLED", targetOrgUnit: "orgUnits/root" };
		expect((await providers({ ...base([admin, user("r")]), "/v1/inboundSsoAssignments": { inboundSsoAssignments: [legacy] } })).of).toEqual({
			me: "local",
			r: undefined,
		});
	});

	it("is unknown where the profiles can't be read, and the accounts are whole all the same", async () => {
		const { of, coverage } = await providers({ ...base([admin, user("r")]), "/v1/inboundSsoAssignments": () => notFound });
		expect(of).toEqual({ me: "local", r: undefined });
		expect(coverage?.state).toBe("complete");
		expect(coverage?.reasons).toHaveLength(1);
	});
});
