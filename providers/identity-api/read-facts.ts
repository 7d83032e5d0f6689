import type { AccountRecord } from "../../src/model/account.js";
import type { CollectionName, CoverageReason, ReadRecord, RequestRef, StoredRecord } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { IdentityConnection } from "./connection.js";
import { readScope } from "./dialect.js";
import { assignmentsOf, authenticatorsOf, riskOf } from "./facts.js";

/** A collection whose facts came with the accounts of the same scan; no request of its own. */
function fromAccounts(
	collection: CollectionName,
	what: string,
	recordsOf: (account: AccountRecord) => ReadRecord[] | undefined,
	perAccount: boolean,
): Reader<IdentityConnection> {
	return {
		collection,
		after: ["accounts"],
		scopes: [readScope],
		async *read(_connection, context) {
			let accounts = 0;
			let without = 0;
			let records: ReadRecord[] = [];
			let request: RequestRef | null = null;
			for await (const { body, request: from } of seen(context)) {
				accounts++;
				if (records.length > 0 && (from.requestId !== request?.requestId || from.at !== request.at)) {
					yield { records, request };
					records = [];
				}
				request = from;
				const found = recordsOf(body as AccountRecord);
				if (found === undefined) without++;
				else records.push(...found);
			}
			const reasons: CoverageReason[] = [...dependence(context)];
			if (without > 0) reasons.push({ cause: "error", detail: `of ${without} of ${accounts} identities the API does not say ${what}, or contradicts itself` });
			const end: ReadPage["end"] = { closed: reasons.length === 0, reasons, ...(perAccount && { eligible: accounts }) };
			yield { records, request, end };
		},
	};
}

/** Accounts that this scan met: of the others nothing is known any more. */
async function* seen(context: ReadContext): AsyncGenerator<StoredRecord> {
	const unseen = new Set(context.coverage("accounts")?.unseen ?? []);
	for await (const record of context.current("accounts")) if (!unseen.has(record.id)) yield record;
}

function dependence(context: ReadContext): CoverageReason[] {
	const coverage = context.coverage("accounts");
	if (coverage?.state === "complete") return [];
	return [
		{ cause: "depends", detail: `it comes with the accounts, which were not read to the end${coverage?.reasons[0] ? `: ${coverage.reasons[0].detail}` : ""}` },
	];
}

const one = (id: string, body: object | undefined): ReadRecord[] | undefined => body && [{ id, body }];

export const derivedReaders: Reader<IdentityConnection>[] = [
	fromAccounts(
		"roleAssignments",
		"whether they are privileged",
		(account) => assignmentsOf(account).map((body) => ({ id: `${body.principal}/${body.id}`, body })),
		false,
	),
	fromAccounts("risks", "how great their risk is", (account) => one(account.id, riskOf(account)), true),
	fromAccounts("authenticators", "which second factors they have", (account) => one(account.id, authenticatorsOf(account)), true),
];
