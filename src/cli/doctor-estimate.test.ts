import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { readingCommands } from "./commands.js";
import type { ReadPlan } from "./read-plan.js";

const guid = "11111111-1111-4111-8111-111111111111";
// Secrets that nothing resolves: no variable of that name is set.
const stack = `name: acme
systems:
  okta: { provider: okta, url: https://acme.okta.com, auth: { method: ssws, token: "\${env:KEELSON_TEST_UNSET}" } }
  entra: { provider: entra, url: https://graph.microsoft.com, auth: { method: client-secret, tenantId: ${guid}, clientId: ${guid}, clientSecret: "\${env:KEELSON_TEST_UNSET}" } }
  google: { provider: google-workspace, url: https://admin.googleapis.com, auth: { method: service-account-key, key: "\${env:KEELSON_TEST_UNSET}", subject: a@acme.example } }
  isc: { provider: sailpoint, url: https://acme.api.identitynow.com, auth: { method: client-secret, clientId: c, clientSecret: "\${env:KEELSON_TEST_UNSET}" } }
  sspm: { provider: panw-sspm, url: https://api.strata.paloaltonetworks.com, auth: { method: client-secret, clientId: c, clientSecret: "\${env:KEELSON_TEST_UNSET}", tsgId: "1234567890" } }
  identity: { provider: identity-api, url: https://identity.acme.example, auth: { method: bearer, token: "\${env:KEELSON_TEST_UNSET}" } }
  hr: { provider: hr, options: { file: people/workers.csv } }
`;

let folder: string;
let file: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "keelson-estimate-"));
	file = join(folder, "keelson.yaml");
	writeFileSync(file, stack);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
	vi.restoreAllMocks();
	process.exitCode = undefined;
});

/** Runs the command in this process: what it prints, and that it opens no connection. */
async function estimate(...args: string[]): Promise<string> {
	const program = new Command("keelson").exitOverride().configureOutput({ writeErr: () => {} });
	readingCommands(program);
	for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
	const printed: string[] = [];
	vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
	const connect = vi.spyOn(Socket.prototype, "connect");
	try {
		await program.parseAsync(["doctor", "-s", file, ...args], { from: "user" });
	} finally {
		expect(connect).not.toHaveBeenCalled();
		vi.restoreAllMocks();
	}
	return printed.join("");
}

interface Reckoned {
	size: Record<string, number>;
	systems: Record<string, { provider: string; plan: ReadPlan }>;
	total: { requests: number; seconds: number };
}

const reckoned = async (...args: string[]) => JSON.parse(await estimate(...args, "--json")) as Reckoned;

/** The part of the text that is about one system. */
const partOf = (text: string, system: string) =>
	text
		.split("\n\n")
		.join("\n")
		.split(/^(?=\w+ \()/m)
		.find((part) => part.startsWith(`${system} (`)) ?? "";

/** What the vendors' page sizes give: system, call, requests for so many accounts, a twentieth of groups, five memberships each. */
const figures: [string, string, (accounts: number) => number][] = [
	["okta", "GET /api/v1/users", (accounts) => accounts / 200 + 1],
	["okta", "GET /api/v1/users/{userId}/factors", (accounts) => accounts],
	["okta", "GET /api/v1/groups/{groupId}/users", (accounts) => accounts / 20],
	["entra", "GET /v1.0/users", (accounts) => Math.ceil(accounts / 999)],
	["entra", "GET /v1.0/users with signInActivity", (accounts) => accounts / 500],
	["entra", "GET /v1.0/reports/authenticationMethods/userRegistrationDetails", (accounts) => Math.ceil(accounts / 999)],
	["google", "GET /admin/directory/v1/groups/{groupKey}/members", (accounts) => accounts / 20],
	["google", "GET /admin/directory/v1/users/{userKey}/tokens and …/asps", (accounts) => 2 * accounts],
	["isc", "GET /v2026/identities", (accounts) => accounts / 250],
	["isc", "GET /v2026/auth-users/{id}", (accounts) => accounts],
	["identity", "GET /v1/identity", (accounts) => accounts / 200],
];

/** The floors that follow from limits alone: requests that count against the slowest limiter, over what it lets through. */
const floors: [string, string, number][] = [
	["okta", "other", 600 / 60],
	["entra", "reports", 5 / 10],
	["google", "Directory API", 2400 / 60],
	["isc", "token", 100 / 10],
];

describe.each([10_000, 100_000])("doctor --estimate %i", (accounts) => {
	let all: Reckoned;
	let text: string;
	beforeAll(async () => {
		all = await reckoned("--estimate", String(accounts));
		text = await estimate("--estimate", String(accounts));
	});

	it("sums up the requests of every system, and takes the slowest limiter's time", () => {
		expect(Object.keys(all.systems)).toEqual(["okta", "entra", "google", "isc", "sspm", "identity", "hr"]);
		for (const [system, { plan }] of Object.entries(all.systems)) {
			let requests = 0;
			const seconds: Record<string, number> = {};
			for (const row of plan.planned) {
				requests += row.requests;
				seconds[row.bucket] = (seconds[row.bucket] ?? 0) + row.requests / row.perSecond;
			}
			expect(plan.requests, system).toBe(requests);
			expect(plan.seconds, system).toBeCloseTo(Math.max(0, ...Object.values(seconds)), 6);
		}
		const plans = Object.values(all.systems).map(({ plan }) => plan);
		expect(all.total.requests).toBe(plans.reduce((sum, { requests }) => sum + requests, 0));
		expect(all.total.seconds).toBeCloseTo(
			plans.reduce((sum, { seconds }) => sum + seconds, 0),
			6,
		);
	});

	it.each(figures)("%s: %s by its page size", (system, call, requests) => {
		const row = all.systems[system]?.plan.planned.find((one) => one.call === call);
		expect(row?.requests).toBe(requests(accounts));
	});

	it.each(floors)("%s: %s is the limiter that binds", (system, bucket, perSecond) => {
		const plan = all.systems[system]?.plan;
		const counted = plan?.planned.filter((row) => row.bucket === bucket).reduce((sum, { requests }) => sum + requests, 0) ?? 0;
		expect(plan?.limiters[0]?.bucket).toBe(bucket);
		expect(plan?.seconds).toBeCloseTo(counted / perSecond, 6);
	});

	it.each(["okta", "entra", "google", "isc", "sspm", "identity"])("says of %s each call, each limiter and the sum", (system) => {
		const part = partOf(text, system);
		const plan = all.systems[system]?.plan as ReadPlan;
		for (const { collection, call, requests } of plan.planned)
			expect(part).toMatch(
				new RegExp(`^  ${collection} +${requests.toLocaleString("en")}  [A-Z] +[\\d,]+ +${call.replace(/[$(){}.|^*+?[\]\\]/g, "\\$&")}$`, "m"),
			);
		const sum = `together ${plan.requests.toLocaleString("en")} requests, at least `;
		expect(part).toContain(sum);
		expect(part.split(sum)[1]).toMatch(/^(\d+ s|\d+ min|[\d,]+ h \d+ min)/);
		for (const { source } of plan.planned) expect(part).toContain(source.split(";")[0]);
		if (plan.limiters.length > 1) expect(part).toMatch(new RegExp(`^  A .* ${plan.limiters[0]?.bucket}  ← the slowest$`, "m"));
	});

	it("says that a file costs nothing", () => expect(text).toContain("hr (Personnel file)\n  reads a file: no requests"));
});

describe("doctor --estimate", () => {
	it("takes 100,000 accounts where no number is given, and numbers that are", async () => {
		expect((await reckoned("--estimate")).size).toEqual({ accounts: 100_000, groups: 5_000, memberships: 500_000, apps: 500, administrators: 200 });
		const given = await reckoned("--estimate", "1000", "--groups", "7", "--memberships", "70", "--apps", "3", "--administrators", "2");
		expect(given.size).toEqual({ accounts: 1000, groups: 7, memberships: 70, apps: 3, administrators: 2 });
		expect(given.systems.okta?.plan.planned.find(({ collection }) => collection === "memberships")?.requests).toBe(7);
	});

	it("says times as people do", async () => {
		// 100,000 factors and 5,264 others at 10 a second: 10,527 s.
		expect(partOf(await estimate("--estimate", "--system", "okta"), "okta")).toContain("at least 2 h 56 min");
		expect(await estimate("--estimate", "--system", "identity")).toContain("together 500 requests, at least 50 s");
		expect(await estimate("--estimate", "200", "--system", "identity")).toContain("together 1 request, at least 1 s");
	});

	it("fits a terminal of 80 columns, and leaves nothing out", async () => {
		const columns = Object.getOwnPropertyDescriptor(process.stdout, "columns");
		Object.defineProperty(process.stdout, "columns", { value: 80, configurable: true });
		try {
			const text = await estimate("--estimate");
			expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
			expect(text.replace(/\s+/g, "")).toContain("GET/v1.0/directory/deletedItems/microsoft.graph.user");
		} finally {
			if (columns) Object.defineProperty(process.stdout, "columns", columns);
			else Reflect.deleteProperty(process.stdout, "columns");
		}
	});

	it("reckons a system once, however often it is named", async () => {
		expect((await estimate("--estimate", "5", "--system", "identity", "identity")).match(/^identity /gm)).toHaveLength(1);
	});

	it("refuses a system that there is not before it prints anything", async () => {
		await expect(estimate("--estimate", "5", "--system", "hr", "nobody")).rejects.toMatchObject({
			message: "nobody is not a system of the stack file, which has okta, entra, google, isc, sspm, identity, hr",
			code: 2,
		});
	});

	it("takes sizes only together with --estimate", async () => {
		await expect(estimate("--apps", "5")).rejects.toMatchObject({ message: "--apps is for --estimate only", code: 2 });
	});

	it.each([
		["--estimate", "many"],
		["--estimate", "1e5"],
		["--estimate", "5", "--groups", "-1"],
		["--estimate", "5", "--memberships", "1.5"],
	])("says what a number is, not %s %s", async (...args) => {
		await expect(estimate(...args)).rejects.toThrow("It is a whole number, such as 100000.");
	});

	it("ends with 2 and one sentence on stderr for a wrong number", async () => {
		const main = fileURLToPath(new URL("main.ts", import.meta.url));
		const ran = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
			execFile(process.execPath, ["--import", "tsx", main, "doctor", "-s", file, "--estimate", "many"], (error, stdout, stderr) =>
				resolve({ code: error?.code ?? 0, stdout, stderr }),
			);
		});
		expect(ran).toMatchObject({ code: 2, stdout: "" });
		expect(ran.stderr).toContain("argument 'many' is invalid. It is a whole number");
		expect(ran.stderr).not.toMatch(/\bat .*\.[jt]s:\d+/);
	});
});
