import type { AccountRecord, VendorRisk } from "../../src/model/account.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import type { Reader } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { current, list, whole } from "./read.js";
import { tally } from "./read-tally.js";
import { at, stamp, word } from "./schema.js";
import { decodeRisk } from "./schema-risk.js";

/** Users that Entra ID Protection holds for risky; whoever is not among them has no risk known to the vendor. Needs a P2 licence. */
export const risks: Reader<EntraConnection> = {
	collection: "risks",
	after: ["accounts"],
	scopes: ["IdentityRiskyUser.Read.All", "IdentityRiskEvent.Read.All"],
	async *read(connection, context) {
		const failures = tally();
		const reasons = await detections(connection, context.signal, failures);
		const met = new Set<string>();
		const accounts = new Set((await current<AccountRecord>(context, "accounts")).map(({ id }) => id));
		let request = null;
		let closed = false;
		for await (const page of list(connection, { method: "GET", path: "/v1.0/identityProtection/riskyUsers", query: { $top: 500 } }, context.signal)) {
			request = page.request;
			const records: ReadRecord[] = [];
			const quarantined: { id: string | null; why: string }[] = [];
			for (const item of page.items) {
				const user = decodeRisk(item, "risky user");
				if ("bad" in user) {
					quarantined.push({ id: user.id, why: user.bad });
					if (user.id !== null) met.add(user.id);
					continue;
				}
				met.add(user.ok.id);
				// Risk outlives the account it was found at.
				if (!accounts.has(user.ok.id)) continue;
				const source = user.ok.risk.level === "none" ? null : (reasons.get(user.ok.id) ?? user.ok.risk.source);
				records.push({ id: user.ok.id, body: { ...user.ok.risk, ...(source !== undefined && { source }) } });
			}
			yield { records, request, ...(quarantined.length > 0 && { quarantined }) };
			closed = page.end?.closed ?? false;
			failures.end(page.end ?? { closed: true, reasons: [] });
			// A record that tells no id may be anybody's.
			if (quarantined.some(({ id }) => id === null)) closed = false;
		}
		if (closed) {
			const others = [...accounts].filter((id) => !met.has(id)).map((id) => ({ id, body: { level: "none", source: null } satisfies VendorRisk }));
			for (let first = 0; first < others.length; first += 2000) yield { records: others.slice(first, first + 2000), request };
		}
		const whole = context.coverage("accounts")?.state === "complete";
		if (!whole) failures.fail({ cause: "depends", detail: "accounts were not read to the end" });
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons(), eligible: accounts.size } };
	},
};

/** The newest finding about each user, in the vendor's word: why it is at risk. */
async function detections(connection: EntraConnection, signal: AbortSignal | undefined, failures: ReturnType<typeof tally>): Promise<Map<string, string>> {
	const { items, end } = await whole(connection, { method: "GET", path: "/v1.0/identityProtection/riskDetections", query: { $top: 500 } }, signal);
	failures.end(end);
	const newest = new Map<string, { at: number; type: string }>();
	for (const item of items) {
		const [user, type, seen] = [word(at(item, "userId")), word(at(item, "riskEventType")), stamp(at(item, "detectedDateTime"))];
		if (user !== undefined && type !== undefined && seen !== undefined && seen > (newest.get(user)?.at ?? 0)) newest.set(user, { at: seen, type });
	}
	return new Map([...newest].map(([user, { type }]) => [user, type]));
}
