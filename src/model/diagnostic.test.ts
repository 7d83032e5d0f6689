import { expect, test } from "vitest";
import { renderDiagnostic } from "./diagnostic.js";

const base = { file: "a.yaml", line: 12, column: 5, path: "where", message: "unknown name acount" };

test("shows the line, a caret under the character, and the hint", () => {
	expect(renderDiagnostic({ ...base, excerpt: "abcdefgh", hint: "did you mean account?" })).toBe(
		["a.yaml:12:5: unknown name acount", " 12 | abcdefgh", "    |     ^", "  hint: did you mean account?"].join("\n"),
	);
});

test("keeps tabs before the caret", () => {
	expect(renderDiagnostic({ ...base, column: 3, excerpt: "\t\tx" }).split("\n")[2]).toBe("    | \t\t^");
});

test("cuts a long line around the character", () => {
	const excerpt = `${"a".repeat(400)}X${"b".repeat(400)}`;
	const [, line = "", caret = ""] = renderDiagnostic({ ...base, column: 401, excerpt }).split("\n");
	expect(line.length).toBeLessThan(200);
	expect(line[caret.indexOf("^")]).toBe("X");
});

test("without an excerpt there is no frame, and colour is off by default", () => {
	expect(renderDiagnostic(base)).toBe("a.yaml:12:5: unknown name acount");
	expect(renderDiagnostic(base, true)).toContain("\u001b[");
});
