import { createHash } from "node:crypto";
import type { Millis } from "../../src/model/known.js";
import type { GroupRecord, GroupRuleRecord } from "../../src/model/objects.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";

const cursor = "okta.memberships";

/**
 * A change this near to the last scan is read again: `lastMembershipUpdated` may come in whole seconds,
 * and a change takes a while to show (okta/terraform-provider-okta#2936).
 */
const overlap: Millis = 15 * 60_000;

/** What the last scan that ended knew of each group whose members it read whole or confirmed. */
export interface MembershipMemory {
	/** Start of that scan, on the server's clock, which stamps the changes. */
	at: Millis;
	/** Group id → what a membership's source and number depended on then. */
	groups: Record<string, string>;
}

type Rules = Map<string, GroupRuleRecord[]> | null;

export async function remembered(context: ReadContext): Promise<MembershipMemory | null> {
	const text = await context.cursor(cursor);
	if (text === null) return null;
	try {
		return JSON.parse(text) as MembershipMemory;
	} catch {
		return null;
	}
}

export async function remember(context: ReadContext, at: Millis, groups: GroupRecord[], rules: Rules): Promise<void> {
	const memory: MembershipMemory = { at, groups: Object.fromEntries(groups.map((group) => [group.id, fingerprint(group, rules)])) };
	await context.setCursor(cursor, JSON.stringify(memory));
}

/** True when the stored members of the group hold now. */
export function isUnchanged(group: GroupRecord, rules: Rules, memory: MembershipMemory | null): boolean {
	if (!memory || memory.groups[group.id] !== fingerprint(group, rules)) return false;
	return typeof group.membershipUpdated === "number" && group.membershipUpdated < memory.at - overlap;
}

function fingerprint(group: GroupRecord, rules: Rules): string {
	const assigning = rules?.get(group.id)?.filter((rule) => rule.active) ?? [];
	const sources = rules ? assigning.map((rule) => [rule.id, ...rule.excludedAccounts].join(" ")).sort() : ["unread"];
	const digest = sources.length === 0 ? "" : createHash("sha256").update(sources.join("\n")).digest("base64url").slice(0, 12);
	return `${group.type} ${group.reportedMembers ?? ""} ${digest}`;
}

/** The stored memberships of unchanged groups, as confirmed; an account that is gone takes its memberships along. */
export async function* confirmedIn(context: ReadContext, unchanged: Set<string>): AsyncGenerator<ReadPage> {
	if (unchanged.size === 0) return;
	const accounts = context.coverage("accounts")?.state === "complete" ? new Set<string>() : null;
	if (accounts) for await (const record of context.current("accounts")) accounts.add(record.id);
	let ids: string[] = [];
	for await (const record of context.previous("memberships")) {
		const [group = "", account = ""] = record.id.split("/");
		if (!unchanged.has(group) || (accounts && !accounts.has(account))) continue;
		ids.push(record.id);
		if (ids.length < 5000) continue;
		yield { records: [], request: null, confirmed: ids };
		ids = [];
	}
	if (ids.length > 0) yield { records: [], request: null, confirmed: ids };
}
