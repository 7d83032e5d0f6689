import type { Call, Refusal } from "../../../src/emulate/call.js";
import type { Grant } from "./auth.js";
import { htmlPage, isModern, isOAuth, legacy, modern, oauthRefusal } from "./errors.js";
import type { Tenant } from "./types.js";

const minute = 60_000;

/** Queries a minute, per user and project; filtered reports have a lower limit. The other services publish none that holds here. */
const usual = 2400;
const filteredReports = 250;

/** The vendor's refusal of too many requests. It sends no headers on limits. */
export function throttled(tenant: Tenant, call: Pick<Call, "path">): Refusal {
	if (isOAuth(call.path)) {
		const { tokenThrottle } = tenant.choices;
		// Google's own clients are ready for 429 here (google-auth-library-python#1113); its help tells of 403 with this
		// error (support.google.com/cloud/answer/9028764), and clients have met 403 with a page for people (gsutil#114).
		if (tokenThrottle === "page") return htmlPage(403, "User Rate Limit Exceeded");
		return oauthRefusal(tokenThrottle, "rate_limit_exceeded", "The rate of token requests is too high.");
	}
	if (isModern(call.path)) return modern(429, "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user'.");
	switch (tenant.choices.throttle) {
		case "quotaExceeded":
			return legacy(403, "quotaExceeded", "Request rate higher than configured.", "usageLimits");
		case "rateLimitExceeded":
			return legacy(429, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits");
		default:
			return legacy(403, "userRateLimitExceeded", "User Rate Limit Exceeded", "usageLimits");
	}
}

/** Counts requests by caller and minute. The limit of 15,000 filtered reports an hour says the same as theirs a minute. */
export function makeLimits(tenant: Tenant): (call: Pick<Call<Grant>, "path" | "query" | "caller">) => void {
	const counts = new Map<string, { minute: number; count: number }>();
	return (call) => {
		if (!call.path.startsWith("/admin/")) return;
		const filtered =
			call.path.startsWith("/admin/reports/v1/activity") &&
			[...call.query.keys()].some((name) => !/^(startTime|endTime|pageToken|maxResults|fields|prettyPrint|alt)$/.test(name));
		const who = call.caller?.subject?.id ?? call.caller?.account.uniqueId ?? "";
		const key = `${filtered ? "filtered" : call.path.startsWith("/admin/reports") ? "reports" : "directory"} ${who}`;
		const now = Math.floor(tenant.world.now() / minute);
		const entry = counts.get(key);
		const count = entry?.minute === now ? entry.count + 1 : 1;
		counts.set(key, { minute: now, count });
		if (count > (filtered ? filteredReports : usual)) throw throttled(tenant, call);
	};
}
