import type { Assessment } from "../model/assessment.js";

/** Fields that hold epoch milliseconds: in JSON output they are RFC 3339 texts. */
const times = new Set(["at", "started", "finished", "firstSeen", "lastSeen", "observedAt"]);

/** The assessment as JSON: times as RFC 3339, `unseen` id lists as counts, partial lists marked. */
export function renderJson(assessment: Assessment): string {
	return `${JSON.stringify({ schema: "keelson.dev/assessment/v1", ...assessment }, readable, 2)}\n`;
}

function readable(key: string, value: unknown): unknown {
	if (times.has(key) && typeof value === "number") return new Date(value).toISOString();
	if (key === "unseen" && Array.isArray(value)) return value.length;
	if (Array.isArray(value) && (value as { partial?: true }).partial) return { $partial: [...value] };
	return value;
}
