import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeStory } from "../../providers/okta/emulator/acme.js";
import { findEngine } from "../../tools/engine/engine.js";
import { type Project, startProject } from "./project.js";

const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
if ("missing" in engine) process.stderr.write(`SKIPPED: tests on the real Pulumi engine: ${engine.missing}\n`);
const { carl, elin, hugo } = acmeStory.people;
const guardrails = (maxAccounts: number) => ({ memberships: "", guardrails: `{ maxAccounts: ${maxAccounts}, maxPercent: 25, keepAdmins: 2 }` });
const suspend = ({ id }: { id: string }) => `POST /api/v1/users/${id}/lifecycle/suspend`;

/** One story on one project, in order. */
describe.skipIf("missing" in engine)("approved plans on the real engine", { timeout: 300_000 }, () => {
	let project: Project;
	const status = ({ id }: { id: string }) => project.emulator.state.users.get(id)?.status;

	beforeAll(async () => {
		project = await startProject("dir" in engine ? engine.dir : "");
		project.stack(guardrails(25));
		await project.keelson("scan", "--quiet");
		const { text } = await project.keelson("check", "--json", "--fail-on", "none");
		const { findings } = JSON.parse(text) as { findings: { id: string; policy: string; subject: { key: string } }[] };
		const ids = findings
			.filter(({ policy, subject }) => policy === "dormant-account" && [carl, elin, hugo].some(({ id }) => subject.key === `okta/${id}`))
			.map(({ id }) => id);
		expect(ids).toHaveLength(3);
		expect(await project.keelson("plan", "--no-scan", "--quiet", "--finding", ...ids)).toMatchObject({ code: 0 });
		project.writes();
	});
	afterAll(() => project?.close());

	it("the preview shows the plan's changes and makes none", async () => {
		const { code, text } = await project.pulumi("preview", "--diff");
		expect(code).toBe(0);
		for (const { login } of [carl, elin, hugo]) expect(text).toContain(`suspend ${login}`);
		expect(project.writes()).toEqual([]);
	});

	it("over budget nothing of it is applied, and keelson up ends with 4", async () => {
		project.stack(guardrails(2));
		const { code, text } = await project.pulumi("up", "--yes", "--skip-preview");
		expect(code).not.toBe(0);
		expect(text).toContain("refused by a guardrail, nothing was written: 3 accounts would be touched; 2 are allowed (maxAccounts)");
		expect(await project.keelson("up", "--yes", "--quiet")).toMatchObject({ code: 4 });
		expect(project.writes()).toEqual([]);
		expect([carl, elin, hugo].map(status)).toEqual(["ACTIVE", "ACTIVE", "ACTIVE"]);
	});

	it("a change in the middle that fails leaves the rest made, and the run says so", async () => {
		project.stack(guardrails(25));
		project.emulator.knobs.faults.push({ do: "status", status: 403, method: "POST", path: new RegExp(`/users/${elin.id}/lifecycle/suspend`) });
		const { code, text } = await project.pulumi("up", "--yes", "--skip-preview");
		project.emulator.knobs.faults.length = 0;
		expect(code).not.toBe(0);
		expect(text).toContain("was applied in part");
		expect(text).toContain(`suspend ${elin.login}: failed`);
		expect([carl, elin, hugo].map(status)).toEqual(["SUSPENDED", "ACTIVE", "SUSPENDED"]);
		expect(project.writes().filter((write) => write.endsWith("/suspend"))).toContain(suspend(carl));
	});

	it("the next preview sees that it is not done, and the next update goes on with what is left alone", async () => {
		expect(await project.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 7 });
		expect(project.writes()).toEqual([]);
		expect(await project.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(project.writes()).toEqual([suspend(elin)]);
		expect(status(elin)).toBe("SUSPENDED");
	});

	it("an applied plan stays quiet", async () => {
		expect(await project.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
		expect(project.writes()).toEqual([]);
		expect(await project.state()).toContain('"outcome": "applied"');
	});
});
