import type { Millis } from "../model/known.js";
import { settingSpec } from "../plan/specs.js";
import type { ChangeLog, ChangeQuery } from "../provider/changes.js";
import { endText } from "../provider/grants.js";
import type { SettingSpec } from "../provider/setting.js";
import type { DesiredMembership, DesiredSetting, Stack } from "../stack/stack.js";
import type { JournalEntry, Store } from "../store/store.js";
import type { Drift, LiveState } from "./drift.js";
import type { LiveMember } from "./live.js";
import { memberSince, objectSince, type Past, pastOf, type Since, valueSince } from "./since.js";
import { type ChangedBy, keelsonsOwn, type Part, slack, whoChanged } from "./who.js";

/** One difference of a declared object, since when it is, and who made it. A missing side: that side has none. */
export interface DriftPart {
	/** `members[<id>]`, a value's path, `name`, `exists`. */
	path: string;
	/** Of a member: its id, which `desired` or `live` repeats. */
	member?: string;
	desired?: unknown;
	live?: unknown;
	/** The difference in words, where the two values don't say it. */
	said?: string;
	since: Since;
	by: ChangedBy;
}

/** A drift with its history and its author, as far as either is known. */
export interface NamedDrift extends Drift {
	parts: DriftPart[];
}

export interface NamingInput {
	stack: Stack;
	store: Store;
	live: LiveState;
	/** Logins by account id. */
	logins(system: string): ReadonlyMap<string, string>;
	/** Kinds of setting of a system's provider. */
	kinds(system: string): Promise<SettingSpec[]>;
	/** Asks a system's audit log; null: its vendor has none that is read. Throws nothing but an abort. */
	changes: null | ((system: string, query: ChangeQuery) => Promise<ChangeLog | null>);
	now: Millis;
}

/** Finds out of every drift since when, by the stored scans, and by whom, by the vendor's log. Writes nothing. */
export async function nameDrift(found: Drift[], input: NamingInput): Promise<NamedDrift[]> {
	const pasts = new Map<string, Promise<Past>>();
	const past = (system: string) => {
		const held = pasts.get(system) ?? pastOf(input.store, system);
		pasts.set(system, held);
		return held;
	};
	const journal = await input.store.journal({ tenant: input.stack.name });
	return Promise.all(found.map(async (drift) => ({ ...drift, parts: await partsOf(drift, await past(drift.system), journal, input) })));
}

interface Found {
	path: string;
	ask: Part;
	member?: string;
	desired?: unknown;
	live?: unknown;
	said?: string;
	since: Since;
	/** Why the log of this object can't tell. */
	elsewhere?: string;
}

async function partsOf(drift: Drift, past: Past, journal: JournalEntry[], input: NamingInput): Promise<DriftPart[]> {
	const { memberships, settings } = input.stack;
	const membership = Object.hasOwn(memberships, drift.key) ? memberships[drift.key] : undefined;
	const setting = Object.hasOwn(settings, drift.key) ? settings[drift.key] : undefined;
	const desired = membership ?? setting;
	if (!desired) return [];
	const parts: Found[] = [];
	if (!drift.exists) parts.push({ path: "exists", ask: { what: "deleted" }, desired: true, live: false, since: await objectSince(past, drift, desired) });
	if (drift.misnamed !== null)
		parts.push({
			path: "name",
			ask: { what: "changed", path: "name" },
			desired: drift.misnamed,
			live: drift.name,
			since: await objectSince(past, drift, desired),
		});
	const spec = setting && settingSpec(await input.kinds(drift.system), setting.setting)?.spec;
	if (setting && spec)
		for (const { path, ...values } of drift.changed)
			parts.push({ path, ask: { what: "changed", path }, ...sides(values), since: await valueSince(past, drift.key, setting, path, spec) });
	if (membership) parts.push(...(await memberParts(drift, past, membership, input)));
	const open = parts.filter(({ elsewhere }) => elsewhere === undefined);
	const about = spec?.arrange ? idsIn(drift) : [];
	const log = open.length > 0 ? await asked(drift, desired, open, about, input) : "";
	return parts.map(({ ask, elsewhere, ...part }) => ({
		...part,
		by: elsewhere === undefined ? byOf(ask, part.since, log, drift, desired, journal, input) : { unknown: elsewhere },
	}));
}

function sides({ desired, live, said }: { desired?: unknown; live?: unknown; said?: string }) {
	return { ...(desired === undefined ? {} : { desired }), ...(live === undefined ? {} : { live }), ...(said === undefined ? {} : { said }) };
}

async function memberParts(drift: Drift, past: Past, desired: DesiredMembership, input: NamingInput): Promise<Found[]> {
	const live = input.live.memberships.get(drift.key) ?? { exists: false, name: null, members: new Map() };
	const of = async (member: string, part: "extra" | "missing"): Promise<Found> => ({
		path: `members[${member}]`,
		member,
		ask: { what: part === "extra" ? "added" : "removed", member },
		...(part === "extra" ? { live: member } : { desired: member }),
		since: await memberSince(past, desired, member, part, live),
		...(part === "extra" ? throughGroups(desired, live.members.get(member)) : {}),
	});
	const ends = (drift.ends ?? []).map(
		(one): Found => ({
			path: `members[${one.id}].until`,
			ask: { what: "changed", path: "until" },
			desired: endText(one.desired),
			live: endText(one.live),
			since: { asDeclared: null, differs: null, unread: 0 },
			elsewhere: "the vendor's log is not asked who set the end of an access",
		}),
	);
	return [...(await Promise.all([...drift.missing.map((id) => of(id, "missing")), ...drift.extra.map((id) => of(id, "extra"))])), ...ends];
}

function throughGroups({ kind }: DesiredMembership, member: LiveMember | undefined): { elsewhere?: string } {
	if (kind !== "role" || (member?.assignments ?? []).length > 0) return {};
	const groups = [...new Set(member?.through ?? [])].join(", ");
	return { elsewhere: `it holds the role through the group ${groups}: declare that group's members, and its drift names who let it in` };
}

/** One question for all parts of an object; a text is why it can't be asked. */
async function asked(
	drift: Drift,
	desired: DesiredMembership | DesiredSetting,
	parts: Found[],
	about: string[],
	input: NamingInput,
): Promise<ChangeLog | string> {
	if (!input.changes) return "the vendor's log was not asked";
	const logins = input.logins(drift.system);
	const starts = parts.map(({ since }) => since.asDeclared?.started ?? 0);
	const log = await input.changes(drift.system, {
		kind: "setting" in desired ? "setting" : desired.kind,
		id: objectOf(desired),
		name: drift.name ?? desired.name,
		members: parts.flatMap(({ member }) => (member === undefined ? [] : [{ id: member, login: logins.get(member) ?? drift.outside[member] ?? null }])),
		...(about.length > 0 && { about }),
		since: Math.min(...starts) - slack,
		until: input.now,
	});
	return log ?? "Keelson reads no audit log of this vendor";
}

/** What an order ranks, on either side: it changes by a change of one of these. */
function idsIn({ changed }: Drift): string[] {
	return [...new Set(changed.flatMap(({ desired, live }) => [desired, live].flat()).filter((one) => typeof one === "string"))];
}

const objectOf = (desired: DesiredMembership | DesiredSetting) => ("setting" in desired ? desired.setting : desired.target);

function byOf(
	ask: Part,
	since: Since,
	log: ChangeLog | string,
	drift: Drift,
	desired: DesiredMembership | DesiredSetting,
	journal: JournalEntry[],
	{ stack, now }: NamingInput,
): ChangedBy {
	if (typeof log === "string") return { unknown: log };
	const found = whoChanged(ask, since, log, now);
	const declared = stack.systems[drift.system];
	if ("unknown" in found || !declared) return "unknown" in found ? found : { ...found };
	const keelson = keelsonsOwn(found.event, { system: drift.system, object: objectOf(desired) }, declared, journal);
	return { ...found, ...(keelson && { keelson }) };
}
