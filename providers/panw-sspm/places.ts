import type { Known, Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import { at, type Decoded, date, identified, known, lookUp, object, text, word } from "../../src/provider/decode.js";
import type { SspmConnection } from "./connection.js";
import { tokenPages } from "./paging.js";
import { countedList, type Losses, one, whole } from "./read.js";

/** An app that the vendor watches. */
export interface WatchedApp {
	id: string;
	name: string;
	type: string;
	status?: string;
	health?: string;
	created?: Millis | null;
	/** When it was last looked at; null = never. */
	scanned?: Millis | null;
	intervalMinutes?: number;
	/** Status word of each feature. */
	features?: Record<string, string>;
}

/** An app as the identity calls see it. */
export interface Instance {
	id: string;
	name: string | undefined;
	type: string | undefined;
}

/** The vendor's app types whose settings are those of one of our systems. */
const owners: Record<string, string> = {
	office365: "entra",
	azure: "entra",
	google: "google-workspace",
	"google-workspace": "google-workspace",
	okta: "okta",
};

/** The provider whose system owns the app's settings; null where none of ours does. */
export function ownerOf(appType: string): string | null {
	return lookUp(owners, appType) ?? null;
}

/** An item of `GET /sspm/api/v1/apps`. */
export function decodeApp(item: unknown): Decoded<WatchedApp> {
	const found = identified(item, "app", "app_id");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const type = word(raw.type);
	if (type === undefined) return { bad: "an app has no type", id };
	const interval = raw.scan_interval_minutes;
	const scan = at(raw, "features_state", "SCAN", "last_scanned_at");
	// A registered app that was never scanned has no such key.
	const never = scan === undefined && !Object.hasOwn(raw, "last_scanned_at") && raw.status === "Registered";
	return {
		ok: known<WatchedApp>({
			id,
			type,
			name: word(raw.name) ?? id,
			status: word(raw.status),
			health: word(raw.health_status),
			created: date(raw.created_at) ?? undefined,
			scanned: never ? null : date(scan ?? raw.last_scanned_at),
			intervalMinutes: typeof interval === "number" && interval > 0 ? interval : undefined,
			features: featuresOf(raw.features_state),
		} as WatchedApp),
	};
}

function featuresOf(value: unknown): Known<Record<string, string>> {
	const states = object(value);
	if (!states) return undefined;
	const named = Object.keys(states).map((name): [string, string] => [name, word(at(states, name, "status")) ?? "UNKNOWN"]);
	return Object.fromEntries(named);
}

/** The specification does not say what the list holds of an app: one that lacks something is asked for by itself. */
async function detailed(connection: SspmConnection, row: Decoded<WatchedApp>, signal?: AbortSignal): Promise<Decoded<WatchedApp>> {
	const id = "bad" in row ? row.id : row.ok.id;
	if (id === null || ("ok" in row && row.ok.scanned !== undefined)) return row;
	const answer = await one(connection, { method: "GET", path: "/sspm/api/v1/apps/{app_id}", params: { app_id: id } }, signal);
	return "body" in answer && at(answer.body, "app_id") === id ? decodeApp(answer.body) : row;
}

/** Every app that is watched; what could not be read of them is told to `lost`. */
export async function watchedApps(
	connection: SspmConnection,
	lost: Losses,
	signal?: AbortSignal,
): Promise<{ apps: WatchedApp[]; bad: { id: string | null; why: string }[]; request: RequestRef | null; closed: boolean }> {
	const { items, request, closed } = await whole(tokenPages(connection, { method: "GET", path: "/sspm/api/v1/apps" }, { id: "app_id", signal }), lost);
	const apps: WatchedApp[] = [];
	const bad: { id: string | null; why: string }[] = [];
	for (const item of items) {
		const decoded = await detailed(connection, decodeApp(item), signal);
		if ("bad" in decoded) bad.push({ id: decoded.id, why: decoded.bad });
		else apps.push(decoded.ok);
	}
	return { apps, bad, request, closed };
}

/** Every instance; null where the list can't be read. */
export async function instances(
	connection: SspmConnection,
	lost: Losses,
	signal?: AbortSignal,
): Promise<{ found: Instance[]; bad: { id: string | null; why: string }[]; request: RequestRef; closed: boolean } | null> {
	const list = await countedList(connection, { method: "GET", path: "/sspm/identity/v1/saas_instances" }, lost, signal);
	if (!list) return null;
	const found: Instance[] = [];
	const bad: { id: string | null; why: string }[] = [];
	for (const item of list.items) {
		const one = identified(item, "SaaS instance", "saasInstanceId");
		if ("bad" in one) bad.push({ id: null, why: one.bad });
		else found.push({ id: one.id, name: text(one.raw.displayName) ?? undefined, type: word(one.raw.appType) });
	}
	return { found, bad, request: list.request, closed: list.closed && bad.length === 0 };
}

/**
 * The instance that is the app: the vendor does not say which, so by id, then by type and name, then by being the only one of its type.
 * Null = it has none; undefined = it can't be said.
 */
export function instanceOf(app: WatchedApp, all: readonly Instance[], apps: readonly WatchedApp[]): Known<Instance | null> {
	const same = all.find(({ id }) => id === app.id);
	if (same) return same;
	const alike = all.filter(({ type }) => type === app.type);
	if (alike.length === 0) return all.some(({ type }) => type === undefined) ? undefined : null;
	const named = alike.filter(({ name }) => name === app.name);
	const namesakes = apps.filter(({ type, name }) => type === app.type && name === app.name);
	if (named.length === 1 && namesakes.length === 1) return named[0];
	return named.length === 0 && alike.length === 1 && apps.filter(({ type }) => type === app.type).length === 1 ? alike[0] : undefined;
}
