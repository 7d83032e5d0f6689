import { createHash } from "node:crypto";
import { encodeKnown } from "../../src/model/json.js";
import { ActionError, needed, type OktaAction } from "./act-guard.js";
import { type Look, readBack } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { type Json, object } from "./schema.js";
import { keptByOkta, settingScopes, settingSpecs } from "./settings.js";
import { policyKinds } from "./settings-kinds.js";
import { orderKinds, orderSchema, otherIds } from "./settings-orders.js";
import { overlay } from "./settings-shape.js";
import { filled, invalid, taken, wrongBy } from "./settings-values.js";

/** Brings declared values of a policy or rule into force. */
export const updateSetting: OktaAction = {
	kind: "update-setting",
	scopes: settingScopes,
	reversible: true,
	operatorOnly: false,
	effect: "The named values of the policy or rule, or the order, become those declared, for the next sign-in of everybody it is for; the rest of it stays.",
	async inspect(connection, target) {
		const { form, spec, id } = find(needed(target, "setting"));
		const values = target.values ?? {};
		const live = await spec.read(connection, id);
		if (!live.exists) return { exists: false, done: false, refused: "Okta has no such policy or rule", facts: {}, request: live.request };
		const wrong = form.invalid(values);
		const done = wrong === null && holds(form, live.values, values);
		const refused = done ? null : (wrong ?? form.refused(live.values, values));
		// Facts are kept for good: no more of the object than what is needed to tell it apart and to take the change back.
		const facts = { name: live.name, is: fingerprint(live.values), before: form.before(live.values, values) };
		return { exists: true, done, refused, facts, request: live.request };
	},
	async perform(connection, target, before) {
		const { spec, id } = find(needed(target, "setting"));
		if (!spec.update) throw new ActionError(`${spec.title} can be read and not changed`);
		const { name, values } = await spec.read(connection, id);
		if (before && fingerprint(values) !== before.facts.is)
			throw new ActionError(`${name || id} was changed by somebody else since it was looked at: look again`);
		return spec.update(connection, id, target.values ?? {}, values);
	},
	verify: (connection, target) => readBack(connection, look(connection, needed(target, "setting"), target.values ?? {})),
	inverse(target, before) {
		const values = object(before.facts.before);
		return values && { kind: "update-setting", target: { setting: needed(target, "setting"), values } };
	},
};

const byId = new Map(settingSpecs.map((spec) => [spec.kind, spec]));

/** What kinds of setting have each their own way of. */
interface Form {
	kind: string;
	/** What is wrong with declared values. */
	invalid(values: Json): string | null;
	/** Why Okta, or we, would not make them so. */
	refused(live: Json, values: Json): string | null;
	laidOver(live: Json, values: Json): Json;
	/** What takes the change back. */
	before(live: Json, values: Json): Json;
}

const forms: Form[] = [
	...policyKinds.map((kind) => ({
		kind: kind.kind,
		invalid: (values: Json) => invalid(kind, values),
		refused: (live: Json, values: Json) => keptByOkta(kind, live, values),
		laidOver: (live: Json, values: Json) => object(overlay(kind.shape, live, values)) ?? {},
		before: (live: Json, values: Json) => taken(filled(kind, live), values),
	})),
	...orderKinds.map(({ kind }) => ({
		kind,
		invalid: (values: Json) => wrongBy(kind, () => orderSchema, values),
		refused: (live: Json, values: Json) => otherIds(values, live),
		laidOver: (live: Json, values: Json) => ({ ...live, ...values }),
		before: (live: Json) => ({ order: live.order }),
	})),
];

function find(setting: string) {
	const form = forms.find((one) => setting.startsWith(`${one.kind}/`));
	const spec = form && byId.get(form.kind);
	if (!form || !spec) throw new ActionError(`${setting} is no setting that can be changed here: there is ${forms.map((one) => one.kind).join(", ")}`);
	return { form, spec, id: setting.slice(form.kind.length + 1) };
}

function fingerprint(values: Json): string {
	return createHash("sha256").update(encodeKnown(values)).digest("hex");
}

/** Laying the values over what is there would change nothing. */
function holds(form: Form, live: Json, values: Json): boolean {
	const spec = byId.get(form.kind);
	return spec !== undefined && encodeKnown(spec.canonical(live)) === encodeKnown(spec.canonical(form.laidOver(live, values)));
}

const look = (connection: OktaConnection, setting: string, values: Json) => async (): Promise<Look> => {
	const { form, spec, id } = find(setting);
	const live = await spec.read(connection, id);
	const there = live.exists && holds(form, live.values, values);
	return { holds: there, detail: there ? "the values are there" : "the values differ from those declared", request: live.request };
};
