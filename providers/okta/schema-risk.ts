import type { VendorRisk } from "../../src/model/account.js";
import type { Millis } from "../../src/model/known.js";
import { at, type Decoded, object, stamp, text, word } from "./schema.js";

/** `GET /api/v1/users/{id}/risk` → level and reason. https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserRisk/ */
export function decodeRisk(body: unknown, id: string): Decoded<VendorRisk> {
	const raw = object(body);
	const told = word(raw?.riskLevel);
	if (!raw || told === undefined) return { bad: "a user's risk has no level", id };
	return { ok: { level: levelOf(told), source: text(raw.reason) ?? null } };
}

const levels = ["none", "low", "medium", "high"] as const;

function levelOf(told: string): VendorRisk["level"] {
	return levels.find((level) => level === told.toLowerCase()) ?? "unknown";
}

/** One change, or one more sign, of a user's risk in the System Log. */
export interface RiskEvent {
	user: string;
	at: Millis;
	/** The level from then on; null where the event does not tell. */
	level: VendorRisk["level"] | null;
	/** Whether the level was another one before; null where the event does not tell. */
	changed: boolean | null;
}

/**
 * `user.risk.change`, `user.risk.detect`: `debugData.Risk` is a text with `level` and `previousLevel`. Null for an event that names no user or has no time.
 * https://developer.okta.com/docs/reference/api/itp-et/
 */
export function decodeRiskEvent(event: unknown): RiskEvent | null {
	const targets = at(event, "target");
	const user = (Array.isArray(targets) ? targets : []).find((target) => at(target, "type") === "User");
	const [id, published] = [word(at(user, "id")), stamp(at(event, "published"))];
	if (id === undefined || published === undefined) return null;
	const data = object(at(event, "debugContext", "debugData"));
	const risk = data?.Risk ?? data?.risk;
	const [level, before] = [told(risk, "level"), told(risk, "previousLevel")];
	// A change without its levels is one all the same; what was only detected may have changed nothing.
	const changed = level !== null && before !== null ? level !== before : at(event, "eventType") === "user.risk.change" ? true : null;
	return { user: id, at: published, level, changed };
}

function told(risk: unknown, key: string): VendorRisk["level"] | null {
	const direct = word(at(risk, key));
	const found = direct ?? (typeof risk === "string" ? new RegExp(`(?:^|[^A-Za-z])${key}["']?\\s*[=:]\\s*["']?([A-Za-z]+)`).exec(risk)?.[1] : undefined);
	return found === undefined ? null : levelOf(found);
}

/**
 * Since when a level holds: the newest event that changed it. Undefined where that was to another level, or an event after it does not tell.
 * `start`: what holds at the window's start when no event changed it; undefined when that is not known.
 */
export function heldSince(level: VendorRisk["level"], events: RiskEvent[], start: Millis | undefined): Millis | undefined {
	let since = start;
	for (const event of events.toSorted((a, b) => a.at - b.at)) {
		if (event.changed === null || (event.level !== null && event.level !== level)) since = undefined;
		else if (event.changed) since = event.at;
	}
	return since;
}
