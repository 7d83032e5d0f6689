import { createHash, randomUUID } from "node:crypto";
import { exportJWK, type JWK, SignJWT } from "jose";
import { generateKeyPair } from "oauth4webapi";

/** Proofs of possession for one run: an ES256 key pair that never leaves this process (RFC 9449). */
export interface DpopProver {
	keyPair: CryptoKeyPair;
	/** A proof for one call of a resource, with a `jti` of its own. `now` in milliseconds, on the server's clock. */
	proof(call: { method: string; url: string }, accessToken: string, now: number): Promise<string>;
	/** Keeps the nonce that the resource server wants to see from now on. */
	setNonce(nonce: string): void;
}

export async function createDpopProver(): Promise<DpopProver> {
	const keyPair = await generateKeyPair("ES256");
	const { kty, crv, x, y }: JWK = await exportJWK(keyPair.publicKey);
	const jwk = { kty, crv, x, y } as JWK;
	let nonce: string | undefined;
	return {
		keyPair,
		setNonce(value) {
			nonce = value;
		},
		proof({ method, url }, accessToken, now) {
			const { origin, pathname } = new URL(url);
			const claims = {
				htm: method,
				htu: origin + pathname,
				ath: createHash("sha256").update(accessToken).digest("base64url"),
				...(nonce !== undefined && { nonce }),
			};
			return new SignJWT(claims)
				.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
				.setIssuedAt(Math.floor(now / 1000))
				.setJti(randomUUID())
				.sign(keyPair.privateKey);
		},
	};
}
