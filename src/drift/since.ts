import type { Millis } from "../model/known.js";
import type { RoleAssignmentRecord, SettingRecord } from "../model/objects.js";
import type { CollectionName, Coverage, Scan } from "../model/snapshot.js";
import type { SettingSpec } from "../provider/setting.js";
import type { DesiredMembership, DesiredSetting } from "../stack/stack.js";
import type { RecordVersion, Store } from "../store/store.js";
import { type Drift, settingDrift } from "./drift.js";
import type { LiveMembership } from "./live.js";

/** Since when one part of a drift is as it is, by the scans that are stored. */
export interface Since {
	/** The newest scan that saw it as it is declared now; null: none of those stored did. */
	asDeclared: { started: Millis; finished: Millis } | null;
	/** The first scan since then that saw it otherwise; null: none did, so that it changed after the newest one, or no scan can tell. */
	differs: Millis | null;
	/** Scans between the two, or since, that could not read it. */
	unread: number;
}

/** What one scan says of a part: as it is live now, as it is declared, or nothing. */
type Seen = "live" | "declared" | undefined;

/** The finished scans of a system, newest first. */
export interface Past {
	store: Store;
	system: string;
	scans: Scan[];
}

export async function pastOf(store: Store, system: string): Promise<Past> {
	const scans = await store.scans({ system });
	return { store, system, scans: scans.filter(({ finished }) => finished !== null) };
}

/** Walks back from the newest scan until one saw the part as it is declared. */
async function walk({ scans }: Past, seen: (scan: Scan) => Seen | Promise<Seen>): Promise<Since> {
	let differs: Millis | null = null;
	let unread = 0;
	for (const scan of scans) {
		const finished = scan.finished ?? scan.started;
		const what = await seen(scan);
		if (what === "declared") return { asDeclared: { started: scan.started, finished }, differs, unread };
		if (what === "live") differs = finished;
		else unread++;
	}
	return { asDeclared: null, differs, unread };
}

/** Whether a record was there in a scan; undefined: its list was not read whole, or was cut off before it. */
function wasThere(versions: RecordVersion[], scan: Scan, collection: CollectionName, id: string): boolean | undefined {
	const coverage = scan.coverage.find((one) => one.collection === collection);
	if (coverage && unseenOf(coverage).has(id)) return undefined;
	if (versionAt(versions, scan)) return true;
	return coverage?.state === "complete" ? false : undefined;
}

/** A list that broke off early may have left out very many. */
const unseen = new WeakMap<Coverage, Set<string>>();

function unseenOf(coverage: Coverage): Set<string> {
	const held = unseen.get(coverage) ?? new Set(coverage.unseen);
	unseen.set(coverage, held);
	return held;
}

function versionAt(versions: RecordVersion[], { started, finished }: Scan): RecordVersion | undefined {
	const at = finished ?? started;
	return versions.find(({ from, to }) => from <= at && (to === null || to > at));
}

/** One member's coming (`extra`) or going (`missing`). */
export async function memberSince(past: Past, desired: DesiredMembership, account: string, part: "extra" | "missing", live: LiveMembership): Promise<Since> {
	const meaning = (there: boolean | undefined): Seen => (there === undefined ? undefined : there === (part === "extra") ? "live" : "declared");
	if (desired.kind === "group") {
		const id = `${desired.target}/${account}`;
		const versions = await past.store.history(past.system, "memberships", id);
		return walk(past, (scan) => meaning(wasThere(versions, scan, "memberships", id)));
	}
	// Held through a group: the group's members tell since when, not the role's assignments.
	if (part === "extra" && (live.members.get(account)?.assignments ?? []).length === 0) return { asDeclared: null, differs: null, unread: past.scans.length };
	return walk(past, async (scan) => meaning(await heldRole(past, scan, account, desired.target)));
}

/** Whether the account held the role itself. */
async function heldRole({ store }: Past, scan: Scan, account: string, role: string): Promise<boolean | undefined> {
	const coverage = scan.coverage.find(({ collection }) => collection === "roleAssignments");
	const missed = coverage ? unseenOf(coverage) : new Set<string>();
	let doubt = coverage?.state !== "complete";
	for await (const batch of store.records(scan, "roleAssignments", `${account}/`))
		for (const { id, body } of batch) {
			const held = body as RoleAssignmentRecord;
			if (held.role !== role || held.assignment !== "active" || held.principal !== account) continue;
			if (!missed.has(id)) return true;
			doubt = true;
		}
	return doubt ? undefined : false;
}

/** One value of a setting, by its path. */
export async function valueSince(
	past: Past,
	key: string,
	desired: DesiredSetting,
	path: string,
	spec: Pick<SettingSpec, "canonical" | "update">,
): Promise<Since> {
	const versions = await past.store.history(past.system, "settings", desired.setting);
	return walk(past, (scan) => {
		if (wasThere(versions, scan, "settings", desired.setting) !== true) return undefined;
		const record = versionAt(versions, scan)?.body as SettingRecord | undefined;
		if (record?.values === undefined) return undefined;
		const then = { exists: true, name: record.name, values: record.values, canonical: spec.canonical, writable: spec.update !== null };
		return settingDrift(key, desired, then).changed.some((one) => one.path === path) ? "live" : "declared";
	});
}

/** The object itself: gone, or under another name than declared. */
export async function objectSince(past: Past, drift: Drift, desired: DesiredMembership | DesiredSetting): Promise<Since> {
	const [collection, id] = "setting" in desired ? (["settings", desired.setting] as const) : (["groups", desired.target] as const);
	const versions = await past.store.history(past.system, collection, id);
	return walk(past, (scan) => {
		const there = wasThere(versions, scan, collection, id);
		if (there === undefined) return undefined;
		if (!drift.exists) return there ? "declared" : "live";
		const name = (versionAt(versions, scan)?.body as { name?: string } | undefined)?.name;
		return name === undefined ? undefined : name === drift.misnamed ? "declared" : "live";
	});
}
