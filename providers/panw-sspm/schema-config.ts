import type { Known, KnownList, Millis } from "../../src/model/known.js";
import type { SettingRecord, VendorVerdict } from "../../src/model/objects.js";
import { type Decoded, flag, identified, type Json, known, text, word } from "../../src/provider/decode.js";
import { type CatalogueEntry, severityOf } from "./catalogue.js";
import { ownerOf, type WatchedApp } from "./places.js";
import type { Linked } from "./ticket-state.js";
import { type Judged, judge, wanted } from "./verdict.js";

/** What a configuration is joined with. */
export interface Surroundings {
	app: WatchedApp;
	/** Null: the vendor's catalogue has no such entry; undefined: it could not be read whole. */
	entry: Known<CatalogueEntry | null>;
	controls: Known<KnownList<string>>;
	/** What is linked to it; undefined where that can't be read. */
	tickets: Known<Linked[]>;
	now: Millis;
}

/** What a posture product keeps says of no sign-in how it is decided, and bounds no session: the app it watches does. */
export const nothingOfSignIn = { signIn: null, session: null } as const;

/** Minutes between two scans, where the app does not say. */
const usualInterval = 1440;

/** Whether what is known of an app is too old to be believed: older than two of its scan intervals. */
export function isStale({ scanned, intervalMinutes = usualInterval }: WatchedApp, now: Millis): boolean {
	// A time that is still to come says nothing of how old the scan is.
	return scanned === undefined || scanned === null || now - scanned > 2 * intervalMinutes * 60_000 || scanned - now > 3_600_000;
}

/** An item of `apps/{app_id}/configs` → setting. */
export function decodeConfig(item: unknown, around: Surroundings): Decoded<SettingRecord> {
	const found = identified(item, "configuration");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const { app, entry, tickets, now } = around;
	const kind = `config/${app.type}`;
	const judged = isStale(app, now) ? { why: "the app was not scanned for more than two of its intervals" } : judge(raw, entry?.operator);
	return {
		ok: known<SettingRecord>({
			id: `${kind}/${id}`,
			kind,
			name: word(raw.name) ?? entry?.name ?? word(raw.config_id) ?? id,
			active: flag(raw.monitored),
			builtIn: true,
			parent: `app/${app.id}`,
			values: { ...valuesOf(raw, entry), ...("why" in judged && { notJudged: judged.why }), ...(tickets && tickets.length > 0 && { tickets }) },
			...nothingOfSignIn,
			verdict: verdictOf(raw, around, judged),
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
	return {
		ok: known<SettingRecord>({
			id: `${kind}/${id}`,
			kind,
			name,
			active: undefined,
			builtIn: true,
			parent: `app/${app.id}`,
			values,
			...nothingOfSignIn,
			verdict: null,
		}),
	};
}

function verdictOf(raw: Json, { app, entry, controls, tickets }: Surroundings, judged: Judged): VendorVerdict {
	const verdict = {
		failing: "why" in judged ? undefined : judged.failing,
		severity: entry ? severityOf(entry.severity) : entry,
		current: text(raw.current_value),
		recommended: wanted(raw),
		appType: app.type,
		app: app.id,
		owner: ownerOf(app.type),
		tickets: tickets && addressing(tickets),
		controls,
		checked: app.scanned,
		console: text(raw.console_url) ?? entry?.console,
	};
	return known(verdict) as VendorVerdict;
}

/**
 * Open tickets that hold something. One that is linked to no issue, or of which that can't be said, is not counted, and leaves the list open: it is no
 * proof that somebody works on it, and none that nobody does.
 */
function addressing(tickets: readonly Linked[]): KnownList<string> {
	const open = tickets.filter((ticket) => ticket.open);
	const keys = open.filter(({ link }) => link === undefined).map(({ key }) => key);
	return keys.length < open.length ? Object.assign(keys, { partial: true as const }) : keys;
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
