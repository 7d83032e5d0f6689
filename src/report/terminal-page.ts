import pc from "picocolors";
import type { Band, Severity } from "../model/finding.js";
import { columns, padEnd, wrap } from "./wrap.js";

type Paint = (text: string) => string;
/** A run of text with its colour. */
export type Span = [Paint, string];

/** No colour of its own. */
export const plain: Paint = (text) => text;

/** Characters of tenant text shown, where more than a name is. */
export const textLimits = { message: 400, reason: 1000 } as const;
const labelWidth = 10;
/** Lines of prose longer than this are hard to read, however wide the terminal. */
const widest = 120;

export interface Page {
	c: ReturnType<typeof pc.createColors>;
	paint(word: Severity | Band): Paint;
	/** An empty line, never two. */
	gap(): void;
	title(text: string, note?: string): void;
	/** A label and what it says, wrapped under itself. */
	row(label: string, ...spans: Span[]): void;
	/** A mark and text wrapped under itself; later spans go on after a space. */
	hanging(mark: string, paint: Paint, text: string, ...spans: Span[]): void;
	/** As `hanging`, with `end` at the right edge where there is one. */
	ending(mark: string, spans: Span[], end: Span): void;
	text(): string;
}

export function newPage(options: { color: boolean; width: number }): Page {
	const c = pc.createColors(options.color);
	const width = Number.isFinite(options.width) ? Math.max(20, Math.min(options.width, widest)) : Number.POSITIVE_INFINITY;
	const lines: string[] = [];
	const colours = { critical: (text: string) => c.bold(c.red(text)), high: c.red, medium: c.yellow, low: c.cyan, info: c.dim, unknown: c.yellow };
	const flow = (indent: number, first: string, spans: Span[]) => {
		const room = width - indent;
		const laid = layOut(
			spans.filter(([, text]) => text !== ""),
			room,
		);
		for (const [index, { painted }] of laid.entries()) lines.push(`${index === 0 ? first : " ".repeat(indent)}${painted}`.trimEnd());
		return laid.at(-1)?.columns ?? 0;
	};
	const page: Page = {
		c,
		paint: (word) => colours[word],
		gap() {
			if (lines.at(-1) !== "") lines.push("");
		},
		title(text, note) {
			page.gap();
			flow(0, "", [
				[c.bold, text],
				[c.dim, note ? ` ${note}` : ""],
			]);
		},
		row(label, ...spans) {
			const long = columns(label) >= labelWidth;
			if (long) flow(0, "", [[c.dim, label]]);
			flow(labelWidth, long ? " ".repeat(labelWidth) : c.dim(padEnd(label, labelWidth)), spans);
		},
		hanging(mark, paint, text, ...spans) {
			flow(columns(mark), /\p{L}|\p{N}/u.test(mark) || mark.trim() === "" ? mark : paint(mark), [[paint, text], ...spans]);
		},
		ending(mark, spans, [paint, end]) {
			const used = columns(mark) + flow(columns(mark), mark, spans);
			if (width === Number.POSITIVE_INFINITY) lines.push(`${lines.pop() ?? ""}  ${paint(end)}`);
			else if (used + 2 + columns(end) <= width) lines.push(`${lines.pop() ?? ""}${" ".repeat(width - used - columns(end))}${paint(end)}`);
			else if (columns(end) > width - columns(mark)) flow(columns(mark), mark, [[paint, end]]);
			else lines.push(`${" ".repeat(width - columns(end))}${paint(end)}`);
		},
		text: () => `${lines.join("\n")}\n\n`,
	};
	return page;
}

/** Wraps spans joined by spaces, and paints what of each stands on each line. */
function layOut(spans: Span[], room: number): { painted: string; columns: number }[] {
	const plain = spans.map(([, text]) => text).join(" ");
	let index = 0;
	let left = spans[0]?.[1] ?? "";
	const lines = wrap(plain, room);
	// Where a line has to be disarmed, all are made shorter by what that adds.
	const disarms = lines.some((line, number) => number > 0 && inert(line) !== line);
	return (disarms ? wrap(plain, Math.max(1, room - markColumns)) : lines).map((line, number) => {
		let rest = line;
		let painted = "";
		while (rest !== "") {
			const [paint] = spans[index] ?? spans.at(-1) ?? [(text: string) => text];
			const piece = rest.slice(0, left.length);
			if (piece !== "") painted += paint(piece);
			rest = rest.slice(piece.length);
			left = left.slice(piece.length);
			if (rest === "") break;
			index++;
			left = spans[index]?.[1] ?? rest;
			painted += rest.startsWith(" ") ? " " : "";
			rest = rest.replace(/^ /, "");
		}
		// The space at which the line was broken belongs to no line.
		if (left.startsWith(" ")) left = left.slice(1);
		else if (left === "") left = spans[++index]?.[1] ?? "";
		return { painted: number === 0 ? painted : inert(painted), columns: columns(number === 0 ? line : inert(line)) };
	});
}

/** Columns that `inert` adds. */
const markColumns = columns("⟨U+003A⟩") - 1;

/** A line that wrapping made to start with `::` would be a command to a CI runner. */
function inert(line: string): string {
	return line.replace(/^::/, "⟨U+003A⟩:");
}
