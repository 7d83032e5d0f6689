/** One link of a `Link` header. */
export interface Link {
	url: string;
	/** Relation types in lower case. */
	rel: string[];
}

/**
 * Reads a `Link` header (RFC 8288 §3), several lines of it joined by commas. Commas and semicolons inside `<…>` and
 * inside quotes belong to the text. What cannot be read is left out. One pass over the text.
 */
export function parseLinks(header: string | null): Link[] {
	if (header === null) return [];
	const links: Link[] = [];
	let at = 0;
	while (at < header.length) {
		const open = header.indexOf("<", at);
		if (open < 0) break;
		const close = header.indexOf(">", open + 1);
		if (close < 0) break;
		const params = readParams(header, close + 1);
		links.push({ url: header.slice(open + 1, close).trim(), rel: params.rel });
		at = params.end;
	}
	return links;
}

/** The URL of the `rel="next"` link, verbatim, or null where there is none. */
export function nextLink(headers: Headers): string | null {
	return parseLinks(headers.get("link")).find((link) => link.rel.includes("next"))?.url ?? null;
}

/** Parameters from `start` up to the comma that ends this link. */
function readParams(text: string, start: number): { rel: string[]; end: number } {
	let rel: string[] | null = null;
	let at = start;
	while (at < text.length && text[at] !== ",") {
		if (text[at] !== ";") {
			at++;
			continue;
		}
		const name = /^\s*([^=;,\s"<>]*)\s*/.exec(text.slice(at + 1, at + 101));
		at += 1 + (name?.[0].length ?? 0);
		if (text[at] !== "=") continue;
		const value = readValue(text, at + 1);
		at = value.end;
		// The first `rel` counts (RFC 8288 §3.3).
		if (name?.[1]?.toLowerCase() === "rel") rel ??= value.text.toLowerCase().split(/\s+/).filter(Boolean);
	}
	return { rel: rel ?? [], end: at + 1 };
}

function readValue(text: string, start: number): { text: string; end: number } {
	let at = start;
	while (text[at] === " " || text[at] === "\t") at++;
	let out = "";
	if (text[at] !== '"') {
		while (at < text.length && text[at] !== "," && text[at] !== ";") out += text[at++];
		return { text: out.trim(), end: at };
	}
	at++;
	while (at < text.length && text[at] !== '"') {
		if (text[at] === "\\" && at + 1 < text.length) at++;
		out += text[at++];
	}
	return { text: out, end: at + 1 };
}
