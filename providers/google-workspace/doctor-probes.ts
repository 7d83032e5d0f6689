import type { CollectionName } from "../../src/model/snapshot.js";
import { at } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import type { GoogleConnection } from "./connection.js";
import { readScope } from "./scopes.js";
import { customerFilter } from "./sso.js";

/** The cheapest call that shows whether a collection can be read. */
interface Probe {
	collection: CollectionName;
	scope: string;
	request: HttpRequest;
	/** The answer is one that no tenant gives. */
	empty?(body: unknown): boolean;
}

export function probes(connection: GoogleConnection): Probe[] {
	const { customer } = connection;
	const of = `/admin/directory/v1/customer/{customer}`;
	const get = (path: string, query: HttpRequest["query"] = {}, params: Record<string, string> = {}): HttpRequest => ({ method: "GET", path, query, params });
	const none = (key: string) => (body: unknown) => at(body, key) === undefined;
	const log = "/admin/reports/v1/activity/users/{userKey}/applications/{applicationName}";
	return [
		{ collection: "accounts", scope: readScope.users, request: get("/admin/directory/v1/users", { customer, maxResults: 1 }), empty: none("users") },
		{ collection: "groups", scope: readScope.groups, request: get("/admin/directory/v1/groups", { customer, maxResults: 1 }) },
		{ collection: "roleAssignments", scope: readScope.roles, request: get(`${of}/roleassignments`, { maxResults: 1 }, { customer }), empty: none("items") },
		{
			collection: "settings",
			scope: readScope.orgUnits,
			request: get(`${of}/orgunits`, { type: "allIncludingParent" }, { customer }),
			empty: none("organizationUnits"),
		},
		{ collection: "settings", scope: readScope.domains, request: get(`${of}/domains`, {}, { customer }), empty: none("domains") },
		{
			collection: "settings",
			scope: readScope.policies,
			request: get("/v1/policies", { pageSize: 1, ...customerFilter(connection) }),
			empty: none("policies"),
		},
		{ collection: "settings", scope: readScope.sso, request: get("/v1/inboundSsoAssignments", { pageSize: 1, ...customerFilter(connection) }) },
		{ collection: "devices", scope: readScope.devices, request: get(`${of}/devices/mobile`, { maxResults: 1 }, { customer }) },
		{ collection: "activity", scope: readScope.audit, request: get(log, { maxResults: 1 }, { userKey: "all", applicationName: "login" }) },
	];
}
