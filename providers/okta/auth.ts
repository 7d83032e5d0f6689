import type { Millis } from "../../src/model/known.js";

/** How calls get their credentials. */
export interface OktaAuth {
	/** Sets `Authorization`, and `DPoP` where the token is bound to a key. */
	authorize(call: { method: string; url: string }, headers: Headers): Promise<void>;
	/** The token in these headers was refused. True = there is another one now. Callers share one renewal. */
	renew(sent: Headers): Promise<boolean>;
	/** An answer of the resource server, for its clock and its DPoP nonce. */
	observe(headers: Headers, serverNow: Millis | null): void;
	/** Scopes that the token holds; null where the method has none (an API token has its owner's rights) or the server does not say. */
	scopes(): Promise<string[] | null>;
	/** Scopes asked for and not granted. */
	missingScopes(): Promise<string[]>;
	/** Requests sent to the token endpoint. */
	requests(): number;
}

/** An API token: `Authorization: SSWS …`, with all rights of the administrator who made it. */
export function ssws(token: string): OktaAuth {
	return {
		async authorize(_call, headers) {
			headers.set("authorization", `SSWS ${token}`);
		},
		renew: async () => false,
		observe() {},
		scopes: async () => null,
		missingScopes: async () => [],
		requests: () => 0,
	};
}
