import type { NamedDrift } from "../drift/named.js";
import type { Millis } from "../model/known.js";
import type { Happening } from "./announce.js";
import { draft } from "./message.js";
import { line, type Span } from "./text.js";

export interface DriftNews {
	tenant: string;
	at: Millis;
	drifts: readonly NamedDrift[];
	/** Everything that is declared was read: what is not among the drifts is as declared again. */
	whole: boolean;
	login(system: string, id: string): string;
}

/** Declared objects that differ from the live ones. One that differs otherwise than it did is news again. */
export function driftHappening({ tenant, at, drifts, whole, login }: DriftNews): Happening<NamedDrift> {
	return {
		event: "drift",
		items: drifts,
		keyOf,
		message: (items, { names }) =>
			draft(
				{
					event: "drift",
					tenant,
					at,
					title: [items.length === 1 ? "1 object is not as declared" : `${items.length} objects are not as declared`],
					opening: [],
					items: items.map((drift) => driftLine(drift, names, login)),
					closing: [["keelson drift says since when, by whom, and both ways out."]],
					data: items.map((drift) => ({
						key: drift.key,
						system: drift.system,
						kind: drift.kind,
						mode: drift.mode,
						exists: drift.exists,
						missing: drift.missing,
						extra: drift.extra,
						changed: drift.changed.map(({ path }) => path),
						...(names ? { name: drift.name, by: drift.parts.map(({ path, by }) => ({ path, by })) } : {}),
					})),
					facts: {},
				},
				items.map(keyOf),
			),
		whole,
	};
}

function keyOf({ key, exists, misnamed, missing, extra, changed, ends }: NamedDrift): string {
	return JSON.stringify([key, exists, misnamed, [...missing].sort(), [...extra].sort(), changed, ends ?? []]);
}

function driftLine({ key, system, name, exists, missing, extra, changed, ends }: NamedDrift, names: boolean, login: DriftNews["login"]): Span[] {
	const parts: Span[][] = [
		...(exists ? [] : [["is not there"]]),
		...[["missing", missing] as const, ["not declared", extra] as const, ["ending at another time", (ends ?? []).map(({ id }) => id)] as const].flatMap(
			([what, ids]) => (ids.length === 0 ? [] : [memberPart(what, ids, names ? (id) => login(system, id) : null)]),
		),
		...(changed.length === 0 ? [] : [line`${changed.length} of its values other: ${changed.map(({ path }) => path).join(", ")}`]),
	];
	const head = names && name !== null ? line`${key} (${name}): ` : line`${key}: `;
	return [...head, ...parts.flatMap((part, index) => (index === 0 ? part : ["; ", ...part]))];
}

function memberPart(what: string, ids: readonly string[], nameOf: ((id: string) => string) | null): Span[] {
	const count = `${ids.length} ${ids.length === 1 ? "member" : "members"} ${what}`;
	return nameOf === null ? [count] : [`${count}: `, ...line`${ids.slice(0, 3).map(nameOf).join(", ")}${ids.length > 3 ? ", …" : ""}`];
}
