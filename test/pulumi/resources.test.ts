import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { acmeStory, acmeTenant } from "../../providers/okta/emulator/acme.js";
import { type Emulator, startEmulator } from "../../providers/okta/emulator.js";
import { findEngine } from "../../tools/engine/engine.js";
import { type EngineProject, engineProject, putPlugin } from "./project.js";

const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
if ("missing" in engine) process.stderr.write(`SKIPPED: tests on the real Pulumi engine: ${engine.missing}\n`);

const act = "0oaACTresources";
const tokens = { read: "read-canary-81c2", second: "second-canary-77d0" };
const { groups } = acmeStory;

const lifetimeOf = (emulator: Emulator, name: string): unknown => {
	const rule = [...emulator.state.policyRules.values()].flat().find((one) => one.name === name) as {
		actions?: { signon?: { session?: { maxSessionLifetimeMinutes?: number } } };
	};
	return rule?.actions?.signon?.session?.maxSessionLifetimeMinutes;
};
const named = (emulator: Emulator, name: string) => [...emulator.state.groups.values()].filter(({ profile }) => profile?.name === name);

/** One story on one project, in order: two Okta orgs in one stack file, each with resources of its own. */
describe.skipIf("missing" in engine)("vendors' resources on the real engine", { timeout: 300_000 }, () => {
	let dir: string;
	let project: EngineProject;
	let first: Emulator;
	let second: Emulator;
	let key: string;
	const said: string[] = [];

	const pulumi = async (...args: string[]) => {
		const ran = await project.pulumi(...args);
		said.push(ran.text);
		return ran;
	};
	/** Successful changes since the last call, by org. */
	const writes = () =>
		[first, second].map((emulator) => {
			const made = emulator.requests.filter(({ method, path, status }) => method !== "GET" && !path.includes("/oauth2/") && status < 400);
			emulator.requests.length = 0;
			return made.map(({ method, path }) => `${method} ${path}`).sort();
		});
	const stack = (resources: string) =>
		writeFileSync(
			join(dir, "stacks/acme.yaml"),
			`name: acme
store: sqlite:.keelson/acme.db
systems:
  okta:
    provider: okta
    url: ${first.url}
    auth: { method: ssws, token: "\${env:OKTA_READ}" }
    act: { method: private-key-jwt, clientId: ${act}, keyId: k1, key: "\${env:OKTA_ACT_KEY}" }
  emea:
    provider: okta
    url: ${second.url}
    auth: { method: ssws, token: "\${env:EMEA_TOKEN}" }
    act: { method: ssws, token: "\${env:EMEA_TOKEN}" }
resources:
${resources}`,
		);
	const whole = (lifetime: number, protect = true) => `  contractors:
    type: okta:group:Group
    system: okta
    properties: { name: Contractors Berlin, description: People of agencies }
    options: { protect: ${protect} }
  fill:
    type: okta:group:Rule
    system: okta
    properties:
      name: Contractors by department
      expressionValue: 'user.department=="Agency"'
      groupAssignments: [ "\${contractors.id}" ]
  policy: { type: okta:policy:Signon, system: okta, properties: { name: Contractors' sessions, groupsIncluded: [ "\${contractors.id}" ] } }
  rule:
    type: okta:policy:RuleSignon
    system: okta
    properties: { policyId: "\${policy.id}", name: A working day, mfaRequired: true, sessionLifetime: ${lifetime}, sessionIdle: 60 }
`;
	const emea = "  guests: { type: okta:group:Group, system: emea, properties: { name: Guests EMEA } }\n";

	beforeAll(async () => {
		dir = mkdtempSync(join(tmpdir(), "keelson-resources-"));
		mkdirSync(join(dir, "stacks"));
		putPlugin(join(dir, "bin"));
		const pair = await generateKeyPair("RS256", { extractable: true });
		key = await exportPKCS8(pair.privateKey);
		const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256" }] };
		const scopes = ["okta.groups.manage", "okta.policies.manage", "okta.groups.read", "okta.policies.read"];
		const auth = { ssws: [{ token: tokens.read }], clients: [{ clientId: act, jwks, scopes, dpop: false, roles: ["SUPER_ADMIN"] }] };
		first = await startEmulator({ state: acmeTenant(Date.now()), limits: "off", auth });
		second = await startEmulator({ state: acmeTenant(Date.now()), limits: "off", auth: { ssws: [{ token: tokens.second }] } });
		const variables = { OKTA_READ: tokens.read, OKTA_ACT_KEY: key, EMEA_TOKEN: tokens.second, PATH: `${join(dir, "bin")}${delimiter}${process.env.PATH}` };
		for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
		stack(whole(720) + emea);
		project = await engineProject("dir" in engine ? engine.dir : "", dir);
	});
	afterAll(async () => {
		vi.unstubAllEnvs();
		await first?.close();
		await second?.close();
		if (dir) rmSync(dir, { recursive: true, force: true });
	});

	it("the preview shows what would be made, and makes nothing", async () => {
		const { code, text } = await pulumi("preview");
		expect([code, text]).toEqual([0, expect.stringMatching(/okta:policy:RuleSignon +rule +create/)]);
		expect(writes()).toEqual([[], []]);
	});

	it("an update makes each in its own org, in the order of their references", async () => {
		const { code, text } = await pulumi("up", "--yes", "--skip-preview");
		expect([code, text]).toEqual([0, expect.stringContaining("created")]);
		expect(writes()).toEqual([
			["POST /api/v1/groups", "POST /api/v1/groups/rules", "POST /api/v1/policies", "POST /api/v1/policies/{policyId}/rules"],
			["POST /api/v1/groups"],
		]);
		const [group] = named(first, "Contractors Berlin");
		expect(named(second, "Contractors Berlin")).toEqual([]);
		expect(named(first, "Guests EMEA")).toEqual([]);
		const rule = [...first.state.groupRules.values()].find(({ name }) => name === "Contractors by department");
		expect(rule?.actions?.assignUserToGroups?.groupIds).toEqual([group?.id]);
		expect(lifetimeOf(first, "A working day")).toBe(720);
	});

	it("is quiet when nothing differs", async () => {
		expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
		expect(await project.keelson("preview", "--quiet")).toMatchObject({ code: 0 });
		expect(writes()).toEqual([[], []]);
	});

	it("sees a change made by hand, and mends it", async () => {
		const rule = [...first.state.policyRules.values()].flat().find(({ name }) => name === "A working day") as unknown as {
			actions: { signon: { session: { maxSessionLifetimeMinutes: number } } };
		};
		rule.actions.signon.session.maxSessionLifetimeMinutes = 43_200;
		const { code, text } = await pulumi("preview", "--expect-no-changes", "--diff");
		expect(code).toBe(7);
		expect(text).toMatch(/sessionLifetime *: 43200 => 720/);
		expect(await project.keelson("preview", "--quiet")).toMatchObject({ code: 5 });
		expect(writes()).toEqual([[], []]);
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(writes()).toEqual([["PUT /api/v1/policies/{policyId}/rules/{ruleId}"], []]);
		expect(lifetimeOf(first, "A working day")).toBe(720);
	});

	it("a change in the file is an update of that object alone", async () => {
		stack(whole(480) + emea);
		expect((await pulumi("preview", "--diff")).text).toMatch(/sessionLifetime *: 720 => 480/);
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(writes()).toEqual([["PUT /api/v1/policies/{policyId}/rules/{ruleId}"], []]);
	});

	it("a change that fails a policy is refused before it reaches the org, with its place in the file", async () => {
		stack(whole(43_200) + emea);
		const told = /acme\.yaml:\d+:\d+: this change fails session-lifetime-users \(medium\): A working day: sessions last too long/;
		expect(await project.keelson("check", "--desired", "--fail-on", "medium")).toEqual({ code: 1, text: expect.stringMatching(told) });
		expect(await project.keelson("check", "--desired")).toMatchObject({ code: 0, text: expect.stringMatching(told) });
		expect(await project.keelson("preview", "--fail-on", "medium")).toEqual({ code: 1, text: expect.stringMatching(told) });
		expect(await project.keelson("preview")).toEqual({ code: 5, text: expect.stringMatching(told) });
		stack(whole(480).replace("mfaRequired: true", "mfaRequired: false") + emea);
		for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
			const { code, text } = await pulumi(...command);
			expect(code).not.toBe(0);
			expect(text).toMatch(/acme\.yaml:\d+:\d+: this change fails mfa-enforced-by-policy \(critical\): A working day lets people in with one factor/);
			expect(text).not.toContain("    at ");
		}
		expect(writes()).toEqual([[], []]);
		stack(whole(480) + emea);
	});

	it("an object that exists is taken over, and read for others", async () => {
		const taken = `  admins: { type: okta:group:Group, system: emea, get: { id: ${groups.superAdmins} } }
  note: { type: okta:group:Group, system: emea, properties: { name: "Beside \${admins.name}" } }
`;
		stack(whole(480) + emea + taken);
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(named(second, "Beside Super Admins")).toHaveLength(1);
		expect(writes()).toEqual([[], ["POST /api/v1/groups"]]);
		stack(whole(480) + emea);
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(writes()).toEqual([[], ["DELETE /api/v1/groups/{groupId}"]]);
		expect(second.state.groups.has(groups.superAdmins)).toBe(true);
	});

	it("what is protected is not deleted", async () => {
		const { code, text } = await pulumi("destroy", "--yes", "--skip-preview");
		expect(code).not.toBe(0);
		expect(text).toContain("protect");
		expect(named(first, "Contractors Berlin")).toHaveLength(1);
	});

	it("no credential is in the state, and none is said", async () => {
		const state = await project.state();
		expect(state).toContain("envVarMappings");
		const lines = key.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
		for (const text of [state, ...said]) for (const secret of [...Object.values(tokens), ...lines]) expect(text).not.toContain(secret);
	});

	it("without a credential nothing is begun, and what is missing is said", async () => {
		vi.stubEnv("EMEA_TOKEN", "");
		const other = mkdtempSync(join(tmpdir(), "keelson-resources-"));
		mkdirSync(join(other, "stacks"));
		writeFileSync(join(other, "stacks/acme.yaml"), "name: acme\nsystems: {}\n");
		const bare = await engineProject("dir" in engine ? engine.dir : "", other);
		writeFileSync(
			join(other, "stacks/acme.yaml"),
			`name: acme\nsystems:\n  emea: { provider: okta, url: ${second.url}, auth: { method: ssws, token: "\${env:OKTA_READ}" }, act: { method: ssws, token: "\${env:EMEA_TOKEN}" } }\nresources:\n${emea}`,
		);
		const { code, text } = await bare.pulumi("preview");
		rmSync(other, { recursive: true, force: true });
		expect(code).not.toBe(0);
		expect(text).toContain("EMEA_TOKEN is not set");
	});

	it("everything else goes with `destroy`", async () => {
		stack(whole(480, false) + emea);
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		writes();
		expect(await pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(writes()).toEqual([
			[
				"DELETE /api/v1/groups/rules/{groupRuleId}",
				"DELETE /api/v1/groups/{groupId}",
				"DELETE /api/v1/policies/{policyId}",
				"DELETE /api/v1/policies/{policyId}/rules/{ruleId}",
			],
			["DELETE /api/v1/groups/{groupId}"],
		]);
	});
});
