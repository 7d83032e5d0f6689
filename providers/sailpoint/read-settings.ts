import type { SettingRecord } from "../../src/model/objects.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import { decodePage, list, records, type Tally, tally } from "./read.js";
import { type CampaignFacts, decodeCampaign, decodeCertification, decodeEntitlement, sourceSetting } from "./schema-setting.js";
import { sourceAccountsOf, sourcesOf } from "./source-accounts.js";

const byId = (record: SettingRecord): string => record.id;
/** Campaigns asked for in one filter. */
const atOnce = 40;

/** Sources with what they hold, campaigns with their certifications, and privileged entitlements. */
export const settings: Reader<SailPointConnection> = {
	collection: "settings",
	after: ["accounts"],
	scopes: ["idn:sources:read", "idn:accounts:read", "idn:campaign:read", "idn:entitlement:read"],
	async *read(connection, context) {
		const failures = tally();
		yield* sources(connection, context, failures);
		yield* campaigns(connection, context, failures);
		// The vendor's own list of what is privileged; inherited levels can't be asked for.
		const request = { path: "/v2026/entitlements", query: { filters: 'privilegeLevel.direct eq "HIGH"', sorters: "id" } };
		failures.end(yield* records(connection, context, request, decodeEntitlement, byId));
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of settings") } };
	},
};

async function* sources(connection: SailPointConnection, context: ReadContext, failures: Tally): AsyncGenerator<ReadPage> {
	const found = await sourcesOf(connection, context);
	const accounts = await sourceAccountsOf(connection, context);
	failures.end(found.end);
	if (found.end.closed && !accounts.whole)
		failures.end({
			closed: false,
			reasons:
				accounts.reasons.length > 0
					? accounts.reasons
					: [{ cause: "quarantine", detail: "some accounts of sources could not be understood, so that they are not counted" }],
		});
	const settingsOf = found.sources.map((source) => sourceSetting(source, accounts.tallies.get(source.id)));
	yield {
		records: settingsOf.map((body) => ({ id: body.id, body })),
		request: found.request,
		...(found.quarantined.length > 0 && { quarantined: found.quarantined }),
	};
}

async function* campaigns(connection: SailPointConnection, context: ReadContext, failures: Tally): AsyncGenerator<ReadPage> {
	const now = context.scanStarted;
	const running: CampaignFacts[] = [];
	for await (const page of list(connection, { path: "/v2026/campaigns", query: { sorters: "created" } }, context.signal)) {
		const decoded = decodePage(
			page,
			(item) => decodeCampaign(item, now),
			({ record }) => record.id,
		);
		const facts = decoded.records.map(({ body }) => body as CampaignFacts);
		running.push(...facts.filter((one) => one.running));
		yield { ...decoded, records: facts.map(({ record }) => ({ id: record.id, body: record })), request: page.request };
		if (page.end) failures.end(page.end);
	}
	for (let from = 0; from < running.length; from += atOnce) {
		const asked = running.slice(from, from + atOnce);
		const filters = `campaign.id in (${asked.map(({ campaign }) => JSON.stringify(campaign)).join(",")})`;
		const seen = new Map<string, number>();
		for await (const page of list(connection, { path: "/v2026/certifications", query: { filters, sorters: "name" } }, context.signal)) {
			const decoded = decodePage(page, (item) => decodeCertification(item, now), byId);
			for (const { body } of decoded.records) {
				const { parent } = body as SettingRecord;
				if (parent) seen.set(parent, (seen.get(parent) ?? 0) + 1);
			}
			yield { ...decoded, request: page.request };
			if (!page.end) continue;
			failures.end(page.end);
			if (!page.end.closed) continue;
			// The vendor shows certifications to those alone who may review them, and says nothing of the others.
			const short = asked.filter(({ campaign, certifications }) => certifications !== null && (seen.get(campaign) ?? 0) < certifications);
			for (const { record, campaign, certifications } of short)
				failures.end({
					closed: false,
					reasons: [
						{
							cause: "floor",
							detail: `the vendor counts ${certifications} certifications in campaign ${record.name} and shows ${seen.get(campaign) ?? 0}: this credential does not see them all`,
						},
					],
				});
		}
	}
}
