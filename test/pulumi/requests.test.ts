import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findEngine } from "../../tools/engine/engine.js";
import { type Project, startProject } from "./project.js";
import { entry } from "./tenant.js";

const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
if ("missing" in engine) process.stderr.write(`SKIPPED: tests on the real Pulumi engine: ${engine.missing}\n`);

/** What a preview costs the vendor, counted: time depends on the machine. */
describe.skipIf("missing" in engine)("requests of a preview on the real engine", { timeout: 300_000 }, () => {
	let project: Project;
	let groups: string[];

	beforeAll(async () => {
		project = await startProject("dir" in engine ? engine.dir : "");
		const { state } = project.emulator;
		groups = [...state.groups.values()].flatMap(({ id, type }) => (id && type === "OKTA_GROUP" ? [id] : []));
	});
	afterAll(() => project?.close());

	/** Requests of a preview with that many groups declared as they are, by path. */
	async function previewOf(ids: string[]): Promise<string[]> {
		const { state, requests } = project.emulator;
		const who = (id: string) => [...(state.members.get(id) ?? [])].map((member) => ({ id: member, login: String(state.users.get(member)?.profile?.login) }));
		project.stack({ memberships: `memberships:\n${ids.map((id) => entry(`okta/group/${id}`, who(id), "authoritative")).join("")}` });
		expect(await project.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		const before = requests.length;
		expect(await project.pulumi("preview", "--refresh", "--expect-no-changes")).toMatchObject({ code: 0 });
		return requests.slice(before).map(({ url }) => url);
	}

	it("a declared group more is one request more, and its members are read live once", async () => {
		const few = await previewOf(groups.slice(0, 2));
		const many = await previewOf(groups);
		expect(groups.length).toBeGreaterThan(5);
		expect(many.length).toBeLessThanOrEqual(few.length + groups.length - 2);
		for (const id of groups)
			expect(
				many.filter((url) => url.includes(`/groups/${id}/users`)),
				id,
			).toHaveLength(1);
		expect(project.writes()).toEqual([]);
	});
});
