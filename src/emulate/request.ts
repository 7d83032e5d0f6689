import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

const maxBytes = 4_000_000;

/** Reads a request to its end; what is over 4 MB is left out. */
export async function readText(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += (chunk as Buffer).length;
		if (size <= maxBytes) chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks).toString("utf8");
}

/** The body by its content type: JSON, a form, or text as it is. */
export function parseBody(text: string, headers: IncomingHttpHeaders): { value: unknown; bad: "json" | "type" | null } {
	if (text === "") return { value: undefined, bad: null };
	const type = headers["content-type"] ?? "";
	if (type.startsWith("application/x-www-form-urlencoded")) return { value: new URLSearchParams(text), bad: null };
	if (type.startsWith("multipart/") || type.startsWith("text/")) return { value: text, bad: null };
	if (type !== "" && !/^application\/([\w.-]+\+)?json/.test(type)) return { value: text, bad: "type" };
	try {
		return { value: JSON.parse(text), bad: null };
	} catch {
		return { value: undefined, bad: "json" };
	}
}
