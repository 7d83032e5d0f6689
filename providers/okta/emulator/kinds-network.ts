import { isIP } from "node:net";
import { type Call, isRecord } from "./call.js";
import { apiError, invalid } from "./errors.js";
import { demandFreshName, demandOneOf, demandText, type Kind, type Raw } from "./kinds.js";
import type { Dialect } from "./search.js";
import type { Tenant } from "./tenant.js";

const filterOn = (...attributes: string[]): Dialect => ({ operators: ["eq"], attributes, code: "E0000031" });

/** What an IP zone may hold at most, by the vendor's page. */
const MOST_ADDRESSES = 150;
const MOST_BLOCKED = 1000;

function checkAddress(address: unknown, field: string): void {
	if (!isRecord(address) || (address.type !== "CIDR" && address.type !== "RANGE") || typeof address.value !== "string")
		throw invalid(field, "Each address has a type, CIDR or RANGE, and a value");
	const { type, value } = address;
	const parts = value.split(type === "CIDR" ? "/" : "-");
	const [first = "", second = ""] = parts;
	const version = isIP(first);
	const good =
		parts.length === 2 &&
		version > 0 &&
		(type === "CIDR" ? /^\d{1,3}$/.test(second) && Number(second) <= (version === 4 ? 32 : 128) : isIP(second) === version);
	if (!good) throw invalid(field, `IP address format error: ${value}`);
}

function checkZone(call: Call, given: Raw, before: Raw | undefined): void {
	demandText(given, "name", 128);
	const type = demandOneOf(given, "type", ["IP", "DYNAMIC", "DYNAMIC_V2"]);
	if (given.usage !== undefined) demandOneOf(given, "usage", ["POLICY", "BLOCKLIST"]);
	if (before !== undefined && type !== before.type) throw invalid("type", "The type of a network zone can't be changed");
	if (before?.system === true && given.name !== before.name) throw invalid("name", "The name of a system zone can't be changed");
	demandFreshName(call, ZONES, given, before);
	if (type !== "IP") {
		const wanted = type === "DYNAMIC" ? ["asns", "locations", "proxyType"] : ["asns", "locations", "ipServiceCategories"];
		if (wanted.every((name) => given[name] === undefined || given[name] === null))
			throw invalid(wanted[0] ?? "", `One of ${wanted.join(", ")} must be defined`);
		return;
	}
	let count = 0;
	for (const field of ["gateways", "proxies"]) {
		const list = given[field];
		if (list === undefined || list === null) continue;
		if (!Array.isArray(list)) throw invalid(field, "Must be a list of addresses");
		for (const address of list) checkAddress(address, field);
		count = Math.max(count, list.length);
	}
	if (count === 0 && before?.system !== true) throw invalid("gateways", "Either gateways or proxies must be defined");
	const most = given.usage === "BLOCKLIST" ? MOST_BLOCKED : MOST_ADDRESSES;
	if (count > most && before?.system !== true) throw invalid("gateways", `At most ${most} addresses are allowed`);
}

/** Whether a policy, a rule or an API token names the zone. */
function zoneInUse(tenant: Tenant, id: string): boolean {
	const wanted = JSON.stringify(id);
	const { policies, policyRules, apiTokens } = tenant.state;
	return [...policies.values(), ...policyRules.values(), ...apiTokens.values()].some((object) => JSON.stringify(object).includes(wanted));
}

const ZONES: Kind = {
	base: "/api/v1/zones",
	resource: "networkZones",
	type: "NetworkZone",
	id: "zoneId",
	of: (t) => t.state.zones,
	page: [200, 200],
	filter: filterOn("id", "usage", "system"),
	allow: ["GET", "PUT", "DELETE"],
	lifecycle: true,
	writes: ["POST", "PUT", "DELETE"],
	prefix: "nzo",
	event: (verb) => `zone.${verb}`,
	check: checkZone,
	complete: (_, given, before) => ({ usage: given.usage ?? before?.usage ?? "POLICY", system: before?.system ?? false }),
	guard: (call, zone, verb) => {
		if (verb === "activate") return;
		if (zone.system === true && verb === "delete") throw apiError("E0000006");
		if (verb === "delete" && zone.status === "ACTIVE") throw apiError("E0000001", "id", ["id: An active network zone can't be deleted. Deactivate it first."]);
		if (zoneInUse(call.tenant, String(zone.id)))
			throw apiError("E0000001", "id", [`id: The network zone can't be ${verb}d because a policy or API token uses it.`]);
	},
};

const ORIGIN = /^(https?|[a-z][a-z0-9+.-]*):\/\/[^\s/?#]+$/i;

function checkOrigin(call: Call, given: Raw, before: Raw | undefined): void {
	demandText(given, "name");
	const origin = demandText(given, "origin");
	if (!ORIGIN.test(origin)) throw invalid("origin", "The origin must be a scheme and host without a path");
	const { scopes } = given;
	if (!Array.isArray(scopes) || scopes.length === 0) throw invalid("scopes", "The field cannot be left blank");
	for (const scope of scopes) demandOneOf(isRecord(scope) ? { scopes: scope.type } : {}, "scopes", ["CORS", "REDIRECT", "IFRAME_EMBED"]);
	demandFreshName(call, ORIGINS, given, before);
	demandFreshName(call, ORIGINS, given, before, "origin");
}

const ORIGINS: Kind = {
	base: "/api/v1/trustedOrigins",
	resource: "trustedOrigins",
	type: "TrustedOrigin",
	id: "trustedOriginId",
	of: (t) => t.state.trustedOrigins,
	page: [20, 200],
	filter: filterOn("id", "status", "name", "origin"),
	allow: ["GET", "PUT", "DELETE"],
	lifecycle: true,
	writes: ["POST", "PUT", "DELETE"],
	prefix: "tos",
	event: (verb) => `security.trusted_origin.${verb}`,
	check: checkOrigin,
	complete: (call, _, before) => {
		const actor = call.caller.userId ?? call.caller.clientId ?? "okta.system";
		return { createdBy: before?.createdBy ?? actor, lastUpdatedBy: actor };
	},
};

export const networkKinds: Kind[] = [ZONES, ORIGINS];
