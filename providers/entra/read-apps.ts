import type { Reader } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { appRisks } from "./read-risky-apps.js";
import { applications, servicePrincipals } from "./read-service-principals.js";
import { tally } from "./read-tally.js";
import { known } from "./schema.js";

/**
 * Service principals: what signs in in this tenant. An app registration that has one is the same app and not told twice;
 * one without any is an app that signs in nowhere here.
 */
export const apps: Reader<EntraConnection> = {
	collection: "apps",
	after: [],
	scopes: ["Application.Read.All"],
	async *read(connection, context) {
		const failures = tally();
		const principals = await servicePrincipals(connection, context);
		const registered = await applications(connection, context);
		const risk = await appRisks(connection, context, failures);
		const principal = new Set(principals.found.map(({ record }) => record.clientId));
		const others = registered.found.filter(({ record }) => !principal.has(record.clientId));
		const records = [...principals.found, ...others].map(({ record }) => ({ id: record.id, body: known({ ...record, risk: risk(record) }) }));
		const quarantined = [...principals.quarantined, ...registered.quarantined];
		failures.end(principals.end);
		failures.end(registered.end);
		yield {
			records,
			request: principals.request,
			...(quarantined.length > 0 && { quarantined }),
			end: { closed: failures.failed() === 0, reasons: failures.reasons() },
		};
	},
};
