import { bodyOf, type Call, isRecord, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandFreshName, demandOneOf, demandText, type Kind, kindRoutes, objectAt, type Raw, store, writable } from "./kinds.js";
import { link, stored } from "./render.js";
import { iso, type Tenant } from "./tenant.js";

/** Methods of each authenticator, and the type each has. */
const KEYS: Record<string, { type: string; methods: readonly string[] }> = {
	okta_password: { type: "password", methods: ["password"] },
	okta_email: { type: "email", methods: ["email"] },
	okta_verify: { type: "app", methods: ["push", "totp", "signed_nonce"] },
	phone_number: { type: "phone", methods: ["sms", "voice"] },
	webauthn: { type: "security_key", methods: ["webauthn"] },
	security_key: { type: "security_key", methods: ["webauthn"] },
	google_otp: { type: "app", methods: ["otp"] },
	security_question: { type: "security_question", methods: ["security_question"] },
	yubikey_token: { type: "security_key", methods: ["otp"] },
	duo: { type: "app", methods: ["duo"] },
	external_idp: { type: "federated", methods: ["idp"] },
	smart_card_idp: { type: "federated", methods: ["cert"] },
	onprem_mfa: { type: "security_key", methods: ["otp"] },
	symantec_vip: { type: "app", methods: ["otp"] },
	custom_app: { type: "app", methods: ["push"] },
	tac: { type: "tac", methods: ["tac"] },
};

/** Whether an active enrolment policy lets users enrol, or makes them enrol, this authenticator. */
function enrolledByPolicy(tenant: Tenant, key: string): boolean {
	return [...tenant.state.policies.values()].some((policy) => {
		const settings = (policy as { settings?: { authenticators?: { key?: string; enroll?: { self?: string } }[] } }).settings;
		const own = policy.type === "MFA_ENROLL" && policy.status === "ACTIVE" ? (settings?.authenticators ?? []) : [];
		return own.some((one) => one.key === key && one.enroll?.self === "REQUIRED");
	});
}

/** Keys an org may hold several authenticators of. */
const MANY = ["custom_app", "custom_otp", "external_idp"];

const AUTHENTICATORS: Kind = {
	base: "/api/v1/authenticators",
	resource: "authenticators",
	type: "Authenticator",
	id: "authenticatorId",
	of: (t) => t.state.authenticators,
	allow: ["GET", "PUT"],
	lifecycle: true,
	writes: ["POST", "PUT"],
	prefix: "aut",
	event: (verb) => `security.authenticator.lifecycle.${verb === "delete" ? "deactivate" : verb}`,
	check: (call, given, before) => {
		demandText(given, "name");
		if (before) {
			if (given.key !== undefined && given.key !== before.key) throw invalid("key", "The key of an authenticator can't be changed");
			return;
		}
		const key = demandOneOf(given, "key", [...Object.keys(KEYS), "custom_otp"]);
		if (!MANY.includes(key)) demandFreshName(call, AUTHENTICATORS, given, undefined, "key");
	},
	complete: (_, given, before) => {
		const key = String(before?.key ?? given.key);
		return { key, type: before?.type ?? KEYS[key]?.type ?? "security_key" };
	},
	guard: (call, authenticator, verb) => {
		const key = String(authenticator.key);
		if (verb !== "deactivate") return;
		if (key === "okta_password") throw apiError("E0000006");
		if (enrolledByPolicy(call.tenant, key)) throw apiError("E0000148", "Remove it from the policies first.");
	},
	render: (tenant, authenticator) => {
		const { methods: _, ...shown } = authenticator;
		const path = `/api/v1/authenticators/${String(authenticator.id)}`;
		const move = authenticator.status === "ACTIVE" ? "deactivate" : "activate";
		const links = {
			self: link(tenant, path, "GET", "PUT"),
			[move]: link(tenant, `${path}/lifecycle/${move}`, "POST"),
			methods: link(tenant, `${path}/methods`, "GET"),
		};
		return { ...stored(tenant, shown), _links: links };
	},
};

/** Settings of a method nobody has changed, as the vendor's pages show them. */
const SETTINGS: Record<string, Raw> = {
	push: { algorithms: ["ES256", "RS256"], keyProtection: "ANY", transactionTypes: ["LOGIN"] },
	signed_nonce: { algorithms: ["ES256", "RS256"], keyProtection: "ANY", showSignInWithOV: "ALWAYS" },
	totp: { timeIntervalInSeconds: 30, encoding: "base32", algorithm: "HMacSHA1", passCodeLength: 6 },
	webauthn: { userVerification: "DISCOURAGED", attachment: "ANY" },
};

/** An authenticator's methods: what was stored for them over the vendor's defaults. */
function methodsOf(authenticator: Raw): Raw[] {
	const changed = isRecord(authenticator.methods) ? authenticator.methods : {};
	return (KEYS[String(authenticator.key)]?.methods ?? []).map((type) => {
		const settings = SETTINGS[type];
		const own = changed[type];
		return { type, status: authenticator.status ?? "ACTIVE", ...(settings ? { settings } : {}), ...(isRecord(own) ? own : {}) };
	});
}

function renderMethod(tenant: Tenant, authenticator: Raw, method: Raw): Raw {
	const path = `/api/v1/authenticators/${String(authenticator.id)}/methods/${String(method.type)}`;
	const move = method.status === "ACTIVE" ? "deactivate" : "activate";
	return { ...method, _links: { self: link(tenant, path, "GET", "PUT"), [move]: link(tenant, `${path}/lifecycle/${move}`, "POST") } };
}

function methodAt(call: Call): { authenticator: Raw & { id: string }; method: Raw } {
	const authenticator = objectAt(call, AUTHENTICATORS);
	const type = param(call, "methodType");
	const method = methodsOf(authenticator).find((one) => one.type === type);
	if (!method) throw notFound(type, "AuthenticatorMethod");
	return { authenticator, method };
}

function changeMethod(call: Call, change: Raw): Reply {
	const { tenant } = call;
	const { authenticator, method } = methodAt(call);
	const next = { ...method, ...change, type: method.type };
	const methods = { ...(isRecord(authenticator.methods) ? authenticator.methods : {}), [String(method.type)]: next };
	store(call, AUTHENTICATORS, { ...authenticator, methods, lastUpdated: iso(tenant.now()) }, "update");
	return ok(renderMethod(tenant, authenticator, next));
}

function replaceMethod(call: Call): Reply {
	const given = writable(bodyOf(call));
	const { method } = methodAt(call);
	if (given.type !== undefined && given.type !== method.type) throw invalid("type", "The type of a method can't be changed");
	if (given.status !== undefined) demandOneOf(given, "status", ["ACTIVE", "INACTIVE"]);
	return changeMethod(call, given);
}

/** The last active method of an active authenticator stays. */
function setMethodStatus(call: Call, status: "ACTIVE" | "INACTIVE"): Reply {
	const { authenticator, method } = methodAt(call);
	const others = methodsOf(authenticator).some((one) => one.type !== method.type && one.status === "ACTIVE");
	if (status === "INACTIVE" && !others) throw apiError("E0000001", "status", ["status: The only active method of an authenticator can't be deactivated."]);
	return changeMethod(call, { status });
}

function listMethods(call: Call): Reply {
	const authenticator = objectAt(call, AUTHENTICATORS);
	return { status: 200, list: { items: methodsOf(authenticator).map((method) => renderMethod(call.tenant, authenticator, method)) } };
}

const methods = "/api/v1/authenticators/{authenticatorId}/methods";

export const authenticatorRoutes: Route[] = [
	...kindRoutes(AUTHENTICATORS),
	route("GET", methods, "authenticators", listMethods),
	route("GET", `${methods}/{methodType}`, "authenticators", (call) => {
		const { authenticator, method } = methodAt(call);
		return ok(renderMethod(call.tenant, authenticator, method));
	}),
	route("PUT", `${methods}/{methodType}`, "authenticators", replaceMethod),
	route("POST", `${methods}/{methodType}/lifecycle/activate`, "authenticators", (call) => setMethodStatus(call, "ACTIVE")),
	route("POST", `${methods}/{methodType}/lifecycle/deactivate`, "authenticators", (call) => setMethodStatus(call, "INACTIVE")),
];
