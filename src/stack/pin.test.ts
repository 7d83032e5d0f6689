import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadStack } from "./load.js";
import { pinStack, type Resolve } from "./pin.js";
import { minimal, temporaryFolder, writeStack } from "./test-stack.js";

const folder = temporaryFolder();
const ids: Record<string, string> = { "a@x": "00uA", "b@x": "00uB", "c@x": "00uC", "d@x": "123456", "e@x": "1e5", "f@x": "no", Admins: "00g1" };
const resolve: Resolve = (_, login) => (ids[login] === undefined ? { error: "no such account" } : { id: ids[login] });

const pin = async (text: string): Promise<{ after: string; changed: string[]; problems: string[] }> => {
	const file = writeStack(folder, text);
	const { changed, problems } = await pinStack(file, resolve);
	return {
		after: readFileSync(file, "utf8"),
		changed: changed.map((c) => `${c.path} ${c.login} ${c.id}`),
		problems: problems.map((d) => `${d.line}:${d.column} ${d.message}`),
	};
};
const people = (entry: string): string => `${minimal}people:\n  breakGlass:\n${entry}`;

describe("the id is written beside the login, whatever the style", () => {
	test.each([
		["block", "    - login: okta/a@x\n", "    - login: okta/a@x\n      id: 00uA\n"],
		["block, comment", "    - login: okta/a@x   # ana\n", "    - login: okta/a@x   # ana\n      id: 00uA\n"],
		["block, no line break at the end", "    - login: okta/a@x", "    - login: okta/a@x\n      id: 00uA"],
		["block, quoted", "    - login: 'okta/a@x'\n", "    - login: 'okta/a@x'\n      id: 00uA\n"],
		["block, on its own line", "    -\n      login: okta/a@x\n", "    -\n      login: okta/a@x\n      id: 00uA\n"],
		["block, value below", "    - login:\n        okta/a@x\n", "    - id: 00uA\n      login:\n        okta/a@x\n"],
		["block text", "    - login: >-\n        okta/a@x\n", "    - id: 00uA\n      login: >-\n        okta/a@x\n"],
		["empty id", "    - login: okta/a@x\n      id:   # not yet\n", "    - login: okta/a@x\n      id: 00uA   # not yet\n"],
		["null id", "    - id: ~ # not yet\n      login: okta/a@x\n", "    - id: 00uA # not yet\n      login: okta/a@x\n"],
		["empty id in flow", "    - { id: , login: okta/a@x }\n", "    - { id: 00uA , login: okta/a@x }\n"],
		["id without a colon", "    - { login: okta/a@x, id }\n", "    - { login: okta/a@x, id: 00uA }\n"],
		["flow", "    - {login: okta/a@x}\n", "    - {login: okta/a@x, id: 00uA}\n"],
		["flow, spaces and comma", "    - { login: okta/a@x , } # x\n", "    - { login: okta/a@x, id: 00uA , } # x\n"],
		["flow, over lines", "    - { login:\n        okta/a@x\n      }\n", "    - { login:\n        okta/a@x, id: 00uA\n      }\n"],
		["JSON", '    - {"login": "okta/a@x"}\n', '    - {"login": "okta/a@x", "id": "00uA"}\n'],
		["digits", "    - login: okta/d@x\n", '    - login: okta/d@x\n      id: "123456"\n'],
		["like a number", "    - { login: okta/e@x }\n", '    - { login: okta/e@x, id: "1e5" }\n'],
		["like a boolean", "    - { login: okta/f@x }\n", '    - { login: okta/f@x, id: "no" }\n'],
	])("%s", async (_, before, after) => {
		const result = await pin(people(before));
		expect(result.problems).toEqual([]);
		expect(result.after).toBe(people(after));
	});
});

test("everywhere a login stands, in one pass; what can't be resolved stays and is said", async () => {
	const text = `${minimal}people: { breakGlass: [ { login: okta/a@x, id: 00uA } ], service: [ { login: okta/b@x, reason: r } ] }
exemptions:
  - { policy: p, subject: { login: okta/c@x }, owner: o, reason: r, expires: 2099-01-01 }
memberships:
  okta/group/00g1: { name: Admins, members: [ { login: a@x }, { login: nobody } ] }
remediation: { guardrails: { protect: [ { login: okta/b@x } ] } }
`;
	const result = await pin(text);
	expect(result.changed).toEqual([
		"people.service.0 okta/b@x 00uB",
		"exemptions.0.subject okta/c@x 00uC",
		"memberships.okta/group/00g1.members.0 okta/a@x 00uA",
		"remediation.guardrails.protect.0 okta/b@x 00uB",
	]);
	expect(result.problems).toEqual(["11:72 `okta/nobody` can't be resolved: no such account"]);
	expect(result.after.replace(/, id: 00u[ABC]/g, "")).toBe(text.replace(", id: 00uA", ""));
});

test("a pinned id that disagrees is never changed", async () => {
	const text = `${people("    - { login: okta/a@x, id: 00uOLD }\n    - { login: okta/b@x }\n")}memberships: { okta/group/00gX: { name: Admins, members: [] } }\n`;
	const result = await pin(text);
	expect(result.problems).toEqual([
		"9:30 `okta/a@x` has the id `00uA`, and `00uOLD` is pinned here",
		"11:41 the group `Admins` has the id `00g1`, and `00gX` is named here",
	]);
	expect(result.after).toBe(text.replace("okta/b@x", "okta/b@x, id: 00uB"));
});

test("a login that is disputed in one place is not pinned in another", async () => {
	const text = people("    - { login: okta/a@x, id: 00uOLD }\n    - { login: okta/A@x }\n    - { login: okta/b@x }\n");
	const file = writeStack(folder, text);
	const { changed, problems } = await pinStack(file, (_, login) => ({ id: `00u-${login.toLowerCase().replace("@", "_")}` }));
	expect(changed.map((c) => c.path)).toEqual(["people.breakGlass.2"]);
	expect(problems.map((d) => d.message)).toEqual([
		"`okta/a@x` has the id `00u-a_x`, and `00uOLD` is pinned here",
		"`okta/A@x` is pinned to another id elsewhere in this file",
	]);
});

test("ids that would make the file contradict itself are not written", async () => {
	const file = writeStack(folder, `${minimal}memberships: { okta/group/1: { members: [ { login: a }, { login: b } ] } }\n`);
	const before = readFileSync(file);
	const { changed, problems } = await pinStack(file, () => ({ id: "same" }));
	expect(changed).toEqual([]);
	expect(problems[0]?.message).toBe("with the ids written, and so nothing was written: `b` is the same member as `a` above");
	expect(readFileSync(file)).toEqual(before);
});

test("nothing to pin: the file is not touched", async () => {
	const file = writeStack(folder, people("    - { login: okta/a@x, id: 00uA }\n"));
	const before = statSync(file);
	expect(await pinStack(file, resolve)).toEqual({ changed: [], problems: [] });
	expect(statSync(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
});

test.skipIf(process.platform === "win32")("mode and link are kept, and no temporary file is left", async () => {
	const file = writeStack(folder, people("    - login: okta/a@x\n"));
	chmodSync(file, 0o640);
	const link = join(folder, "link.yaml");
	symlinkSync(file, link);
	expect((await pinStack(link, resolve)).changed.length).toBe(1);
	expect(statSync(file).mode & 0o777).toBe(0o640);
	expect(lstatSync(link).isSymbolicLink()).toBe(true);
	expect(readdirSync(folder).filter((name) => name.includes("pin"))).toEqual([]);
});

test("a file that somebody changes meanwhile is left to them", async () => {
	const file = writeStack(folder, people("    - login: okta/a@x\n"));
	const { changed, problems } = await pinStack(file, () => {
		writeFileSync(file, "theirs");
		return { id: "00uA" };
	});
	expect(changed).toEqual([]);
	expect(problems[0]?.message).toContain("changed by somebody else meanwhile");
	expect(readFileSync(file, "utf8")).toBe("theirs");
});

test("what is no stack, and what is no id, changes nothing", async () => {
	expect((await pin("name: 5\n")).after).toBe("name: 5\n");
	expect((await pinStack(join(folder, "none.yaml"), resolve)).problems[0]?.message).toBe("there is no such file");
	const file = writeStack(folder, people("    - login: okta/a@x\n"));
	expect((await pinStack(file, () => ({ id: "x\n evil: 1" }))).problems[0]?.message).toBe("`okta/a@x` resolved to something that is no id");
	expect((await loadStack(file)).stack?.people.breakGlass[0]?.id).toBeNull();
});
