import type { CelType, FieldTable } from "../src/policy/cel-type.js";
import { catalogue } from "../src/policy/types.js";

/** `docs/policy-fields.md`: every field a policy can use, from the catalogue that policies are checked against. */
export function fieldsPage(): string {
	const subjects = Object.entries(catalogue).map(([word, type]) => `## ${word}\n\n${table(word, type.fields ?? {})}`);
	return `# Fields for policies

This page is made from the source: \`npm run generate\` writes it. How to write a policy: [policies.md](policies.md).

A type with \`or null\` can be null, which is the vendor saying "none" or "never"; a policy must ask for null before it compares or calculates. Any field can be unknown. *From* says what must have been read for the field to be known; \`stack\` is your stack file, \`derived\` follows from several.

${subjects.join("\n")}`;
}

function table(prefix: string, fields: FieldTable): string {
	return `| Field | Type | Meaning | From |\n|---|---|---|---|\n${rows(prefix, fields).join("\n")}\n`;
}

function rows(prefix: string, fields: FieldTable): string[] {
	return Object.entries(fields).flatMap(([name, { type, description, source }]) => {
		const inner = type.kind === "list" ? type.element?.fields : type.fields;
		const path = `${prefix}.${name}`;
		return [
			`| \`${path}\` | ${typeWords(type)} | ${description.replaceAll("<", "&lt;")}${valueWords(type)} | ${source} |`,
			...(inner ? rows(type.kind === "list" ? `${path}[]` : path, inner) : []),
		];
	});
}

function typeWords(type: CelType): string {
	const plain = type.kind === "list" ? `list of ${type.element?.name ?? type.element?.kind ?? "dyn"}` : type.kind === "dyn" ? "anything" : type.kind;
	return type.nullable ? `${plain} or null` : plain;
}

function valueWords({ values }: CelType): string {
	return values ? `: ${values.map((value) => `\`${value}\``).join(", ")}` : "";
}
