import type { Scalar } from "yaml";

const words = /^(y|n|yes|no|on|off)$/i;

/** Words that YAML 1.1 reads as a boolean and YAML 1.2 as text. */
export function isAmbiguousWord(text: string): boolean {
	return words.test(text);
}

/** Unquoted numbers that readers of YAML disagree on, or that lose digits. Null: none of these. */
export function formatTrap(node: Scalar): { message: string; hint: string } | null {
	if (node.type !== "PLAIN" || typeof node.value !== "number") return null;
	const text = node.source ?? "";
	// The text is not repeated: it may be a secret.
	const quoted = "for text, write it in quotes";
	if (!Number.isFinite(node.value)) return { message: "infinity and not-a-number mean nothing here", hint: quoted };
	if (/^[-+]?0[0-9]/.test(text))
		return {
			message: "a number with a leading zero is octal to some readers of YAML and decimal to others",
			hint: `${quoted}; for the number, without the zero`,
		};
	if (/^0[xo]/.test(text))
		return { message: "a number in hexadecimal or octal digits is easily misread", hint: `${quoted}; for the number, in decimal digits` };
	if (/e/i.test(text))
		return { message: "a number with an exponent is text to some readers of YAML and a number to others", hint: `${quoted}; for the number, all digits` };
	if (Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) return { message: "a whole number of this size loses its last digits", hint: quoted };
	return null;
}
