import { afterEach, describe, expect, it } from "vitest";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import { actions } from "./actions.js";
import { type Answers, admin, base, clientId, connected, notFound, type PathServer, refusal, servePaths, user } from "./test-paths.js";

let tenant: PathServer;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
	await tenant?.close();
});

const users = (id: string) => `/admin/directory/v1/users/${id}`;
const members = "/admin/directory/v1/groups/g1/members";

/** One user, its grant, a group and an assignment, that change as they are told. */
function living(over: Record<string, unknown> = {}): {
	answers: Answers;
	eva: Record<string, unknown>;
	state: { token: boolean; member: boolean; held: boolean };
} {
	const eva: Record<string, unknown> = user("eva", { isEnrolledIn2Sv: true, ...over });
	const state = { token: true, member: true, held: true };
	const there = (is: () => boolean, body: object) => () => (is() ? { body } : notFound);
	const done = (change: () => void) => () => {
		change();
		return { status: 204, body: undefined };
	};
	const assignment = { roleAssignmentId: "a1", roleId: "r1", assignedTo: "eva", scopeType: "ORG_UNIT", orgUnitId: "sales" };
	const roles = "/admin/directory/v1/customer/my_customer";
	return {
		eva,
		state,
		answers: {
			...base(),
			[users("me")]: admin,
			[`GET ${users("eva")}`]: () => ({ body: eva }),
			[`PUT ${users("eva")}`]: (_, { sent }) => ({ body: Object.assign(eva, sent) }),
			[`POST ${users("eva")}/signOut`]: done(() => {}),
			[`POST ${users("eva")}/twoStepVerification/turnOff`]: () => {
				if (!eva.isEnrolledIn2Sv) return refusal(400, "invalid");
				eva.isEnrolledIn2Sv = false;
				return { status: 204, body: undefined };
			},
			[`GET ${users("eva")}/tokens/c1`]: there(() => state.token, { clientId: "c1", displayText: "Mail" }),
			[`DELETE ${users("eva")}/tokens/c1`]: () => {
				if (!state.token) return notFound;
				state.token = false;
				return { status: 204, body: undefined };
			},
			"/admin/directory/v1/groups/g1": { id: "g1", email: "g1@acme.example" },
			"/v1/groups/g1": { name: "groups/g1", labels: { "cloudidentity.googleapis.com/groups.discussion_forum": "" } },
			[`GET ${members}/eva`]: there(() => state.member, { id: "eva", role: "MANAGER", delivery_settings: "DIGEST" }),
			[`DELETE ${members}/eva`]: () => {
				if (!state.member) return notFound;
				state.member = false;
				return { status: 204, body: undefined };
			},
			[`POST ${members}`]: (_, { sent }) => {
				expect(sent).toEqual({ id: "eva", role: "MANAGER", delivery_settings: "DIGEST" });
				state.member = true;
				return { body: sent };
			},
			[`${roles}/roles/r1`]: { roleId: "r1", roleName: "Desk" },
			[`GET ${roles}/roleassignments/a1`]: there(() => state.held, assignment),
			[`GET ${roles}/roleassignments`]: () => ({ body: { kind: "admin#directory#roleAssignments", items: state.held ? [assignment] : [] } }),
			[`DELETE ${roles}/roleassignments/a1`]: () => {
				if (!state.held) return notFound;
				state.held = false;
				return { status: 204, body: undefined };
			},
			[`POST ${roles}/roleassignments`]: (_, { sent }) => {
				expect(sent).toEqual({ roleId: "r1", assignedTo: "eva", scopeType: "ORG_UNIT", orgUnitId: "sales" });
				state.held = true;
				return { body: assignment };
			},
		},
	};
}

async function acting(answers: Answers, purpose: "read" | "act" = "act") {
	tenant = await servePaths(answers);
	const connection = await connected(tenant, purpose);
	open.push(connection);
	const spec = (kind: ActionKind) => {
		const found = actions.find((action) => action.kind === kind);
		if (!found) throw new Error(`there is no ${kind}`);
		return found;
	};
	return { connection, spec, inspect: (kind: ActionKind, target: ActionTarget) => spec(kind).inspect(connection, target) };
}

const changes: [ActionKind, ActionTarget][] = [
	["suspend-account", { account: "eva" }],
	["expire-password", { account: "eva" }],
	["end-sessions", { account: "eva" }],
	["revoke-credential", { credential: "eva/token/c1", account: "eva" }],
	["reset-authenticators", { account: "eva" }],
	["remove-group-member", { group: "g1", account: "eva" }],
	["remove-role", { account: "eva", assignment: "a1", role: "r1" }],
];

describe("changes at Google", () => {
	it.each(changes)("%s: looked at, done once, read back, harmless again, and taken back where that is said", async (kind, target) => {
		const { connection, spec, inspect } = await acting(living().answers);
		const before = await inspect(kind, target);
		expect(before).toMatchObject({ exists: true, done: false, refused: null });
		expect(tenant.asked.filter((call) => !call.startsWith("GET") && !call.endsWith("/token"))).toEqual([]);
		await spec(kind).perform(connection, target, before);
		expect(await spec(kind).verify(connection, target, before)).toMatchObject({ holds: true });
		await spec(kind).perform(connection, target);
		expect((await spec(kind).verify(connection, target, before)).holds).toBe(true);
		const back = spec(kind).inverse(target, before);
		expect(back !== null).toBe(spec(kind).reversible);
		if (!back) return;
		const now = await inspect(back.kind, back.target);
		expect(now).toMatchObject({ done: false, refused: null });
		await spec(back.kind).perform(connection, back.target, now);
		expect(await spec(back.kind).verify(connection, back.target, now)).toMatchObject({ holds: true });
	});

	it.each(changes)("%s: not with the reading credential", async (kind, target) => {
		const { connection, spec } = await acting(living().answers, "read");
		await expect(spec(kind).perform(connection, target)).rejects.toThrow("auth only reads");
		expect(tenant.asked.filter((call) => !call.startsWith("GET") && !call.endsWith("/token"))).toEqual([]);
	});

	it("are refused for the administrator and the service account that Keelson itself is", async () => {
		const { inspect, connection, spec } = await acting(living().answers);
		expect((await inspect("suspend-account", { account: "me" })).refused).toContain("itself acts as");
		expect((await inspect("remove-role", { account: clientId, role: "r1" })).refused).toContain("service account");
		await expect(spec("suspend-account").perform(connection, { account: "me" })).rejects.toThrow("itself acts as");
	});

	it("are refused where they would not last or Google would not take them", async () => {
		const living_ = living({ isEnforcedIn2Sv: true });
		const { inspect } = await acting(living_.answers);
		expect((await inspect("reset-authenticators", { account: "eva" })).refused).toContain("enforced");
		Object.assign(living_.eva, { archived: true });
		expect((await inspect("suspend-account", { account: "eva" })).refused).toContain("archived");
		Object.assign(living_.eva, { archived: false, suspended: true, suspensionReason: "ABUSE" });
		expect((await inspect("unsuspend-account", { account: "eva" })).refused).toContain("ABUSE");
		expect((await inspect("suspend-account", { account: "nobody" })).exists).toBe(false);
	});

	it("give a role back although one of another breadth is held", async () => {
		const roles = "/admin/directory/v1/customer/my_customer/roleassignments";
		const narrow = { roleAssignmentId: "a2", roleId: "r1", assignedTo: "eva", scopeType: "CUSTOMER", condition: "only some" };
		const { inspect } = await acting({ ...living().answers, [`GET ${roles}`]: { kind: "admin#directory#roleAssignments", items: [narrow] } });
		expect(await inspect("add-role", { account: "eva", role: "r1" })).toMatchObject({ done: false });
		expect(await inspect("add-role", { account: "eva", role: "r1", values: { condition: "only some" } })).toMatchObject({ done: true });
		expect(await inspect("add-role", { account: "eva", role: "r1", scope: "sales" })).toMatchObject({ done: false });
	});

	it.each([
		["dynamic", { labels: { "cloudidentity.googleapis.com/groups.dynamic": "" } }],
		["locked", { labels: { "cloudidentity.googleapis.com/groups.locked": "" } }],
	])("leave the members of a %s group alone", async (_, group) => {
		const { inspect } = await acting({ ...living().answers, "/v1/groups/g1": { name: "groups/g1", ...group } });
		expect((await inspect("remove-group-member", { group: "g1", account: "eva" })).refused).not.toBeNull();
	});

	it("ask for no new password where another provider keeps it", async () => {
		const sso = { inboundSsoAssignments: [{ name: "inboundSsoAssignments/1", ssoMode: "SAML_SSO", targetOrgUnit: "orgUnits/root" }] };
		const { inspect } = await acting({ ...living().answers, "/v1/inboundSsoAssignments": sso });
		expect((await inspect("expire-password", { account: "eva" })).refused).toContain("another identity provider");
	});

	it("turn 2-step verification off for operators only, and warn", () => {
		const spec = actions.find(({ kind }) => kind === "reset-authenticators");
		expect(spec).toMatchObject({ operatorOnly: true, reversible: false });
		expect(spec?.effect).toContain("WARNING");
	});
});
