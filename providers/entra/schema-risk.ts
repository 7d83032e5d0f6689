import type { VendorRisk } from "../../src/model/account.js";
import { type Decoded, identified, known, lookUp, stamp, word } from "./schema.js";

const levels: Record<string, VendorRisk["level"]> = { none: "none", low: "low", medium: "medium", high: "high" };
/** States in which the level no longer holds. https://learn.microsoft.com/graph/api/resources/riskyuser */
const over = new Set(["none", "confirmedSafe", "remediated", "dismissed"]);

/** A risky user or service principal. `what`: its word in messages. */
export function decodeRisk(item: unknown, what: string): Decoded<{ id: string; risk: VendorRisk }> {
	const found = identified(item, what);
	if ("bad" in found) return found;
	const { id, raw } = found;
	const state = word(raw.riskState);
	if (state === undefined) return { bad: `a ${what} has no riskState`, id };
	const level = over.has(state) ? "none" : (lookUp(levels, word(raw.riskLevel)) ?? "unknown");
	const detail = word(raw.riskDetail);
	return {
		ok: {
			id,
			risk: known<VendorRisk>({ level, since: stamp(raw.riskLastUpdatedDateTime), source: detail === undefined || detail === "none" ? null : detail }),
		},
	};
}
