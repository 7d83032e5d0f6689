import type { RequestRef } from "../../src/model/snapshot.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, type Json, object, word } from "../../src/provider/decode.js";
import type { SspmConnection } from "./connection.js";
import { type Instance, instanceOf, instances, type WatchedApp, watchedApps } from "./places.js";
import { bareList, losses } from "./read.js";

/** A configuration as the vendor has it now. */
export interface LiveConfig {
	id: string;
	app: WatchedApp;
	/** As it was sent. */
	raw: Json;
	/** Where its tickets are; null: the app has no such place; undefined: it can't be said which it is. */
	place: Instance | null | undefined;
	request: RequestRef;
}

/**
 * Finds the configuration that a setting's id names; null where the vendor has none.
 * @throws HttpError, and ActionError where the lists that lead there are not whole
 */
export async function findConfig(connection: SspmConnection, setting: string): Promise<LiveConfig | null> {
	const [, type, id] = /^config\/(.+)\/([^/]+)$/.exec(setting) ?? [];
	if (type === undefined || id === undefined)
		throw new ActionError(`${setting} is no configuration: tickets are for settings of the kind config/<type of the app>`);
	const { signal } = connection.config;
	const lost = losses();
	const { apps } = await watchedApps(connection, lost, signal);
	for (const app of apps.filter((one) => one.type === type)) {
		const list = await bareList(connection, { method: "GET", path: "/sspm/api/v1/apps/{app_id}/configs", params: { app_id: app.id } }, lost, signal);
		const raw = object(list?.items.find((item) => word(at(item, "id")) === id));
		if (!list || !raw) continue;
		return { id, app, raw, place: await placeOf(connection, app, apps), request: list.request };
	}
	const { closed, reasons } = lost.end();
	if (!closed) throw new ActionError(`${setting} was not met, and what was read is not whole: ${reasons[0]?.detail}`);
	return null;
}

async function placeOf(connection: SspmConnection, app: WatchedApp, apps: WatchedApp[]): Promise<LiveConfig["place"]> {
	const lost = losses();
	const all = await instances(connection, lost, connection.config.signal);
	const { closed, reasons } = lost.end();
	if (!closed || !all?.closed) throw new ActionError(`the list of SaaS instances could not be read whole: ${reasons[0]?.detail ?? "one of them has no id"}`);
	return instanceOf(app, all.found, apps);
}
