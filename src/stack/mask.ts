import type { Mark } from "./document.js";
import type { Parts } from "./paths.js";
import { lineAt, type Source } from "./source.js";

const openChannelKeys = new Set(["kind", "events", "severity", "days", "names", "host", "port", "tls", "from", "to"]);
const openSystemKeys = new Set(["provider", "url", "expect", "budget", "options"]);
/** Those of a stack file, and the one of a baseline: nothing in that is a secret. */
export const topKeys = [
	"name",
	"store",
	"systems",
	"people",
	"policies",
	"exemptions",
	"settings",
	"memberships",
	"resources",
	"remediation",
	"retention",
	"notify",
	"baseline",
	"findings",
];

/**
 * Whether a value may be a secret: all of `auth` and `act`, a channel's address and keys, and whatever stands under a key that isn't known
 * (`atuh`), for it may have been meant as one of them.
 */
export function isSecretPath(parts: Parts): boolean {
	const [top, , key, setting] = parts;
	if (top === undefined) return false;
	if (!topKeys.includes(String(top))) return true;
	if (top === "notify") return notifySecret(parts[1], setting);
	return top === "systems" && key !== undefined && !openSystemKeys.has(String(key));
}

function notifySecret(section: string | number | undefined, key: string | number | undefined): boolean {
	if (section === "channels") return key !== undefined && !openChannelKeys.has(String(key));
	return section !== undefined && !["who", "before", "required"].includes(String(section));
}

/** A key under `auth` that looks like a word and not like a pasted token. */
export function isHarmlessKey(key: string): boolean {
	return /^[A-Za-z][A-Za-z_-]{0,23}$/.test(key);
}

/** The line for a code frame; characters that may be a secret's are replaced one by one, so that columns stay. */
export function maskedLine(source: Source, line: number, marks: Map<string, Mark> | null): string {
	const { text, start } = lineAt(source, line);
	if (marks === null) return inSecretRegion(source, line) ? maskWords(text) : maskPasswords(text);
	const near = [...marks.values()].filter((mark) => mark.end >= start && (mark.key ?? mark.value)[0] < start + text.length && isSecretPath(mark.parts));
	if (near.length === 0) return maskPasswords(text);
	const hidden = new Array<boolean>(text.length).fill(false);
	const set = ([from, to]: [number, number], value: boolean, only = /\S/): void => {
		for (let at = Math.max(from - start, 0); at < Math.min(to - start, text.length); at++) if (only.test(text[at] ?? "")) hidden[at] = value;
	};
	// What is not known to be harmless is hidden: a tag, a comment, a key that was refused may hold the secret as well.
	for (const mark of near) set([mark.key?.[1] ?? mark.value[0], mark.end], true);
	for (const mark of near) set([mark.key?.[1] ?? mark.value[0], mark.scalar ? mark.value[0] : mark.end], false, /[{}[\],:-]/);
	for (const mark of near) if (mark.scalar) set(mark.value, true);
	for (const mark of near) if (mark.key) set(mark.key, !isHarmlessKey(String(mark.parts.at(-1))));
	const shown = [...hidden].map((hide, at) => (hide ? "•" : text[at])).join("");
	const comment = /(^|\s)#/.exec(shown);
	return maskPasswords(comment ? shown.slice(0, comment.index) + shown.slice(comment.index).replace(/\S/g, "•") : shown);
}

/** Whether the URL of a database holds a password, or so much of one that it can't be read as a URL. */
export function holdsPassword(url: string): boolean {
	return /^[a-z]+:\/\/[^/@]*:[^@]*@/i.test(url) || /[?&]password=/i.test(url);
}

/** `postgres://user:password@host` and private keys must never be shown, wherever they stand. */
export function maskPasswords(text: string): string {
	return text
		.replace(/(:\/\/[^\s/:@]*:)(\S+)(?=@)/g, (_, before: string, password: string) => before + "•".repeat(password.length))
		.replace(/([?&]password=)([^\s&]+)/gi, (_, before: string, password: string) => before + "•".repeat(password.length))
		.replace(/-----BEGIN [A-Z ]*PRIVATE KEY.*/, (key) => key.replace(/\S/g, "•"));
}

// The file isn't YAML, so that the places of secrets can't be known: from `systems` or `notify` to the next known top-level key all is hidden.
function inSecretRegion(source: Source, line: number): boolean {
	const opens = /(^|[\s{,"'])(systems|auth|act|notify|channels)["']?\s*:/;
	const closes = new RegExp(`^["']?(${topKeys.filter((key) => key !== "systems" && key !== "notify").join("|")})["']?\\s*:`);
	for (let at = line; at >= 1; at--) {
		const { text } = lineAt(source, at);
		if (opens.test(text)) return true;
		if (closes.test(text)) return false;
		// A line like this is no key we know: whatever stands above decides.
	}
	return true;
}

const shownWords = /^["']?(systems|provider|url|auth|act|method|clientId|keyId|key|expect|budget|options)["']?:$/;

function maskWords(text: string): string {
	return text.replace(/\S+/g, (word) => (shownWords.test(word) || /^[{}[\],-]$/.test(word) ? word : "•".repeat(word.length)));
}
