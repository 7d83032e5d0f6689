import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeStory } from "../providers/okta/emulator/acme.js";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson } from "./keelson.js";

const key = `okta/group/${acmeStory.groups.superAdmins}`;

/** One story, in order: each step begins with what the one before left. */
describe("access until a time that is past", { timeout: 120_000 }, () => {
	let folder: string;
	let file: string;
	let tenant: DemoTenant;
	let added: { id: string; login: string };
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const json = async (...args: string[]) => {
		const { code, stdout, stderr } = await run(...args, "--json", "--quiet");
		return { code, stderr, said: JSON.parse(stdout) };
	};
	const declare = (line: string) => writeFileSync(file, readFileSync(file, "utf8").replace(new RegExp(`(  ${key}:[\\s\\S]*?members:\\n)`), `$1${line}`));
	const line = ({ id, login }: { id: string; login: string }, until: string) => `      - { login: ${login}, id: ${id}, until: ${until}, reason: migration }\n`;
	const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
	const extras = async () =>
		(await json("drift", "--no-who")).said.drift.flatMap(({ parts }: { parts: { member?: string }[] }) => parts.map(({ member }) => member));

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-expire-"));
		file = join(folder, "stacks", "acme.yaml");
		tenant = await startDemoTenant(folder);
		await run("scan", "--quiet", "--fail-on", "none");
		await run("pin");
		tenant.changeBehindYourBack();
		const { said } = await json("drift", "--no-who");
		const id: string = said.drift.find((one: { key: string }) => one.key === key).parts[0].member;
		added = { id, login: "jonas.weiss@freelance.example" };
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it("leaves alone who is there and not declared, and whose time is not over", async () => {
		expect(await json("expire")).toMatchObject({ code: 0, said: { due: [], overdue: [], plan: null, applied: null, unread: [] } });
		declare(line(added, hour(2)));
		expect(await json("expire")).toMatchObject({ code: 0, said: { due: [], plan: null } });
		expect(await json("expire", "--list")).toMatchObject({ code: 0, said: { grants: [{ key, account: added.id, state: "ending", overdue: false }] } });
		expect(await json("expire", "--list", "--within", "1h")).toMatchObject({ said: { grants: [{ state: "active" }] } });
	});

	it("says what is overdue and changes nothing when it is only asked", async () => {
		writeFileSync(file, readFileSync(file, "utf8").replace(/until: 2\S+Z/, `until: ${hour(-1)}`));
		expect(await json("expire", "--list")).toMatchObject({
			code: 1,
			said: { grants: [{ account: added.id, state: "overdue", overdue: true, endedBy: "keelson expire" }] },
		});
		expect(await json("expire", "--dry-run")).toMatchObject({ code: 0, said: { due: [{ account: added.id }], applied: null } });
		expect(await extras()).toContain(added.id);
	});

	it("ends nothing in a freeze, and says so", async () => {
		const before = readFileSync(file, "utf8");
		const freeze = `freeze: [{ from: ${hour(-1)}, to: ${hour(1)}, reason: audit }]`;
		writeFileSync(file, before.replace("guardrails: { ", `guardrails: { ${freeze}, `));
		expect(readFileSync(file, "utf8")).toContain("audit");
		const { code, said } = await json("expire");
		expect(code).toBe(4);
		expect(said).toMatchObject({ overdue: [{ account: added.id }], applied: { outcome: "refused", refusals: [{ guardrail: "freeze" }] } });
		writeFileSync(file, before);
		expect(await extras()).toContain(added.id);
	});

	it("ends it, once, and nobody else's", async () => {
		expect(await json("expire")).toMatchObject({ code: 0, said: { due: [{ account: added.id }], overdue: [], applied: { outcome: "applied" } } });
		expect(await extras()).not.toContain(added.id);
		expect(await json("expire")).toMatchObject({ code: 0, said: { due: [], overdue: [], applied: null } });
		expect(await json("expire", "--list")).toMatchObject({ code: 0, said: { grants: [{ account: added.id, state: "ended" }] } });
	});

	it("refuses a system that the stack file does not have", async () => {
		expect(await run("expire", "--system", "nowhere")).toMatchObject({ code: 2, stdout: "" });
	});
});
