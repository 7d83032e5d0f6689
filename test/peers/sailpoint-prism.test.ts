import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actions } from "../../providers/sailpoint/actions.js";
import { connect, type SailPointConnection } from "../../providers/sailpoint/connection.js";
import { emulation } from "../../providers/sailpoint/emulator.js";
import { provider } from "../../providers/sailpoint/index.js";
import { settingSpecs } from "../../providers/sailpoint/settings.js";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { openStore } from "../../src/store/open.js";
import { runScan } from "../../src/sync/scan.js";

/** Every shape of request that the connector sends, judged by the vendor's own specification: Stoplight Prism is the judge. */
const specs = resolve(process.env.KEELSON_SHARED ?? "../shared", "specs/sailpoint");
const specOf = (version: string) => join(specs, `openapi.${version}.json`);
const tool = "@stoplight/prism-cli@5.16.0";
const absent = ["v2026", "beta"].map(specOf).find((file) => !existsSync(file));
const missing = absent !== undefined ? `no specification at ${absent}; set KEELSON_SHARED` : unavailable();
if (missing !== null) console.warn(`Skipped: ${missing}.`);

function unavailable(): string | null {
	try {
		execFileSync("npx", ["--yes", tool, "--version"], { stdio: "pipe", timeout: 240_000 });
		return null;
	} catch {
		return `${tool} can't be had from npm`;
	}
}

interface Spec {
	post: { parameters: { in: string; name: string }[] };
}

interface Sent {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string;
}

const folder = mkdtempSync(join(tmpdir(), "keelson-prism-"));
const prisms: ChildProcess[] = [];

/** Prism with one version of the vendor's file, and its address. */
async function prismOf(version: string): Promise<string> {
	const document = JSON.parse(readFileSync(specOf(version), "utf8"));
	// The vendor's file names this path parameter otherwise than the path does.
	const [path, reset] = Object.entries(document.paths).find(([name]) => /^\/identities\/\{\w+\}\/reset$/.test(name)) as [string, Spec];
	for (const parameter of reset.post.parameters) if (parameter.in === "path") parameter.name = /\{(\w+)\}/.exec(path)?.[1] ?? "";
	writeFileSync(join(folder, `${version}.json`), JSON.stringify(document));
	const free = createServer();
	await new Promise<void>((done) => free.listen(0, "127.0.0.1", done));
	const { port } = free.address() as AddressInfo;
	await new Promise((done) => free.close(done));
	const address = `http://127.0.0.1:${port}`;
	prisms.push(
		spawn("npx", ["--yes", tool, "mock", join(folder, `${version}.json`), "-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore", detached: true }),
	);
	const until = Date.now() + 120_000;
	for (;;) {
		const answers = await fetch(`${address}/roles`).then(
			() => true,
			() => false,
		);
		if (answers) return address;
		if (Date.now() > until) throw new Error("Prism did not start");
		await new Promise((done) => setTimeout(done, 500));
	}
}
afterAll(() => {
	// npx runs Prism as a child of its own.
	for (const { pid } of prisms) if (pid) process.kill(-pid);
	rmSync(folder, { recursive: true, force: true });
});

/** Stands between connector and tenant, and keeps what passes. */
async function listening(tenant: EmulatedTenant) {
	const sent: Sent[] = [];
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const piece of request) body += piece;
		const headers = Object.fromEntries(
			Object.entries(request.headers).flatMap(([name, value]) =>
				typeof value === "string" && !/^(host|connection|content-length|accept-encoding)$/.test(name) ? [[name, value]] : [],
			),
		);
		sent.push({ method: request.method ?? "", url: request.url ?? "", headers, body });
		const answer = await fetch(tenant.system.url + request.url, { method: request.method ?? "GET", headers, ...(body !== "" && { body }) });
		const kept = ["content-type", "x-total-count", "retry-after", "slpt-request-id", "date"].flatMap((name) =>
			answer.headers.get(name) ? [[name, String(answer.headers.get(name))] as const] : [],
		);
		response.writeHead(answer.status, Object.fromEntries(kept));
		response.end(await answer.text());
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => new Promise((done) => server.close(done)) };
}

/** Reads all, looks at every setting, and does every action once. */
async function everything(tenant: EmulatedTenant, url: string, version: string): Promise<void> {
	const open = (purpose: "read" | "act"): Promise<SailPointConnection> =>
		connect({
			system: "isc",
			url,
			credential: purpose === "read" ? tenant.system.auth : tenant.system.act,
			options: { identities: version },
			purpose,
			now: tenant.now,
			log() {},
			sleep: async (ms) => tenant.advance(ms),
		});
	const store = await openStore("sqlite::memory:");
	const [read, act] = [await open("read"), await open("act")];
	const budget = { perAccountRequests: null, perAccountMaxAge: 1 };
	const scan = await runScan({ store, provider, connection: read, system: "isc", stackDigest: "", budget, now: tenant.now });
	await read.doctor();
	const settings: SettingRecord[] = [];
	for await (const batch of store.records(scan, "settings")) settings.push(...batch.map(({ body }) => body as SettingRecord));
	for (const { kind, read: look } of settingSpecs) await look(act, settings.find((one) => one.kind === kind)?.id.split("/")[1] ?? "");
	for (const action of actions) {
		let done = false;
		for (const { id } of tenant.truth().accounts) {
			const before = await action.inspect(act, { account: id });
			if (before.done || before.refused !== null) continue;
			await action.perform(act, { account: id }, before);
			expect((await action.verify(act, { account: id }, before)).holds, action.kind).toBe(true);
			done = true;
			break;
		}
		expect(done, `nothing to try ${action.kind} on`).toBe(true);
	}
	await read.close();
	await act.close();
	await store.close();
}

/** One of each shape: method, path without ids, names of query parameters, whether there is a body. */
function shapes(sent: Sent[]): Map<string, Sent> {
	const found = new Map<string, Sent>();
	for (const one of sent) {
		const url = new URL(one.url, "http://tenant");
		const key = [
			one.method,
			url.pathname.replace(/\/[0-9a-f]{32}(?=\/|$)/g, "/{id}"),
			[...url.searchParams.keys()].sort().join(),
			one.body === "" ? "" : "body",
		].join(" ");
		if (url.pathname !== "/oauth/token") found.set(key.trim(), one);
	}
	return found;
}

/** Where the vendor's file asks for the form of a UUID, its own ids (32 hexadecimal digits) don't have it. */
function dashed(url: string): string {
	return url.includes("/verification/") ? url.replace(/([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})/, "$1-$2-$3-$4-$5") : url;
}

describe.skipIf(missing !== null).each([
	["v2026", 25],
	["beta", 10],
] as const)("requests as the vendor's specification %s has them", (version, least) => {
	let address: string;
	beforeAll(async () => {
		address = await prismOf(version);
	});

	it("every shape of request that is sent", async () => {
		const tenant = await emulation.start({ users: 60, seed: 11, now: Date.UTC(2026, 0, 1), limits: "off" });
		const between = await listening(tenant);
		await everything(tenant, between.url, version);
		// All but the identities API is of the newest version in any case.
		const found = [...shapes(between.sent)].filter(([, { url }]) => url.startsWith(`/${version}/`));
		await between.close();
		await tenant.close();
		expect(found.length).toBeGreaterThan(least);
		const violations: string[] = [];
		for (const [shape, { method, url, headers, body }] of found) {
			const path = dashed(url).slice(version.length + 1);
			const answer = await fetch(address + path, { method, headers, ...(body !== "" && { body }) });
			const said = answer.headers.get("sl-violations");
			// The answer is Prism's own, made of the vendor's examples, some of which are not of their schema: only the request is judged.
			const ours = said === null ? [] : (JSON.parse(said) as { location: string[]; message: string }[]).filter(({ location }) => location[0] === "request");
			for (const one of ours) violations.push(`${shape}: ${one.location.join(".")}: ${one.message}`);
			if ([404, 405, 401, 422].includes(answer.status)) violations.push(`${shape}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
		}
		expect(violations).toEqual([]);
	});

	it("a request that is wrong is seen to be wrong", async () => {
		const answer = await fetch(`${address}/roles?limit=500`, { headers: { authorization: "Bearer x" } });
		expect(`${answer.headers.get("sl-violations")} ${await answer.text()}`).toContain("limit");
	});
});
