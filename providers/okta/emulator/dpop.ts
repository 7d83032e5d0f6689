import { createHash } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from "jose";

/** What a proof turned out to be: the thumbprint of its key, or why it is refused. */
export type ProofResult = { ok: true; thumbprint: string } | { ok: false; error: string; nonceNeeded?: boolean };

export interface ProofExpectation {
	method: string;
	/** Address without query and fragment. */
	url: string;
	/** Checked against `ath` on resource calls. */
	accessToken?: string;
	/** On token calls: the nonces accepted, one of which must be present. */
	nonces?: readonly string[];
	/** Milliseconds; a proof may be this old or this far ahead. */
	toleranceMs: number;
	/** Clocks by which the issue time may be judged. */
	clocks: readonly number[];
}

const refuse = (error: string): ProofResult => ({ ok: false, error });

/**
 * Checks a DPoP proof (RFC 9449 §4.3). `used` keeps the `jti` values seen; a repeated one is refused.
 */
export async function checkProof(proof: string | undefined, expected: ProofExpectation, used: Set<string>): Promise<ProofResult> {
	if (proof === undefined || proof === "" || proof.includes(",")) return refuse("The DPoP proof JWT header is missing.");
	let payload: Record<string, unknown>;
	let jwk: JWK | undefined;
	try {
		const verified = await jwtVerify(proof, EmbeddedJWK, {
			typ: "dpop+jwt",
			algorithms: ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
			// The times are judged below, by the org's clock.
			currentDate: new Date(expected.clocks[0] ?? Date.now()),
			clockTolerance: "10 years",
		});
		payload = verified.payload;
		jwk = verified.protectedHeader.jwk;
	} catch {
		return refuse("The DPoP proof JWT is not valid: its header, key or signature can't be verified.");
	}
	if (!jwk || "d" in jwk) return refuse("The DPoP proof JWT must carry a public key.");
	if (payload.htm !== expected.method) return refuse("The 'htm' claim in the DPoP proof JWT doesn't match the HTTP method.");
	if (typeof payload.htu !== "string" || payload.htu.split(/[?#]/)[0] !== expected.url)
		return refuse("The 'htu' claim in the DPoP proof JWT doesn't match the URL.");
	const issued = typeof payload.iat === "number" ? payload.iat * 1000 : Number.NaN;
	if (!expected.clocks.some((now) => Math.abs(now - issued) <= expected.toleranceMs))
		return refuse("The 'iat' claim in the DPoP proof JWT is too old or in the future.");
	if (typeof payload.jti !== "string" || payload.jti === "") return refuse("The 'jti' claim in the DPoP proof JWT is missing.");
	if (used.has(payload.jti)) return refuse("The DPoP proof JWT has already been used.");
	used.add(payload.jti);
	if (expected.nonces !== undefined && !expected.nonces.includes(String(payload.nonce)))
		return { ok: false, error: "Authorization server requires nonce in DPoP proof.", nonceNeeded: true };
	if (expected.accessToken !== undefined) {
		const hash = createHash("sha256").update(expected.accessToken).digest("base64url");
		if (payload.ath !== hash) return refuse("The 'ath' claim in the DPoP proof JWT doesn't match the access token.");
	}
	return { ok: true, thumbprint: await calculateJwkThumbprint(jwk) };
}
