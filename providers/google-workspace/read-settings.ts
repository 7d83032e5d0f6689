import type { SettingRecord } from "../../src/model/objects.js";
import type { Decoded } from "../../src/provider/decode.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { orgUnits } from "./org-units.js";
import type { ListShape } from "./paging.js";
import { decodePage, list, type Whole, whole } from "./read.js";
import { groupSettings } from "./read-group-settings.js";
import { licences } from "./read-licences.js";
import { decodePolicy, type Policy, settingsOf } from "./schema-policy.js";
import { decodeDomain, decodeOrgUnit, decodeSsoAssignment, decodeSsoProfile } from "./schema-setting.js";
import { readScope } from "./scopes.js";
import { customerFilter, ssoAssignments } from "./sso.js";
import { type Tally, tally } from "./tally.js";

/** Policies of the Policy API, SSO profiles and whom they are for, org units, domains, what each group allows, and licences where they may be read. */
export const settings: Reader<GoogleConnection> = {
	collection: "settings",
	after: ["groups"],
	scopes: [readScope.policies, readScope.sso, readScope.orgUnits, readScope.domains, readScope.groupSettings],
	async *read(connection, context) {
		const failures = tally();
		const units = await orgUnits(connection, context);
		yield pageOf(units, decodeOrgUnit);
		if (units.unread) units.end.closed ? failures.fail(units.unread) : failures.end(units.end, readScope.orgUnits);
		yield* policies(connection, context, units, failures);
		const assigned = await ssoAssignments(connection, context);
		yield pageOf(assigned, (item) => decodeSsoAssignment(item, units.pathOf));
		failures.end(assigned.end, readScope.sso);
		yield* listed(connection, context, "/v1/inboundSamlSsoProfiles", lists.samlProfiles, failures);
		yield* listed(connection, context, "/v1/inboundOidcSsoProfiles", lists.oidcProfiles, failures);
		yield* domains(connection, context, failures);
		yield* groupSettings(connection, context, failures);
		yield* licences(connection, context, failures);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("settings") } };
	},
};

function pageOf(found: Whole, decode: (item: unknown) => Decoded<SettingRecord>): ReadPage {
	const items = found.items.filter((item): item is object => item !== null);
	const quarantined = found.items.filter((item) => item === null).map(() => ({ id: null, why: "null where an object belongs" }));
	return { ...decodePage({ items, quarantined }, decode, (record) => record.id), request: found.request };
}

/** All of them, Google's own defaults too: which of two wins is in both. Serial: the quota of this API is low. */
async function* policies(
	connection: GoogleConnection,
	context: ReadContext,
	{ pathOf, byPath }: { pathOf: Map<string, string>; byPath: Map<string, string> },
	failures: Tally,
): AsyncGenerator<ReadPage> {
	const decoded: Policy[] = [];
	const request = { method: "GET" as const, path: "/v1/policies", query: { pageSize: 100, ...customerFilter(connection) } };
	for await (const page of list(connection, request, { shape: lists.policies, scope: readScope.policies, signal: context.signal })) {
		const quarantined = [...page.quarantined] as NonNullable<ReadPage["quarantined"]>;
		for (const item of page.items) {
			const policy = decodePolicy(item, pathOf);
			if ("bad" in policy) quarantined.push({ id: policy.id, why: policy.bad });
			else decoded.push(policy.ok);
		}
		if (quarantined.length > 0) yield { records: [], request: page.request, quarantined };
		if (!page.end) continue;
		failures.end(page.end, readScope.policies);
		if (page.end.closed && decoded.length === 0)
			failures.fail({
				cause: "floor",
				detail: "the list of policies is empty, and every tenant has Google's defaults: this administrator's role does not see them",
			});
		const now = context.scanStarted + (connection.http.clockSkew() ?? 0);
		const records = settingsOf(decoded, byPath.get("/"), now);
		// A rival that was not read could be the one in force.
		if (!page.end.closed) for (const record of records) delete (record as Partial<SettingRecord>).active;
		yield { records: records.map((body) => ({ id: body.id, body })), request: page.request };
	}
}

async function* listed(connection: GoogleConnection, context: ReadContext, path: string, shape: ListShape, failures: Tally): AsyncGenerator<ReadPage> {
	const query = { pageSize: 100, ...customerFilter(connection) };
	const found = await whole(connection, { method: "GET", path, query }, { shape, scope: readScope.sso, signal: context.signal });
	yield pageOf(found, decodeSsoProfile);
	failures.end(found.end, readScope.sso);
}

async function* domains(connection: GoogleConnection, context: ReadContext, failures: Tally): AsyncGenerator<ReadPage> {
	const { customer } = connection;
	const found = await whole(
		connection,
		{ method: "GET", path: "/admin/directory/v1/customer/{customer}/domains", params: { customer } },
		{ shape: lists.domains, scope: readScope.domains, signal: context.signal },
	);
	yield pageOf(found, decodeDomain);
	failures.end(found.end, readScope.domains);
	if (found.end.closed && found.items.length === 0) failures.fail({ cause: "floor", detail: "the list of domains is empty, and every tenant has one" });
}
