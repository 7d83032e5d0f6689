import type { PlannedRequests } from "../provider/provider.js";
import { safeText } from "../report/sanitise.js";
import { wrap } from "../report/wrap.js";
import type { ReadPlan } from "./read-plan.js";

/**
 * A plan as lines for people: the calls, what each of the vendor's limiters takes by itself, and where page sizes and limits come from, each said once.
 * `width`: columns there are; what is longer goes on below.
 */
export function estimateTable(plan: ReadPlan, width: number): string[] {
	const notes = [...new Set(plan.planned.flatMap(notesOf))];
	const letter = (bucket: string) => String.fromCharCode(65 + plan.limiters.findIndex((limiter) => limiter.bucket === bucket));
	const calls = plan.planned.map((row) => [
		row.collection,
		grouped(row.requests),
		letter(row.bucket),
		notesOf(row)
			.map((note) => notes.indexOf(note) + 1)
			.join(","),
		clean(row.call),
	]);
	const limiters = plan.limiters.map((limiter, at) => [
		letter(limiter.bucket),
		grouped(limiter.requests),
		rate(plan.planned.find(({ bucket }) => bucket === limiter.bucket)?.perSecond ?? 0),
		inWords(limiter.seconds),
		`${clean(limiter.bucket)}${at === 0 && plan.limiters.length > 1 ? "  ← the slowest" : ""}`,
	]);
	return [
		...columns(["collection", "requests", "limiter", "notes", "call"], calls, [1], width),
		"",
		...columns(["limiter", "requests", "allows", "takes", "the vendor's limit"], limiters, [1, 2], width),
		"",
		...hanging("", `together ${requestsOf(plan.requests)}, at least ${inWords(plan.seconds)}${slowest(plan)}`, width),
		...notes.flatMap((note, at) => hanging(`[${at + 1}] `, note, width)),
	];
}

/** Sources say several things, one after the other. */
function notesOf({ source }: PlannedRequests): string[] {
	return clean(source).split(/; (?![^(]*\))/);
}

function slowest({ limiters: [first, ...others] }: ReadPlan): string {
	return first && others.length > 0 ? `: limiters run side by side, and "${clean(first.bucket)}" takes longest` : "";
}

function columns(heads: string[], rows: string[][], right: number[], width: number): string[] {
	const all = [heads, ...rows];
	const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
	return all.flatMap((row) => {
		const cells = row.map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)));
		const before = cells.slice(0, -1).map((cell) => `${cell}  `);
		// A method stays on the line of its path.
		return hanging(before.join(""), (row.at(-1) ?? "").replace(" /", "\u00a0/"), width).map((line) => line.replace("\u00a0", " "));
	});
}

function hanging(mark: string, text: string, width: number): string[] {
	if (!Number.isFinite(width)) return [mark + text];
	return wrap(text, Math.max(20, width - mark.length)).map((line, at) => (at === 0 ? mark : " ".repeat(mark.length)) + line);
}

function clean(text: string): string {
	return safeText(text, "terminal", 400);
}

/** What a limiter lets through, in the unit in which vendors say it. */
function rate(perSecond: number): string {
	const inMinute = perSecond * 60;
	const whole = Number.isInteger(perSecond) || Math.abs(inMinute - Math.round(inMinute)) > 1e-6;
	return whole ? `${grouped(Number(perSecond.toPrecision(3)))}/s` : `${grouped(Math.round(inMinute))}/min`;
}

/** `12,345`. */
export function grouped(value: number): string {
	return value.toLocaleString("en");
}

/** `1 request`, `12,345 requests`. */
export function requestsOf(count: number): string {
	return `${grouped(count)} request${count === 1 ? "" : "s"}`;
}

/** `90 s`, and what is longer in minutes or hours: `17 min`, `2 h 56 min`. Rounded up. */
export function inWords(seconds: number): string {
	const whole = Math.ceil(seconds);
	if (whole < 120) return `${whole} s`;
	const minutes = Math.ceil(whole / 60);
	return minutes < 60 ? `${minutes} min` : `${grouped(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}
