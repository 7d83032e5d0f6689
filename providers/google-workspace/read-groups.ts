import type { GroupRuleRecord } from "../../src/model/objects.js";
import { at, type Decoded, identified, word } from "../../src/provider/decode.js";
import type { Reader } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { dynamicGroups, groupList } from "./groups.js";
import { decodePage } from "./read.js";
import { readScope } from "./scopes.js";

/** Every group of the tenant, whoever made it. Which of them Google fills itself is told by Cloud Identity; without it the source is unknown. */
export const groups: Reader<GoogleConnection> = {
	collection: "groups",
	after: [],
	scopes: [readScope.groups],
	async *read(connection, context) {
		const { pages, end, dynamicUnread } = await groupList(connection, context);
		yield* pages;
		const note = dynamicUnread && end.closed ? [{ ...dynamicUnread, detail: `which groups are dynamic is not known: ${dynamicUnread.detail}` }] : [];
		yield { records: [], request: null, end: { closed: end.closed, reasons: [...end.reasons, ...note] } };
	},
};

/** The queries of dynamic groups: they put a removed member back. */
export const groupRules: Reader<GoogleConnection> = {
	collection: "groupRules",
	after: [],
	scopes: [readScope.identityGroups],
	async *read(connection, context) {
		const found = await dynamicGroups(connection, context);
		const items = found.items.filter((item): item is object => item !== null);
		const quarantined = found.items.filter((item) => item === null).map(() => ({ id: null, why: "a dynamic group is no object" }));
		yield { ...decodePage({ items, quarantined }, decodeRule, (rule) => rule.id), request: found.request };
		yield { records: [], request: null, end: { closed: found.end.closed, reasons: found.end.reasons } };
	},
};

function decodeRule(item: unknown): Decoded<GroupRuleRecord> {
	const found = identified(item, "dynamic group", "name");
	if ("bad" in found) return found;
	const id = found.id.replace(/^groups\//, "");
	const queries = at(found.raw, "dynamicGroupMetadata", "queries");
	const texts = (Array.isArray(queries) ? queries : []).flatMap((query) => word(at(query, "query")) ?? []);
	return {
		ok: {
			id,
			name: word(found.raw.displayName) ?? id,
			active: true,
			groups: [id],
			...(texts.length > 0 && { expression: texts.join(" || ") }),
			excludedAccounts: [],
		},
	};
}
