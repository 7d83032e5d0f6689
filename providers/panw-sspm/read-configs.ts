import type { Known, KnownList } from "../../src/model/known.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { at, type Json, object, word } from "../../src/provider/decode.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { Catalogue, CatalogueEntry, controlBook } from "./catalogue.js";
import type { SspmConnection } from "./connection.js";
import type { Instance, WatchedApp } from "./places.js";
import { bareList, decodeAll, type Losses } from "./read.js";
import { decodeConfig, decodePlain, isStale } from "./schema-config.js";
import { type Issue, type issueStates, type LinkCount, linkedTo } from "./ticket-state.js";
import { issuesIn, ticketsOf } from "./tickets.js";
import { saysPass } from "./verdict.js";

/** What the configurations of one app are joined with. */
export interface Joined {
	catalogue: Catalogue | null;
	controls: Awaited<ReturnType<typeof controlBook>>;
	/** By configuration; undefined where they can't be read. */
	tickets: Known<Map<string, Issue[]>>;
	stateOf: ReturnType<typeof issueStates>;
	/** Whether a ticket holds anything; null where the app has no place for tickets, or it can't be said which it is. */
	countOf: LinkCount | null;
	/** Configurations that the last scan had. */
	before: number;
}

/** The configurations of an app with the vendor's verdicts, and its settings that nothing is held against. */
export async function* configsOf(connection: SspmConnection, context: ReadContext, app: WatchedApp, joined: Joined, lost: Losses): AsyncGenerator<ReadPage> {
	const { before, catalogue } = joined;
	const params = { app_id: app.id };
	const list = await bareList(connection, { method: "GET", path: "/sspm/api/v1/apps/{app_id}/configs", params }, lost, context.signal);
	if (!list) return;
	if (list.items.length === 0 && before > 0) {
		lost.add({ cause: "floor", detail: `${list.request.call}: no configuration of ${app.name}, of which ${before} were read the last time` });
		return;
	}
	const now = connection.config.now();
	const around = new Map<unknown, { controls: Known<KnownList<string>>; tickets: Awaited<ReturnType<typeof ticketsIn>> }>();
	for (const item of list.items) around.set(item, { controls: await controlsIn(item, joined), tickets: await ticketsIn(item, joined) });
	const decode = (item: unknown) => {
		const { controls, tickets } = around.get(item) ?? {};
		return decodeConfig(item, { app, entry: entryOf(item, catalogue), controls, tickets, now });
	};
	yield { ...decodeAll(list.items, decode, ({ id }) => id), request: list.request };
	if (isStale(app, now))
		lost.note({ cause: "depends", detail: `${app.name} was not scanned for more than two of its intervals: its verdicts are not believed` });
	const plain = await bareList(connection, { method: "GET", path: "/sspm/api/v1/apps/{app_id}/settings", params }, lost, context.signal);
	if (!plain) return;
	const checked = new Set(list.items.map((item) => word(at(item, "id"))));
	const others = plain.items.filter((item) => {
		const id = word(at(item, "id"));
		return id === undefined || !checked.has(id);
	});
	const decodeOther = (item: unknown) => decodePlain(item, app);
	yield { ...decodeAll(others, decodeOther, ({ id }) => id), request: plain.request };
}

/** The catalogue's entry. One that is about another control than the configuration is another check by the same name: its severity is not this one's. */
function entryOf(item: unknown, catalogue: Catalogue | null): Known<CatalogueEntry | null> {
	const entry = catalogue?.entries.get(word(at(item, "config_id")) ?? "");
	if (!entry) return catalogue?.whole ? null : undefined;
	const control = word(at(item, "common_control_id"));
	return control !== undefined && entry.control !== undefined && control !== entry.control ? undefined : entry;
}

async function controlsIn(item: unknown, { controls }: Joined): Promise<Known<KnownList<string>>> {
	const control = word(at(item, "common_control_id"));
	if (control === undefined) return undefined;
	return (await controls.of(control)) ?? Object.assign([control], { partial: true as const });
}

async function ticketsIn(item: unknown, { tickets, stateOf, countOf }: Joined) {
	const named = issuesIn(item);
	const listed = tickets?.get(word(at(item, "id")) ?? "") ?? [];
	// What is as it should be needs no ticket: whether its own holds anything is not worth a request.
	const asks = object(item) !== null && !saysPass(item as Json);
	return named && tickets ? linkedTo(named, listed, stateOf, (asks && countOf) || undefined) : undefined;
}

/** Configurations of each app that the last scan had. */
export async function countsBefore(context: ReadContext): Promise<Map<string, number>> {
	const counts = new Map<string, number>();
	for await (const { body } of context.previous("settings")) {
		const app = (body as SettingRecord).verdict?.app;
		if (app !== undefined) counts.set(app, (counts.get(app) ?? 0) + 1);
	}
	return counts;
}

/** Tickets of an app by what they are about. `place`: null where it has none, undefined where it can't be said which it is. */
export async function ticketMap(
	connection: SspmConnection,
	place: Known<Instance | null>,
	lost: Losses,
	signal?: AbortSignal,
): Promise<Known<Map<string, Issue[]>>> {
	if (place === undefined) return undefined;
	const found = new Map<string, Issue[]>();
	if (place === null) return found;
	const { tickets } = await ticketsOf(connection, place.id, lost, signal);
	if (!tickets) return undefined;
	for (const ticket of tickets) for (const id of ticket.resources) found.set(id, [...(found.get(id) ?? []), ticket]);
	return found;
}
