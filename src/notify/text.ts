/** Words of ours stand as they are; `foreign` is text of a tenant, which nobody may be misled by. */
export type Span = string | { foreign: string };

/** Longest piece of foreign text, in characters. */
export const longest = 120;

/**
 * One line of a message. What is put into the braces is foreign text; numbers are not.
 * So text of a tenant can only come in as such.
 */
export function line(words: TemplateStringsArray, ...values: (string | number)[]): Span[] {
	return words.flatMap((own, index) => {
		const value = values[index];
		return [own, ...(value === undefined ? [] : [typeof value === "number" ? String(value) : { foreign: value }])].filter((span) => span !== "");
	});
}

/**
 * Characters that break, hide or reorder text: controls, line and paragraph separators, format and bidi controls, ignorables,
 * lone surrogates, non-characters, the blank Braille cell.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

/** Foreign text as plain text: one line, nothing unseen in it, cut with `…`. */
export function plain(text: string, limit: number = longest): string {
	const shown = [
		...text
			.slice(0, 8 * limit)
			.replace(/[\r\n\t]+/g, " ")
			.replace(unseen, "\ufffd"),
	];
	return shown.length > limit || text.length > 8 * limit ? `${shown.slice(0, limit - 1).join("")}…` : shown.join("");
}

/**
 * Foreign text for Slack, Mattermost and Rocket.Chat: as code, where nothing is formatted, linked or mentioned. `&`, `<` and `>` are
 * what Slack asks to escape (docs.slack.dev, "Formatting message text"); Rocket.Chat looks for `@name` and `#room` at the beginning
 * of a word whatever stands around it, so an empty-width space parts them.
 */
export function chatCode(text: string): string {
	const shown = plain(text)
		.replaceAll("`", "'")
		.replace(/[&<>]/g, (char) => entities[char] ?? char);
	return shown.trim() === "" ? "(empty)" : `\`${shown.replace(/[@#]/g, "$&\u200b")}\``;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

export function mailLine(spans: readonly Span[]): string {
	return spans.map((span) => (typeof span === "string" ? span : plain(span.foreign))).join("");
}

export function chatLine(spans: readonly Span[]): string {
	return spans.map((span) => (typeof span === "string" ? span : chatCode(span.foreign))).join("");
}
