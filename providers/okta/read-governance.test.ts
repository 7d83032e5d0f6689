import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { Store } from "../../src/store/store.js";
import { governedBy } from "./read-governance.js";
import { type Answers, everyone, memoryStore, noRole, notFound, type PathServer, scanOrg, servePaths, user } from "./test-scan.js";

let org: PathServer;
let store: Store;
let answers: Answers;
const governancePath = (id: string): string => `/api/v1/users/${id}/roles/ra1/governance`;

beforeEach(async () => {
	const held = (type: string) => [{ id: "ra1", type, label: type, status: "ACTIVE", assignmentType: "USER" }];
	answers = {
		"/api/v1/users": [user("00u1"), user("00u2"), user("00u3")],
		"/api/v1/groups": [everyone],
		"/api/v1/apps": [],
		"/api/v1/iam/assignees/users": { value: [{ id: "00u1" }, { id: "00u2" }, { id: "00u3" }] },
		"/api/v1/iam/roles": { roles: [] },
		"/api/v1/iam/resource-sets": { "resource-sets": [] },
		"/api/v1/users/00u1/roles": held("SUPER_ADMIN"),
		"/api/v1/users/00u2/roles": held("APP_ADMIN"),
		"/api/v1/users/00u3/roles": held("READ_ONLY_ADMIN"),
	};
	org = await servePaths(answers);
	store = await memoryStore();
});
afterEach(async () => {
	await store.close();
	await org.close();
});

const scan = async () => {
	const { bodies, coverage } = await scanOrg(org, store, { only: ["accounts", "groups", "roleAssignments"] });
	const roles = (await bodies("roleAssignments")) as RoleAssignmentRecord[];
	return { coverage: coverage.roleAssignments, of: (id: string) => roles.find(({ principal }) => principal === id) };
};
const asked = (): number => org.asked.filter((path) => path.endsWith("/governance")).length;

describe("governance of roles", () => {
	it("says of users' strong roles whether they were given for a time, and asks of no other role", async () => {
		answers[governancePath("00u1")] = { grants: [{ grantId: "g1", type: "BUNDLE", expirationDate: "2026-03-01T00:00:00.000Z" }] };
		answers[governancePath("00u2")] = { grants: [] };
		const { of, coverage } = await scan();
		expect(of("00u1")).toMatchObject({ governed: true, ends: Date.UTC(2026, 2, 1) });
		expect(of("00u2")).toMatchObject({ governed: false, ends: null });
		expect(of("00u3")).not.toHaveProperty("governed");
		expect(asked()).toBe(2);
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
	});

	it("is told by nobody where the licence is missing, which costs one request and is no gap", async () => {
		for (const id of ["00u1", "00u2"]) answers[governancePath(id)] = () => ({ status: 403, body: { errorCode: "E0000015" } });
		const { of, coverage } = await scan();
		expect([of("00u1")?.governed, of("00u2")?.governed]).toEqual([null, null]);
		expect(asked()).toBe(1);
		expect(coverage?.state).toBe("complete");
	});

	it("is unknown where it is refused for another reason, and roles are complete all the same", async () => {
		for (const id of ["00u1", "00u2"]) answers[governancePath(id)] = () => noRole;
		const { of, coverage } = await scan();
		expect(of("00u1")).not.toHaveProperty("governed");
		expect(of("00u2")).not.toHaveProperty("governed");
		expect(coverage).toMatchObject({ state: "complete", reasons: [{ cause: "role" }] });
	});

	it("is not told where Okta has no governance of a role: 404, as an org without it may answer", async () => {
		answers[governancePath("00u1")] = () => notFound;
		expect((await scan()).of("00u1")?.governed).toBeNull();
	});

	it("ends with the last of several grants, never where one has no end, and is unknown where an end can't be read", () => {
		const early = { expirationDate: "2026-03-01T00:00:00.000Z" };
		const late = { expirationDate: "2026-04-01T00:00:00.000Z" };
		expect(governedBy({ grants: [late, early] })).toEqual({ governed: true, ends: Date.UTC(2026, 3, 1) });
		expect(governedBy({ grants: [early, {}] })).toEqual({ governed: true, ends: null });
		expect(governedBy({ grants: [early, { expirationDate: "soon" }] })).toEqual({ governed: true, ends: undefined });
		expect(governedBy({})).toEqual({ governed: undefined, ends: undefined });
	});
});
