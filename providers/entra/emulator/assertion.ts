import { createHash, X509Certificate } from "node:crypto";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, importX509, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";

/** A trust in tokens that somebody else issues. */
interface Federation {
	issuer: string;
	subject: string;
	audiences: string[];
}

/** What an application's assertions are checked against. */
export interface KeySource {
	/** PEM. */
	certificates: string[];
	federations: () => readonly Federation[];
	/** Public keys of foreign issuers. */
	foreign: Readonly<Record<string, JSONWebKeySet>>;
}

interface Wanted {
	clientId: string;
	audiences: string[];
	keys: KeySource;
	/** Milliseconds since the epoch. */
	now: number;
}

interface Fault {
	status: number;
	code: number;
	text: string;
}

const mostSeconds = 24 * 3600;

/** What is wrong with a client's assertion; undefined when nothing is. */
export async function checkAssertion(assertion: string, wanted: Wanted): Promise<Fault | undefined> {
	let claims: JWTPayload;
	let header: ReturnType<typeof decodeProtectedHeader>;
	try {
		claims = decodeJwt(assertion);
		header = decodeProtectedHeader(assertion);
	} catch {
		return { status: 400, code: 50027, text: "JWT token is invalid or malformed." };
	}
	return claims.iss === wanted.clientId ? checkOwn(assertion, header, wanted) : checkForeign(assertion, claims, wanted);
}

async function checkOwn(assertion: string, header: { alg?: string; x5t?: string } & Record<string, unknown>, wanted: Wanted): Promise<Fault | undefined> {
	const named = header["x5t#S256"] ?? header.x5t;
	const invalid = (reason: string): Fault => ({
		status: 401,
		code: 700027,
		text: `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${reason}]`,
	});
	if (typeof named !== "string") return invalid("The key was not found.");
	const pem = wanted.keys.certificates.find((one) => prints(one).includes(named));
	if (!pem) return invalid(`The key was not found., Thumbprint of key used by client: '${named}'`);
	if (header.alg !== "PS256" && header.alg !== "RS256") return invalid("Client assertion contains an invalid signature algorithm.");
	if (Date.parse(new X509Certificate(pem).validTo) <= wanted.now)
		return { status: 401, code: 700027, text: "The certificate used to sign the client assertion has expired." };
	try {
		const key = await importX509(pem, header.alg);
		const { payload } = await jwtVerify(assertion, key, {
			issuer: wanted.clientId,
			subject: wanted.clientId,
			audience: wanted.audiences,
			currentDate: new Date(wanted.now),
			clockTolerance: 300,
		});
		if (payload.exp === undefined || payload.exp * 1000 > wanted.now + mostSeconds * 1000)
			return { status: 401, code: 700024, text: "Client assertion is not within its valid time range." };
		return undefined;
	} catch (error) {
		return verdict(error, invalid("The signature is invalid."));
	}
}

async function checkForeign(assertion: string, claims: JWTPayload, wanted: Wanted): Promise<Fault | undefined> {
	const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
	const none = {
		status: 401,
		code: 700213,
		text: `No matching federated identity record found for presented assertion subject '${claims.sub}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
	};
	// Compared to the letter, case included.
	const trusted = wanted.keys.federations().find(({ issuer, subject }) => issuer === claims.iss && subject === claims.sub);
	const set = wanted.keys.foreign[claims.iss ?? ""];
	if (!trusted || !set) return none;
	if (!trusted.audiences.some((one) => audiences.includes(one)))
		return { status: 401, code: 700212, text: `No matching federated identity record found for presented assertion audience '${claims.aud}'.` };
	try {
		await jwtVerify(assertion, createLocalJWKSet(set), { algorithms: ["RS256"], currentDate: new Date(wanted.now), clockTolerance: 300 });
		return undefined;
	} catch (error) {
		return verdict(error, { status: 401, code: 50013, text: "Assertion failed signature validation." });
	}
}

function verdict(error: unknown, otherwise: Fault): Fault {
	const code = (error as { code?: string }).code;
	const claim = (error as { claim?: string }).claim;
	if (code === "ERR_JWT_EXPIRED" || claim === "nbf" || claim === "iat")
		return { status: 401, code: 700024, text: "Client assertion is not within its valid time range." };
	if (claim === "aud") return { status: 401, code: 700023, text: "Client assertion audience claim does not match Realm issuer." };
	if (claim === "sub" || claim === "iss")
		return { status: 401, code: 700021, text: "Client assertion application identifier doesn't match 'client_id' parameter." };
	return otherwise;
}

/** Both forms in which a certificate may be named: SHA-256, and the older SHA-1. */
function prints(pem: string): string[] {
	const { raw } = new X509Certificate(pem);
	return ["sha256", "sha1"].map((name) => createHash(name).update(raw).digest("base64url"));
}
