import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type Loaded, type LoadOptions, loadStack } from "./load.js";
import type { Stack } from "./stack.js";

/** Tests' clock: 2026-06-01. */
export const now = Date.UTC(2026, 5, 1);

/** The smallest stack: one system called `okta`. Lines below it are added. */
export const minimal = ["name: acme", "systems:", "  okta:", "    provider: okta", "    url: https://acme.okta.com", "    auth: { method: x }", ""].join("\n");

/** A folder that is removed after the file's tests. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "keelson-stack-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

let count = 0;

export function writeStack(folder: string, content: string | Uint8Array): string {
	const file = join(folder, `stack-${count++}.yaml`);
	writeFileSync(file, content);
	return file;
}

/** Loads text as a stack file; the second value is each diagnostic as `line:column message (hint)`. */
export async function load(folder: string, content: string | Uint8Array, options: LoadOptions = {}): Promise<Loaded & { said: string[] }> {
	const loaded = await loadStack(writeStack(folder, content), { now, ...options });
	return { ...loaded, said: loaded.diagnostics.map((d) => `${d.line}:${d.column} ${d.message}${d.hint ? ` (${d.hint})` : ""}`) };
}

/** The stack of text that must be good. */
export async function good(folder: string, content: string, options: LoadOptions = {}): Promise<Stack> {
	const { stack, said } = await load(folder, content, options);
	if (!stack) throw new Error(`not a stack: ${said.join("; ")}`);
	return stack;
}
