import { bodyOf, type Call, created, ok, param, type Reply, type Route, route } from "./call.js";
import { invalid, notFound } from "./errors.js";
import { demandOneOf, demandText, type Raw } from "./kinds.js";
import { afterOf, limitOf, linked, pageOf } from "./paging.js";
import { parseExpression } from "./search.js";
import { logEvent, target } from "./syslog.js";
import { iso, newId, put, sortedKeys, type Tenant } from "./tenant.js";

const TYPES = ["SSWS_TOKEN", "OAUTH_CLIENT"];

function own(tenant: Tenant): Map<string, Raw> {
	tenant.state.principalRates ??= new Map();
	return tenant.state.principalRates;
}

function at(call: Call): Raw & { id: string } {
	const id = param(call, "principalRateLimitId");
	const found = call.tenant.state.principalRates?.get(id);
	if (!found) throw notFound(id, "PrincipalRateLimitEntity");
	return { ...found, id };
}

/** `filter=principalType eq "SSWS_TOKEN"`, which must be there. */
function wantedType(call: Call): string {
	const filter = call.query.get("filter") ?? "";
	if (filter === "") throw invalid("filter", "The filter on principalType is required");
	const parsed = parseExpression(filter, { operators: ["eq"], attributes: ["principalType"], code: "E0000031" });
	if (parsed.op !== "cmp") throw invalid("filter", "One comparison of principalType is allowed");
	return demandOneOf({ principalType: parsed.value }, "principalType", TYPES);
}

function list(call: Call): Reply {
	const type = wantedType(call);
	const all = call.tenant.state.principalRates ?? new Map<string, Raw>();
	const page = pageOf(sortedKeys(all), afterOf(call), limitOf(call, 20, 50), (id) => (all.get(id)?.principalType === type ? all.get(id) : undefined));
	return linked(call, page, (item) => item);
}

function percent(body: Raw, name: string, fallback: unknown): unknown {
	const value = body[name] ?? fallback;
	if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > 100) throw invalid(name, "Must be a whole number from 1 to 100");
	return value;
}

/** One entity for each principal the org has. */
function save(call: Call, before: (Raw & { id: string }) | undefined): Raw {
	const { tenant } = call;
	const body = bodyOf(call);
	const principalId = demandText(body, "principalId");
	const principalType = demandOneOf(body, "principalType", TYPES);
	if (before && (principalId !== before.principalId || principalType !== before.principalType)) throw invalid("principalId", "The principal can't be changed");
	const known = principalType === "SSWS_TOKEN" ? tenant.state.apiTokens.has(principalId) : tenant.state.apps.has(principalId);
	if (!known) throw notFound(principalId, principalType);
	if (!before && [...own(tenant).values()].some((item) => item.principalId === principalId))
		throw invalid("principalId", "The principal has a rate limit already");
	const now = iso(tenant.now());
	const by = call.caller.userId ?? call.caller.clientId ?? "okta.system";
	const item = {
		id: before?.id ?? newId("prl"),
		orgId: tenant.state.org.id,
		principalId,
		principalType,
		defaultPercentage: percent(body, "defaultPercentage", before?.defaultPercentage ?? 50),
		defaultConcurrencyPercentage: percent(body, "defaultConcurrencyPercentage", before?.defaultConcurrencyPercentage ?? 50),
		createdDate: before?.createdDate ?? now,
		createdBy: before?.createdBy ?? by,
		lastUpdate: now,
		lastUpdatedBy: by,
	};
	put(tenant, own(tenant), item.id, item);
	logEvent(tenant, call, "system.rate_limit.configuration.update", "Rate limit configuration update", [target(principalId, principalType, principalId)]);
	return item;
}

const all = "/api/v1/principal-rate-limits";
const one = `${all}/{principalRateLimitId}`;

export const rateRoutes: Route[] = [
	route("GET", all, "principalRateLimits", list),
	route("POST", all, "principalRateLimits", (call) => created(save(call, undefined))),
	route("GET", one, "principalRateLimits", (call) => ok(at(call))),
	route("PUT", one, "principalRateLimits", (call) => ok(save(call, at(call)))),
];
