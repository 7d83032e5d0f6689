import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeStory } from "../../providers/okta/emulator/acme.js";
import { findEngine } from "../../tools/engine/engine.js";
import { type Project, startProject } from "./project.js";
import { canary, holding, superAdmins } from "./tenant.js";

const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
if ("missing" in engine) process.stderr.write(`SKIPPED: tests on the real Pulumi engine: ${engine.missing}\n`);
const { people, groups, policies, rules } = acmeStory;
const { ana, leo, kim, jonas } = people;

/** The rule's lifetime as it is live: only this value of it is declared. */
const settings = `settings:
  okta/rule/OKTA_SIGN_ON/${policies.workforce}/${rules.longSession}:
    mode: authoritative
    values: { actions: { signon: { session: { maxSessionLifetimeMinutes: 43200 } } } }
`;

/** One story on one project, in order: each step begins with what the one before left. */
describe.skipIf("missing" in engine)("drift on the real engine", { timeout: 300_000 }, () => {
	let project: Project;
	/** Everything the engine said, and its state with a managed object in it, outputs included. */
	const all: string[] = [];
	const states: string[] = [];
	const pulumi = async (...args: string[]) => {
		const ran = await project.pulumi(...args);
		all.push(ran.text);
		return ran;
	};
	const session = (): Record<string, unknown> => {
		const rule = project.emulator.state.policyRules.get(policies.workforce)?.find(({ id }) => id === rules.longSession) as {
			actions?: { signon?: { session?: Record<string, unknown> } };
		};
		const held = rule.actions?.signon?.session;
		if (!held) throw new Error("the rule has no session");
		return held;
	};
	const join = (id: string) => project.emulator.state.members.get(groups.superAdmins)?.add(id);

	beforeAll(async () => {
		project = await startProject("dir" in engine ? engine.dir : "");
	});
	afterAll(() => project?.close());

	it("refuses to take over a group that differs, in the preview, naming who", async () => {
		project.stack({ memberships: holding([ana, leo]), settings });
		const { code, text } = await pulumi("preview");
		expect(code).not.toBe(0);
		expect(text).toContain(`${kim.login} (${kim.id}) is there and not declared`);
		expect(text).toMatch(/write `adopt: d_[0-9a-f]{20}`/);
		expect(text).not.toContain("    at ");
		expect(project.writes()).toEqual([]);
	});

	it("keelson import writes the adoption, and then the difference is mended", async () => {
		const imported = await project.keelson("import", superAdmins);
		expect(imported).toMatchObject({ code: 0 });
		expect(readFileSync(project.file, "utf8")).toMatch(/adopt: d_[0-9a-f]{20}/);
		expect(project.writes()).toEqual([]);
		expect((await pulumi("up", "--yes", "--skip-preview")).text).toContain("3 created");
		expect(project.writes()).toEqual([`DELETE /api/v1/groups/${groups.superAdmins}/users/${kim.id}`]);
		expect(project.members()).toEqual([ana.id, leo.id].sort());
		expect(await project.outputs()).toMatchObject({ drift: {}, coverage: {} });
	});

	it("is quiet when nothing differs", async () => {
		expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
		expect(project.writes()).toEqual([]);
	});

	it("sees a change made by hand, and mends it", async () => {
		join(jonas.id);
		session().maxSessionLifetimeMinutes = 50_000;
		const preview = await pulumi("preview", "--expect-no-changes", "--diff");
		expect(preview.code).toBe(7);
		expect(preview.text).toContain(jonas.login);
		expect(preview.text).toMatch(/maxSessionLifetimeMinutes: 50000 => 43200/);
		expect(await project.keelson("preview")).toMatchObject({ code: 5 });
		expect(project.writes()).toEqual([]);
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(project.writes().sort()).toEqual([
			`DELETE /api/v1/groups/${groups.superAdmins}/users/${jonas.id}`,
			`PUT /api/v1/policies/${policies.workforce}/rules/${rules.longSession}`,
		]);
		expect([session().maxSessionLifetimeMinutes, session().usePersistentCookie]).toEqual([43_200, true]);
		expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
	});

	it("observe reports and never writes, and going back to authoritative must be adopted", async () => {
		join(kim.id);
		project.stack({ memberships: holding([ana, leo], "observe") });
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(project.writes()).toEqual([]);
		expect((await project.outputs()).drift).toEqual({ [superAdmins]: "1 not declared" });
		project.stack({ memberships: holding([ana, leo]) });
		const back = await pulumi("preview");
		expect(back.code).not.toBe(0);
		expect(back.text).toContain("is not managed in this mode yet");
		expect(project.writes()).toEqual([]);
	});

	it("a line taken out of the file is forgotten, and nothing is written", async () => {
		const before = project.members();
		project.stack({ memberships: "" });
		const { code, text } = await pulumi("up", "--yes", "--skip-preview");
		expect(code).toBe(0);
		expect(text).toContain("1 deleted");
		expect(project.members()).toEqual(before);
		expect(project.writes()).toEqual([]);
	});

	it("a group that can't be read is an error, and not a new group", async () => {
		project.stack({ memberships: holding([ana, leo, kim]) });
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		project.emulator.knobs.faults.push({ do: "status", status: 403, path: new RegExp(`/groups/${groups.superAdmins}/users`) });
		const { code, text } = await pulumi("preview");
		project.emulator.knobs.faults.length = 0;
		expect(code).not.toBe(0);
		expect(text).toContain("can't be read whole");
		expect(text).not.toMatch(/\+ \d+ to create/);
	});

	it("the forwarder in the state is small, and names nothing of this machine", async () => {
		const { deployment } = JSON.parse(await project.state()) as { deployment: { resources: { inputs?: { __provider?: string }; outputs?: object }[] } };
		const managed = deployment.resources.filter(({ inputs }) => inputs?.__provider);
		expect(managed).toHaveLength(1);
		for (const { inputs, outputs } of managed) {
			const text = JSON.stringify([inputs, outputs]);
			expect(text).not.toContain(path.basename(project.dir));
			expect(text).not.toContain("/work/");
			expect(inputs?.__provider?.length).toBeLessThan(4000);
		}
		states.push(await project.state());
	});

	it("destroy forgets, and writes nothing", async () => {
		const before = project.members();
		expect(await pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(project.members()).toEqual(before);
		expect(project.writes()).toEqual([]);
	});

	it("no secret is in state, outputs or logs", async () => {
		const key = JSON.parse(readFileSync(path.join(project.dir, "keys/act.json"), "utf8")) as { d: string };
		expect(states).toHaveLength(1);
		for (const text of [...states, ...all]) {
			expect(text).not.toContain(key.d);
			expect(text).not.toContain(canary);
		}
	});
});
