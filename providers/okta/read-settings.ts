import type { Known } from "../../src/model/known.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { policyOrder, rankedPolicies, rankedRules, ruleOrder } from "./order.js";
import { concurrently } from "./pool.js";
import { decodePage, list, one } from "./read.js";
import { type AppList, appList, appsOf } from "./read-app-list.js";
import { hasGone } from "./read-gone.js";
import { contradictionsOfApps, hasRules, isAbsent } from "./read-settings-absent.js";
import { type Tally, tally } from "./read-tally.js";
import { type DecodedPolicy, decodePolicy, decodePolicyRule, withoutTies } from "./schema-policy.js";
import { decodeOrgSetting, decodeSetting } from "./schema-setting.js";
import { policyTypes, type SettingKind, settingKinds } from "./setting-kinds.js";

const scope = "okta.policies.read";
const byId = (record: SettingRecord): string => record.id;

/** Policies with their rules, and the org's other configuration objects. */
export const settings: Reader<OktaConnection> = {
	collection: "settings",
	after: [],
	scopes: [...new Set([scope, ...settingKinds.map((kind) => kind.scope)])],
	async *read(connection, context) {
		const failures = tally();
		const absentKinds = new Set<string>();
		for await (const pages of concurrently(settingKinds, 6, (kind) =>
			kind.single ? single(connection, context, kind, failures) : several(connection, context, kind, failures, absentKinds),
		))
			yield* pages;

		const policies: DecodedPolicy[] = [];
		for (const { type, optional } of policyTypes) {
			let first = true;
			const ranks: SettingRecord[] = [];
			let whole = rankedPolicies.includes(type);
			for await (const page of list(connection, { method: "GET", path: "/api/v1/policies", query: { type } }, { scope, signal: context.signal })) {
				const found = page.items.map((item) => decodePolicy(item, type));
				const quarantined = [...page.quarantined, ...found.flatMap((policy) => ("bad" in policy ? [{ id: policy.id, why: policy.bad }] : []))];
				const read = found.flatMap((policy) => ("ok" in policy ? [policy.ok] : []));
				policies.push(...read);
				const ranked = withoutTies(read.map(({ record }) => record));
				ranks.push(...read.map(({ record }) => record));
				whole &&= quarantined.length === 0 && (page.end?.closed ?? true);
				if (page.end && whole) ranked.push(policyOrder(type, ranks));
				yield { records: ranked.map((record) => ({ id: record.id, body: record })), request: page.request, ...(quarantined.length > 0 && { quarantined }) };
				if (page.end && !(optional && first && isAbsent(page.end.error))) failures.end(page.end, scope);
				first = false;
			}
		}
		const apps = await appList(connection, context);
		for (const reason of await contradictionsOfApps(connection, context, apps, { policies, absentKinds }))
			failures.end({ closed: false, reasons: [reason] }, scope);
		const appliesTo = appNames(apps);
		let done = 0;
		for await (const pages of concurrently(new Map(policies.map((policy) => [policy.id, policy])).values(), 10, (policy) =>
			rulesOf(connection, context, policy, appliesTo, failures),
		)) {
			yield* pages;
			context.progress(++done, policies.length);
		}
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of settings") } };
	},
};

async function rulesOf(
	connection: OktaConnection,
	context: ReadContext,
	policy: DecodedPolicy,
	appliesTo: (policy: string) => Known<string>,
	failures: Tally,
): Promise<ReadPage[]> {
	const pages: ReadPage[] = [];
	let listed = 0;
	const ranks: SettingRecord[] = [];
	let whole = rankedRules.includes(policy.type);
	const apps = policy.type === "ACCESS_POLICY" ? appliesTo(policy.id) : null;
	for await (const page of list(
		connection,
		{ method: "GET", path: "/api/v1/policies/{policyId}/rules", params: { policyId: policy.id } },
		{ scope, signal: context.signal },
	)) {
		const decoded = decodePage(page, { decode: (item) => decodePolicyRule(item, policy, apps), id: byId });
		const records = decoded.records.map(({ body }) => body as SettingRecord);
		const ranked = withoutTies(records);
		ranks.push(...records);
		whole &&= (decoded.quarantined ?? []).length === 0 && (page.end?.closed ?? true);
		listed += page.items.length + page.quarantined.length;
		if (page.end && whole && (listed > 0 || !hasRules(policy))) ranked.push(ruleOrder(policy.id, policy.record, ranks));
		pages.push({ ...decoded, records: ranked.map((record) => ({ id: record.id, body: record })), request: page.request });
		if (!page.end) continue;
		const none = listed === 0 && (page.end.closed ? hasRules(policy) : page.end.error?.status === 404);
		// Without rules, because it was deleted since it was listed.
		if (none && (await hasGone(connection, "policy", policy.id, context.signal))) continue;
		failures.end(none && page.end.closed ? { closed: false, reasons: [{ cause: "floor", detail: noRules(policy) }] } : page.end, scope);
	}
	return pages;
}

function noRules({ record }: DecodedPolicy): string {
	return `policy ${record.name} shows no rules, and Okta keeps at least one in every such policy`;
}

/** The vendor's app words by access policy (`saasure` = Admin Console), comma between; empty = no app. */
function appNames(apps: AppList): (policy: string) => Known<string> {
	// Where apps have access policies, the Admin Console has one: an org that does not show which leaves it open what guards the console.
	const guarded = appsOf(apps).filter(({ accessPolicy }) => accessPolicy);
	if (!apps.whole || (guarded.length > 0 && !guarded.some(({ vendorName }) => vendorName === "saasure"))) return () => undefined;
	const names = new Map<string, Set<string>>();
	for (const app of guarded) {
		if (app.accessPolicy) names.set(app.accessPolicy, (names.get(app.accessPolicy) ?? new Set()).add(app.vendorName));
	}
	return (policy) => [...(names.get(policy) ?? [])].sort().join(",");
}

async function several(connection: OktaConnection, context: ReadContext, kind: SettingKind, failures: Tally, absentKinds: Set<string>): Promise<ReadPage[]> {
	const pages: ReadPage[] = [];
	const request = { method: "GET" as const, path: kind.path, ...(kind.query && { query: kind.query }) };
	for await (const page of list(connection, request, { scope: kind.scope, signal: context.signal })) {
		pages.push({ ...decodePage(page, { decode: (item) => decodeSetting(item, kind.kind), id: byId }), request: page.request });
		if (kind.optional && pages.length === 1 && isAbsent(page.end?.error)) absentKinds.add(kind.kind);
		else if (page.end) failures.end(page.end, kind.scope);
	}
	return pages;
}

async function single(connection: OktaConnection, context: ReadContext, kind: SettingKind, failures: Tally): Promise<ReadPage[]> {
	const answer = await one(connection, { method: "GET", path: kind.path }, context.signal);
	if ("error" in answer) {
		if (!(kind.optional && isAbsent(answer.error))) failures.add(answer.error, kind.scope);
		return [];
	}
	return [
		{
			...decodePage({ items: [answer.body], quarantined: [] }, { decode: (body) => decodeOrgSetting(body, kind.kind, kind.single ?? kind.kind), id: byId }),
			request: answer.request,
		},
	];
}
