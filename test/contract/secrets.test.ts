import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.js";
import { targetsFor } from "./test-targets.js";
import { type ContractTenant, contracted, openTenant } from "./test-tenant.js";

const open: ContractTenant[] = [];
const folders: string[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An API that repeats what it was sent, in its errors and elsewhere. */
const echoes = [401, 403, 400, 500].map((status, at) => ({ do: "status" as const, status, body: { error: "refused" }, after: 3 + 4 * at, times: 1 }));

describe.each(contracted)("secrets of %s", (name) => {
	it("stand nowhere: not in the store's files, logs, coverage, doctor's report, or what an action says", async () => {
		const one = await openTenant(name);
		open.push(one);
		const folder = mkdtempSync(join(tmpdir(), "keelson-secrets-"));
		folders.push(folder);
		const store = await openStore(`sqlite:${join(folder, "store.db")}`);
		const said: string[] = [];
		const note = (value: unknown) => void said.push(value instanceof Error ? `${value.message}\n${value.stack}` : (JSON.stringify(value) ?? ""));
		const read = await one.scan({ store });
		note((await one.scan({ store, faults: echoes, full: true })).scan);
		for (const purpose of ["read", "act"] as const) {
			const connection = await one.connect(purpose);
			note(await connection.doctor().catch((error: Error) => error));
			note(await connection.self?.().catch((error: Error) => error));
			for (const spec of one.provider.actions) {
				const [target] = await targetsFor(spec.kind, read);
				if (!target) continue;
				one.tenant.faults.push({ do: "status", status: 500, body: { error: "refused" }, times: 1, method: "POST" });
				const before = await spec.inspect(connection, target).catch((error: Error) => error);
				note(before);
				if (before instanceof Error) continue;
				note(await spec.perform(connection, target, before).catch((error: Error) => error));
				one.tenant.faults.length = 0;
			}
			await connection.close();
		}
		await store.close();
		const secrets = one.tenant.secrets().filter((secret) => secret.length > 5);
		expect(secrets.length).toBeGreaterThan(0);
		for (const file of readdirSync(folder)) said.push(readFileSync(join(folder, file), "latin1"));
		said.push(...one.log);
		for (const secret of secrets) for (const text of said) expect(text.includes(secret), `a secret stands in: ${text.slice(0, 200)}`).toBe(false);
	});

	it("may be wrong: one message says so, with the mend", async () => {
		const one = await openTenant(name);
		open.push(one);
		const connection = await one.connect("read", spoiled);
		const report = await connection.doctor();
		expect(report.ok).toBe(false);
		const bad = report.checks.filter(({ ok }) => !ok);
		expect(bad.length, JSON.stringify(report.checks)).toBeGreaterThan(0);
		expect(bad[0]?.mend, JSON.stringify(bad)).toBeTruthy();
		await connection.close();
	});

	it("are good, and doctor says what a read will cost", async () => {
		const one = await openTenant(name);
		open.push(one);
		const connection = await one.connect("read");
		const report = await connection.doctor();
		expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
		expect(report.ok).toBe(true);
		expect(report.estimate?.requests).toBeGreaterThan(0);
		expect(Math.abs(report.clockSkew ?? 0)).toBeLessThan(5_000);
		await connection.close();
	});

	it("are told apart from a clock that is wrong, before a scan is", async () => {
		const one = await openTenant(name);
		open.push(one);
		for (const skew of [-20, 20]) {
			const connection = await one.connect("read", undefined, skew * 60_000);
			const report = await connection.doctor();
			expect(report.ok).toBe(false);
			const told = report.checks.filter(({ ok, name, detail, mend }) => !ok && mend && /clock|time/i.test(`${name} ${detail} ${mend}`));
			expect(told.length, JSON.stringify(report.checks)).toBeGreaterThan(0);
			await connection.close();
		}
	});

	it("and an expired token is renewed in the middle of a read", async () => {
		const one = await openTenant(name, { users: 300 });
		open.push(one);
		const read = await one.scan({ faults: [{ do: "status", status: 401, body: {}, after: 4, times: 1, method: "GET" }] });
		const asked = one.tenant.requests.filter(({ path }) => /token/i.test(path)).length;
		const short = read.scan.coverage.filter(({ state }) => state !== "complete");
		// Who has nothing to renew says that the credential was refused.
		if (asked > 1) expect(short).toEqual([]);
		else for (const { reasons } of short) expect(reasons.length).toBeGreaterThan(0);
	});
});

/** The same credential with its secret changed in one place. */
function spoiled(credential: Record<string, unknown>): Record<string, unknown> {
	for (const key of ["clientSecret", "token", "privateKey", "key"]) {
		const value = credential[key];
		if (typeof value === "string") return { ...credential, [key]: changed(value) };
	}
	return credential;
}

function changed(secret: string): string {
	if (!secret.startsWith("{")) return secret.startsWith("-----") ? secret.replace(/[A-Za-z](?=[^\n]*\n-----END)/, "!") : `${secret.slice(0, -3)}xyz`;
	const parsed = JSON.parse(secret) as Record<string, string>;
	return JSON.stringify({ ...parsed, kid: "other", client_email: parsed.client_email && `nobody-${parsed.client_email}` });
}
