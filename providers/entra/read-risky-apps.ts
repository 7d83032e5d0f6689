import type { VendorRisk } from "../../src/model/account.js";
import type { AppRecord } from "../../src/model/objects.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { whole } from "./read.js";
import type { Tally } from "./read-tally.js";
import { decodeRisk } from "./schema-risk.js";

/** What Entra ID Protection says of one service principal; undefined where it can't be said. */
export type AppRisk = (app: AppRecord) => VendorRisk | undefined;

/** Nothing tells whether managed identities are looked at, and a registration by itself signs in nowhere. */
const notWatched = new Set(["ManagedIdentity", "application"]);

/**
 * Service principals that Entra ID Protection holds for risky; those that are not among them have no risk known to the vendor. Without the licence
 * or the permission the apps are whole all the same, and their risk is unknown.
 */
export async function appRisks(connection: EntraConnection, context: ReadContext, failures: Tally): Promise<AppRisk> {
	const request = { method: "GET" as const, path: "/v1.0/identityProtection/riskyServicePrincipals", query: { $top: 500 } };
	const { items, end } = await whole(connection, request, context.signal);
	if (end.error?.cause === "licence") {
		failures.note({ ...reasonOf(end.error), detail: `the risk of apps is unknown: ${end.error.message}` });
	} else if (end.error?.cause === "scope") failures.note(reasonOf(end.error));
	else failures.end(end);
	const risks = new Map<string, VendorRisk | undefined>();
	let whose = end.closed;
	for (const item of items) {
		const decoded = decodeRisk(item, "risky service principal");
		if ("ok" in decoded) risks.set(decoded.ok.id, decoded.ok.risk);
		else {
			failures.fail({ cause: "quarantine", detail: `a risky service principal could not be understood: ${decoded.bad}` });
			// One that tells no id may be any app.
			if (decoded.id === null) whose = false;
			else risks.set(decoded.id, undefined);
		}
	}
	return ({ id, type }) => (risks.has(id) ? risks.get(id) : whose && !notWatched.has(type) ? { level: "none", source: null } : undefined);
}
