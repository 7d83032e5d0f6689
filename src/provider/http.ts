import type { Millis } from "../model/known.js";
import type { RequestRef } from "../model/snapshot.js";
import type { HttpErrorCause } from "./http-error.js";

/** One request of a connector. The path is a template so that limits, logs and evidence never hold ids. */
export interface HttpRequest {
	method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** `/api/v1/users/{userId}/factors` */
	path: string;
	params?: Record<string, string>;
	query?: Record<string, string | number | boolean | undefined>;
	/** An absolute URL the vendor gave (a next link): must have the base's origin. Overrides path's URL, not its bucket. */
	url?: string;
	body?: unknown;
	headers?: Record<string, string>;
	signal?: AbortSignal;
	/** Tries before giving up on a server error or a cut connection; the client's own number when absent. */
	attempts?: number;
}

export interface HttpAnswer {
	status: number;
	headers: Headers;
	/** Parsed JSON, text where it isn't JSON, null where it's empty. */
	body: unknown;
	request: RequestRef;
}

/** A vendor's limit headers in one form. Times are milliseconds since the epoch on the server's clock; null = not said. */
export interface RateLimits {
	limit: number | null;
	remaining: number | null;
	resetAt: Millis | null;
	serverNow: Millis | null;
	/** The answer refuses a request because too many run at once, not because a window is used up. */
	concurrency: boolean;
}

export interface Verdict {
	/** `retry-new-token` is honoured once a request, and only where the dialect can renew. */
	verdict: "retry" | "retry-new-token" | "fail";
	waitMs?: Millis;
	/** Why, in the words of coverage; without it 429 is `throttled`, 403 is `role`, the rest `error`. */
	cause?: HttpErrorCause;
	/** The OAuth scope whose grant would mend it. */
	scope?: string;
}

/** What a provider tells the shared client of its vendor. */
export interface HttpDialect {
	/** Adds credentials; called for every attempt (a DPoP proof is made anew). */
	authorize(request: { method: string; url: string }, headers: Headers): Promise<void>;
	/** Rate bucket of a request; requests of one bucket share a budget. */
	bucket(method: string, path: string): string;
	/** Reads the vendor's limit headers. Times in ms; `serverNow` from `Date`. */
	limits(headers: Headers, status: number): RateLimits;
	/** What to do with an answer that is not 2xx. */
	judge(answer: HttpAnswer, attempt: number): Verdict;
	/** Vendor's error code, summary and request id for people and coverage. */
	describe(answer: HttpAnswer): { code: string | null; summary: string };
	requestId(headers: Headers): string | null;
	/** The credentials in these request headers were refused: get new ones. False = there are no others. */
	renew?(sent: Headers): Promise<boolean>;
	/** A POST that does no harm when it is done twice, so that it may be repeated after a cut. */
	repeatable?(method: string, path: string): boolean;
	/** Why the vendor would refuse this request, known before it is sent; null = nothing is known against it. */
	refuses?(request: HttpRequest): string | null;
}

/** Use of one rate bucket so far. */
export interface BucketStats {
	requests: number;
	/** 429 answers because the window was used up. */
	throttled: number;
	/** Times that requests had to wait for the window to open again. */
	waits: number;
	limit: number | null;
	remaining: number | null;
}

export interface HttpStats {
	buckets: Record<string, BucketStats>;
	/** Requests that may run at once now. */
	concurrency: number;
	/** 429 answers because too many ran at once. */
	concurrencyThrottled: number;
	retries: number;
}

export interface HttpClient {
	/** Resolves for 2xx. Throws `HttpError` for everything else, and the signal's reason when it was aborted. */
	send(request: HttpRequest): Promise<HttpAnswer>;
	/** Requests sent so far, retries included. */
	requests(): number;
	stats(): HttpStats;
	/** Server clock minus ours, or null before the first answer with a `Date`. */
	clockSkew(): Millis | null;
	/** Ends what is under way and closes the connections. */
	close(): Promise<void>;
}
