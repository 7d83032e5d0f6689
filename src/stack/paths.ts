/** Steps from the document's root to a value. */
export type Parts = readonly (string | number)[];

/** The path as people and `Stack.positions` write it: `exemptions.0.subject`; a step that holds a dot, bracket, quote or control character is quoted: `settings["entra/a.b"].mode`. */
export function pathText(parts: Parts): string {
	let out = "";
	for (const part of parts) {
		const step = String(part);
		if (step === "" || /[.[\]"\p{Cc}\u2028\u2029]/u.test(step)) out += `[${JSON.stringify(step)}]`;
		else out += out === "" ? step : `.${step}`;
	}
	return out;
}

/** A JSON Pointer (RFC 6901), as the schema validator gives it, as steps. */
export function pointerParts(pointer: string): string[] {
	if (pointer === "") return [];
	return pointer
		.slice(1)
		.split("/")
		.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
