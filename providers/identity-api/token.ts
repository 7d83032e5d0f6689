import { decodeJwt } from "jose";
import type { Millis } from "../../src/model/known.js";

/** What a token says of itself. Nothing of it is verified: it only tells what the API is going to say. */
export interface TokenClaims {
	/** Null where it does not say. */
	expires: Millis | null;
	/** Permissions it holds; null where it does not say. */
	permissions: string[] | null;
}

/** Claims of a token that is a JWT; an opaque one says nothing. Permissions: `scope` (RFC 8693), `scp`, `scopes` or `permissions`, the first that is there. */
export function claimsOf(token: string): TokenClaims {
	try {
		const claims = decodeJwt(token);
		const [told] = [claims.scope, claims.scp, claims.scopes, claims.permissions].filter((value) => value !== undefined);
		const words = typeof told === "string" ? told.split(/\s+/).filter(Boolean) : told;
		return {
			expires: typeof claims.exp === "number" ? claims.exp * 1000 : null,
			permissions: Array.isArray(words) && words.every((word) => typeof word === "string") ? words : null,
		};
	} catch {
		return { expires: null, permissions: null };
	}
}
