import { defaultGuardrails } from "./guardrails.js";
import type { Parts } from "./paths.js";
import { clip } from "./report.js";
import type { Guardrails } from "./stack.js";
import { readPinned, type Scope } from "./targets.js";
import { parseDuration, parseInstant, parsePercent, type Read } from "./time.js";
import { items, mapping, numberOr, textOr } from "./values.js";

/** The guardrails of the file over the defaults. */
export function buildGuardrails(written: Record<string, unknown>, scope: Scope): Guardrails {
	const at = (key: string): Parts => ["remediation", "guardrails", key];
	const length = (key: "window" | "maxPlanAge" | "maxSnapshotAge"): number => readDuration(written[key], at(key), scope) ?? defaultGuardrails[key];
	const percent = typeof written.maxPercent === "string" ? readPercent(written.maxPercent, at("maxPercent"), scope) : written.maxPercent;
	return {
		maxAccounts: numberOr(written.maxAccounts, defaultGuardrails.maxAccounts),
		maxPercent: numberOr(percent, defaultGuardrails.maxPercent),
		maxSettings: numberOr(written.maxSettings, defaultGuardrails.maxSettings),
		window: length("window"),
		keepAdmins: numberOr(written.keepAdmins, defaultGuardrails.keepAdmins),
		protect: items(written.protect).map((entry, i) => readPinned(entry, [...at("protect"), i], scope)),
		maxPlanAge: length("maxPlanAge"),
		maxSnapshotAge: length("maxSnapshotAge"),
		approvals: numberOr(written.approvals, defaultGuardrails.approvals),
		freeze: items(written.freeze).map((entry, i) => readFreeze(mapping(entry), [...at("freeze"), i], scope)),
	};
}

function readFreeze(entry: Record<string, unknown>, parts: Parts, scope: Scope): Guardrails["freeze"][number] {
	const from = readDate(entry.from, [...parts, "from"], "start", scope);
	const to = readDate(entry.to, [...parts, "to"], "end", scope);
	if (from !== null && to !== null && from > to) scope.reporter.at([...parts, "to"], "this freeze ends before it begins", { hint: "swap `from` and `to`" });
	return { from: from ?? 0, to: to ?? 0, reason: textOr(entry.reason, null) };
}

/** A duration in milliseconds; null where none is written or it is wrong, which is reported. */
export function readDuration(value: unknown, parts: Parts, scope: Scope): number | null {
	return read(value, parts, scope, parseDuration);
}

/** `20%` as 20; null as above. */
export function readPercent(value: unknown, parts: Parts, scope: Scope): number | null {
	return read(value, parts, scope, parsePercent);
}

/** A date or time in milliseconds; null as above. */
export function readDate(value: unknown, parts: Parts, edge: "start" | "end", scope: Scope): number | null {
	return read(value, parts, scope, (text) => parseInstant(text, edge));
}

function read(value: unknown, parts: Parts, scope: Scope, parse: (text: string) => Read<number>): number | null {
	if (typeof value !== "string" || value === "" || scope.reporter.failed(parts)) return null;
	const result = parse(value);
	if ("value" in result) return result.value;
	scope.reporter.at(parts, `\`${clip(value)}\` ${result.error}`, { hint: result.hint });
	return null;
}
