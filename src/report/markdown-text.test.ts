import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownText, ownMarkdown } from "./markdown-text.js";
import { safeText } from "./sanitise.js";
import { hostile } from "./test-hostile.js";

const pieces = [
	"a.b@acme.example",
	"https://evil.example/x?y=1#z",
	"www.evil.example",
	"ftp://x.example",
	"`",
	"``",
	"|",
	"\\",
	"<",
	">",
	"&",
	"[x](https://y.example)",
	"![i](https://y.example/i.png)",
];
const more = [
	"@octocat",
	"#12",
	"!7",
	"GH-1",
	"\n",
	" ",
	",",
	"(",
	")",
	".",
	"…",
	"<https://y.example>",
	"</code>",
	"&#96;",
	"&lt;",
	"\u202e",
	"\u200b",
	"\u001b[31m",
	"x",
	"-",
	"1. ",
	"/close",
];
const text = fc
	.array(fc.oneof(fc.constantFrom(...pieces, ...more, ...hostile.filter((one) => one.length < 200)), fc.string({ unit: "binary", maxLength: 3 })), {
		maxLength: 8,
	})
	.map((parts) => parts.join(""));
const long = 100_000;

/** Code spans of one backtick each, as CommonMark pairs them where no longer run of backticks is there. */
function parts(markdown: string): { code: string[]; rest: string } {
	expect(markdown).not.toContain("``");
	const split = markdown.split("`");
	expect(split.length % 2, markdown).toBe(1);
	return { code: split.filter((_, index) => index % 2 === 1), rest: split.filter((_, index) => index % 2 === 0).join("\u0000") };
}

const decoded = (markup: string) => markup.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

describe("text of a tenant in Markdown", () => {
	it("has no tag, link, image, mention, reference, emphasis, table break or hidden character outside of code", () => {
		fc.assert(
			fc.property(text, (raw) => {
				const { rest } = parts(markdownText(raw, long));
				expect(rest.replace(/&#\d+;/g, "\u0001")).not.toMatch(/[<>&"'*[\]{}|~\\$^#\n]/);
				expect(decoded(rest)).not.toMatch(/@[^\s@\u200b\u0000]|[#!$~%&^][\p{L}\p{N}_"]|\/\/|www\.|\bGH-\d/iu);
				expect(rest).not.toMatch(/^[\s+\-=:/]|^\d+[.)]/);
				expect(rest).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u);
			}),
			{ numRuns: 2000 },
		);
	});

	it("has nothing in code that ends it, or its cell", () => {
		fc.assert(
			fc.property(text, (raw) => {
				for (const code of parts(markdownText(raw, long)).code) expect(code).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.+\-/:@?=%#~]*$/);
			}),
			{ numRuns: 2000 },
		);
	});

	it("reads as it is shown elsewhere", () => {
		fc.assert(
			fc.property(text, fc.constantFrom(long, 30), (raw, limit) => {
				const { code, rest } = parts(markdownText(raw, limit));
				const read = rest.split("\u0000").map((piece, index) => decoded(piece).replaceAll("\u200b", "") + (code[index] ?? ""));
				expect(read.join("")).toBe(safeText(raw, "json", limit));
			}),
			{ numRuns: 1000 },
		);
	});

	it("shows logins and URLs whole, and lets none of them act", () => {
		expect(markdownText("kim.novak@acme.example holds a role")).toBe("`kim.novak@acme.example` holds a role");
		expect(markdownText("see https://evil.example/a?b=1.")).toBe("see `https://evil.example/a?b=1`.");
		expect(markdownText("[x](https://evil.example)")).toBe("&#91;x&#93;(`https://evil.example`)");
		expect(markdownText("@octocat")).toBe("@&#8203;octocat");
		expect(markdownText("Ops | EU")).toBe("Ops &#124; EU");
	});
});

describe("our own text in Markdown", () => {
	it("keeps its links and its code", () => {
		expect(ownMarkdown("See https://docs.example.com/a_b?c=1&d=2, then run `keelson up`.")).toBe(
			"See <https://docs.example.com/a_b?c=1&#38;d=2>, then run `keelson up`.",
		);
		expect(ownMarkdown("ask security@acme.example")).toBe("ask `security@acme.example`");
		expect(ownMarkdown("https://jira.acme.example/browse/IAM-7")).toBe("<https://jira.acme.example/browse/IAM-7>");
	});

	it("does not link what was cut, what is not https", () => {
		expect(ownMarkdown(`${"x".repeat(10)} https://docs.example.com/long/path`, 40)).not.toContain("<");
		expect(ownMarkdown("http://docs.example.com javascript:alert(1)")).not.toContain("<");
	});

	it("gives structure to nothing else", () => {
		fc.assert(
			fc.property(text, (raw) => {
				const bare = ownMarkdown(raw, long)
					.replace(/`[^`|\n<>&\\]{1,300}`/g, "")
					.replace(/<https:\/\/[^\s<>"'|`]+>/g, "")
					.replace(/&#\d+;/g, "\u0001");
				expect(bare).not.toMatch(/[<>&"'`*[\]{}|~\\$^#\n]/);
			}),
			{ numRuns: 2000 },
		);
	});
});
