import { execFileSync } from "node:child_process";
import { createPrivateKey, type JsonWebKey } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeStory } from "../../providers/okta/emulator/acme.js";
import { findEngine } from "../../tools/engine/engine.js";
import { keelson } from "../keelson.js";
import { install, putPlugin } from "../pulumi/project.js";
import { holding, startTenant, type TestTenant } from "../pulumi/tenant.js";
import { type GitHub, startGitHub } from "./github.js";
import { runWorkflow, type WorkflowRun } from "./runner.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
if ("missing" in engine) process.stderr.write(`SKIPPED: pipelines on the real Pulumi engine: ${engine.missing}\n`);
const { people, policies, rules } = acmeStory;
const { ana, leo, kim, jonas } = people;
const agency = `resources:
  agency:
    type: okta:group:Rule
    system: okta
    properties: { name: People of agencies, expressionValue: 'user.department=="Agency"', groupAssignments: [ ${acmeStory.groups.contractors} ] }
`;

/** The pipelines that `keelson init` writes, in fresh clones of a bare repository, against emulated Okta and a stand-in for GitHub: one story, in order. */
describe.skipIf("missing" in engine)("pipelines", { timeout: 300_000 }, () => {
	let dir: string;
	let tenant: TestTenant;
	let github: GitHub;
	let developer: string;
	let runs = 0;
	const logs: string[] = [];

	const at = (path: string) => join(developer, path);
	const git = (...args: string[]) => execFileSync("git", args, { cwd: developer, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
	const origin = () => join(dir, "origin.git");
	const commit = (message: string, change: () => void) => {
		change();
		git("add", "--all");
		git("commit", "--quiet", "-m", message);
	};
	const stack = () => readFileSync(at("stacks/keelson.yaml"), "utf8");
	const edit = (from: string | RegExp, to: string) => {
		const text = stack().replace(from, to);
		expect(text).not.toBe(stack());
		writeFileSync(at("stacks/keelson.yaml"), text);
	};

	const run = async (workflow: string, eventName: string, event: Record<string, unknown>): Promise<WorkflowRun> => {
		const done = await runWorkflow({
			origin: origin(),
			workflow: `.github/workflows/keelson-${workflow}.yml`,
			eventName,
			event: { repository: { private: true, default_branch: "main" }, ...event },
			ref: "main",
			repository: github.repository,
			runId: ++runs,
			secrets: {
				"keelson-read": { OKTA_READ_KEY: key("read"), PULUMI_CONFIG_PASSPHRASE: "1" },
				"keelson-expire": { OKTA_READ_KEY: key("read"), OKTA_ACT_KEY: key("act"), PULUMI_CONFIG_PASSPHRASE: "1" },
				"keelson-act": { OKTA_READ_KEY: key("read"), OKTA_ACT_KEY: key("act"), PULUMI_CONFIG_PASSPHRASE: "1" },
			},
			vars: { PULUMI_BACKEND_URL: `file://${join(dir, "backend")}` },
			token: github.token,
			api: github.url,
			caches: join(dir, "caches"),
			path: [join(dir, "bin"), "dir" in engine ? engine.dir : ""],
			env: { PULUMI_HOME: join(dir, "home"), PULUMI_SKIP_UPDATE_CHECK: "1", NO_COLOR: "1", KEELSON_TEST_MODULES: join(dir, "modules") },
		});
		logs.push(done.log, done.summary);
		return done;
	};
	const jwk = (name: string) => JSON.parse(readFileSync(join(tenant.dir, "keys", `${name}.json`), "utf8")) as JWK & { kid: string; d: string };
	/** In the form that the vendor's plugin takes too. */
	const key = (name: string) => createPrivateKey({ key: jwk(name) as JsonWebKey, format: "jwk" }).export({ type: "pkcs8", format: "pem" }) as string;
	const kid = (name: string) => jwk(name).kid;

	/** Pushes the developer's branch as the head of pull request 7, and runs its review. */
	const review = async (branch: string, from = github.repository) => {
		git("push", "--quiet", "--force", "origin", `${branch}:refs/pull/7/head`);
		const pull_request = { number: 7, head: { sha: git("rev-parse", branch), repo: { full_name: from } }, base: { ref: "main" } };
		return run("review", "pull_request_target", { pull_request });
	};
	/** The run went through; else its end is told. */
	const through = ({ ok, log }: WorkflowRun) => expect(ok ? "" : log.slice(-3000)).toBe("");
	const comment = () => github.comments.get(7)?.map(({ body }) => body ?? "") ?? [];
	const merge = (branch: string) => {
		git("checkout", "--quiet", "main");
		git("merge", "--quiet", "--no-ff", "-m", `Merge ${branch}`, branch);
		git("push", "--quiet", "origin", "main");
		return run("up", "push", {});
	};
	const fresh = (branch: string) => {
		git("checkout", "--quiet", "main");
		git("pull", "--quiet", "origin", "main");
		git("checkout", "--quiet", "-B", branch);
	};
	const lifetime = () => {
		const rule = tenant.emulator.state.policyRules.get(policies.workforce)?.find(({ id }) => id === rules.longSession) as {
			actions: { signon: { session: { maxSessionLifetimeMinutes: number } } };
		};
		return rule.actions.signon.session;
	};

	beforeAll(async () => {
		dir = mkdtempSync(join(tmpdir(), "keelson-pipelines-"));
		tenant = await startTenant({ plugin: true });
		github = await startGitHub();
		developer = join(dir, "developer");
		for (const folder of ["bin", "backend", "home", "modules", "developer"]) mkdirSync(join(dir, folder));
		putPlugin(join(dir, "bin"));
		install(join(dir, "modules"));
		mkdirSync(join(dir, "modules", ".bin"));
		symlinkSync("../keelson/dist/src/cli/main.js", join(dir, "modules", ".bin", "keelson"));
		// What `npm ci` brings: the package as it would be published, and what it depends on.
		writeFileSync(join(dir, "bin", "npm"), '#!/bin/sh\n[ "$1" = ci ] && exec cp -R "$KEELSON_TEST_MODULES" node_modules\nexit 1\n', { mode: 0o755 });
		execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin()]);
		git("init", "--quiet", "--initial-branch=main");
		for (const [name, value] of [
			["user.name", "Ana"],
			["user.email", "ana@acme.example"],
		])
			git("config", `${name}`, `${value}`);
		git("remote", "add", "origin", origin());
		expect(await keelson(developer, ["init", "--name", "acme", "--url", "https://acme.okta.com"])).toMatchObject({ code: 0, stderr: "" });
		const store = `sqlite:${join(dir, "store", "acme.db")}`;
		mkdirSync(join(dir, "store"));
		const { emergency1, emergency2 } = people;
		const breakGlass = [emergency1, emergency2].map(({ login, id }) => `{ login: okta/${login}, id: ${id} }`).join(", ");
		commit("Begin", () => {
			edit(/url: .*/, `url: ${tenant.emulator.url}`);
			edit(
				/^ {4}auth: .*$/m,
				`    auth: { method: private-key-jwt, clientId: ${acmeStory.apps.keelsonRead}, keyId: ${kid("read")}, key: "\${env:OKTA_READ_KEY}" }`,
			);
			edit(
				/^ {4}# act: .*$/m,
				`    act: { method: private-key-jwt, clientId: ${acmeStory.apps.keelsonAct}, keyId: ${kid("act")}, key: "\${env:OKTA_ACT_KEY}" }`,
			);
			edit(/^store: .*$/m, `store: ${store}`);
			edit(/^policies:\n/m, "policies:\n  set:\n    session-lifetime-users: { severity: high }\n");
			edit(/breakGlass: \[\].*$/m, `breakGlass: [ ${breakGlass} ]`);
			edit(/maxAccounts: 5, maxPercent: 2/, "maxAccounts: 25, maxPercent: 25");
			edit(
				/^remediation:/m,
				`${holding([ana, leo, kim])}settings:\n  okta/rule/OKTA_SIGN_ON/${policies.administrators}/${rules.administrators}:\n    mode: authoritative\n    values: { actions: { signon: { session: { maxSessionLifetimeMinutes: 720 } } } }\n  okta/rule/OKTA_SIGN_ON/${policies.workforce}/${rules.longSession}:\n    mode: authoritative\n    values: { actions: { signon: { session: { maxSessionLifetimeMinutes: 43200 } } } }\nremediation:`,
			);
		});
		git("push", "--quiet", "origin", "main");
	});
	afterAll(async () => {
		await tenant.close();
		await github.close();
		rmSync(dir, { recursive: true, force: true });
	});

	it("a merge takes over what is declared as it is", async () => {
		const { ok, log } = await run("up", "push", {});
		expect(log).toContain("4 created");
		expect(ok).toBe(true);
		expect(tenant.writes()).toEqual([]);
	});

	it("a pull request that adds a group rule and loosens a session hears of it in the preview, before anything is so", async () => {
		fresh("agency");
		commit("A rule for people of agencies, and longer sessions", () => {
			edit(/^remediation:/m, `${agency}remediation:`);
			edit("maxSessionLifetimeMinutes: 720", "maxSessionLifetimeMinutes: 43200");
		});
		const loosened = await review("agency");
		expect(loosened.ok).toBe(false);
		expect(comment()).toHaveLength(1);
		expect(comment()[0]).toMatch(/❌ .*\n\n- what it declares fails 1 policy check of severity high or above/);
		expect(comment()[0]).toMatch(/\| ❌ fails \| high \| .*\| `session-lifetime-users` \| `stacks\/keelson.yaml:\d+` \|/);
		expect(loosened.log).toMatch(/okta:group:Rule +agency +create/);
		expect(loosened.log).toMatch(/this change fails session-lifetime-users/);
		expect(tenant.writes()).toEqual([]);
		commit("Sessions as they were", () => edit("maxSessionLifetimeMinutes: 43200", "maxSessionLifetimeMinutes: 720"));
		through(await review("agency"));
		expect(comment()).toHaveLength(1);
		expect(comment()[0]).toContain("✅ **Nothing stands against this change");
		expect(tenant.writes()).toEqual([]);
	});

	it("merged, the group rule is made, and nothing else", async () => {
		through(await merge("agency"));
		expect(tenant.writes()).toEqual(["POST /api/v1/groups/rules"]);
		expect([...tenant.emulator.state.groupRules.values()].map(({ name }) => name)).toContain("People of agencies");
	});

	it("a pull request gets one comment, which says what it changes, and nothing is written to the vendor", async () => {
		fresh("members");
		commit("Kim leaves the administrators", () => edit(/, \{ login: kim[^}]*\}/, ""));
		through(await review("members"));
		expect(comment()).toHaveLength(1);
		expect(comment()[0]).toMatch(/^<!-- keelson:stack=acme -->\n## Keelson on acme\n\n✅ \*\*Nothing stands against this change/);
		commit("A shorter time for unused accounts", () =>
			edit(/^policies:\n {2}set:\n/m, "policies:\n  set:\n    dormant-account: { params: { days: 5 }, severity: critical }\n"),
		);
		const second = await review("members");
		expect(second.ok).toBe(false);
		expect(comment()).toHaveLength(1);
		expect(comment()[0]).toMatch(/❌ .*stands? against this change/);
		expect(tenant.writes()).toEqual([]);
		git("reset", "--quiet", "--hard", "HEAD~1");
	});

	it("a merge makes exactly the change that was reviewed", async () => {
		through(await merge("members"));
		expect(tenant.writes()).toEqual([`DELETE /api/v1/groups/${acmeStory.groups.superAdmins}/users/${kim.id}`]);
	});

	it("drift behind its back becomes one pull request with the plan that takes it back", async () => {
		tenant.emulator.state.members.get(acmeStory.groups.superAdmins)?.add(jonas.id);
		lifetime().maxSessionLifetimeMinutes = 50_000;
		for (const what of ["created", "updated|unchanged"]) {
			const { ok, log } = await run("drift", "schedule", {});
			expect(ok).toBe(false);
			expect(log).toMatch(new RegExp(`(${what}) https://github.example/acme/identity/pull/1`));
		}
		expect(github.pulls).toHaveLength(1);
		expect(github.pulls[0]?.body).toContain(jonas.login);
		expect(git("ls-remote", "--heads", "origin")).toContain("refs/heads/keelson/acme");
		expect(tenant.writes()).toEqual([]);
	});

	it("merged, it is taken back, and the next scheduled run is quiet and closes what is open", async () => {
		git("fetch", "--quiet", "origin");
		through(await merge("origin/keelson/acme"));
		expect(tenant.members()).toEqual([ana.id, leo.id].sort());
		expect(lifetime().maxSessionLifetimeMinutes).toBe(43_200);
		tenant.writes();
		const quiet = await run("drift", "schedule", {});
		through(quiet);
		expect(quiet.log).toContain("closed https://github.example/acme/identity/pull/1");
		expect(tenant.writes()).toEqual([]);
	});

	it("a pull request can't send the credential elsewhere", async () => {
		fresh("elsewhere");
		commit("Another address", () => edit(/url: http.*/, "url: http://127.0.0.1:9"));
		const { ok, log } = await review("elsewhere");
		expect(ok).toBe(false);
		expect(log).toContain("systems.okta.url is not as on HEAD");
		expect(comment().at(-1)).toContain("This change can not be judged");
	});

	it("a pull request can't bring code: what it changes of packages and actions is not used", async () => {
		fresh("code");
		commit("Code", () => {
			writeFileSync(at(".github/actions/keelson/action.yml"), "runs: { using: composite, steps: [ { run: echo OWNED, shell: bash } ] }\n");
			writeFileSync(at("package.json"), '{ "scripts": { "prepare": "echo OWNED" } }\n');
			cpSync(at("Pulumi.yaml"), at("stacks/Pulumi.yaml"));
		});
		const { ok, log } = await review("code");
		expect(log).not.toContain("OWNED");
		expect(log).toContain("not taken, as it is no stack file, policy or plan: stacks/Pulumi.yaml");
		expect(ok).toBe(true);
	});

	it("a fork is judged offline: nothing is asked of the vendor", async () => {
		fresh("fork");
		commit("Fork", () => edit(/maxAccounts: 25/, "maxAccounts: 24"));
		const before = tenant.emulator.requests.length;
		through(await review("fork", "stranger/identity"));
		expect(tenant.emulator.requests.length).toBe(before);
		expect(comment()).toHaveLength(1);
		expect(comment()[0]).toContain("Nothing stands against this change");
	});

	it("what is given until a time that is past is taken away on a schedule of its own", async () => {
		git("checkout", "--quiet", "main");
		tenant.emulator.state.members.get(acmeStory.groups.superAdmins)?.add(kim.id);
		commit("Kim for a day", () => edit(/(members: \[ )/, `$1{ login: ${kim.login}, id: ${kim.id}, until: 2026-01-01 }, `));
		git("push", "--quiet", "origin", "main");
		tenant.writes();
		through(await run("expire", "schedule", {}));
		expect(tenant.writes()).toEqual([`DELETE /api/v1/groups/${acmeStory.groups.superAdmins}/users/${kim.id}`]);
		through(await run("expire", "schedule", {}));
		expect(tenant.writes()).toEqual([]);
	});

	it("in a public repository no review runs", async () => {
		expect(await run("review", "pull_request_target", { repository: { private: false }, pull_request: { number: 7 } })).toMatchObject({ ran: false });
	});

	it("uses actions by commit only, and shows no secret", () => {
		for (const log of logs)
			for (const name of ["read", "act"]) for (const line of [jwk(name).d, ...key(name).split("\n").slice(1, -2)]) expect(log).not.toContain(line);
		for (const log of logs) expect(log).not.toContain(github.token);
		for (const path of ["action.yml", ".github/workflows/keelson-review.yml"]) {
			const text = path === "action.yml" ? readFileSync(join(root, path), "utf8") : readFileSync(at(path), "utf8");
			for (const [, used] of text.matchAll(/uses: (\S+)/g)) expect(used).toMatch(/@[0-9a-f]{40}$|^\.\//);
		}
	});
});
