import type { DeviceRecord } from "../../src/model/objects.js";
import type { Reader } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { decodeAll, list } from "./read.js";
import { tally } from "./read-tally.js";
import { decodeDevice, deviceProperties } from "./schema-device.js";

/** Computers and phones that are registered or joined, and who registered them. */
export const devices: Reader<EntraConnection> = {
	collection: "devices",
	after: [],
	scopes: ["Device.Read.All"],
	async *read(connection, context) {
		const failures = tally();
		const query = { $select: deviceProperties, $expand: "registeredOwners($select=id)", $top: 999 };
		let seen = 0;
		for await (const page of list(connection, { method: "GET", path: "/v1.0/devices", query }, context.signal)) {
			yield { ...decodeAll(page.items, decodeDevice, (device: DeviceRecord) => device.id), request: page.request };
			seen += page.items.length;
			context.progress(seen, null);
			failures.end(page.end ?? { closed: true, reasons: [] });
		}
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons() } };
	},
};
