import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LiveState, membershipDrift, settingDrift } from "../drift/drift.js";
import type { LiveMembership, LiveSetting } from "../drift/live.js";
import { loadStack } from "../stack/load.js";
import type { Stack } from "../stack/stack.js";
import { adoptionOf } from "./adopt-edit.js";

const head = "name: acme # the company\nsystems: { okta: { provider: okta, url: https://acme.okta.com, auth: { method: ssws } } }\n";
const group = "okta/group/00g1";
const rule = "okta/rule/X/1";
const now = Date.UTC(2026, 0, 1);

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "keelson-adopt-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const file = () => join(dir, "acme.yaml");

async function load(text: string): Promise<Stack> {
	writeFileSync(file(), text);
	const { stack, diagnostics } = await loadStack(file());
	if (!stack) throw new Error(JSON.stringify(diagnostics));
	return stack;
}

const members = (...ids: string[]): LiveMembership => ({
	exists: true,
	name: "Admins",
	members: new Map(ids.map((id) => [id, { source: "direct" as const }])),
});
const values = (live: Record<string, unknown>): LiveSetting => ({ exists: true, name: "One", values: live, canonical: (one) => one, writable: true });

async function adopt(text: string, live: LiveMembership | LiveSetting, logins: Record<string, string> = {}) {
	const stack = await load(text);
	const state: LiveState = { settings: new Map(), memberships: new Map() };
	const [membership, setting] = [stack.memberships[group], stack.settings[rule]];
	if ("members" in live) state.memberships.set(group, live);
	else state.settings.set(rule, live);
	const drift =
		membership && "members" in live
			? membershipDrift(group, membership, live, now)
			: setting && !("members" in live)
				? settingDrift(rule, setting, live)
				: null;
	if (!drift) throw new Error("nothing is declared");
	const found = await adoptionOf(stack, drift, state, new Map(Object.entries(logins)), now);
	if ("why" in found) return { why: found.why, text: readFileSync(file(), "utf8"), lines: [] };
	await found.write();
	return { text: readFileSync(file(), "utf8"), lines: found.lines };
}

const list = `${head}memberships:
  # who may do everything
  ${group}:
    name: Admins
    mode: authoritative
    members:
      - { login: ana@x.example, id: 00u1 } # founder
      - { login: ben@x.example, id: 00u2 }
      # on call
      - login: eve@x.example
        id: 00u3
    # nobody else
exemptions: []
`;

describe("members", () => {
	it("lines of those who are gone go, those who came are added, every comment stays", async () => {
		const { text, lines } = await adopt(list, members("00u1", "00u9"), { "00u9": "zoe@x.example" });
		expect(text).toBe(
			list
				.replace("      - { login: ben@x.example, id: 00u2 }\n", "")
				.replace("      - login: eve@x.example\n        id: 00u3\n", "      - { login: zoe@x.example, id: 00u9 }\n"),
		);
		expect(lines).toEqual([
			"@ line 10",
			"-       - { login: ben@x.example, id: 00u2 }",
			"@ line 12",
			"-       - login: eve@x.example",
			"-         id: 00u3",
			"@ line 14",
			"+       - { login: zoe@x.example, id: 00u9 }",
		]);
	});

	it("a comment between those who are all gone is not thrown away with them", async () => {
		expect(await adopt(list, members())).toMatchObject({ why: expect.stringContaining("by hand"), text: list });
	});

	it("nobody left is an empty list; somebody again makes it a list of lines", async () => {
		const plain = list.replace("      # on call\n", "");
		const { text } = await adopt(plain, members());
		expect(text).toContain("    members: []\n    # nobody else\n");
		const { text: again } = await adopt(text, members("00u7"), { "00u7": "joe@x.example" });
		expect(again).toContain("    members:\n      - { login: joe@x.example, id: 00u7 }\n    # nobody else\n");
	});

	it("in flow style stays in flow style", async () => {
		const flow = `${head}memberships:\n  ${group}: { mode: authoritative, members: [ { login: a@x, id: u1 }, { login: b@x, id: u2 } ] } # short\n`;
		const { text } = await adopt(flow, members("u2", "u3"), { u3: "c: #x" });
		expect(text).toBe(flow.replace("[ { login: a@x, id: u1 }, { login: b@x, id: u2 } ]", '[ { login: b@x, id: u2 }, { login: "c: #x", id: u3 } ]'));
	});

	it("an object that is gone goes with its entry", async () => {
		const two = list.replace("exemptions: []", "  okta/role/X: { members: [] }\nexemptions: []");
		const { text } = await adopt(two, { ...members(), exists: false, name: null });
		expect(text).not.toContain("00u1");
		expect(text).toContain("okta/role/X");
	});

	it("a login that nobody knows is not made up, and a time that is over is a person's to decide", async () => {
		expect(await adopt(list, members("00u1", "00u2", "00u3", "00u9"))).toMatchObject({ why: expect.stringContaining("run keelson scan"), text: list });
		const over = list.replace("id: 00u2 }", 'id: 00u2, until: "2025-01-01T00:00Z" }');
		expect(await adopt(over, members("00u1", "00u2", "00u3"), { "00u2": "ben@x.example" })).toMatchObject({
			why: expect.stringContaining("is over"),
			text: over,
		});
	});

	it("what can't be edited without losing a comment is left as it is", async () => {
		const odd = `${head}memberships:\n  ${group}:\n    members: [\n      { login: a@x, id: u1 }, # why\n      { login: b@x, id: u2 } ]\n`;
		expect(await adopt(odd, members("u1"))).toMatchObject({ why: expect.stringContaining("by hand"), text: odd });
	});

	it("whoever is declared and whoever is there: afterwards they are the same, and the rest of the file is", async () => {
		const ids = fc.uniqueArray(fc.constantFrom("u1", "u2", "u3", "u4", "u5"));
		await fc.assert(
			fc.asyncProperty(ids, ids, fc.boolean(), async (declared, live, flow) => {
				fc.pre(JSON.stringify([...declared].sort()) !== JSON.stringify([...live].sort()));
				const items = declared.map((id) => `{ login: ${id}@x, id: ${id} }`);
				const body = flow || items.length === 0 ? ` [ ${items.join(", ")} ]` : items.map((item) => `\n      - ${item}`).join("");
				const tail = "\n  okta/group/other: # keep\n    members: []\n";
				const { text } = await adopt(
					`${head}memberships:\n  ${group}:\n    members:${body}${tail}`,
					members(...live),
					Object.fromEntries(live.map((id) => [id, `${id}@x`])),
				);
				expect((await load(text)).memberships[group]?.members.map(({ id }) => id).sort()).toEqual([...live].sort());
				expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});
});

const set = `${head}settings:
  ${rule}:
    mode: authoritative
    values:
      access: DENY # always
      session:
        idle: 15
        zones:
          - z1 # home
          - z2
      note: "a"
`;

describe("a setting's values", () => {
	it("those that differ are set in their place", async () => {
		const { text, lines } = await adopt(set, values({ access: "ALLOW", session: { idle: 60, zones: ["z1", "z3"] }, note: "yes: no", other: 1 }));
		expect(text).toBe(
			set
				.replace("DENY # always", "ALLOW # always")
				.replace("idle: 15", "idle: 60")
				.replace("          - z2\n", "          - z3\n")
				.replace('"a"', '"yes: no"'),
		);
		expect(lines).toContain("+       access: ALLOW # always");
	});

	it("one that the vendor does not have goes, an object is written on a line", async () => {
		const { text } = await adopt(set, { ...values({ session: { idle: 15, zones: [] }, note: { a: [1] } }), canonical: ({ access: _, ...rest }) => rest });
		expect(text).toContain("zones: []");
		expect(text).toContain("note: { a: [ 1 ] }");
	});
});
