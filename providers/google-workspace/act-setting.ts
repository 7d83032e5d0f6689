import { createHash } from "node:crypto";
import { encodeKnown } from "../../src/model/json.js";
import { ActionError, needed } from "../../src/provider/action-error.js";
import { type Json, object } from "../../src/provider/decode.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import type { GoogleAction } from "./act-guard.js";
import type { GoogleConnection } from "./connection.js";
import { canonicalGroupSettings, invalidGroupSettings, keptByGoogle } from "./group-settings.js";
import { settingScopes, settingSpecs } from "./settings.js";

/** Brings declared values of a group into force. */
export const updateSetting: GoogleAction = {
	kind: "update-setting",
	scopes: settingScopes,
	reversible: true,
	operatorOnly: false,
	effect: "The named settings of the group become those declared, for everybody who joins, posts or looks from then on; members and messages there are stay.",
	async inspect(connection, target) {
		const { spec, id } = find(needed(target, "setting"));
		const values = target.values ?? {};
		const live = await spec.read(connection, id);
		if (!live.exists) return { exists: false, done: false, refused: "Google has no such group", facts: {}, request: live.request };
		const wrong = invalidGroupSettings(values);
		const done = wrong === null && holds(live.values, values);
		// Facts are kept for good: no more than what is needed to tell it apart and to take the change back.
		const before = Object.fromEntries(Object.keys(values).flatMap((key) => (Object.hasOwn(live.values, key) ? [[key, live.values[key]]] : [])));
		const facts = { name: live.name, is: fingerprint(live.values), before };
		return { exists: true, done, refused: done ? null : (wrong ?? keptByGoogle(live.values, values)), facts, request: live.request };
	},
	async perform(connection, target, before) {
		const { spec, id } = find(needed(target, "setting"));
		if (!spec.update) throw new ActionError(`${spec.title} can be read and not changed: Google's API for it has no writes`);
		const { name, values } = await spec.read(connection, id);
		if (before && fingerprint(values) !== before.facts.is)
			throw new ActionError(`${name || id} was changed by somebody else since it was looked at: look again`);
		return spec.update(connection, id, target.values ?? {}, values);
	},
	verify: (connection, target) => readBack(connection.config, look(connection, needed(target, "setting"), target.values ?? {}), 60_000),
	inverse(target, before) {
		const values = object(before.facts.before);
		return values && Object.keys(values).length > 0 ? { kind: "update-setting", target: { setting: needed(target, "setting"), values } } : null;
	},
};

function find(setting: string) {
	const spec = settingSpecs.find(({ kind, update }) => update && setting.startsWith(`${kind}/`));
	if (!spec)
		throw new ActionError(`${setting} is no setting that can be changed here: there is group-settings/<group id>, and Google's policies can only be read`);
	return { spec, id: setting.slice(spec.kind.length + 1) };
}

function fingerprint(values: Json): string {
	return createHash("sha256").update(encodeKnown(values)).digest("hex");
}

function holds(live: Json, values: Json): boolean {
	const there = canonicalGroupSettings(live);
	return Object.entries(canonicalGroupSettings(values)).every(([key, value]) => there[key] === value);
}

const look = (connection: GoogleConnection, setting: string, values: Json) => async (): Promise<Look> => {
	const { spec, id } = find(setting);
	const live = await spec.read(connection, id);
	const there = live.exists && holds(live.values, values);
	return { holds: there, detail: there ? "the values are there" : "the values differ from those declared", request: live.request };
};
