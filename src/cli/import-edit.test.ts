import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadStack } from "../stack/load.js";
import type { Stack } from "../stack/stack.js";
import { membershipBlock, settingBlock, writeAdopt, writeBlock } from "./import-edit.js";

const head = "name: acme # the company\nsystems: { okta: { provider: okta, url: https://acme.okta.com, auth: { method: ssws } } }\n";
const digest = "d_0123456789abcdef0123";
const admins = membershipBlock("okta/group/00g1", "Super: Admins", [
	{ id: "00u2", login: "leo@acme.example" },
	{ id: "00u1", login: "ana@acme.example" },
]);

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "keelson-import-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function load(text?: string): Promise<Stack> {
	const file = join(dir, "acme.yaml");
	if (text !== undefined) writeFileSync(file, text);
	const { stack, diagnostics } = await loadStack(file);
	if (!stack) throw new Error(JSON.stringify(diagnostics));
	return stack;
}
const text = () => readFileSync(join(dir, "acme.yaml"), "utf8");

describe("a new entry", () => {
	it("begins a section at the end of a file that has none", async () => {
		expect(await writeBlock(await load(head), admins)).toBe(true);
		expect(text().startsWith(head)).toBe(true);
		expect((await load()).memberships["okta/group/00g1"]).toMatchObject({
			name: "Super: Admins",
			mode: "authoritative",
			members: [{ id: "00u1" }, { id: "00u2" }],
		});
	});

	it("stands first in its section, in that section's indentation, everything else as it was", async () => {
		const rest = "    # who answers the phone\n    okta/group/00g2: { members: [] } # nobody yet\nexemptions: []\n";
		expect(await writeBlock(await load(`${head}memberships:\n${rest}`), admins)).toBe(true);
		expect(text().startsWith(`${head}memberships:\n`)).toBe(true);
		expect(text()).toContain("    okta/group/00g1:\n");
		expect(text()).toContain("okta/group/00g2: { members: [] } # nobody yet\nexemptions: []\n");
		expect(Object.keys((await load()).memberships)).toEqual(["okta/group/00g1", "okta/group/00g2"]);
	});

	it("holds a setting's values, whatever characters are in them", async () => {
		const values = { a: { list: ["x: y", "#", "true"], none: null, on: true }, "key: odd": 1 };
		expect(await writeBlock(await load(head), settingBlock("okta/org/org", "Org — «it»", values))).toBe(true);
		expect((await load()).settings["okta/org/org"]).toMatchObject({ name: "Org — «it»", mode: "authoritative", values });
	});

	it("a section in flow style is left for a person", async () => {
		const before = `${head}memberships: { okta/group/00g2: { members: [] } }\n`;
		expect(await writeBlock(await load(before), admins)).toBe(false);
		expect(text()).toBe(before);
	});

	it("is not written where the file would not be a stack file any more", async () => {
		const before = `${head}memberships:\n  okta/group/00g1: { members: [] }\n`;
		expect(await writeBlock(await load(before), admins)).toBe(false);
		expect(text()).toBe(before);
		expect(readdirSync(dir)).toEqual(["acme.yaml"]);
	});
});

describe("an adoption", () => {
	it.each([
		[
			"block",
			"memberships:\n  okta/group/00g1:\n    # agreed\n    mode: authoritative\n    members: []\n",
			"memberships:\n  okta/group/00g1:\n    # agreed\n    adopt: D\n    mode: authoritative\n    members: []\n",
		],
		[
			"flow",
			"memberships:\n  okta/group/00g1: { mode: authoritative, members: [] } # agreed\n",
			"memberships:\n  okta/group/00g1: { adopt: D, mode: authoritative, members: [] } # agreed\n",
		],
		["an earlier one", "memberships:\n  okta/group/00g1: { adopt: d_old, members: [] }\n", "memberships:\n  okta/group/00g1: { adopt: D, members: [] }\n"],
	])("is written in place: %s", async (_, before, after) => {
		expect(await writeAdopt(await load(head + before), "memberships", "okta/group/00g1", digest)).toBe(true);
		expect(text()).toBe(head + after.replace("D", digest));
		expect((await load()).memberships["okta/group/00g1"]?.adopt).toBe(digest);
	});
});
