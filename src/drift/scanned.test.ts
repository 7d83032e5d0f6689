import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Seen, scanned } from "../assess/test-tenant.js";
import type { Connection, Provider } from "../provider/provider.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { liveReader } from "./live.js";
import { scannedBy } from "./scanned.js";

let store: Store;
let asked: string[];
beforeEach(async () => {
	store = await openStore("sqlite::memory:");
	asked = [];
});
afterEach(() => store.close());

/** A vendor whose groups have other members by now than the scan saw. */
function collection(name: string, records: { id: string; body: object }[]) {
	return {
		collection: name,
		after: [],
		async *read() {
			asked.push(name);
			yield { records, request: null, end: { closed: true, reasons: [] } };
		},
	};
}
const provider = {
	title: "Vendor",
	settings: [],
	readers: [
		collection("groups", [{ id: "g", body: { id: "g", name: "G" } }]),
		collection("groupRules", []),
		collection("memberships", [{ id: "g/new", body: { group: "g", account: "new", source: "direct" } }]),
	],
} as unknown as Provider;

const seen: Seen = {
	records: {
		groups: { g: { id: "g", name: "G" }, g2: { id: "g2", name: "G2" } },
		groupRules: {},
		memberships: {
			"g/a": { group: "g", account: "a", source: "direct" },
			"g2/b": { group: "g2", account: "b", source: "direct" },
		},
	},
};

async function readerAfter(scan: Seen) {
	await scanned(store, scan, 1000);
	const [done] = await store.scans({ system: "okta", limit: 1 });
	if (!done) throw new Error("no scan");
	return liveReader({ system: "okta", provider, connection: {} as Connection, now: () => 2000, scanned: scannedBy(store, done) });
}

describe("a reader after a scan of the same run", () => {
	it("asks the vendor nothing of what the scan read whole", async () => {
		const reader = await readerAfter(seen);
		expect([...(await reader.group("g")).members.keys()]).toEqual(["a"]);
		expect([...(await reader.group("g2")).members.keys()]).toEqual(["b"]);
		expect((await reader.group("gone")).exists).toBe(false);
		expect(asked.filter((name) => name !== "groupRules")).toEqual([]);
	});

	it.each(["partial", "unreadable"] as const)("reads live what is %s in the scan, and believes none of it", async (state) => {
		const reader = await readerAfter({ ...seen, coverage: { memberships: state } });
		expect([...(await reader.group("g")).members.keys()]).toEqual(["new"]);
		expect(asked).toContain("memberships");
	});
});
