import type { Known, KnownList, Millis } from "../../src/model/known.js";
import type { SettingRecord, VendorVerdict } from "../../src/model/objects.js";
import { at, type Decoded, flag, identified, type Json, known, lookUp, text, word } from "../../src/provider/decode.js";
import { type CatalogueEntry, severityOf } from "./catalogue.js";
import { holds } from "./operators.js";
import { ownerOf, type WatchedApp } from "./places.js";

/** What a configuration is joined with. */
export interface Surroundings {
	app: WatchedApp;
	/** Null: the vendor's catalogue has no such entry; undefined: it could not be read whole. */
	entry: Known<CatalogueEntry | null>;
	controls: Known<KnownList<string>>;
	/** Tickets of the identity calls, by configuration; undefined where they can't be read. */
	tickets: Known<ReadonlyMap<string, string[]>>;
	now: Millis;
}

/** The status is a free word; these are the ones that are understood, without blanks. */
const failingByStatus: Record<string, boolean> = { pass: false, passed: false, compliant: false, fail: true, failed: true, failing: true, noncompliant: true };
/** The vendor's own "cannot say": nothing is compared then. */
const noStatus = new Set(["unknown", "error", "notscanned", "scanning", "pending", "disabled", "notapplicable"]);

/** Minutes between two scans, where the app does not say. */
const usualInterval = 1440;

/** Whether what is known of an app is too old to be believed: older than two of its scan intervals. */
export function isStale({ scanned, intervalMinutes = usualInterval }: WatchedApp, now: Millis): boolean {
	return scanned === undefined || scanned === null || now - scanned > 2 * intervalMinutes * 60_000;
}

/** An item of `apps/{app_id}/configs` → setting. */
export function decodeConfig(item: unknown, around: Surroundings): Decoded<SettingRecord> {
	const found = identified(item, "configuration");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const { app, entry } = around;
	const kind = `config/${app.type}`;
	return {
		ok: known<SettingRecord>({
			id: `${kind}/${id}`,
			kind,
			name: word(raw.name) ?? entry?.name ?? word(raw.config_id) ?? id,
			active: flag(raw.monitored),
			builtIn: true,
			parent: `app/${app.id}`,
			values: valuesOf(raw, entry),
			verdict: verdictOf(id, raw, around),
		}),
	};
}

/** A setting that nothing is checked against: only in `apps/{app_id}/settings`. */
export function decodePlain(item: unknown, app: WatchedApp): Decoded<SettingRecord> {
	const found = identified(item, "setting");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const kind = `setting/${app.type}`;
	const name = word(raw.name) ?? word(raw.config_id) ?? id;
	const values = valuesOf(raw, undefined);
	return { ok: known<SettingRecord>({ id: `${kind}/${id}`, kind, name, active: undefined, builtIn: true, parent: `app/${app.id}`, values, verdict: null }) };
}

function verdictOf(id: string, raw: Json, { app, entry, controls, tickets, now }: Surroundings): VendorVerdict {
	const verdict = {
		failing: isStale(app, now) ? undefined : failing(raw, entry),
		severity: entry ? severityOf(entry.severity) : entry,
		current: text(raw.current_value),
		recommended: wanted(raw),
		appType: app.type,
		app: app.id,
		owner: ownerOf(app.type),
		tickets: ticketsOf(id, raw, tickets),
		controls,
		checked: app.scanned,
		console: text(raw.console_url) ?? entry?.console,
	};
	return known(verdict) as VendorVerdict;
}

/** What administrators took in place of the recommended value, or locked, is what the value is held against. */
function wanted(raw: Json): Known<string | null> {
	if (raw.overridden === true) return text(raw.overridden_value);
	if (raw.locked === true && typeof raw.locked_value === "string") return raw.locked_value;
	return text(raw.recommended_value);
}

function failing(raw: Json, entry: Known<CatalogueEntry | null>): Known<boolean> {
	// Taken out of monitoring: what the status says may be of any age.
	if (raw.monitored !== true) return undefined;
	const status = word(raw.status)
		?.toLowerCase()
		.replace(/[^a-z]/g, "");
	if (status === undefined || noStatus.has(status)) return undefined;
	const told = lookUp(failingByStatus, status);
	if (told !== undefined) return told;
	const [own, catalogue] = [word(raw.operator), entry?.operator];
	const operator = own ?? catalogue;
	const [current, right] = [text(raw.current_value), wanted(raw)];
	if (operator === undefined || (own !== undefined && catalogue !== undefined && own !== catalogue)) return undefined;
	if (typeof current !== "string" || typeof right !== "string") return undefined;
	const good = holds(operator, current, right);
	return good === undefined ? undefined : !good;
}

function ticketsOf(id: string, raw: Json, listed: Surroundings["tickets"]): Known<string[]> {
	if (listed === undefined || !Array.isArray(raw.tickets)) return undefined;
	const own = raw.tickets.map((ticket) => word(at(ticket, "ticketKey")));
	if (own.includes(undefined)) return undefined;
	return [...new Set([...(own as string[]), ...(listed.get(id) ?? [])])].sort();
}

const kept = [
	"config_id",
	"status",
	"current_value",
	"recommended_value",
	"operator",
	"category",
	"subcategory",
	"description",
	"common_control_id",
	"monitored",
	"monitored_attestation",
	"locked",
	"locked_value",
	"overridden",
	"overridden_value",
	"remediation_steps",
	"console_url",
	"descriptionUrl",
];

function valuesOf(raw: Json, entry: Known<CatalogueEntry | null>): Json {
	const values = Object.fromEntries(kept.filter((key) => Object.hasOwn(raw, key)).map((key) => [key, raw[key]]));
	return { ...values, ...(entry?.guide && { guide: entry.guide }) };
}
