import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson } from "./keelson.js";

interface Told {
	path: string;
	event: string;
	total: number;
	text: string;
}

const secret = "canary-webhook-key";

/** One story, in order. */
describe("telling channels", { timeout: 120_000 }, () => {
	let folder: string;
	let tenant: DemoTenant;
	let server: Server;
	let told: Told[] = [];
	let down = false;
	const said: string[] = [];
	const stack = () => join(folder, "stacks", "acme.yaml");
	const run = async (args: string[], env: Record<string, string> = {}) => {
		told = [];
		const ran = await keelson(folder, [...args, "-s", "stacks/acme.yaml"], { HOOK_KEY: secret, HOOK_URL: `${url()}/t0ken-canary`, ...env });
		said.push(ran.stdout, ran.stderr);
		return ran;
	};
	const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const events = () => told.map(({ path, event }) => `${path} ${event}`);

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-notify-"));
		tenant = await startDemoTenant(folder);
		server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on("data", (chunk: Buffer) => chunks.push(chunk));
			request.on("end", () => {
				const text = Buffer.concat(chunks).toString();
				const body = JSON.parse(text);
				if (request.url === "/siem") {
					const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = request.headers;
					expect(signature).toBe(`v1,${createHmac("sha256", secret).update(`${id}.${at}.${text}`).digest("base64")}`);
				}
				told.push({ path: String(request.url).replace("t0ken-canary", "…"), event: body.event ?? "chat", total: body.total ?? 0, text });
				response.writeHead(down ? 500 : 200).end();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const all = "[ drift, findings, apply, grant-failed, grant-overdue, exemption-ending ]";
		const channels = `    siem: { kind: webhook, events: ${all}, severity: critical, url: ${url()}/siem, secret: "\${env:HOOK_KEY}" }
    ops: { kind: slack, events: [ findings, drift, apply ], severity: critical, names: true, url: "\${env:HOOK_URL}" }`;
		writeFileSync(stack(), `${readFileSync(stack(), "utf8")}notify:\n  channels:\n${channels}\n`);
		expect(await run(["scan", "--quiet", "--fail-on", "none"])).toMatchObject({ code: 0 });
		expect(await run(["pin"])).toMatchObject({ code: 0 });
	});
	afterAll(async () => {
		await tenant.close();
		await new Promise<void>((resolve) => server.close(() => resolve()));
		rmSync(folder, { recursive: true, force: true });
	});

	it("shows what would be told, and tells nobody", async () => {
		const { stderr } = await run(["check", "--fail-on", "none", "--notify", "show"]);
		expect(stderr).toMatch(/would tell siem: findings: \d+ new findings\n {2}\d+ critical\n/);
		expect(told).toEqual([]);
	});

	it("tells of findings once, with ids where names are not asked for", async () => {
		const { stderr } = await run(["check", "--fail-on", "none", "--notify"]);
		expect(events().sort()).toEqual(["/siem findings", "/… chat"].sort());
		expect(stderr).toMatch(/keelson: told siem: findings: \d+ new findings/);
		const siem = told.find(({ path }) => path === "/siem");
		expect(siem?.total).toBeGreaterThan(0);
		expect(siem?.text).not.toContain("@acme.example");
		expect(told.find(({ event }) => event === "chat")?.text).toMatch(/@\u200bacme\.example/);
		await run(["scan", "--quiet", "--fail-on", "none", "--notify"]);
		expect(told).toEqual([]);
	});

	it("tells of drift, later where the receiver was down, and again when it is another", async () => {
		tenant.changeBehindYourBack();
		down = true;
		const failed = await run(["drift", "--notify"]);
		expect(failed.code).toBe(5);
		expect(failed.stderr).toMatch(/warning: siem: drift: .*not told, and the next run tries again: siem: 500/);
		down = false;
		expect((await run(["drift", "--notify"])).code).toBe(5);
		expect(events()).toContain("/siem drift");
		expect(told.find(({ path }) => path === "/siem")?.text).not.toContain("freelance.example");
		await run(["drift", "--notify"]);
		expect(told).toEqual([]);
	});

	it("tells what a run has changed, without being asked", async () => {
		expect(await run(["plan", "--policy", "mfa-registered-privileged", "--quiet"])).toMatchObject({ code: 0 });
		const plan = join("plans", String(readdirSync(join(folder, "plans")).find((name) => name.endsWith(".yaml"))));
		expect((await run(["apply", plan])).code).toBe(0);
		expect(events().sort()).toEqual(["/siem apply", "/… chat"].sort());
		const applied = JSON.parse(told.find(({ path }) => path === "/siem")?.text ?? "{}");
		expect(applied).toMatchObject({ event: "apply", outcome: "applied", refusals: [] });
		expect(applied.items.every(({ outcome }: { outcome: string }) => outcome === "verified")).toBe(true);
		expect(JSON.stringify(applied)).not.toContain("@acme.example");
		expect((await run(["apply", plan])).code).toBe(0);
		expect(told).toEqual([]);
		expect((await run(["verify"])).code).toBe(0);
	});

	it("tells of accesses past their end, and of exemptions that end", async () => {
		const before = readFileSync(stack(), "utf8");
		const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
		writeFileSync(
			stack(),
			before.replace(/(members:\n\s+- \{ login: [^,}]+, id: [^,}]+)/, "$1, until: 2026-01-01").replace(/expires: \d{4}-\d\d-\d\d/, `expires: ${soon}`),
		);
		const { code } = await run(["expire", "--list", "--notify"]);
		expect([code, events()]).toEqual([1, ["/siem grant-overdue"]]);
		await run(["check", "--fail-on", "none", "--notify"]);
		expect(events()).toContain("/siem exemption-ending");
		writeFileSync(stack(), before);
	});

	it("sends nothing for a pull request, whatever its stack file says", async () => {
		for (const args of [["check"], ["drift"], ["expire"], ["scan"]]) {
			const { code, stderr } = await run([...args, "--notify"], { KEELSON_BASE: "HEAD" });
			expect([code, stderr]).toEqual([4, expect.stringContaining("a pull request can't say where messages go")]);
		}
		expect(told).toEqual([]);
	});

	it("doctor looks at the channels, and sends nothing", async () => {
		const { code, stdout } = await run(["doctor"]);
		expect(stdout).toMatch(/notify\.channels\n {2}✓ siem: 127\.0\.0\.1:\d+ is a usable address; nothing was sent to it\n {2}✓ ops: /);
		expect([code, told]).toEqual([0, []]);
		const unset = await run(["doctor"], { HOOK_URL: "" });
		expect(unset.code).toBe(3);
		expect(unset.stdout).toContain("✗ ops: ops: the environment variable HOOK_URL");
	});

	it("says in one sentence what is wrong with a channel, and shows no address", async () => {
		const before = readFileSync(stack(), "utf8");
		const wrong = async (channel: string) => {
			writeFileSync(stack(), `${before.slice(0, before.indexOf("notify:"))}notify:\n  channels:\n    ops: ${channel}\n`);
			const { code, stderr } = await run(["check"]);
			expect(code).toBe(2);
			return stderr;
		};
		expect(await wrong('{ kind: slack, events: [ drift ], url: "https://hooks.slack.com/services/t0ken-canary" }')).toContain(
			"it is a secret and must not stand in this file",
		);
		expect(await wrong("{ kind: mail, events: [ drift ], host: mail.acme.example, from: k@acme.example }")).toContain("`to` is missing: who is to be told?");
		expect(await wrong('{ kind: slack, events: [ notify ], url: "${env:HOOK_URL}" }')).toContain("only a channel of kind mail can have it");
		expect(await wrong("{ kind: webhook, events: [ drift ], host: hooks.acme.example }")).toMatch(/`url` is missing[\s\S]*has no `host`/);
		writeFileSync(stack(), before);
	});

	it("shows no secret anywhere", () => {
		expect(said.join("").length).toBeGreaterThan(1000);
		expect(said.join("")).not.toContain("canary");
	});
});
