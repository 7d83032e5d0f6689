import type { AppRecord } from "../../src/model/objects.js";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { list } from "./read.js";
import type { Decoded, Json } from "./schema.js";
import { decodeApplication, decodeServicePrincipal } from "./schema-app.js";

/** One application or service principal, with the vendor's object for what hangs on it. */
export interface AppObject {
	record: AppRecord;
	raw: Json;
}

export interface AppObjects {
	found: AppObject[];
	quarantined: { id: string | null; why: string }[];
	request: RequestRef | null;
	end: { closed: boolean; reasons: CoverageReason[] };
}

const expand = "owners($select=id)";
const principalProperties =
	"id,appId,displayName,accountEnabled,appOwnerOrganizationId,servicePrincipalType,createdDateTime,passwordCredentials,keyCredentials,appRoles,tags";
const applicationProperties = "id,appId,displayName,createdDateTime,passwordCredentials,keyCredentials,signInAudience";

/** Every service principal, fetched once a scan. */
export function servicePrincipals(connection: EntraConnection, context: ReadContext): Promise<AppObjects> {
	return connection.shared(context.scanStarted, "servicePrincipals", () =>
		objects(connection, context, "/v1.0/servicePrincipals", principalProperties, (item) => decodeServicePrincipal(item, connection.http.tenantId)),
	);
}

/** Every app registration, fetched once a scan. */
export function applications(connection: EntraConnection, context: ReadContext): Promise<AppObjects> {
	return connection.shared(context.scanStarted, "applications", () =>
		objects(connection, context, "/v1.0/applications", applicationProperties, decodeApplication),
	);
}

async function objects(
	connection: EntraConnection,
	context: ReadContext,
	path: string,
	$select: string,
	decode: (item: unknown) => Decoded<AppObject>,
): Promise<AppObjects> {
	const all: AppObjects = { found: [], quarantined: [], request: null, end: { closed: false, reasons: [] } };
	for await (const page of list(connection, { method: "GET", path, query: { $select, $expand: expand, $top: 999 } }, context.signal)) {
		all.request = page.request;
		for (const item of page.items) {
			const decoded = decode(item);
			if ("ok" in decoded) all.found.push(decoded.ok);
			else all.quarantined.push({ id: decoded.id, why: decoded.bad });
		}
		if (page.end) all.end = { closed: page.end.closed, reasons: page.end.reasons };
	}
	// Whoever asks is a service principal of this very tenant.
	if (all.end.closed && all.found.length === 0 && path.endsWith("servicePrincipals"))
		all.end = { closed: false, reasons: [{ cause: "floor", detail: "the vendor answered an empty list of service principals, and this credential is one" }] };
	return all;
}
