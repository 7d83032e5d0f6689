import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unpinned } from "./later.js";
import { loadStack } from "./load.js";
import { pinStack } from "./pin.js";
import { temporaryFolder, writeStack } from "./test-stack.js";

const folder = temporaryFolder();

const comment = fc.constantFrom("", " # kept", "   #: { odd } 'comment", "\t# tab");
const quote = fc.constantFrom("", "'", '"');
const login = fc.stringMatching(/^[a-z][a-z0-9.+-]{0,12}@x$/);
const blank = fc.constantFrom("", "\n", "# between\n\n");

const entry = fc
	.record({ login, quote, comment, blank, style: fc.constantFrom("block", "block-last", "flow", "flow-wide", "below"), pinned: fc.boolean() })
	.map((e) => {
		const value = `${e.quote}okta/${e.login}${e.quote}`;
		const id = e.pinned ? "00uKEPT" : null;
		if (e.style === "block") return `${e.blank}    - login: ${value}${e.comment}\n${id ? `      id: ${id}\n` : ""}      reason: r\n`;
		if (e.style === "block-last") return `${e.blank}    -   reason: r\n${id ? `        id: "${id}"\n` : ""}        login: ${value}${e.comment}\n`;
		if (e.style === "flow") return `${e.blank}    - {login: ${value}, ${id ? `id: ${id}, ` : ""}reason: r}${e.comment}\n`;
		if (e.style === "flow-wide")
			return `${e.blank}    - { reason: "r, }",${e.comment}\n        ${id ? `id: '${id}',\n        ` : ""}login: ${value}\n      }\n`;
		return `${e.blank}    -\n      # ${e.login}\n      reason: |\n        login: okta/no@x\n      login: ${value}${e.comment}\n${id ? `      id: ${id}\n` : ""}`;
	});

const file = fc
	.record({ entries: fc.array(entry, { minLength: 1, maxLength: 6 }), crlf: fc.boolean(), bom: fc.boolean(), cut: fc.boolean() })
	.map(({ entries, crlf, bom, cut }) => {
		const head = "name:   acme\n\n\nsystems: {okta: {provider: okta, url: 'https://a.b',   auth: {}}} # ünïcödé 𝔘\npeople:\n  service:\n";
		let text = head + entries.join("");
		if (cut) text = text.replace(/\n+$/, "");
		if (crlf) text = text.replaceAll("\n", "\r\n");
		return (bom ? "\ufeff" : "") + text;
	});

test("pinning only adds ids: every other byte stays, every id arrives, and a second run changes nothing", async () => {
	await fc.assert(
		fc.asyncProperty(file, async (text) => {
			const path = writeStack(folder, text);
			const before = (await loadStack(path)).stack;
			if (!before) return; // one login drawn twice with two ids
			const { changed, problems } = await pinStack(path, (system, name) => ({ id: `00u-${system}-${name.replace("@", "_")}` }));
			const after = readFileSync(path, "utf8");
			expect(problems.every((d) => d.message.includes("`00uKEPT` is pinned here"))).toBe(true);
			expect(changed.length).toBe(unpinned(before).length);
			const without = after.replace(/(\r?\n +id|, id): (00u-|"00u-)[^\s,}]*/g, "");
			expect(without).toBe(text);
			const stack = (await loadStack(path)).stack;
			expect(stack?.people.service.map((rule) => rule.login?.id)).toEqual(
				before.people.service.map(({ login }) => login?.id ?? `00u-okta-${login?.login.replace("@", "_")}`),
			);
			expect((await pinStack(path, (system, name) => ({ id: `00u-${system}-${name.replace("@", "_")}` }))).changed).toEqual([]);
		}),
		{ numRuns: 150 },
	);
});
