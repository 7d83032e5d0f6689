import type { GroupRule } from "@okta/okta-sdk-nodejs";
import { BUILT_AT, emptyTenant, makeApp, makeCustomRole, makeFactor, makeGroup, makePolicy, makeRole, makeUser } from "../../providers/okta/emulator/build.js";
import { addSamlIdp } from "../../providers/okta/emulator/gen-consents.js";
import type { TenantState, Wire } from "../../providers/okta/emulator/state.js";

const at = new Date(BUILT_AT).toISOString();
const dates = { created: at, lastUpdated: at };

function one(id: string, object: Record<string, unknown>): Map<string, Record<string, unknown>> {
	return new Map([[id, { id, ...dates, ...object }]]);
}

/** A tenant with at least one object of every kind the emulator serves. */
export function fullTenant(): TenantState {
	const state = emptyTenant();
	const user = makeUser(state, "vendor.check@corp.example");
	for (const status of ["STAGED", "PROVISIONED", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY", "SUSPENDED", "DEPROVISIONED"]) {
		makeUser(state, `${status.toLowerCase()}@corp.example`, { status, lastLogin: null, passwordChanged: null });
	}
	makeGroup(state, "Everyone", [], "BUILT_IN");
	const group = makeGroup(state, "Vendor check", [user]);
	makeRole(state, "group", group, "HELP_DESK_ADMIN", { targetGroups: [group] });
	const rule = {
		...{ id: "0pr00000000000000001", ...dates, type: "group_rule", name: "Engineers", status: "ACTIVE" },
		conditions: {
			people: { users: { exclude: [] }, groups: { exclude: [] } },
			expression: { value: 'user.department=="Engineering"', type: "urn:okta:expression:1.0" },
		},
		actions: { assignUserToGroups: { groupIds: [group] } },
	};
	state.groupRules.set(rule.id, rule as unknown as Wire<GroupRule>);
	state.zones = one("nzo00000000000000001", {
		name: "Offices",
		type: "IP",
		status: "ACTIVE",
		usage: "POLICY",
		system: false,
		gateways: [{ type: "CIDR", value: "192.0.2.0/24" }],
	});
	state.authenticators = one("aut00000000000000001", { key: "okta_password", type: "password", name: "Password", status: "ACTIVE" });
	state.authenticators.set("aut00000000000000002", {
		...{ id: "aut00000000000000002", key: "webauthn", type: "security_key", name: "Security key", status: "ACTIVE" },
		...dates,
	});
	state.trustedOrigins = one("tos00000000000000001", {
		name: "Portal",
		origin: "https://portal.example",
		status: "ACTIVE",
		scopes: [{ type: "CORS" }],
		createdBy: user,
		lastUpdatedBy: user,
	});
	for (const type of ["push", "sms", "call", "email", "question", "webauthn", "u2f", "token:software:totp", "token:hardware", "signed_nonce"])
		makeFactor(state, user, type, type === "token:hardware" ? { provider: "YUBICO", vendorName: "YUBICO" } : {});
	makeRole(state, "user", user, "USER_ADMIN", { targetGroups: [...state.groups.keys()].slice(0, 1) });
	const custom = makeCustomRole(state, "Vendor role", ["okta.users.read"], ["orn:okta:directory:00oEmulatorOrg000001:users"]);
	makeRole(state, "user", user, "CUSTOM", custom);
	const app = makeApp(state, "Vendor app");
	state.appUsers
		.get(app)
		?.set(user, { id: user, ...dates, scope: "USER", status: "ACTIVE", statusChanged: at, credentials: { userName: "vendor.check" }, profile: {} });
	for (const id of state.groups.keys()) state.appGroups.get(app)?.set(id, { id, lastUpdated: at, priority: 0, profile: {} });
	makeRole(state, "client", app, "READ_ONLY_ADMIN");
	state.appGrants.set(app, [
		{ id: "oag00000000000000001", ...dates, scopeId: "okta.users.read", source: "ADMIN", status: "ACTIVE", issuer: "https://x", clientId: app },
	]);
	state.userGrants.set(user, [{ id: "oag00000000000000002", ...dates, scopeId: "openid", source: "END_USER", status: "ACTIVE", clientId: app }]);
	state.refreshTokens = new Map([
		[
			user,
			[{ id: "oar00000000000000001", ...dates, clientId: app, userId: user, status: "ACTIVE", expiresAt: at, scopes: ["offline_access"], issuer: "https://x" }],
		],
	]);
	const web = makeApp(state, "Vendor client", {
		name: "oidc_client",
		signOnMode: "OPENID_CONNECT",
		credentials: { oauthClient: { client_id: "vendor", token_endpoint_auth_method: "client_secret_basic" } },
		settings: {
			oauthClient: {
				application_type: "web",
				grant_types: ["authorization_code"],
				jwks: { keys: [{ kid: "k1", kty: "RSA", alg: "RS256", use: "sig", e: "AQAB", n: "AQAB" }] },
			},
		},
	});
	makeApp(state, "Vendor SAML", {
		name: "template_saml_2_0",
		signOnMode: "SAML_2_0",
		settings: {
			app: {},
			signOn: { allowMultipleAcsEndpoints: false, assertionSigned: true, honorForceAuthn: true, requestCompressed: false, responseSigned: true },
		},
	});
	makeRole(state, "user", user, "APP_ADMIN", { targetApps: ["bookmark", `bookmark/${app}`] });
	makeRole(state, "group", group, "APP_ADMIN", { targetApps: ["bookmark"] });
	makeRole(state, "client", app, "APP_ADMIN", { targetApps: ["bookmark"] });
	makeRole(state, "client", app, "USER_ADMIN", { targetGroups: [group] });
	state.groupOwners = new Map([[group, [{ id: user, type: "USER", resolved: true, originType: "OKTA_DIRECTORY", displayName: "Vendor", lastUpdated: at }]]]);
	state.sourceSessions = new Map([
		[app, [{ id: "aps00000000000000001", identitySourceId: app, status: "CREATED", importType: "INCREMENTAL", ...dates, loads: [] }]],
	]);
	state.sourceUsers = new Map([
		[
			app,
			new Map([["EXT1", { id: user, externalId: "EXT1", ...dates, profile: { userName: "vendor.check@corp.example", email: "vendor.check@corp.example" } }]]),
		],
	]);
	state.apiServices = one("0oa00000000000000007", {
		type: "vendor_service",
		name: "Service",
		createdAt: at,
		createdBy: user,
		grantedScopes: ["okta.users.read"],
	});
	state.principalRates = new Map([
		[
			"prl00000000000000001",
			{
				...{ id: "prl00000000000000001", orgId: state.org.id, principalId: "00T00000000000000001", principalType: "SSWS_TOKEN", defaultPercentage: 50 },
				...{ defaultConcurrencyPercentage: 50, createdDate: at, createdBy: user, lastUpdate: at, lastUpdatedBy: user },
			},
		],
	]);
	const account = { ownerUserIds: [user], ownerGroupIds: [], status: "UNSECURED", statusDetail: "STAGED" };
	const orn = { containerOrn: `orn:okta:idp:${state.org.id}:apps:bookmark:${app}`, containerInstanceName: "Vendor app", containerGlobalName: "bookmark" };
	const uuid = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
	state.appAccounts = one(uuid(1), { name: "Backup", username: "backup", ...orn, ...account });
	state.oktaAccounts = one(uuid(2), {
		name: "Deploy",
		oktaUserId: user,
		username: "vendor.check@corp.example",
		email: "vendor.check@corp.example",
		...account,
	});
	state.appSecrets = new Map([[app, [{ id: "ocs00000000000000001", ...dates, secret_hash: "aGFzaA", status: "ACTIVE" }]]]);
	state.apiTokens.set("00T00000000000000001", {
		id: "00T00000000000000001",
		...dates,
		name: "Check",
		userId: user,
		clientName: "Okta API",
		expiresAt: at,
		tokenWindow: "P30D",
		network: { connection: "ANYWHERE" },
	});
	const age = { maxAgeDays: 90, expireWarnDays: 5, minAgeMinutes: 0, historyCount: 4 };
	makePolicy(state, "PASSWORD", "Vendor password", { settings: { password: { age } } }, [{ conditions: {}, actions: { passwordChange: { access: "ALLOW" } } }]);
	makePolicy(state, "MFA_ENROLL", "Vendor enrolment", {}, [{ conditions: {}, actions: { enroll: { self: "CHALLENGE" } } }]);
	const verificationMethod = {
		factorMode: "2FA",
		type: "ASSURANCE",
		reauthenticateIn: "PT2H",
		constraints: [{ possession: { required: true, phishingResistant: "REQUIRED" } }],
	};
	const access = makePolicy(state, "ACCESS_POLICY", "Vendor access", { conditions: null }, [
		{ conditions: {}, actions: { appSignOn: { access: "ALLOW", verificationMethod } } },
	]);
	const webApp = state.apps.get(web);
	if (webApp) webApp._links = { accessPolicy: { href: `/api/v1/policies/${access}` } };
	makePolicy(state, "PROFILE_ENROLLMENT", "Vendor profile", { conditions: null }, [{ actions: { profileEnrollment: { access: "ALLOW" } } }]);
	makePolicy(state, "IDP_DISCOVERY", "Vendor routing", { conditions: null }, [{ conditions: {}, actions: {} }]);
	makePolicy(state, "OKTA_SIGN_ON", "Vendor sign-on", { conditions: { people: { groups: { include: [] } } } }, [
		{ conditions: {}, actions: { signon: { access: "ALLOW", requireFactor: true } } },
	]);
	state.features = one("ftr00000000000000001", {
		name: "A feature",
		description: "Text",
		stage: { state: "OPEN", value: "EA" },
		status: "ENABLED",
		type: "self-service",
		dependencies: ["ftr00000000000000002"],
	});
	state.features.set("ftr00000000000000002", {
		...{ id: "ftr00000000000000002", name: "Its base", description: "Text", stage: { state: "OPEN", value: "EA" }, status: "ENABLED", type: "self-service" },
		dependencies: [],
	});
	state.eventHooks = one("who00000000000000001", {
		...{ name: "Hook", status: "ACTIVE", verificationStatus: "VERIFIED", events: { type: "EVENT_TYPE", items: ["user.lifecycle.deactivate"] } },
		channel: {
			type: "HTTP",
			version: "1.0.0",
			config: { uri: "https://hooks.example/x", headers: [], method: "POST", authScheme: { type: "HEADER", key: "authorization" } },
		},
	});
	state.logStreams = one("0oa00000000000000009", {
		name: "Stream",
		type: "aws_eventbridge",
		status: "ACTIVE",
		settings: { accountId: "123456789012", eventSourceName: "s", region: "us-east-2" },
	});
	addSamlIdp(state, {
		id: "0oa00000000000000008",
		name: "Partner",
		domain: "partner.example",
		created: BUILT_AT,
		expires: BUILT_AT + 86_400_000,
		users: [user],
	});
	state.idpSigningKeys = new Map([["0oa00000000000000008", [...(state.idpKeys?.values() ?? [])]]]);
	state.behaviors = one("trg00000000000000001", {
		name: "New country",
		type: "ANOMALOUS_LOCATION",
		status: "ACTIVE",
		settings: { granularity: "COUNTRY", maxEventsUsedForEvaluation: 15, minEventsNeededForEvaluation: 0 },
	});
	state.devices = one("guo00000000000000001", {
		status: "ACTIVE",
		resourceType: "UDDevice",
		resourceId: "guo00000000000000001",
		profile: { displayName: "Laptop", platform: "MACOS", registered: true },
	});
	state.userDevices = new Map([[user, ["guo00000000000000001"]]]);
	state.userRisk = new Map([[user, "HIGH"]]);
	return state;
}
