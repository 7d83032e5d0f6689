import { createHash } from "node:crypto";
import { encodeKnown } from "../model/json.js";
import type { ActionSpec, Inspection } from "../provider/action.js";
import type { Connection, Provider } from "../provider/provider.js";
import type { SettingSpec } from "../provider/setting.js";

/** Everything this provider can do: its actions, and the update of its settings where they can be written. */
export function actionSpecs(provider: Provider): ActionSpec[] {
	const own = provider.actions.some(({ kind }) => kind === "update-setting");
	return own || !provider.settings.some(({ update }) => update) ? provider.actions : [...provider.actions, updateSetting(provider.settings)];
}

/** `rule/OKTA_SIGN_ON/p1/r1` belongs to the kind `rule/OKTA_SIGN_ON`; its id for the vendor is `p1/r1`. */
export function settingSpec(settings: SettingSpec[], record: string): { spec: SettingSpec; id: string } | null {
	const spec = settings.filter(({ kind }) => record.startsWith(`${kind}/`)).sort((a, b) => b.kind.length - a.kind.length)[0];
	return spec ? { spec, id: record.slice(spec.kind.length + 1) } : null;
}

function updateSetting(settings: SettingSpec[]): ActionSpec {
	const find = (setting: string | undefined) => {
		const found = settingSpec(settings, setting ?? "");
		if (!found) throw new Error(`there is no kind of setting for ${setting}`);
		return found;
	};
	const look = async (connection: Connection, setting: string | undefined, values: Record<string, unknown>): Promise<Inspection> => {
		const { spec, id } = find(setting);
		const live = await spec.read(connection, id);
		const is = fingerprint(spec, live.values);
		const wanted = fingerprint(spec, merged(live.values, values));
		const done = live.exists && is === wanted;
		const refused = spec.update ? null : `${spec.title} can be read and not changed`;
		return { exists: live.exists, done, refused, facts: { before: live.exists ? overlap(live.values, values) : {}, is, wanted }, request: live.request };
	};
	return {
		kind: "update-setting",
		scopes: [],
		reversible: true,
		operatorOnly: false,
		effect: "The named values of the setting become those of the stack file; the rest of it stays.",
		inspect: (connection, target) => look(connection, target.setting, target.values ?? {}),
		async perform(connection, target, before) {
			const { spec, id } = find(target.setting);
			if (!spec.update) throw new Error(`${spec.title} can be read and not changed`);
			const { values } = await spec.read(connection, id);
			if (before && fingerprint(spec, values) !== before.facts.is)
				throw Object.assign(new Error("the setting has changed since it was looked at"), { ambiguous: false });
			return spec.update(connection, id, target.values ?? {}, values);
		},
		async verify(connection, target, before) {
			const now = await look(connection, target.setting, target.values ?? {});
			const whole = now.facts.is === before.facts.wanted;
			const detail = whole ? "the values are there" : now.done ? "the values are there, and others of the setting changed with them" : "the values differ";
			return { holds: whole, proof: "read-back", detail, at: now.request?.at ?? 0, request: now.request };
		},
		inverse(target, before) {
			const values = before.facts.before;
			if (typeof values !== "object" || values === null || Object.keys(values).length === 0) return null;
			return { kind: "update-setting", target: { ...target, values: { ...values } } };
		},
	};
}

/** Tells two states of a setting apart without keeping what it holds. */
function fingerprint(spec: SettingSpec, values: Record<string, unknown>): string {
	return createHash("sha256")
		.update(encodeKnown(spec.canonical(values)))
		.digest("hex");
}

/** `values` over `live`, objects merged at every depth. */
export function merged(live: Record<string, unknown>, values: Record<string, unknown>): Record<string, unknown> {
	const laid = Object.entries(values).map(([key, value]): [string, unknown] => {
		const held = own(live, key);
		return [key, isObject(value) && isObject(held) ? merged(held, value) : value];
	});
	return Object.fromEntries([...Object.entries(live), ...laid]);
}

/** What `live` holds where `values` says something; null where it holds nothing. */
function overlap(live: Record<string, unknown>, values: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(values).map(([key, value]) => {
			const held = own(live, key);
			return [key, isObject(value) && isObject(held) ? overlap(held, value) : (held ?? null)];
		}),
	);
}

/** Names of a vendor's may be `constructor` too. */
function own(values: Record<string, unknown>, key: string): unknown {
	return Object.hasOwn(values, key) ? values[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
