import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../model/diagnostic.js";
import { nearest } from "../model/nearest.js";
import { diagnosticAt } from "./later.js";
import { accepted } from "./prepared.js";
import type { Stack } from "./stack.js";

/** What a provider says of one kind of setting: the first part of its record id, and the JSON Schema of its values. */
export interface SettingKind {
	kind: string;
	valuesSchema: Record<string, unknown>;
}

/** Checks every entry under `settings` against its provider's kinds: a slip shows here and not at the vendor. */
export async function checkDesiredSettings(stack: Stack, kindsOf: (system: string) => SettingKind[]): Promise<Diagnostic[]> {
	const problems: Diagnostic[] = [];
	for (const [key, desired] of Object.entries(stack.settings)) {
		const kinds = kindsOf(desired.system);
		const path = `settings.${key}`;
		const kind = kinds.filter((one) => desired.setting.startsWith(`${one.kind}/`)).sort((a, b) => b.kind.length - a.kind.length)[0];
		if (!kind) {
			const names = kinds.map((one) => one.kind);
			const meant = nearest(desired.setting.split("/").slice(0, 2).join("/"), names);
			problems.push(
				diagnosticAt(
					stack,
					path,
					`${desired.system} has no kind of setting for \`${desired.setting}\``,
					meant ? `did you mean \`${desired.system}/${meant}/…\`?` : `there are ${names.join(", ")}`,
				),
			);
		} else if (!(await accepted("values", kind.valuesSchema, desired.values))) {
			const { errorsOf } = await import("./validate.js");
			problems.push(...errorsOf("values", kind.valuesSchema, desired.values).map((error) => problemOf(error, `${path}.values`, stack)));
		}
	}
	return problems;
}

function problemOf(error: ErrorObject, path: string, stack: Stack): Diagnostic {
	const at = [path, ...error.instancePath.split("/").slice(1)].join(".");
	const unknown = error.keyword === "additionalProperties" ? String(error.params.additionalProperty) : null;
	const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
	const meant = unknown === null ? null : nearest(unknown, known);
	return diagnosticAt(
		stack,
		unknown === null ? at : `${at}.${unknown}`,
		unknown === null ? `this value ${error.message}` : `there is no \`${unknown}\` here`,
		meant ? `did you mean \`${meant}\`?` : undefined,
	);
}
