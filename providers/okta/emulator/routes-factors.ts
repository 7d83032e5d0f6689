import type { UserFactor } from "@okta/okta-sdk-nodejs";
import { bodyOf, type Call, flag, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { type FactorName, factorKinds } from "./gen-factors.js";
import { demandText, type Raw } from "./kinds.js";
import { link, renderFactor } from "./render.js";
import type { Wire } from "./state.js";
import { logEvent, target, userTarget } from "./syslog.js";
import { asOf, iso, newId, put } from "./tenant.js";
import { liveUserAt, userAt } from "./users-find.js";

type Factor = Wire<UserFactor>;

function listFactors(call: Call): Reply {
	const user = liveUserAt(call, "userId");
	const { state, knobs } = call.tenant;
	const factors = asOf(call.tenant, `factors:${user.id}`, state.factors.get(user.id) ?? [], knobs.statusLagMs);
	return { status: 200, list: { items: factors.map((factor) => renderFactor(call.tenant, user.id, factor)) } };
}

function factorAt(call: Call): { userId: string; factor: Factor; factors: Factor[] } {
	const user = liveUserAt(call, "userId");
	const id = param(call, "factorId");
	const factors = call.tenant.state.factors.get(user.id) ?? [];
	const factor = factors.find((one) => one.id === id);
	if (!factor) throw notFound(id, "UserFactor");
	return { userId: user.id, factor, factors };
}

const VERIFY = ["push", "signed_nonce"];

/** Removing push or FastPass removes the whole of Okta Verify. */
export function dropFactor(call: Call, userId: string, gone: Factor): void {
	const { tenant } = call;
	const whole = VERIFY.includes(String(gone.factorType)) && gone.provider === "OKTA";
	const isVerify = (type: unknown): boolean => [...VERIFY, "token:software:totp"].includes(String(type));
	const left = (tenant.state.factors.get(userId) ?? []).filter(
		(factor) => factor.id !== gone.id && !(whole && factor.provider === "OKTA" && isVerify(factor.factorType)),
	);
	put(tenant, tenant.state.factors, userId, left, `factors:${userId}`);
	logEvent(tenant, call, "user.mfa.factor.deactivate", "Reset factor for user", [
		userTarget(tenant, userId),
		target(gone.id ?? "", "AuthenticatorEnrollment", gone.factorType),
	]);
}

function deleteFactor(call: Call): Reply {
	const { userId, factor } = factorAt(call);
	dropFactor(call, userId, factor);
	return noContent();
}

/** Factors an administrator may enrol for somebody through this API. */
const ENROLLED: readonly FactorName[] = [
	"push",
	"totp",
	"googleTotp",
	"sms",
	"call",
	"email",
	"question",
	"yubikey",
	"webauthn",
	"u2f",
	"rsa",
	"symantec",
	"hotp",
	"duo",
];

/** Those that need a code from the device to become active. */
const NEEDS_CODE = ["push", "token:software:totp", "sms", "call", "email", "webauthn", "u2f"];

const PHONE = /^\+[1-9][\d\- ]{1,18}$/;

/** A profile as it is kept: without answers and codes. */
function profileOf(factorType: string, given: Raw, login: string): Raw {
	const { answer, ...profile } = given;
	if (factorType === "sms" || factorType === "call") {
		if (!PHONE.test(demandText(profile, "phoneNumber"))) throw invalid("phoneNumber", "Invalid Phone Number.");
		return { ...profile, phoneNumber: String(profile.phoneNumber).replace(/[^\d+]/g, "") };
	}
	if (factorType === "question") {
		demandText(profile, "question");
		if (typeof answer !== "string" || answer.length < 4) throw invalid("answer", "The security question answer must be at least 4 characters in length");
		return profile;
	}
	if (factorType === "email") return { email: typeof profile.email === "string" ? profile.email : login };
	return { credentialId: login, ...profile };
}

function enroll(call: Call): Reply {
	const { tenant } = call;
	const user = userAt(call, "userId");
	if (user.status === "DEPROVISIONED") throw notFound(user.id, "User");
	const body = bodyOf(call);
	const factorType = demandText(body, "factorType");
	const provider = demandText(body, "provider");
	const name = ENROLLED.find((one) => factorKinds[one].factorType === factorType && factorKinds[one].provider === provider);
	if (name === undefined) throw invalid("factorType", `The factor ${factorType} of ${provider} is not supported`);
	const factors = tenant.state.factors.get(user.id) ?? [];
	if (factors.some((one) => one.factorType === factorType && one.provider === provider && one.status === "ACTIVE"))
		throw invalid("factorType", "A factor of this type is already set up.");
	const profile = profileOf(factorType, isRecord(body.profile) ? body.profile : {}, user.profile?.login ?? "");
	const status = NEEDS_CODE.includes(factorType) && !flag(call, "activate", false) ? "PENDING_ACTIVATION" : "ACTIVE";
	const now = iso(tenant.now());
	const { prefix, vendorName } = factorKinds[name];
	const factor = { id: newId(prefix), factorType, provider, vendorName, status, created: now, lastUpdated: now, profile } as unknown as Factor;
	const kept = factors.filter((one) => one.factorType !== factorType || one.provider !== provider);
	put(tenant, tenant.state.factors, user.id, [...kept, factor], `factors:${user.id}`);
	if (status === "ACTIVE") sayActive(call, user.id, factor);
	return ok(renderFactor(tenant, user.id, factor));
}

function sayActive(call: Call, userId: string, factor: Factor): void {
	const targets = [userTarget(call.tenant, userId), target(factor.id ?? "", "AuthenticatorEnrollment", factor.factorType)];
	logEvent(call.tenant, call, "user.mfa.factor.activate", "Activate factor or authenticator enrollment for user", targets);
}

/** Any code of digits is right: nobody holds the device. */
function activate(call: Call): Reply {
	const { tenant } = call;
	const { userId, factor, factors } = factorAt(call);
	const { passCode } = bodyOf(call);
	if (factor.status === "ACTIVE") return ok(renderFactor(tenant, userId, factor));
	if (NEEDS_CODE.slice(1).includes(String(factor.factorType)) && (typeof passCode !== "string" || !/^\d{4,8}$/.test(passCode)))
		throw { ...apiError("E0000068", "", ["Your passcode doesn't match our records. Please try again."]) };
	const next: Factor = { ...factor, status: "ACTIVE", lastUpdated: iso(tenant.now()) };
	put(
		tenant,
		tenant.state.factors,
		userId,
		factors.map((one) => (one.id === factor.id ? next : one)),
		`factors:${userId}`,
	);
	sayActive(call, userId, next);
	return ok(renderFactor(tenant, userId, next));
}

/** Factors the user may enrol, and how far each is. */
function catalog(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const own = tenant.state.factors.get(user.id) ?? [];
	const enrollLink = { enroll: link(tenant, `/api/v1/users/${user.id}/factors`, "POST") };
	const items = ENROLLED.map((name) => {
		const { factorType, provider, vendorName } = factorKinds[name];
		const status = own.find((one) => one.factorType === factorType && one.provider === provider)?.status ?? "NOT_SETUP";
		return { factorType, provider, vendorName, enrollment: "OPTIONAL", status, _links: enrollLink };
	});
	return { status: 200, list: { items } };
}

const own = "/api/v1/users/{userId}/factors";

export const factorRoutes: Route[] = [
	route("GET", own, "users", listFactors),
	route("POST", own, "users", enroll),
	route("GET", `${own}/catalog`, "users", catalog),
	route("GET", `${own}/{factorId}`, "users", (call) => ok(renderFactor(call.tenant, factorAt(call).userId, factorAt(call).factor))),
	route("DELETE", `${own}/{factorId}`, "users", deleteFactor),
	route("POST", `${own}/{factorId}/lifecycle/activate`, "users", activate),
];
