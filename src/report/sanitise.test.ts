import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeText, type TextTarget } from "./sanitise.js";

const targets: TextTarget[] = ["terminal", "html", "markdown", "json"];
const hostile = [
	...[
		"@octocat",
		"@org/team",
		"#123",
		"!7",
		"&4",
		"$9",
		"~bug",
		"%v1",
		"GH-12",
		"repo#1",
		"a@b.example",
		"https://evil.example",
		"//evil.example",
		"www.evil.example",
	],
	...[
		"[x](https://evil.example)",
		"![i](x)",
		"<script>alert(1)</script>",
		"<!--",
		"&lt;",
		"`c`",
		"**b**",
		"_e_",
		"a_b",
		"~~s~~",
		"|",
		"\\",
		"---",
		"===",
		"- x",
		"1. x",
		"# h",
	],
	...[
		"    x",
		"> q",
		"/close",
		"::error::x",
		"##[error]x",
		"##vso[task.x]",
		"\u001b[31m",
		"\u009b2J",
		"\r\n",
		"\t",
		"\u0000",
		"\u007f",
		"\u202e",
		"\u2066",
		"\u200e",
		"\u061c",
	],
	...[
		"\u200b",
		"\u200d",
		"\ufeff",
		"\u2028",
		"\u2029",
		"\u00ad",
		"\ufe0f",
		"\u{e0041}",
		"\u3164",
		"\ud800",
		"\udc00",
		"\ufffe",
		"⟨U+202E⟩",
		"'",
		'"',
		" ",
		"é",
		"名",
		"👩",
	],
];
const codeUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units));
const text = fc
	.array(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary", maxLength: 4 }), codeUnits), { maxLength: 8 })
	.map((parts) => parts.join(""));
const whole = 100_000;

/** Controls, bidi, zero-width, separators and lone surrogates by number, apart from the classes that the code uses. */
function isHidden(code: number): boolean {
	const between = (low: number, high: number) => code >= low && code <= high;
	return (
		[between(0, 0x1f), between(0x7f, 0x9f), between(0x200b, 0x200f), between(0x2028, 0x202e), between(0x2060, 0x206f), between(0xfe00, 0xfe0f)].includes(
			true,
		) ||
		[between(0xd800, 0xdfff), between(0xe0000, 0xe0fff), between(0xfff9, 0xfffb)].includes(true) ||
		[0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x180e, 0x3164, 0xfeff, 0xffa0, 0xfffe, 0xffff].includes(code)
	);
}

function decoded(markup: string): string {
	return markup.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

function unmarked(shown: string): string {
	return shown.replace(/⟨U\+([0-9A-F]+)⟩/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}

describe("every target", () => {
	it("never holds a hidden character", () => {
		fc.assert(
			fc.property(text, fc.constantFrom(...targets), fc.constantFrom(whole, 12), (raw, target, limit) => {
				const found = [...safeText(raw, target, limit)].map((char) => char.codePointAt(0) ?? 0).filter(isHidden);
				expect(found).toEqual([]);
			}),
			{ numRuns: 1000 },
		);
	});

	it("shows hidden characters by number, so that no two texts look the same", () => {
		expect(safeText("ad\u202enim\u200b\u001b[0m", "json")).toBe("ad⟨U+202E⟩nim⟨U+200B⟩⟨U+001B⟩[0m");
		expect(safeText("⟨U+202E⟩", "json")).toBe("⟨U+27E8⟩U+202E⟩");
		fc.assert(
			fc.property(text, (raw) => {
				expect(unmarked(safeText(raw, "json", whole))).toBe(raw);
				expect(unmarked(safeText(raw, "terminal", whole))).toBe(raw);
				expect(unmarked(decoded(safeText(raw, "html", whole)))).toBe(raw);
			}),
		);
	});

	it("leaves plain names of any script as they are", () => {
		for (const name of ["Zoë Ångström", "山田太郎", "Олег", "app-prod (EU)", "👩 Team", "svc_backup_01"]) {
			expect(targets.map((target) => safeText(name, target))).toEqual([name, name, name, name]);
		}
	});

	it("caps what is shown, never inside a character or a mark", () => {
		expect(safeText("abcdef", "json", 6)).toBe("abcdef");
		expect(safeText("abcdefg", "json", 6)).toBe("abcde…");
		expect(safeText("👩👩👩", "json", 2)).toBe("👩…");
		expect(safeText("ab\u202ecd", "json", 8)).toBe("ab…");
		expect(safeText("x".repeat(1000), "terminal")).toBe(`${"x".repeat(199)}…`);
		fc.assert(
			fc.property(text, fc.integer({ min: 1, max: 40 }), (raw, limit) => {
				const all = safeText(raw, "json", whole);
				const short = safeText(raw, "json", limit);
				expect([...short].length).toBeLessThanOrEqual(limit);
				if ([...all].length <= limit) expect(short).toBe(all);
				else expect(short.endsWith("…") && all.startsWith(short.slice(0, -1))).toBe(true);
				expect(short.replace(/⟨U\+[0-9A-F]{4,6}⟩/g, "")).not.toContain("⟨");
			}),
		);
	});
});

describe("terminal", () => {
	it("breaks workflow commands of CI logs, and leaves colons elsewhere", () => {
		expect(safeText("::error::x", "terminal")).toBe("⟨U+003A⟩:error::x");
		expect(safeText("x ##vso[task]", "terminal")).toBe("x ⟨U+0023⟩⟨U+0023⟩vso[task]");
		expect(safeText("aws::iam ## x", "terminal")).toBe("aws::iam ## x");
		fc.assert(
			fc.property(text, (raw) => {
				expect(safeText(raw, "terminal", whole)).not.toMatch(/^\s*::|##\w*\[/);
			}),
		);
	});
});

describe("html", () => {
	it("leaves no tag, entity or quote to the tenant", () => {
		expect(safeText('<b title="x">&amp;\'`', "html")).toBe("&#60;b title=&#34;x&#34;&#62;&#38;amp;&#39;&#96;");
		fc.assert(
			fc.property(text, (raw) => {
				expect(safeText(raw, "html", whole).replace(/&#\d+;/g, "")).not.toMatch(/[<>&"'`]/);
			}),
		);
	});
});

describe("markdown", () => {
	const bare = (raw: string) => safeText(raw, "markdown", whole).replace(/&#\d+;/g, "\u0000");

	it("holds no character that Markdown reads inside a line or at its start", () => {
		fc.assert(
			fc.property(text, (raw) => {
				expect(bare(raw)).not.toMatch(/[<>&"'`*[\]{}|~\\$^#]/);
				expect(bare(raw)).not.toMatch(/^[\s+\-=:/]|^\d+[.)]|\s$/);
				expect(bare(raw)).not.toMatch(/(^|[^\p{L}\p{N}])_|_([^\p{L}\p{N}]|$)/u);
			}),
			{ numRuns: 1000 },
		);
	});

	it("renders to text in which nothing links, mentions or refers, and which is otherwise as shown", () => {
		fc.assert(
			fc.property(text, (raw) => {
				const rendered = decoded(safeText(raw, "markdown", whole));
				expect(rendered).not.toMatch(/@[^\s@\u200b]|[#!$~%&^][\p{L}\p{N}_"]|\/\/|www\.|\bGH-\d/iu);
				expect(rendered.replaceAll("\u200b", "")).toBe(safeText(raw, "json", whole));
			}),
			{ numRuns: 1000 },
		);
	});

	it("stays readable in the source", () => {
		expect(safeText("Ops | EU", "markdown")).toBe("Ops &#124; EU");
		expect(safeText("@octocat fixed #12", "markdown")).toBe("@&#8203;octocat fixed &#35;&#8203;12");
		expect(safeText("https://x.example", "markdown")).toBe("https:/&#8203;/x.example");
		expect(safeText("/close", "markdown")).toBe("&#47;close");
	});
});
