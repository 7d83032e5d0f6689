import { createHash } from "node:crypto";
import { encodeKnown } from "../../src/model/json.js";
import type { Millis } from "../../src/model/known.js";
import { ActionError, type EntraAction, needed } from "./act-guard.js";
import { type Look, readBack } from "./act-read-back.js";
import type { EntraConnection } from "./connection.js";
import { type Json, object } from "./schema.js";
import { refusalOf, settingSpecs } from "./settings.js";
import { canonical, merged } from "./settings-schema.js";

/** Policies show a change later than anything else: after minutes at times (hashicorp/terraform-provider-azuread#1746). */
const showsWithin: Millis = 240_000;

/** Brings declared values of a policy into force. */
export const updateSetting: EntraAction = {
	kind: "update-setting",
	scopes: [
		"Policy.ReadWrite.ConditionalAccess",
		"Policy.ReadWrite.Authorization",
		"Policy.ReadWrite.AuthenticationMethod",
		"Policy.ReadWrite.SecurityDefaults",
	],
	reversible: true,
	operatorOnly: false,
	effect: "The named values of the policy become those declared, for the next sign-in of everybody it is for; the rest of it stays. It shows within minutes.",
	async inspect(connection, target) {
		const { spec, id } = find(needed(target, "setting"));
		const values = target.values ?? {};
		const live = await spec.read(connection, id);
		if (!live.exists) return { exists: false, done: false, refused: "Entra has no such setting", facts: {}, request: live.request };
		const wanted = fingerprint(merged(live.values, values));
		const facts = { name: live.name, is: fingerprint(live.values), wanted, before: overlap(live.values, values) };
		const refused = refusalOf(spec.kind, live, values);
		const done = facts.is === wanted;
		return { exists: true, done, refused: done ? null : refused, facts, request: live.request };
	},
	async perform(connection, target, before) {
		const { spec, id } = find(needed(target, "setting"));
		const { name, values } = await spec.read(connection, id);
		if (before && fingerprint(values) !== before.facts.is)
			throw new ActionError(`${name || id} was changed by somebody else since it was looked at: look again`);
		return spec.update(connection, id, target.values ?? {}, values);
	},
	async verify(connection, target, before) {
		let is: unknown;
		const seen = await readBack(
			connection,
			async () => {
				const now = await look(connection, needed(target, "setting"), target.values ?? {});
				is = now.is;
				return now;
			},
			showsWithin,
		);
		if (!seen.holds || is === before.facts.wanted) return seen;
		return { ...seen, holds: false, detail: "the values are there, and others of the setting changed with them" };
	},
	inverse(target, before) {
		const values = object(before.facts.before);
		return values && Object.keys(values).length > 0 ? { kind: "update-setting", target: { setting: needed(target, "setting"), values } } : null;
	},
};

function find(setting: string) {
	for (const { update, ...spec } of settingSpecs)
		if (update && setting.startsWith(`${spec.kind}/`)) return { spec: { ...spec, update }, id: setting.slice(spec.kind.length + 1) };
	const kinds = settingSpecs.flatMap(({ kind, update }) => (update ? [kind] : []));
	throw new ActionError(`${setting} is no setting that can be changed here: there is ${kinds.join(", ")}`);
}

/** Tells two states apart without keeping what they hold. */
function fingerprint(values: Json): string {
	return createHash("sha256")
		.update(encodeKnown(canonical(values)))
		.digest("hex");
}

/** What is live where `values` says something: it takes the change back. */
function overlap(live: Json, values: Json): Json {
	const held = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
		const there = Object.hasOwn(live, key) ? live[key] : undefined;
		if (there === undefined || there === null) return [];
		const [inner, given] = [object(there), object(value)];
		return [[key, inner && given ? overlap(inner, given) : there]];
	});
	return Object.fromEntries(held);
}

async function look(connection: EntraConnection, setting: string, values: Json): Promise<Look & { is: string }> {
	const { spec, id } = find(setting);
	const live = await spec.read(connection, id);
	const is = fingerprint(live.values);
	const there = live.exists && is === fingerprint(merged(live.values, values));
	return { holds: there, detail: there ? "the values are there" : "the values differ from those declared", request: live.request, is };
}
