import { bodyOf, type Call, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandOneOf, type Raw } from "./kinds.js";
import { option, setOption } from "./options.js";
import { link } from "./render.js";
import { iso } from "./tenant.js";

const ATTACK = "security.attack_protection.settings.update";
const RATES = "system.rate_limit.configuration.update";

function getThreatInsight(call: Call): Reply {
	const created = String(call.tenant.state.org.created ?? iso(0));
	const value = option(call.tenant, "threatInsight", { action: "none", excludeZones: [], created, lastUpdated: created });
	return ok({ ...value, _links: { self: link(call.tenant, "/api/v1/threats/configuration", "GET", "POST") } });
}

function setThreatInsight(call: Call): Reply {
	const { tenant } = call;
	const body = bodyOf(call);
	const action = demandOneOf(body, "action", ["none", "audit", "block"]);
	const { excludeZones } = body;
	if (excludeZones !== undefined && excludeZones !== null) {
		if (!Array.isArray(excludeZones)) throw invalid("excludeZones", "Must be a list of zone ids");
		for (const id of excludeZones) if (!tenant.state.zones.has(String(id))) throw invalid("excludeZones", `No network zone has the id ${String(id)}`);
	}
	const zones = Array.isArray(excludeZones) ? { excludeZones: excludeZones.map(String) } : {};
	setOption(call, "threatInsight", { action, ...zones, lastUpdated: iso(tenant.now()) }, "security.threat.configuration.update");
	return getThreatInsight(call);
}

/** An org option that is one object of booleans. */
function booleans(path: string, name: string, fallback: Record<string, boolean>, write: string, event?: string): Route[] {
	const get = (call: Call): Reply => ok(option(call.tenant, name, fallback));
	const set = (call: Call): Reply => {
		const given = Object.entries(bodyOf(call)).filter(([key]) => key in fallback);
		if (given.length === 0 || given.some(([, value]) => typeof value !== "boolean")) throw apiError("E0000001", name, [`${name}: A boolean is required.`]);
		setOption(call, name, Object.fromEntries(given), event);
		return get(call);
	};
	return [route("GET", path, "orgs", get), route(write, path, "orgs", set)];
}

/** A whole number within bounds, under a name. @throws ApiError 400 E0000001 */
function demandNumber(given: Raw, name: string, least: number, most: number): number {
	const value = given[name];
	if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
		throw invalid(name, `Must be a whole number from ${least} to ${most}`);
	return value;
}

const CONSOLE = "admin-console";

function consoleSettings(call: Call): Raw {
	const name = param(call, "appName");
	if (name !== CONSOLE) throw notFound(name, "FirstPartyApp");
	return option(call.tenant, "adminConsole", { sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 720 });
}

/** Idle at most 12 hours, at all at most 7 days; the vendor's page has both bounds. */
function setConsole(call: Call): Reply {
	const before = consoleSettings(call);
	const body = { ...before, ...bodyOf(call) };
	const sessionIdleTimeoutMinutes = demandNumber(body, "sessionIdleTimeoutMinutes", 5, 720);
	const sessionMaxLifetimeMinutes = demandNumber(body, "sessionMaxLifetimeMinutes", 5, 10_080);
	setOption(call, "adminConsole", { sessionIdleTimeoutMinutes, sessionMaxLifetimeMinutes });
	return ok(consoleSettings(call));
}

const USE_CASES = ["LOGIN_PAGE", "OAUTH2_AUTHORIZE", "OIE_APP_INTENT"] as const;
const MODES = ["ENFORCE", "DISABLE", "PREVIEW"] as const;

function perClient(call: Call): Raw {
	const useCaseModeOverrides = Object.fromEntries(USE_CASES.map((name) => [name, "ENFORCE"]));
	return option(call.tenant, "perClientRates", { defaultMode: "ENFORCE", useCaseModeOverrides });
}

function setPerClient(call: Call): Reply {
	const body = bodyOf(call);
	const defaultMode = demandOneOf(body, "defaultMode", MODES);
	const given = (typeof body.useCaseModeOverrides === "object" ? body.useCaseModeOverrides : {}) as Raw | null;
	const overrides = Object.fromEntries(USE_CASES.map((name) => [name, given?.[name] === undefined ? defaultMode : demandOneOf(given, name, MODES)]));
	setOption(call, "perClientRates", { defaultMode, useCaseModeOverrides: overrides }, RATES);
	return ok(perClient(call));
}

const warning = (call: Call): Raw => option(call.tenant, "rateWarning", { warningThreshold: 90 });

function setWarning(call: Call): Reply {
	setOption(call, "rateWarning", { warningThreshold: demandNumber(bodyOf(call), "warningThreshold", 30, 90) }, RATES);
	return ok(warning(call));
}

const notifications = (call: Call): Raw => option(call.tenant, "rateNotifications", { notificationsEnabled: true });

function setNotifications(call: Call): Reply {
	const { notificationsEnabled } = bodyOf(call);
	if (typeof notificationsEnabled !== "boolean") throw invalid("notificationsEnabled", "A boolean is required");
	setOption(call, "rateNotifications", { notificationsEnabled }, RATES);
	return ok(notifications(call));
}

const rates = "/api/v1/rate-limit-settings";
const firstParty = "/api/v1/first-party-app-settings/{appName}";

export const settingRoutes: Route[] = [
	route("GET", "/api/v1/threats/configuration", "threatInsights", getThreatInsight),
	route("POST", "/api/v1/threats/configuration", "threatInsights", setThreatInsight),
	...booleans("/api/v1/org/orgSettings/thirdPartyAdminSetting", "thirdPartyAdmin", { thirdPartyAdmin: false }, "POST"),
	...booleans("/api/v1/org/settings/clientPrivilegesSetting", "clientPrivileges", { clientPrivilegesSetting: false }, "PUT"),
	...booleans("/api/v1/org/settings/autoAssignAdminAppSetting", "autoAssignAdminApp", { autoAssignAdminAppSetting: true }, "POST"),
	...booleans("/attack-protection/api/v1/user-lockout-settings", "lockout", { preventBruteForceLockoutFromUnknownDevices: false }, "PUT", ATTACK),
	...booleans("/attack-protection/api/v1/authenticator-settings", "attackAuthenticators", { verifyKnowledgeSecondWhen2faRequired: false }, "PUT", ATTACK),
	route("GET", firstParty, "apps", (call) => ok(consoleSettings(call))),
	route("PUT", firstParty, "apps", setConsole),
	route("GET", `${rates}/per-client`, "rateLimits", (call) => ok(perClient(call))),
	route("PUT", `${rates}/per-client`, "rateLimits", setPerClient),
	route("GET", `${rates}/warning-threshold`, "rateLimits", (call) => ok(warning(call))),
	route("PUT", `${rates}/warning-threshold`, "rateLimits", setWarning),
	route("GET", `${rates}/admin-notifications`, "rateLimits", (call) => ok(notifications(call))),
	route("PUT", `${rates}/admin-notifications`, "rateLimits", setNotifications),
];
