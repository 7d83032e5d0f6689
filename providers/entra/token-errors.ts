import type { HttpError } from "../../src/provider/http-error.js";

/** What a refusal of the token endpoint means, and what mends it; `{where}` is the credential in the stack file. */
interface Meaning {
	why: string;
	mend: string;
}

/** Of a proof that is signed by somebody else: the clock that is wrong need not be this machine's. */
const stale: Meaning = {
	why: "the signed proof is outside of its time: the workload's token has expired, or this machine's clock is wrong",
	mend: "get a fresh token for {where}, or set this machine's clock, by NTP",
};
const unfit = "give the app a federated credential whose issuer, subject and audience are those of the workload's token, letter by letter";
const apart = "check tenantId and clientId of {where}: app and tenant do not belong together";

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const meanings: Record<string, Meaning> = {
	AADSTS7000215: {
		why: "the client secret is wrong: give the secret's value, not its id",
		mend: "put the value of a secret of the app registration under {where}; Entra shows it once, when the secret is made",
	},
	AADSTS7000222: {
		why: "the client secret has expired: make a new one",
		mend: "make a new secret in the app registration, and put its value under {where}",
	},
	AADSTS700016: { why: "the app is not in this tenant: check clientId and tenantId", mend: apart },
	AADSTS700027: {
		why: "the certificate is not the app's, has expired, or the signature is wrong: upload the certificate to the app registration",
		mend: "upload the certificate of {where} to the app registration, or a new one where it has expired",
	},
	AADSTS700024: stale,
	AADSTS90002: { why: "there is no such tenant: check tenantId and the cloud's authority", mend: apart },
	AADSTS53003: {
		why: "Conditional Access for workload identities blocks this app",
		mend: "let the app sign in from here in the Conditional Access policy for workload identities",
	},
	AADSTS7000112: { why: "the app is disabled in this tenant", mend: "switch sign-in on again for the app under Enterprise applications" },
	AADSTS70021: { why: "no federated credential of the app fits the token's issuer and subject", mend: unfit },
	AADSTS700211: { why: "no federated credential of the app fits the token's issuer", mend: unfit },
	AADSTS700212: { why: "no federated credential of the app fits the token's audience", mend: unfit },
	AADSTS700213: { why: "no federated credential of the app fits the token's subject", mend: unfit },
};

/** Why the token endpoint refused; undefined where its own words have to do. */
export function whyRefused(code: string | null): string | undefined {
	return code !== null && Object.hasOwn(meanings, code) ? meanings[code]?.why : undefined;
}

/** What mends a refusal, or that nothing could be sent. `where`: the credential in the stack file. */
export function mendOf({ code, status }: Pick<HttpError, "code" | "status">, where: string): string {
	if (status === 0) return `look at what ${where} says: its key, its certificate, or where the workload's token comes from`;
	const found = code !== null && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
	return found?.mend.replace("{where}", where) ?? `check the credential under ${where} against the app registration in the Entra admin center`;
}
