import { Ajv2020 } from "ajv/dist/2020.js";
import type { Diagnostic } from "../model/diagnostic.js";
import { nearest } from "../model/nearest.js";
import { diagnosticAt } from "./later.js";
import type { Stack } from "./stack.js";

/** What a provider says of one kind of setting: the first part of its record id, and the JSON Schema of its values. */
export interface SettingKind {
	kind: string;
	valuesSchema: Record<string, unknown>;
}

/** Checks every entry under `settings` against its provider's kinds: a slip shows here and not at the vendor. */
export function checkDesiredSettings(stack: Stack, kindsOf: (system: string) => SettingKind[]): Diagnostic[] {
	return Object.entries(stack.settings).flatMap(([key, desired]) => {
		const kinds = kindsOf(desired.system);
		const path = `settings.${key}`;
		const kind = kinds.filter((one) => desired.setting.startsWith(`${one.kind}/`)).sort((a, b) => b.kind.length - a.kind.length)[0];
		if (!kind) {
			const names = kinds.map((one) => one.kind);
			const meant = nearest(desired.setting.split("/").slice(0, 2).join("/"), names);
			return [
				diagnosticAt(
					stack,
					path,
					`${desired.system} has no kind of setting for \`${desired.setting}\``,
					meant ? `did you mean \`${desired.system}/${meant}/…\`?` : `there are ${names.join(", ")}`,
				),
			];
		}
		const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(kind.valuesSchema);
		if (validate(desired.values)) return [];
		return (validate.errors ?? []).map((error) => {
			const at = [`${path}.values`, ...error.instancePath.split("/").slice(1)].join(".");
			const unknown = error.keyword === "additionalProperties" ? String(error.params.additionalProperty) : null;
			const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
			const meant = unknown === null ? null : nearest(unknown, known);
			return diagnosticAt(
				stack,
				unknown === null ? at : `${at}.${unknown}`,
				unknown === null ? `this value ${error.message}` : `there is no \`${unknown}\` here`,
				meant ? `did you mean \`${meant}\`?` : undefined,
			);
		});
	});
}
