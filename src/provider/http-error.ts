import type { CoverageReason, RequestRef } from "../model/snapshot.js";

export type HttpErrorCause = "scope" | "role" | "licence" | "throttled" | "cut-off" | "error";

export interface HttpErrorFields {
	/** 0 when there was no answer. */
	status: number;
	code: string | null;
	summary: string;
	cause: HttpErrorCause;
	request: RequestRef;
	scope?: string;
	ambiguous?: boolean;
}

/**
 * A request that did not end in 2xx. The message is one sentence without secrets;
 * `cause` is a word of coverage, so that a reader can pass it on with `reasonOf`.
 */
export class HttpError extends Error {
	override readonly name = "HttpError";
	override readonly cause: HttpErrorCause;
	readonly status: number;
	readonly code: string | null;
	readonly summary: string;
	readonly request: RequestRef;
	readonly scope: string | undefined;
	/** The request may have been performed although no success was seen: read back before anything else. */
	readonly ambiguous: boolean;

	constructor(fields: HttpErrorFields) {
		super(sentence(fields));
		this.cause = fields.cause;
		this.status = fields.status;
		this.code = fields.code;
		this.summary = fields.summary;
		this.request = fields.request;
		this.scope = fields.scope;
		this.ambiguous = fields.ambiguous ?? false;
	}

	get requestId(): string | null {
		return this.request.requestId;
	}

	/** Method and path template. */
	get call(): string {
		return this.request.call;
	}
}

function sentence({ request, status, code, summary, scope, ambiguous }: HttpErrorFields): string {
	const answer = [status === 0 ? "" : String(status), code ?? ""].filter(Boolean).join(" ");
	const notes = [
		scope ? `scope ${scope} is missing` : "",
		ambiguous ? "it may have been done" : "",
		request.requestId ? `request id ${request.requestId}` : "",
	].filter(Boolean);
	return `${request.call}: ${answer ? `${answer}: ` : ""}${summary}${notes.length > 0 ? ` (${notes.join("; ")})` : ""}`;
}

/** The error as a reason for coverage. */
export function reasonOf(error: HttpError): CoverageReason {
	return {
		cause: error.cause,
		detail: error.message,
		...(error.scope !== undefined && { scope: error.scope }),
		...(error.requestId !== null && { requestId: error.requestId }),
	};
}

/** A vendor's id of a request as it may be kept: null for what has no such form, and for what holds one of the secrets. */
export function plainRequestId(id: string | null, secrets: readonly string[] = []): string | null {
	if (id === null || !/^[\w.:@+/=-]{1,128}$/.test(id)) return null;
	return secrets.some((secret) => secret.length >= 8 && id.includes(secret)) ? null : id;
}

/** What of the sent headers must never be shown. */
export function secretsOf(headers: Headers): string[] {
	return ["authorization", "dpop", "cookie"].flatMap((name) => headers.get(name)?.split(" ") ?? []);
}

const longest = 300;

/** Text of a vendor for people: one line, bounded, with every given secret blotted out. */
export function cleanText(text: string, secrets: readonly string[] = []): string {
	let out = text;
	for (const secret of secrets) if (secret.length >= 8) out = out.replaceAll(secret, "[secret]");
	out = out.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
	return out.length > longest ? `${out.slice(0, longest - 1)}…` : out;
}
