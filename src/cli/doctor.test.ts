import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { readingCommands } from "./commands.js";

// No variable of that name is set.
const stack = `name: acme
systems:
  okta: { provider: okta, url: https://acme.okta.com, auth: { method: ssws, token: "\${env:KEELSON_TEST_UNSET}" } }
  isc: { provider: sailpoint, url: https://acme.api.identitynow.com, auth: { method: client-secret, clientId: c, clientSecret: "\${env:KEELSON_TEST_UNSET}" } }
  hr: { provider: hr, options: { file: workers.csv } }
`;

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "keelson-doctor-"));
	writeFileSync(join(folder, "keelson.yaml"), stack);
	writeFileSync(join(folder, "workers.csv"), "id,status\n1,active\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
	vi.restoreAllMocks();
	process.exitCode = undefined;
});

async function doctor(...args: string[]): Promise<string> {
	const program = new Command("keelson").exitOverride().configureOutput({ writeErr: () => {} });
	readingCommands(program);
	const printed: string[] = [];
	vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
	await program.parseAsync(["doctor", "-s", join(folder, "keelson.yaml"), ...args], { from: "user" });
	return printed.join("");
}

it("a system whose credential can't be resolved keeps no other from being looked at", async () => {
	const said = await doctor();
	expect(said).toMatch(/^okta\n {2}✗ stack file: .*keelson\.yaml:3:\d+: .*KEELSON_TEST_UNSET/m);
	expect(said).toMatch(/^isc\n {2}✗ stack file: .*keelson\.yaml:4:\d+: .*KEELSON_TEST_UNSET/m);
	expect(said).toMatch(/^hr\n {2}✓ feed: /m);
	expect(process.exitCode).toBe(2);
});

it("and its report stands with the others' as JSON", async () => {
	const reports = JSON.parse(await doctor("--json")) as Record<string, { ok: boolean; checks: { name: string; ok: boolean; detail: string }[] }>;
	expect(Object.keys(reports)).toEqual(["okta", "isc", "hr"]);
	expect(reports.okta).toMatchObject({ ok: false, checks: [{ name: "stack file", ok: false, detail: expect.stringContaining("KEELSON_TEST_UNSET") }] });
	expect(reports.hr).toMatchObject({ ok: true });
});
