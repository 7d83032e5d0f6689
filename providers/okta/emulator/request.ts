import type { IncomingMessage } from "node:http";

/** A body as read: its value, or why it is refused (an error code, or a missing length). */
export interface ReadBody {
	value?: unknown;
	refused?: "length" | "E0000003" | "E0000009" | "E0000021";
}

const MAX_BYTES = 2_000_000;

async function text(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += (chunk as Buffer).length;
		if (size <= MAX_BYTES) chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks).toString("utf8");
}

/**
 * Reads a request to its end. POST and PUT need a length even when empty; characters of four bytes make the vendor fail.
 */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
	const writes = request.method === "POST" || request.method === "PUT" || request.method === "PATCH";
	const { "content-length": length, "transfer-encoding": encoding, "content-type": type = "" } = request.headers;
	const body = await text(request);
	if (!writes) return {};
	if (length === undefined && encoding === undefined) return { refused: "length" };
	if (body === "") return {};
	if (/[\u{10000}-\u{10FFFF}]/u.test(body)) return { refused: "E0000009" };
	const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
	// Only the token endpoints take forms; `curl -d` sends one unless told otherwise.
	if (isForm && request.url?.startsWith("/oauth2/v1/")) return { value: body };
	if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) return { refused: "E0000021" };
	try {
		return { value: JSON.parse(body) };
	} catch {
		return { refused: "E0000003" };
	}
}
