import { inlineMarkdown, lineEdges, safeText } from "./sanitise.js";

/**
 * A login, mail address or URL between spaces, of characters that end no code span and no table cell. As code it is shown
 * whole and does nothing: neither GitHub nor GitLab looks for links, mentions or references in code (GFM §6.3, §6.9).
 */
const address = /(?<![^\s(,;])(?=[^\s]*@|[a-z]{2,10}:\/\/|www\.)[A-Za-z0-9][A-Za-z0-9_.+\-/:@?=%#~]{0,298}[A-Za-z0-9/=](?=[.:?!]?(?:$|[\s),;…]))/gu;

/** Our own words may link and hold code. A URL that ends where the text was cut is none. */
const own =
	/(?<![^\s(])https:\/\/[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?::\d{1,5})?(?:\/[A-Za-z0-9_.+\-/:@?=%#~&]*)?(?<![.:?])(?=[.:?!]?(?:$|[\s),;]))|(?<!`)`[^`|\n<>&\\]{1,100}`(?!`)/gu;

/**
 * Text of a tenant for a paragraph or a table cell: nothing in it links, mentions, refers or gives structure. Addresses stand
 * as code, so that they can be copied; what is otherwise broken up is as `safeText` has it.
 */
export function markdownText(text: string, limit?: number): string {
	return inPieces(safeText(text, "json", limit), address, (found) => `\`${found}\``);
}

/** Text that was reviewed with the policies and the stack file: its https URLs are links, and its code spans are code. */
export function ownMarkdown(text: string, limit?: number): string {
	const plain = safeText(text, "json", limit);
	const link = (found: string) => (found.startsWith("`") ? found : `<${found.replaceAll("&", "&#38;")}>`);
	return inPieces(plain, own, link, (rest) => inPieces(rest, address, (found) => `\`${found}\``, inlineMarkdown, false));
}

function inPieces(text: string, pattern: RegExp, shown: (found: string) => string, between: (rest: string) => string = inlineMarkdown, edges = true): string {
	let out = "";
	let at = 0;
	for (const match of text.matchAll(pattern)) {
		out += between(text.slice(at, match.index)) + shown(match[0]);
		at = match.index + match[0].length;
	}
	out += between(text.slice(at));
	return edges ? lineEdges(out) : out;
}
