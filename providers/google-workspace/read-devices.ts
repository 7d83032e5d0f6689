import type { AccountRecord } from "../../src/model/account.js";
import type { DeviceRecord } from "../../src/model/objects.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, Reader } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { decodePage, list } from "./read.js";
import { decodeDevice, deviceFields } from "./schema-device.js";
import { readScope } from "./scopes.js";

/** People's own phones and tablets that are under Google's management, a hundred a page. */
export const devices: Reader<GoogleConnection> = {
	collection: "devices",
	after: ["accounts"],
	scopes: [readScope.devices],
	async *read(connection, context) {
		const addresses = await accountAddresses(context);
		const request = {
			method: "GET" as const,
			path: "/admin/directory/v1/customer/{customer}/devices/mobile",
			params: { customer: connection.customer },
			query: { maxResults: 100, projection: "FULL", orderBy: "deviceId", fields: deviceFields },
		};
		let seen = 0;
		for await (const page of list(connection, request, { shape: lists.devices, scope: readScope.devices, signal: context.signal })) {
			const decoded = decodePage<DeviceRecord>(
				page,
				(item) => decodeDevice(item, (address) => addresses.get(address)),
				({ id }) => id,
			);
			yield { ...decoded, request: page.request };
			seen += page.items.length;
			context.progress(seen, null);
			if (!page.end) continue;
			const { closed, reasons } = page.end;
			yield { records: [], request: null, end: { closed, reasons: closed ? notes(context) : reasons } };
		}
	},
};

/** An address of an account that was not read is nobody's: those devices have owners that are not known. */
function notes(context: ReadContext): CoverageReason[] {
	if (context.coverage("accounts")?.state === "complete") return [];
	return [{ cause: "depends", detail: "whose some devices are is not known: accounts were not read to the end" }];
}

async function accountAddresses(context: ReadContext): Promise<Map<string, string>> {
	const addresses = new Map<string, string>();
	for await (const { id, body } of context.current("accounts")) {
		const { login, aliases, status } = body as AccountRecord;
		// The address of a deleted account may be another's by now.
		for (const address of [login, ...(aliases ?? [])])
			if (address && !(status === "deleted" && addresses.has(address.toLowerCase()))) addresses.set(address.toLowerCase(), id);
	}
	return addresses;
}
