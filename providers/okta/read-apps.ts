import type { Reader } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { appList } from "./read-app-list.js";

const scope = "okta.apps.read";

/** Apps, active or not. */
export const apps: Reader<OktaConnection> = {
	collection: "apps",
	after: [],
	scopes: [scope],
	async *read(connection, context) {
		const found = await appList(connection, context);
		for (const page of found.pages) {
			yield {
				records: page.apps.map((app) => ({ id: app.record.id, body: app.record })),
				request: page.request,
				...(page.quarantined.length > 0 && { quarantined: page.quarantined }),
			};
		}
		yield { records: [], request: null, end: { closed: found.closed, reasons: found.reasons } };
	},
};
