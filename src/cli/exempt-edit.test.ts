import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { decode, type Source } from "../stack/source.js";
import { editedExemptions, type NewExemption } from "./exempt-edit.js";

const head = "name: acme # the company\nsystems: { okta: { provider: okta } }\n";
const entry: NewExemption = {
	policy: "mfa-registered-all-users",
	subject: { login: "okta/ana@acme.example", id: "00u1" },
	owner: "it@acme.example",
	reason: "moving: {to} #passkeys, soon",
	expires: "2027-01-31",
};
const other: NewExemption = { ...entry, subject: { key: "okta/0123" }, ticket: "42", compensatedBy: "no", owner: "yes" };

function source(text: string): Source {
	const read = decode("acme.yaml", Buffer.from(text));
	if ("problem" in read) throw new Error(read.problem.message);
	return read.source;
}

const edited = (text: string, drop: number[], add: NewExemption[]) => editedExemptions(source(text), new Set(drop), add);
/** The one piece that was put in. */
function inserted(before: string, after: string): string {
	let start = 0;
	while (start < before.length && before[start] === after[start]) start++;
	const length = after.length - before.length;
	while (start >= 0 && before.slice(start) !== after.slice(start + length)) start--;
	expect(start, "only one piece is new").toBeGreaterThanOrEqual(0);
	return after.slice(start, start + length);
}

describe("a new exemption", () => {
	it.each([
		["no section", head],
		["no section and no last line break", head.trimEnd()],
		["a section with nothing in it", `${head}exemptions: # none yet\n  # agreed by the board\npeople: {}\n`],
		["a section with nothing in it at the end", `${head}exemptions:`],
		[
			"a list in block style",
			`${head}exemptions:\n  - { policy: a } # first\n  # about b\n  - policy: b\n    reason: |\n      two\n      lines\n\n# people\npeople: {}\n`,
		],
		["a list without indentation", `${head}exemptions:\n- policy: a # x\n# the end`],
		["a list of mappings over several lines", `${head}exemptions:\n  - {\n      policy: a, # x\n    }\npeople: {}\n`],
		["a list in flow style", `${head}exemptions: [ { policy: a } ] # first\npeople: {}\n`],
		["a list in flow style over several lines", `${head}exemptions: [\n  { policy: a }, # first\n]\n`],
	])("goes into a file with %s, every other byte kept", (_, text) => {
		for (const one of [text, text.replaceAll("\n", "\r\n")]) {
			const after = edited(one, [], [entry, other]);
			expect(inserted(one, after ?? "")).toContain("mfa-registered-all-users");
			const held = (parse(one).exemptions ?? []) as object[];
			expect(parse(after ?? "")).toEqual({ ...parse(one), exemptions: [...held, entry, other] });
			if (one.includes("\r\n")) expect(after).not.toMatch(/(?<!\r)\n/);
		}
	});

	it.each(["[]", "[ ] ", "null", "~"])("takes the place of %s, and the comment beside it stays", (none) => {
		const after = edited(`${head}exemptions: ${none} # none yet\npeople: {}\n`, [], [entry]) ?? "";
		expect(after).toContain("# none yet\n  - policy: mfa-registered-all-users\n");
		expect(parse(after).exemptions).toEqual([entry]);
		expect(after.endsWith("people: {}\n")).toBe(true);
	});

	it.each(["{ name: acme }", `${head}exemptions: {}\n`, `${head}exemptions: text\n`])("is not written into %s", (text) => {
		expect(edited(text, [], [entry])).toBeNull();
	});

	it("keeps any text as it is", () => {
		fc.assert(
			fc.property(
				fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)),
				fc.boolean(),
				(reason, flow) => {
					const after =
						edited(`${head}exemptions: ${flow ? "[ { policy: a } ]" : ""}\n`, [], [{ ...entry, reason, owner: reason, subject: { key: reason } }]) ?? "";
					expect(parse(after).exemptions.at(-1)).toEqual({ ...entry, reason, owner: reason, subject: { key: reason } });
				},
			),
		);
	});
});

describe("an exemption that goes", () => {
	it("takes its lines along, and leaves comments and the others", () => {
		const text = `${head}exemptions: # by the board\n  # about a\n  - { policy: a } # x\n  # about b\n  - policy: b\n    reason: r # y\n  - policy: c\npeople: {}\n`;
		expect(edited(text, [0], [])).toBe(text.replace("  - { policy: a } # x\n", ""));
		expect(edited(text, [1], [])).toBe(text.replace("  - policy: b\n    reason: r # y\n", ""));
		const none = edited(text, [0, 1, 2], []) ?? "";
		expect(none).toBe(`${head}exemptions: # by the board\n  # about a\n  # about b\npeople: {}\n`);
		expect(parse(none).exemptions).toBeNull();
	});

	it("goes out of a list in flow style, unless something is written beside it", () => {
		const text = `${head}exemptions: [ { policy: a }, { policy: b } ] # both\n`;
		expect(edited(text, [0], [])).toBe(text.replace("[ { policy: a }, { policy: b } ]", "[{ policy: b }]"));
		expect(edited(text, [0, 1], [])).toBe(text.replace("[ { policy: a }, { policy: b } ]", "[]"));
		expect(edited(`${head}exemptions: [\n  { policy: a }, # first\n]\n`, [0], [])).toBeNull();
	});

	it("is all that goes, whatever stands around it", () => {
		const piece = fc.record({
			form: fc.constantFrom("flow", "block", "wide"),
			above: fc.constantFrom("", "# about it\n", "\n"),
			beside: fc.constantFrom("", " # beside"),
			goes: fc.boolean(),
		});
		const written = (indent: string, index: number, { form, above, beside }: { form: string; above: string; beside: string }) => {
			const own =
				form === "flow"
					? `${indent}- { policy: p${index} }${beside}\n`
					: form === "wide"
						? `${indent}- {\n${indent}    policy: p${index},\n${indent}  }${beside}\n`
						: `${indent}- policy: p${index}\n${indent}  reason: "r"${beside}\n`;
			return { above: above === "\n" || above === "" ? above : `${indent}${above}`, own };
		};
		fc.assert(
			fc.property(
				fc.array(piece, { minLength: 1, maxLength: 6 }),
				fc.constantFrom("", "  ", "    "),
				fc.constantFrom("", "people: {}\n", "# end\n"),
				(pieces, indent, tail) => {
					const parts = pieces.map((one, index) => ({ ...written(indent, index, one), goes: one.goes }));
					const file = (list: typeof parts, own: (part: (typeof parts)[number]) => string) =>
						`${head}exemptions:\n${list.map((part) => part.above + own(part)).join("")}${tail}`;
					const drop = parts.flatMap(({ goes }, index) => (goes ? [index] : []));
					const text = file(parts, ({ own }) => own);
					expect(edited(text, drop, [])).toBe(file(parts, ({ own, goes }) => (goes ? "" : own)));
					const after = edited(text, [], [entry]) ?? "";
					inserted(text, after);
					expect(parse(after)).toEqual({ ...parse(text), exemptions: [...parse(text).exemptions, entry] });
				},
			),
		);
	});
});
