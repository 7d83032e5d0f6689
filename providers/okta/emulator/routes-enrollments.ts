import type { User, UserFactor } from "@okta/okta-sdk-nodejs";
import { type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, notFound } from "./errors.js";
import type { Raw } from "./kinds.js";
import { link } from "./render.js";
import { dropFactor } from "./routes-factors.js";
import type { Wire } from "./state.js";
import type { Tenant } from "./tenant.js";
import { liveUserAt } from "./users-find.js";

/** Authenticator of each factor type; those of a provider other than Okta by provider. */
const BY_PROVIDER: Record<string, string> = {
	GOOGLE: "google_otp",
	YUBICO: "yubikey_token",
	DUO: "duo",
	RSA: "onprem_mfa",
	SYMANTEC: "symantec_vip",
	CUSTOM: "custom_otp",
};
const BY_TYPE: Record<string, string> = {
	...{ push: "okta_verify", signed_nonce: "okta_verify", "token:software:totp": "okta_verify", sms: "phone_number", call: "phone_number" },
	...{ email: "okta_email", question: "security_question", webauthn: "webauthn", u2f: "webauthn" },
};

/** Type and usual name of each authenticator an enrolment can be of. */
const KINDS: Record<string, readonly [type: string, name: string]> = {
	okta_password: ["password", "Password"],
	okta_verify: ["app", "Okta Verify"],
	phone_number: ["phone", "Phone"],
	okta_email: ["email", "Email"],
	security_question: ["security_question", "Security Question"],
	webauthn: ["security_key", "Security Key or Biometric"],
	google_otp: ["app", "Google Authenticator"],
	yubikey_token: ["security_key", "YubiKey Authenticator"],
	duo: ["app", "Duo Security"],
	onprem_mfa: ["security_key", "On-Prem MFA"],
	symantec_vip: ["app", "Symantec VIP"],
	custom_otp: ["security_key", "Custom OTP"],
};

interface Enrollment {
	body: Raw;
	factor?: Wire<UserFactor>;
}

function enrollment(tenant: Tenant, userId: string, id: string, key: string, rest: Raw): Raw {
	const authenticator = [...tenant.state.authenticators.values()].find((one) => one.key === key);
	const [type, name] = KINDS[key] ?? ["app", key];
	const links = {
		self: link(tenant, `/api/v1/users/${userId}/authenticator-enrollments/${id}`, "GET", "DELETE"),
		user: link(tenant, `/api/v1/users/${userId}`, "GET"),
		...(authenticator ? { authenticator: link(tenant, `/api/v1/authenticators/${String(authenticator.id)}`, "GET") } : {}),
	};
	return { id, type, key, name: authenticator?.name ?? name, ...rest, _links: links };
}

/** One enrolment for each factor that has an authenticator, and one for the password. */
function enrollmentsOf(tenant: Tenant, user: Wire<User> & { id: string }): Enrollment[] {
	const list: Enrollment[] = (tenant.state.factors.get(user.id) ?? []).flatMap((factor) => {
		const key = BY_PROVIDER[String(factor.provider)] ?? BY_TYPE[String(factor.factorType)];
		if (key === undefined) return [];
		const phone = (factor.profile as { phoneNumber?: string } | undefined)?.phoneNumber;
		const rest = {
			status: factor.status,
			created: factor.created,
			lastUpdated: factor.lastUpdated,
			...(phone === undefined ? {} : { profile: { phoneNumber: phone } }),
		};
		return [{ body: enrollment(tenant, user.id, factor.id ?? "", key, rest), factor }];
	});
	if (user.credentials?.password === undefined) return list;
	const at = user.passwordChanged ?? user.created;
	const password = enrollment(tenant, user.id, `lae${user.id.slice(3)}`, "okta_password", { status: "ACTIVE", created: user.created, lastUpdated: at });
	return [...list, { body: password }];
}

function enrollmentAt(call: Call): { userId: string; found: Enrollment } {
	const user = liveUserAt(call, "userId");
	const id = param(call, "enrollmentId");
	const found = enrollmentsOf(call.tenant, user).find(({ body }) => body.id === id);
	if (!found) throw notFound(id, "AuthenticatorEnrollment");
	return { userId: user.id, found };
}

function remove(call: Call): Reply {
	const { userId, found } = enrollmentAt(call);
	if (!found.factor) throw apiError("E0000006");
	dropFactor(call, userId, found.factor);
	return noContent();
}

function list(call: Call): Reply {
	const user = liveUserAt(call, "userId");
	return { status: 200, list: { items: enrollmentsOf(call.tenant, user).map(({ body }) => body) } };
}

const own = "/api/v1/users/{userId}/authenticator-enrollments";

export const enrollmentRoutes: Route[] = [
	route("GET", own, "users", list),
	route("GET", `${own}/{enrollmentId}`, "users", (call) => ok(enrollmentAt(call).found.body)),
	route("DELETE", `${own}/{enrollmentId}`, "users", remove),
];
