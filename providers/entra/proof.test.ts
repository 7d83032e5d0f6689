import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import { connect } from "./connection.js";
import { type EntraOptions, emulation } from "./emulator.js";
import { connectTo, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
let github: Server | undefined;
afterEach(async () => {
	vi.unstubAllEnvs();
	await tenant?.close();
	await new Promise<void>((resolve) => (github ? github.close(() => resolve()) : resolve()));
	github = undefined;
});

/** A tenant that trusts a workload, and the credential without its token. */
async function trusting() {
	tenant = await emulation.start({ users: 20, seed: 7, now: testNow, limits: "off", credential: "workload-identity" } as EntraOptions);
	const { token, ...credential } = tenant.system.auth;
	return { token: String(token), credential };
}

/** The job's own token endpoint, as GitHub Actions has it: what it answers, one after another, and what it was asked. */
async function job(...answers: [status: number, body: object][]): Promise<{ asked: { url: URL; bearer: string | undefined }[] }> {
	const asked: { url: URL; bearer: string | undefined }[] = [];
	github = createServer((request, response) => {
		const [status, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}];
		asked.push({ url: new URL(request.url ?? "", "http://x"), bearer: request.headers.authorization });
		response.writeHead(status, { "content-type": "application/json" });
		response.end(JSON.stringify(body));
	});
	await new Promise<void>((resolve) => github?.listen(0, "127.0.0.1", resolve));
	vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", `http://127.0.0.1:${(github.address() as AddressInfo).port}/token?api-version=2.0`);
	vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "bearer-of-the-job");
	return { asked };
}

async function doctor(credential: Record<string, unknown>) {
	const connection = await connectTo(tenant, "read", credential);
	try {
		return await connection.doctor();
	} finally {
		await connection.close();
	}
}

describe("in a GitHub Actions job", () => {
	it("the job's own token is asked for, for Entra, and exchanged", async () => {
		const { token, credential } = await trusting();
		const { asked } = await job([200, { value: token }]);
		expect(await doctor(credential)).toMatchObject({ ok: true });
		expect(asked).toHaveLength(1);
		expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({ "api-version": "2.0", audience: "api://AzureADTokenExchange" });
		expect(asked[0]?.bearer).toBe("Bearer bearer-of-the-job");
	});

	it("a service that is busy for a moment is asked again", async () => {
		const { token, credential } = await trusting();
		const { asked } = await job([503, {}], [429, {}], [200, { value: token }]);
		expect(await doctor(credential)).toMatchObject({ ok: true });
		expect(asked).toHaveLength(3);
	});

	it("without the permission it is said which one, and no secret is shown", async () => {
		const { credential } = await trusting();
		const { asked } = await job([403, { message: "no" }]);
		const report = await doctor(credential);
		expect(report.checks[0]).toMatchObject({ name: "credential", ok: false, detail: expect.stringContaining("id-token: write") });
		expect(asked).toHaveLength(1);
		expect(JSON.stringify(report)).not.toContain("bearer-of-the-job");
	});
});

it("outside of one, what is missing is named", async () => {
	const { credential } = await trusting();
	vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", "");
	expect((await doctor(credential)).checks[0]?.detail).toMatch(/neither token nor tokenFile, and this is no GitHub Actions job/);
});

describe("a token in a file", () => {
	it("is read anew for every exchange: it lives for minutes", async () => {
		const { token, credential } = await trusting();
		const folder = await mkdtemp(join(tmpdir(), "keelson-"));
		await writeFile(join(folder, "token"), "stale");
		const connection = await connect({
			...{ system: "entra", url: tenant.system.url, credential: { ...credential, tokenFile: "token" }, options: {}, purpose: "read", folder },
			...{ now: tenant.now, log() {}, sleep: async (ms: number) => tenant.advance(ms) },
		});
		await expect(connection.http.scopes()).rejects.toThrow(/AADSTS/);
		await writeFile(join(folder, "token"), `${token}\n`);
		expect(await connection.http.scopes()).toContain("User.Read.All");
		await connection.close();
		await rm(folder, { recursive: true });
	});
});
