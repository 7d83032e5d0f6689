import { nearest } from "../model/nearest.js";
import type { SecretRef } from "./stack.js";

/** What a text that begins a `${…}` turned out to be. */
export type Reference = { kind: "none" } | { kind: "secret"; ref: SecretRef } | { kind: "bad"; error: string; hint: string };

const whole = /^\$\{([a-zA-Z]+):([^{}]*)\}$/;
const mend = "write ${env:NAME} or ${file:path}";

/** A text under `auth` or `act`: a whole secret reference, none, or one that is written wrongly. Messages never repeat the text. */
export function readReference(text: string): Reference {
	if (!hasReference(text)) return { kind: "none" };
	const match = whole.exec(text);
	if (match === null) {
		if (/\$\{[a-zA-Z]+:[^}]*$/.test(text)) return { kind: "bad", error: "a secret reference is not closed", hint: mend };
		if (/\$\{[a-zA-Z]+:/.test(text)) return { kind: "bad", error: "a secret reference must be the whole value, with nothing before or after it", hint: mend };
		return { kind: "bad", error: "`${…}` here is no secret reference", hint: `${mend}; for the two characters themselves write $\${` };
	}
	const [scheme = "", name = ""] = match.slice(1);
	if (scheme !== "env" && scheme !== "file") {
		const meant = nearest(scheme, ["env", "file"]);
		return { kind: "bad", error: "there is no secret reference of this kind", hint: meant === null ? mend : `did you mean \${${meant}:…}?` };
	}
	if (scheme === "env" && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
		return { kind: "bad", error: "a secret reference names no environment variable", hint: "write ${env:NAME}, with a name of letters, digits and _" };
	if (scheme === "file" && (name.trim() === "" || name.trim() !== name))
		return { kind: "bad", error: "a secret reference names no file", hint: "write ${file:path}" };
	if (scheme === "file" && name.startsWith("~")) return { kind: "bad", error: "`~` is not expanded in a secret reference", hint: "write the whole path" };
	return { kind: "secret", ref: { secret: scheme, name } };
}

/** Whether a text holds `${` that isn't escaped as `$${`. */
export function hasReference(text: string): boolean {
	return /(?:^|[^$])(?:\$\$)*\$\{/.test(text);
}

/** `$${` as the `${` it stands for. */
export function unescapeText(text: string): string {
	return text.replaceAll("$${", "${");
}

/** Whether a value is a `SecretRef`. */
export function isSecretRef(value: unknown): value is SecretRef {
	if (typeof value !== "object" || value === null || !("secret" in value) || !("name" in value)) return false;
	return (value.secret === "env" || value.secret === "file") && typeof value.name === "string" && Object.keys(value).length === 2;
}
