import { bodyOf, type Call, isRecord, noContent, ok, type Reply, type Route, route } from "./call.js";
import { invalid, notFound } from "./errors.js";
import { demandOneOf, type Kind, kindRoutes, objectAt, type Raw, show } from "./kinds.js";
import { link } from "./render.js";
import { logEvent, target, userTarget } from "./syslog.js";
import { drop, iso, put } from "./tenant.js";

const API_TOKENS: Kind = {
	base: "/api/v1/api-tokens",
	resource: "apiTokens",
	type: "ApiToken",
	id: "apiTokenId",
	of: (t) => t.state.apiTokens,
	allow: ["GET", "DELETE"],
	render: (tenant, token) => {
		const links = {
			self: link(tenant, `/api/v1/api-tokens/${String(token.id)}`, "GET", "DELETE"),
			user: link(tenant, `/api/v1/users/${String(token.userId)}`, "GET"),
		};
		return { ...token, _links: links };
	},
};

function revoke(call: Call): Reply {
	const { tenant } = call;
	const token = objectAt(call, API_TOKENS);
	drop(tenant, tenant.state.apiTokens, token.id);
	logEvent(tenant, call, "system.api_token.revoke", "Revoke API token", [target(token.id, "Token", token.name), userTarget(tenant, String(token.userId))]);
	return noContent();
}

/** From where a token may be used: zones the org has, or anywhere. */
function networkOf(call: Call, given: unknown): Raw {
	if (!isRecord(given)) throw invalid("network", "The field cannot be left blank");
	const connection = demandOneOf(given, "connection", ["ANYWHERE", "ZONE"]);
	if (connection === "ANYWHERE") return { connection };
	const lists = Object.fromEntries(["include", "exclude"].flatMap((name) => (Array.isArray(given[name]) ? [[name, given[name].map(String)]] : [])));
	const zones = Object.values(lists).flat();
	if (zones.length === 0) throw invalid("network", "A zone must be included or excluded");
	for (const zone of zones) if (!call.tenant.state.zones.has(zone) && !zone.startsWith("ALL_")) throw notFound(zone, "NetworkZone");
	return { connection, ...lists };
}

function update(call: Call): Reply {
	const { tenant } = call;
	const token = objectAt(call, API_TOKENS);
	const body = bodyOf(call);
	const network = networkOf(call, body.network);
	const name = typeof body.name === "string" && body.name !== "" ? body.name : token.name;
	const next = { ...token, name, network, lastUpdated: iso(tenant.now()) };
	put(tenant, tenant.state.apiTokens, token.id, next);
	logEvent(tenant, call, "system.api_token.update", "Update API token", [target(token.id, "Token", name), userTarget(tenant, String(token.userId))]);
	return ok(show(tenant, API_TOKENS, next));
}

const one = "/api/v1/api-tokens/{apiTokenId}";

export const tokenRoutes: Route[] = [...kindRoutes(API_TOKENS), route("PUT", one, "apiTokens", update), route("DELETE", one, "apiTokens", revoke)];
