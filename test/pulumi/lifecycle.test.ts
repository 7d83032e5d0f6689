import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeStory } from "../../providers/okta/emulator/acme.js";
import { connect, openWorkspace, type Workspace } from "../../src/cli/workspace.js";
import { refusedMark } from "../../src/pulumi/errors.js";
import { lifecycles, type Props } from "../../src/pulumi/lifecycle.js";
import { newSession, type Session } from "../../src/pulumi/session.js";
import { entry, holding, startTenant, superAdmins, type TestTenant } from "./tenant.js";

const { people, groups, policies, rules } = acmeStory;
const { ana, leo, kim, jonas, tom, carl, elin } = people;
const { Membership, Setting } = lifecycles;
const rule = `okta/rule/OKTA_SIGN_ON/${policies.workforce}/${rules.longSession}`;
const lifetime = (minutes: number) => ({ actions: { signon: { session: { maxSessionLifetimeMinutes: minutes } } } });

const named = (who: { id: string; login: string }[]) => Object.fromEntries(who.map(({ id, login }) => [id, login]));
const admins = (who: { id: string; login: string }[], more: Props = {}): Props => ({
	stack: "s",
	key: superAdmins,
	name: "Super Admins",
	mode: "authoritative",
	members: named(who),
	...more,
});
const digestIn = (text: string | undefined): string => /d_[0-9a-f]{20}/.exec(text ?? "")?.[0] ?? "";

let tenant: TestTenant;
let session: Session;
let workspace: Workspace;

async function open(parts: Parameters<TestTenant["stack"]>[0] = {}): Promise<void> {
	await session?.close();
	tenant.stack(parts);
	workspace = await openWorkspace({ stack: tenant.file });
	session = newSession({ ...workspace, connect: (system, purpose) => connect(workspace.stack, system, purpose) });
}

beforeEach(async () => {
	tenant = await startTenant();
	await open();
	tenant.writes();
});
afterEach(async () => {
	await session.close();
	await tenant.close();
});

describe("adoption", () => {
	it("what is as declared is taken over without a word", async () => {
		const inputs = admins([ana, leo, kim]);
		expect((await Membership.check(session, {}, inputs)).failures).toEqual([]);
		expect(await Membership.create(session, inputs)).toMatchObject({ id: superAdmins, props: { ...inputs, exists: true } });
		expect(tenant.writes()).toEqual([]);
	});

	it("a difference is refused by name, until exactly it is adopted", async () => {
		const [failure] = (await Membership.check(session, {}, admins([ana, leo]))).failures;
		expect(failure?.reason).toContain(`${kim.id}) is there and not declared`);
		const adopt = digestIn(failure?.reason);
		expect((await Membership.check(session, {}, admins([ana, leo], { adopt }))).failures).toEqual([]);
		expect((await Membership.check(session, {}, admins([ana], { adopt }))).failures).toHaveLength(1);
		await expect(Membership.create(session, admins([ana, leo]))).rejects.toThrow("is not managed in this mode yet");
		expect(tenant.writes()).toEqual([]);
		const { props } = await Membership.create(session, admins([ana, leo], { adopt }));
		expect(props.members).toEqual(named([ana, leo]));
		expect(tenant.members()).toEqual([ana.id, leo.id].sort());
		expect(tenant.writes()).toEqual([`DELETE /api/v1/groups/${groups.superAdmins}/users/${kim.id}`]);
	});

	it("what is managed already isn't asked again, and costs no request", async () => {
		const before = tenant.emulator.requests.length;
		expect((await Membership.check(session, admins([ana]), admins([ana, leo]))).failures).toEqual([]);
		expect(tenant.emulator.requests.length).toBe(before);
	});

	it("a mode with more power is adopted anew; one with less never takes anything away", async () => {
		expect((await Membership.check(session, admins([ana, leo], { mode: "additive" }), admins([ana, leo]))).failures).toHaveLength(1);
		expect((await Membership.check(session, admins([ana, leo]), admins([ana, leo], { mode: "observe" }))).failures).toEqual([]);
		const props = await Membership.update(session, superAdmins, admins([ana, leo]), admins([ana, leo], { mode: "additive" }));
		expect(props.mode).toBe("additive");
		expect(tenant.members()).toContain(kim.id);
		expect(tenant.writes()).toEqual([]);
	});

	it("observe writes nothing, whatever differs", async () => {
		const inputs = admins([ana, jonas], { mode: "observe" });
		expect((await Membership.check(session, {}, inputs)).failures).toEqual([]);
		const { id, props } = await Membership.create(session, inputs);
		expect(Membership.diff((await Membership.read(session, id, props)).props, inputs)).toBe(false);
		await Membership.update(session, id, props, inputs);
		expect(tenant.writes()).toEqual([]);
	});
});

describe("reading", () => {
	it("shows what is live as inputs, so that the difference is the drift", async () => {
		const { inputs, props } = await Membership.read(session, superAdmins, admins([ana, leo, jonas]));
		expect(Object.keys(inputs.members as object).sort()).toEqual([ana.id, leo.id, kim.id].sort());
		expect(Membership.diff(props, admins([ana, leo, jonas]))).toBe(true);
		expect(Membership.diff(props, admins([ana, leo, kim]))).toBe(false);
	});

	it("what was read is read once a run, until something is written", async () => {
		const asked = async (work: () => Promise<unknown>) => {
			const before = tenant.emulator.requests.length;
			await work();
			return tenant.emulator.requests.slice(before).filter(({ url }) => url.includes(`/groups/${groups.superAdmins}/users`)).length;
		};
		const read = () => Membership.read(session, superAdmins, admins([ana, leo, kim]));
		expect([await asked(read), await asked(read), await asked(() => Membership.check(session, {}, admins([ana, leo, kim])))]).toEqual([1, 0, 0]);
		await Membership.update(session, superAdmins, admins([ana, leo, kim]), admins([ana, leo]));
		expect((await read()).props.members).toEqual(named([ana, leo]));
		// Another run is another session.
		await open();
		expect(await asked(read)).toBe(1);
	});

	it("a group that is gone keeps its id and is a drift for a person", async () => {
		tenant.emulator.state.groups.delete(groups.superAdmins);
		const { id, props } = await Membership.read(session, superAdmins, admins([ana, leo, kim]));
		expect([id, props.exists, Membership.diff(props, admins([ana, leo, kim]))]).toEqual([superAdmins, false, true]);
		await expect(Membership.update(session, id, props, admins([ana, leo, kim]))).rejects.toThrow("the vendor has no such object");
	});

	it("throws for what can't be read whole", async () => {
		tenant.emulator.knobs.faults.push({ do: "status", status: 403, path: /\/groups\/[^/]+\/users/ });
		await expect(Membership.read(session, superAdmins, admins([ana]))).rejects.toThrow("can't be read whole");
	});

	it("an object of a system that is not in the stack file any more keeps its state: it is about to be forgotten", async () => {
		const gone = { ...admins([ana]), key: "old/group/00g1", exists: true, liveName: "X" };
		expect((await Membership.read(session, "old/group/00g1", gone)).props).toEqual(gone);
	});

	it("a role: who holds it directly and through groups", async () => {
		const inputs = { stack: "s", key: "okta/role/SUPER_ADMIN", mode: "authoritative", members: {} };
		const { inputs: live } = await Membership.read(session, inputs.key, inputs);
		const holders = Object.keys(live.members as object);
		for (const { id } of [ana, leo, kim, tom, people.emergency1, people.svcDeploy]) expect(holders).toContain(id);
		expect(holders).not.toContain(jonas.id);
	});
});

describe("mending", () => {
	const managed = (who: Parameters<typeof named>[0]) => Membership.update(session, superAdmins, admins([]), admins(who));

	it("adds and takes out, through the journal", async () => {
		const key = `okta/group/${groups.productionAccess}`;
		const inputs = { stack: "s", key, mode: "authoritative", members: named([people.yuki, people.marta, carl]) };
		expect((await Membership.update(session, key, inputs, inputs)).members).toEqual(inputs.members);
		expect([...(tenant.emulator.state.members.get(groups.productionAccess) ?? [])].sort()).toEqual(Object.keys(inputs.members).sort());
		expect(tenant.writes()).toHaveLength(3);
		const events = (await workspace.store.journal({ tenant: "acme" })).map(({ event }) => event);
		expect(events.filter((event) => event === "intent")).toHaveLength(3);
		expect(events.filter((event) => event === "verified")).toHaveLength(3);
	});

	it("an id under another name than declared is left alone", async () => {
		await expect(Membership.update(session, superAdmins, admins([]), admins([ana], { name: "Interns" }))).rejects.toThrow("the id may be the wrong one");
		expect(tenant.writes()).toEqual([]);
	});

	it("the last administrators can't be taken out", async () => {
		await expect(managed([])).rejects.toThrow(new RegExp(`${refusedMark}.*keepAdmins`, "s"));
		expect(tenant.members()).toHaveLength(3);
		expect(tenant.writes()).toEqual([]);
	});

	it("emergency accounts are never touched", async () => {
		tenant.emulator.state.members.get(groups.superAdmins)?.add(people.emergency1.id);
		await expect(managed([ana, leo, kim])).rejects.toThrow("it is an emergency account");
		expect(tenant.writes()).toEqual([]);
	});

	it("one budget for all declarations of a run", async () => {
		const key = `okta/group/${groups.productionAccess}`;
		await open({ memberships: `${holding([ana, leo])}${entry(key, [], "authoritative")}`, guardrails: "{ maxAccounts: 1, maxPercent: 25, keepAdmins: 2 }" });
		await managed([ana, leo]);
		const others = { stack: "s", key, mode: "authoritative", members: {} };
		await expect(Membership.update(session, key, others, others)).rejects.toThrow("maxAccounts");
		expect(tenant.writes()).toHaveLength(1);
	});

	it("several at once are made one after the other", async () => {
		const finance = { stack: "s", key: `okta/group/${groups.financeApprovers}`, mode: "additive", members: named([carl]) };
		const payroll = { stack: "s", key: `okta/group/${groups.payrollEditors}`, mode: "additive", members: named([elin]) };
		await Promise.all([finance, payroll].map((one) => Membership.update(session, one.key, one, one)));
		expect(tenant.writes()).toHaveLength(2);
	});

	it("a mend that was cut off is recovered by the next one on that group, and not repeated", async () => {
		const { appendJournal } = workspace.store;
		workspace.store.appendJournal = (entry) => (entry.event === "performed" ? Promise.reject(new Error("cut off")) : appendJournal(entry));
		await expect(managed([ana, leo])).rejects.toThrow("is not as declared");
		// Another process, as after a crash.
		await open();
		expect(tenant.writes()).toEqual([`DELETE /api/v1/groups/${groups.superAdmins}/users/${kim.id}`]);
		tenant.emulator.state.members.get(groups.superAdmins)?.add(jonas.id);
		await managed([ana, leo]);
		expect(tenant.writes()).toEqual([`DELETE /api/v1/groups/${groups.superAdmins}/users/${jonas.id}`]);
		const entries = await workspace.store.journal({ tenant: "acme" });
		const first = entries.find(({ event }) => event === "intent");
		expect(entries.filter(({ plan }) => plan === first?.plan).map(({ event }) => event)).toContain("recovered");
	});

	it("what a rule may put there is named and left alone", async () => {
		const key = `okta/group/${groups.helpDesk}`;
		const inputs = { stack: "s", key, mode: "authoritative", members: {} };
		await expect(Membership.update(session, key, inputs, inputs)).rejects.toMatchObject({
			id: key,
			reasons: expect.arrayContaining([expect.stringContaining("whether a rule would put it back")]),
		});
		expect(tenant.writes()).toEqual([]);
	});

	it("a setting: only what differs, in the vendor's canonical form", async () => {
		const inputs: Props = { stack: "s", key: rule, mode: "authoritative", values: lifetime(720) };
		const [failure] = (await Setting.check(session, {}, inputs)).failures;
		expect(failure?.reason).toContain("~ actions.signon.session.maxSessionLifetimeMinutes is 43200 and declared as 720");
		const { props } = await Setting.create(session, { ...inputs, adopt: digestIn(failure?.reason) });
		expect(props).toMatchObject({ values: lifetime(720), exists: true });
		expect(tenant.writes()).toHaveLength(1);
		expect(Setting.diff((await Setting.read(session, rule, props)).props, inputs)).toBe(false);
	});

	it("forgetting says so", () => {
		expect(Membership.forget(superAdmins)).toContain("nothing was written");
	});
});
