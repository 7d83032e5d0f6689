import type { UserFactor } from "@okta/okta-sdk-nodejs";
import { idOf } from "./gen-ids.js";
import { hash, iso, random } from "./gen-random.js";
import type { WireUser } from "./gen-users.js";
import type { Wire } from "./state.js";

export type WireFactor = Wire<UserFactor>;

/** One kind of factor: the vendor's words, and the id prefix its documentation shows. */
interface FactorKind {
	prefix: string;
	factorType: string;
	provider: string;
	vendorName: string;
	profile(login: string, digits: number): Record<string, unknown>;
}

const ownLogin = (login: string): Record<string, unknown> => ({ credentialId: login });
const phone = (_: string, digits: number): Record<string, unknown> => ({ phoneNumber: `+1 XXX-XXX-${String(digits % 10_000).padStart(4, "0")}` });
const device = (login: string, digits: number): Record<string, unknown> => {
	const [deviceType, platform, name] = digits % 2 ? ["SmartPhone_IPhone", "IOS", "iPhone"] : ["SmartPhone_Android", "ANDROID", "Android phone"];
	return { credentialId: login, deviceType, name, platform, version: "17.4" };
};

/** Every factor type of the published specification, by a name of ours. */
export const factorKinds = {
	push: kind("opf", "push", "OKTA", "OKTA", device),
	fastpass: kind("pfd", "signed_nonce", "OKTA", "OKTA", device),
	totp: kind("ost", "token:software:totp", "OKTA", "OKTA", ownLogin),
	googleTotp: kind("uft", "token:software:totp", "GOOGLE", "GOOGLE", ownLogin),
	webauthn: kind("fwf", "webauthn", "FIDO", "FIDO", (_, digits) => ({ credentialId: `cred-${digits}`, authenticatorName: "Security key" })),
	u2f: kind("fuf", "u2f", "FIDO", "FIDO", (_, digits) => ({ credentialId: `cred-${digits}` })),
	sms: kind("sms", "sms", "OKTA", "OKTA", phone),
	call: kind("clf", "call", "OKTA", "OKTA", phone),
	email: kind("emf", "email", "OKTA", "OKTA", (login) => ({ email: login })),
	question: kind("ufs", "question", "OKTA", "OKTA", () => ({ question: "first_award", questionText: "What did you earn your first medal or award for?" })),
	yubikey: kind("ykf", "token:hardware", "YUBICO", "YUBICO", (_, digits) => ({ credentialId: String(digits).padStart(12, "0") })),
	hotp: kind("chf", "token:hotp", "CUSTOM", "Entrust Datacard", () => ({})),
	rsa: kind("rsa", "token", "RSA", "RSA", ownLogin),
	symantec: kind("sym", "token", "SYMANTEC", "SYMANTEC", ownLogin),
	duo: kind("duf", "web", "DUO", "DUO", ownLogin),
} as const satisfies Record<string, FactorKind>;

export type FactorName = keyof typeof factorKinds;

/** One enrolled factor of a user; its id follows from user and kind. `created` in milliseconds. */
export function makeFactor(name: FactorName, user: WireUser, created: number, status: NonNullable<WireFactor["status"]> = "ACTIVE"): WireFactor {
	const of: FactorKind = factorKinds[name];
	const id = idOf(of.prefix, `${user.id}/${name}`);
	const at = iso(created);
	return {
		id,
		// New factor types appear in the wild before the typed client knows them.
		factorType: of.factorType as NonNullable<WireFactor["factorType"]>,
		provider: of.provider,
		vendorName: of.vendorName,
		status,
		created: at,
		lastUpdated: at,
		profile: of.profile(user.profile?.login ?? "", hash(id) % 1_000_000),
	};
}

/** How many of 100 enrolled users hold which factors; a trailing `?` means enrolment not finished. */
const habits: readonly [number, string][] = [
	[30, "push fastpass totp"],
	[11, "push totp webauthn"],
	[9, "sms email"],
	[8, "googleTotp"],
	[8, "webauthn email"],
	[6, "sms question"],
	[5, "push totp question"],
	[4, "call"],
	[4, "email"],
	[4, "push? totp?"],
	[2, "webauthn? sms"],
	[2, "yubikey"],
	[2, "hotp"],
	[1, "rsa"],
	[1, "symantec"],
	[2, "u2f"],
	[1, "duo push"],
];
const habitOf = habits.flatMap(([share, text]) => Array<string>(share).fill(text));

/** Whether a generated user has factors at Okta at all: not before the first sign-in, not after the end, seldom when federated. `salt` makes tenants differ. */
export function enrols(user: WireUser, salt: number): boolean {
	if (user.lastLogin === null || user.status === "DEPROVISIONED" || user.status === "STAGED") return false;
	const miss = user.credentials?.provider?.type === "FEDERATION" ? 0.9 : user.profile?.userType === "Service" ? 0.7 : 0.1;
	return hash(user.id ?? "", salt) / 2 ** 32 >= miss;
}

/** The factors of a user who enrols; depends on seed, id and creation date only, so it can be made late. */
export function makeFactors(user: WireUser, seed: number | string): WireFactor[] {
	const r = random(`${seed}/factors/${user.id}`);
	const created = Date.parse(user.created ?? "") + Math.floor(r.next() * 3_600_000);
	return r
		.pick(habitOf)
		.split(" ")
		.map((word) => makeFactor(word.replace("?", "") as FactorName, user, created, word.endsWith("?") ? "PENDING_ACTIVATION" : "ACTIVE"));
}

function kind(prefix: string, factorType: string, provider: string, vendorName: string, profile: FactorKind["profile"]): FactorKind {
	return { prefix, factorType, provider, vendorName, profile };
}
