import type { PlannedRequests } from "../provider/provider.js";
import { safeText } from "../report/sanitise.js";
import type { ReadPlan } from "./read-plan.js";

const heads = ["collection", "call", "requests", "limiter", "per second", "source"];
/** Columns of numbers, which end at the same place. */
const right = new Set([2, 4]);

/** A plan as lines for people: the calls, what they sum up to, and where page sizes and limits come from, each source once. */
export function estimateTable(plan: ReadPlan): string[] {
	const sources = [...new Set(plan.planned.map(({ source }) => source))];
	const rows = [heads, ...plan.planned.map((row) => cells(row, sources.indexOf(row.source) + 1))];
	const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	const line = (row: string[]) =>
		row
			.map((cell, column) => (right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
			.join("  ")
			.trimEnd();
	const [slowest] = plan.limiters;
	const floor = slowest ? ` (${clean(slowest.bucket)}: ${grouped(slowest.requests)} requests)` : "";
	return [
		...rows.map(line),
		`together ${grouped(plan.requests)} requests, at least ${inWords(plan.seconds)}${floor}`,
		...sources.map((source, index) => `[${index + 1}] ${clean(source)}`),
	];
}

function cells({ collection, call, requests, bucket, perSecond }: PlannedRequests, source: number): string[] {
	return [collection, clean(call), grouped(requests), clean(bucket), String(Number(perSecond.toPrecision(3))), `[${source}]`];
}

function clean(text: string): string {
	return safeText(text, "terminal", 400);
}

/** `12,345`. */
export function grouped(value: number): string {
	return value.toLocaleString("en");
}

/** `90 s`, and what is longer in hours and minutes too; seconds are rounded up. */
export function inWords(seconds: number): string {
	const whole = Math.ceil(seconds);
	if (whole < 120) return `${whole} s`;
	const minutes = Math.ceil(whole / 60);
	return `${grouped(whole)} s (${minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`})`;
}
