import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unpinned } from "./later.js";
import { loadStack } from "./load.js";
import { pinStack } from "./pin.js";
import { temporaryFolder, writeStack } from "./test-stack.js";

const folder = temporaryFolder();

interface Entry {
	login: string;
	quote: string;
	comment: string;
	blank: string;
	style: string;
	pinned: boolean;
}

const entry: fc.Arbitrary<Entry> = fc.record({
	login: fc.stringMatching(/^[a-z][a-z0-9.+-]{0,12}@x$/),
	quote: fc.constantFrom("", "'", '"'),
	comment: fc.constantFrom("", " # kept", "   #: { odd } 'comment", "\t# tab"),
	blank: fc.constantFrom("", "\n", "# between\n\n"),
	style: fc.constantFrom("block", "block-last", "flow", "flow-wide", "below"),
	pinned: fc.boolean(),
});

function written({ login, quote, comment, blank, style, pinned }: Entry): string {
	const value = `${quote}okta/${login}${quote}`;
	const id = (before: string, quoted: string, after: string): string => (pinned ? `${before}id: ${quoted}00uKEPT${quoted}${after}` : "");
	if (style === "block") return `${blank}    - login: ${value}${comment}\n${id("      ", "", "\n")}      reason: r\n`;
	if (style === "block-last") return `${blank}    -   reason: r\n${id("        ", '"', "\n")}        login: ${value}${comment}\n`;
	if (style === "flow") return `${blank}    - {login: ${value}, ${id("", "", ", ")}reason: r}${comment}\n`;
	if (style === "flow-wide") return `${blank}    - { reason: "r, }",${comment}\n        ${id("", "'", ",\n        ")}login: ${value}\n      }\n`;
	return `${blank}    -\n      # ${login}\n      reason: |\n        login: okta/no@x\n      login: ${value}${comment}\n${id("      ", "", "\n")}`;
}

const file = fc
	.record({
		entries: fc.uniqueArray(entry, { minLength: 1, maxLength: 6, selector: (e) => e.login }),
		crlf: fc.boolean(),
		bom: fc.boolean(),
		cut: fc.boolean(),
	})
	.map(({ entries, crlf, bom, cut }) => {
		let text = `name:   acme\n\n\nsystems: {okta: {provider: okta, url: 'https://a.b',   auth: {}}} # ünïcödé 𝔘\npeople:\n  service:\n${entries.map(written).join("")}`;
		if (cut) text = text.replace(/\n+$/, "");
		if (crlf) text = text.replaceAll("\n", "\r\n");
		return (bom ? "\ufeff" : "") + text;
	});

const idOf = (login: string): string => `00u-${login.replace("@", "_").replaceAll(/[.+]/g, "-")}`;

test("pinning only adds ids: every other byte stays, every id arrives, and a second run changes nothing", async () => {
	await fc.assert(
		fc.asyncProperty(file, async (text) => {
			const path = writeStack(folder, text);
			const before = (await loadStack(path)).stack;
			if (!before) throw new Error("the drawn file is no stack");
			const { changed, problems } = await pinStack(path, (_, login) => ({ id: idOf(login) }));
			expect(problems.every((d) => d.message.includes("`00uKEPT` is pinned here"))).toBe(true);
			expect(changed.map((c) => c.path)).toEqual(unpinned(before).map((u) => u.path));
			const after = readFileSync(path, "utf8");
			expect(after.replace(/(\r?\n +id|, id): 00u-[\w-]*/g, "")).toBe(text);
			const ids = (await loadStack(path)).stack?.people.service.map((rule) => rule.login?.id);
			expect(ids).toEqual(before.people.service.map(({ login }) => login?.id ?? idOf(login?.login ?? "")));
			expect((await pinStack(path, (_, login) => ({ id: idOf(login) }))).changed).toEqual([]);
		}),
		{ numRuns: 150 },
	);
});
