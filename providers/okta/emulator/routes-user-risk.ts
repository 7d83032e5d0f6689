import { bodyOf, type Call, ok, type Reply, type Route, route } from "./call.js";
import { invalid } from "./errors.js";
import { demandOneOf } from "./kinds.js";
import { demandLicence } from "./licence.js";
import { link } from "./render.js";
import { logEvent, userTarget } from "./syslog.js";
import { iso, put } from "./tenant.js";
import { liveUserAt } from "./users-find.js";

const LEVELS = ["LOW", "MEDIUM", "HIGH"];
const BY_ADMIN = "override.by.admin";

function shown(call: Call, userId: string) {
	const { tenant } = call;
	const links = { self: link(tenant, `/api/v1/users/${userId}/risk`, "GET", "PUT"), user: link(tenant, `/api/v1/users/${userId}`, "GET") };
	const riskLevel = tenant.state.userRisk?.get(userId) ?? "NONE";
	const reason = tenant.state.userRiskReasons?.get(userId) ?? "Risk level changed by a detected entity risk";
	return { riskLevel, ...(riskLevel === "NONE" ? {} : { reason }), _links: links };
}

function getRisk(call: Call): Reply {
	demandLicence(call, "identity-threat-protection");
	return ok(shown(call, liveUserAt(call, "userId").id));
}

/** PUT …/risk. The first level answers 201. */
function putRisk(call: Call): Reply {
	demandLicence(call, "identity-threat-protection");
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const body = bodyOf(call);
	const riskLevel = demandOneOf(body, "riskLevel", LEVELS);
	const { riskReason } = body;
	if (riskReason !== undefined && (typeof riskReason !== "string" || riskReason.length > 500 || !/^[a-zA-Z0-9\s\-,.]*$/.test(riskReason)))
		throw invalid("riskReason", "At most 500 letters, digits, spaces, commas, full stops and hyphens");
	const { state } = tenant;
	state.userRisk ??= new Map();
	state.userRiskReasons ??= new Map();
	const before = state.userRisk.get(user.id);
	put(tenant, state.userRisk, user.id, riskLevel);
	const reason = typeof riskReason === "string" && riskReason !== "" ? riskReason : BY_ADMIN;
	put(tenant, state.userRiskReasons, user.id, reason);
	if (before !== riskLevel) {
		const debug = { Risk: `{level=${riskLevel}, reasons=${reason}, previousLevel=${before ?? "NONE"}}` };
		logEvent(tenant, call, "user.risk.change", "User risk level changed", [userTarget(tenant, user.id)], "SUCCESS", debug);
	}
	return { status: before === undefined ? 201 : 200, body: shown(call, user.id) };
}

function getClass(call: Call): Reply {
	demandLicence(call, "user-classification");
	const user = liveUserAt(call, "userId");
	return ok(call.tenant.state.userClasses?.get(user.id) ?? { type: "STANDARD", lastUpdated: user.created ?? iso(0) });
}

function putClass(call: Call): Reply {
	demandLicence(call, "user-classification");
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const type = demandOneOf(bodyOf(call), "type", ["LITE", "STANDARD"]);
	tenant.state.userClasses ??= new Map();
	put(tenant, tenant.state.userClasses, user.id, { type, lastUpdated: iso(tenant.now()) });
	return getClass(call);
}

const own = "/api/v1/users/{userId}";

export const userRiskRoutes: Route[] = [
	route("GET", `${own}/risk`, "userRisk", getRisk),
	route("PUT", `${own}/risk`, "userRisk", putRisk),
	route("GET", `${own}/classification`, "users", getClass),
	route("PUT", `${own}/classification`, "users", putClass),
];
