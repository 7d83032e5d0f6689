import type { SettingRecord } from "../../src/model/objects.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { decodeAll, list, one } from "./read.js";
import { deletedObjects } from "./read-deleted.js";
import { domainList } from "./read-domains.js";
import { type Tally, tally } from "./read-tally.js";
import { decodeSetting, methodConfigurations } from "./schema-setting.js";
import { type SettingKind, settingKinds } from "./setting-kinds.js";

const byId = (record: SettingRecord): string => record.id;

/** Policies of sign-in and of the directory, domains, licences, the rules of Privileged Identity Management, the newest secure score; deleted groups and applications. */
export const settings: Reader<EntraConnection> = {
	collection: "settings",
	after: [],
	scopes: ["Policy.Read.All", "Organization.Read.All", "Domain.Read.All", "SecurityEvents.Read.All", "RoleManagement.Read.Directory"],
	async *read(connection, context) {
		const failures = tally();
		const seen = new Map<string, SettingRecord>();
		const unlicensed: { kind: SettingKind; message: string }[] = [];
		for (const kind of settingKinds)
			for await (const page of kind.single ? single(connection, context, kind, failures) : several(connection, context, kind, failures, unlicensed)) {
				for (const { id, body } of page.records) seen.set(id, body as SettingRecord);
				yield page;
			}
		const domains = await domainList(connection, context);
		failures.end(domains.end);
		yield {
			...decodeAll(domains.items, (item) => decodeSetting(item, { kind: "domain", title: "Domain", path: "", name: "id" }), byId),
			request: domains.request,
		};
		yield* deletedObjects(connection, context, failures);
		const defaults = [...seen.values()].find(({ kind }) => kind === "identitySecurityDefaultsEnforcementPolicy");
		for (const { kind, message } of unlicensed) {
			const reason = { cause: "licence" as const, detail: `${kind.title}: ${message}` };
			// Security defaults and Conditional Access exclude each other, and rules for activating roles are nothing without the licence.
			const nothing = kind.kind === "roleManagementPolicy" || kind.kind === "namedLocation" || defaults?.active === true;
			if (nothing) failures.note(reason);
			else failures.fail(reason);
		}
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons() } };
	},
};

async function* single(connection: EntraConnection, context: ReadContext, kind: SettingKind, failures: Tally): AsyncGenerator<ReadPage> {
	const answer = await one(connection, { method: "GET", path: kind.path }, context.signal);
	if ("error" in answer) return failures.add(answer.error);
	yield { ...decodeAll([answer.body], (item) => decodeSetting(item, kind), byId), request: answer.request };
	if (kind.kind !== "authenticationMethodsPolicy") return;
	const found = methodConfigurations(answer.body);
	yield { ...decodeAll(found, (item) => item as (typeof found)[number], byId), request: answer.request };
}

async function* several(
	connection: EntraConnection,
	context: ReadContext,
	kind: SettingKind,
	failures: Tally,
	unlicensed: { kind: SettingKind; message: string }[],
): AsyncGenerator<ReadPage> {
	for await (const page of list(connection, { method: "GET", path: kind.path, ...(kind.query && { query: kind.query }) }, context.signal)) {
		// The newest score is the first; older ones are history.
		const items = kind.kind === "secure-score" ? page.items.slice(0, 1) : page.items;
		yield { ...decodeAll(items, (item) => decodeSetting(item, kind), byId), request: page.request };
		if (page.end?.error?.cause === "licence" && kind.licence) unlicensed.push({ kind, message: reasonOf(page.end.error).detail });
		else failures.end(page.end ?? { closed: true, reasons: [] });
		if (kind.kind === "secure-score" && items.length > 0) return;
	}
}
