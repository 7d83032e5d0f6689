import type { AccountRecord, Authenticator } from "../../src/model/account.js";
import type { KnownList } from "../../src/model/known.js";
import type { AuthenticatorsBody, CoverageReason, StoredRecord } from "../../src/model/snapshot.js";
import type { Reader, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { readScope } from "./scopes.js";
import { type ReportedFactors, usageReport } from "./usage.js";

/**
 * Second factors, in bulk. The list of users says at once who is enrolled in 2-step verification; of what kind the factors are no API tells,
 * but the daily usage report counts security keys and passkeys. Who is enrolled by something else has one authenticator of unknown strength:
 * a code by SMS or a prompt on the phone, nobody can say.
 */
export const authenticators: Reader<GoogleConnection> = {
	collection: "authenticators",
	after: ["accounts"],
	scopes: [readScope.usage],
	async *read(connection, context) {
		const report = await usageReport(connection, context);
		let eligible = 0;
		let page: StoredRecord[] = [];
		const flush = (): ReadPage => {
			const records = page.flatMap(({ id, body }) => {
				const items = factorsOf(body as AccountRecord, report.users.get(id));
				return items ? [{ id, body: { items } satisfies AuthenticatorsBody }] : [];
			});
			const request = page[0]?.request ?? null;
			page = [];
			return { records, request };
		};
		for await (const record of context.current("accounts")) {
			if ((record.body as AccountRecord).enabled === false) continue;
			eligible += 1;
			page.push(record);
			if (page.length === 1000) yield flush();
		}
		yield flush();
		const reasons: CoverageReason[] = [];
		if (report.unread) reasons.push({ ...report.unread, detail: `who has a security key or passkey is not known: ${report.unread.detail}` });
		const whole = context.coverage("accounts")?.state === "complete";
		if (!whole) reasons.push({ cause: "depends", detail: "accounts were not read to the end" });
		const gone: string[] = [];
		const disabled = new Set<string>();
		for await (const { id, body } of context.current("accounts")) if ((body as AccountRecord).enabled === false) disabled.add(id);
		for await (const { id } of context.previous("authenticators")) if (disabled.has(id)) gone.push(id);
		if (gone.length > 0) yield { records: [], request: null, gone };
		yield { records: [], request: null, end: { closed: whole && report.unread === null, reasons, eligible } };
	},
};

/** Undefined: Google does not say whether there is any. */
function factorsOf({ profile }: AccountRecord, reported: ReportedFactors | undefined): KnownList<Authenticator> | undefined {
	const enrolled = profile?.isEnrolledIn2Sv;
	if (typeof enrolled !== "boolean") return undefined;
	// A report of before the last change says nothing of now.
	const fits = reported !== undefined && reported.enrolled === enrolled ? reported : undefined;
	const items: KnownList<Authenticator> = [];
	// A passkey is good by itself; a security key only for who is asked for a second factor.
	if (enrolled && (fits?.securityKeys ?? 0) > 0) items.push(factor("security-keys", "security-key", "phishing-resistant"));
	if ((fits?.passkeys ?? 0) > 0) items.push(factor("passkeys", "passkey", "phishing-resistant"));
	if (!enrolled) return items;
	if (items.length === 0) items.push(factor("2-step-verification", "2-step-verification", "unknown"));
	if (fits?.securityKeys === undefined || fits.passkeys === undefined) items.partial = true;
	return items;
}

function factor(id: string, type: string, strength: Authenticator["strength"]): Authenticator {
	return { id, type, provider: null, strength, source: "local", recoveryOnly: false };
}
