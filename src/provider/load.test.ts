import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadConfigSchema, loadProvider, providerNames } from "./load.js";

const folder = mkdtempSync(join(tmpdir(), "keelson-load-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("gives a shipped provider's schema as the provider itself does", async () => {
	expect(providerNames()).toContain("okta");
	for (const name of providerNames()) expect(await loadConfigSchema(name, folder)).toBe((await loadProvider(name, folder)).configSchema);
});

it("gives the schema of a provider package beside the stack file", async () => {
	const packaged = join(folder, "node_modules", "@acme", "keelson-hr");
	mkdirSync(packaged, { recursive: true });
	writeFileSync(join(packaged, "package.json"), '{ "name": "@acme/keelson-hr", "type": "module", "exports": "./index.js" }');
	writeFileSync(join(packaged, "index.js"), 'export const provider = { readers: [], configSchema: { title: "HR" } };');
	expect(await loadConfigSchema("@acme/keelson-hr", folder)).toEqual({ title: "HR" });
	await expect(loadConfigSchema("otka", folder)).rejects.toThrow("there is no provider otka; did you mean okta?");
});
