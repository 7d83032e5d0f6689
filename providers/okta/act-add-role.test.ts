import { afterEach, beforeEach, expect, it } from "vitest";
import type { ActionTarget, Inspection } from "../../src/provider/action.js";
import { makeGroup, makeRole, makeUser } from "./emulator/build.js";
import { type Acting, acting, actionOf } from "./test-act.js";

let org: Acting;
let account: string;
let group: string;
let target: ActionTarget;

beforeEach(async () => {
	org = await acting();
	account = makeUser(org.state, "ana@acme.example");
	group = makeGroup(org.state, "Sales");
	target = { account, role: "HELP_DESK_ADMIN", values: { targets: { groups: [group], apps: [] } } };
});
afterEach(() => org.close());

const addRole = actionOf("add-role");
const held = () => org.state.roles.filter(({ principalId }) => principalId === account);
const deny = (path: RegExp) => org.emulator.knobs.faults.push({ do: "status", status: 403, path, body: { errorCode: "E0000006", errorSummary: "no" } });
/** As a run leaves it that died between giving the role and narrowing it. */
function givenNow(more: object = {}): string {
	return makeRole(org.state, "user", account, "HELP_DESK_ADMIN", { created: new Date(org.emulator.now()).toISOString(), ...more });
}
/** What the journal keeps of the look before the call. */
async function journaled(): Promise<Record<string, unknown>> {
	return JSON.parse(JSON.stringify((await addRole.inspect(org.connection, target)).facts)) as Record<string, unknown>;
}
const finish = (before: Inspection) => addRole.perform(org.connection, target, before);

it("a role that was given and not narrowed, and can't be narrowed now, is taken back", async () => {
	const facts = await journaled();
	givenNow();
	const before = await addRole.inspect(org.connection, target, facts);
	expect(before).toMatchObject({ done: false, halfDone: true, refused: null });
	deny(/targets\/groups\/[^/]+$/);
	await expect(finish(before)).rejects.toMatchObject({ ambiguous: false, message: expect.stringContaining("was taken away again") });
	expect(held()).toEqual([]);
});

it.each<[string, (facts: Record<string, unknown>) => Record<string, unknown> | undefined, object]>([
	["nobody was interrupted", () => undefined, {}],
	["it was held before the call", (facts) => ({ ...facts, assignment: "ra0" }), {}],
	["it was given long before", (facts) => facts, { created: "2020-01-01T00:00:00.000Z" }],
	["it was given long after", (facts) => ({ ...facts, asOf: Date.now() - 86_400_000 }), {}],
	["it has a target that was not asked for", (facts) => facts, { targetGroups: ["other"] }],
])("a wide role is left alone when %s", async (_, change, more) => {
	const facts = await journaled();
	const other = makeGroup(org.state, "Other");
	givenNow("targetGroups" in more ? { targetGroups: [other] } : more);
	const seen = await addRole.inspect(org.connection, target, change(facts));
	expect(seen.halfDone).toBeUndefined();
	expect(seen.refused).toContain("with other targets");
});

it("an answer that never came and a look that is denied leave it in doubt, never refused", async () => {
	org.emulator.knobs.faults = [
		{ do: "status", status: 502, path: /\/users\/[^/]+\/roles$/, method: "POST" },
		{ do: "status", status: 403, path: /\/users\/[^/]+\/roles$/, method: "GET" },
	];
	await expect(addRole.perform(org.connection, target)).rejects.toMatchObject({ ambiguous: true });
});

it("a list of roles that Okta denies is no proof that a role was taken away", async () => {
	makeRole(org.state, "user", account, "ORG_ADMIN");
	const removeRole = actionOf("remove-role");
	const asked = { account, role: "ORG_ADMIN" };
	const before = await removeRole.inspect(org.connection, asked);
	org.emulator.knobs.faults = [{ do: "status", status: 404, path: /\/roles$/, body: { errorCode: "E0000007", errorSummary: "Not found" } }];
	await expect(removeRole.verify(org.connection, asked, before)).rejects.toThrow("denies its list of roles");
	const ofGroup = { group, role: "ORG_ADMIN" };
	await expect(removeRole.inspect(org.connection, ofGroup)).rejects.toThrow("denies its list of roles");
});
