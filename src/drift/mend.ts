import type { SourceOfAuthority } from "../model/account.js";
import type { Millis } from "../model/known.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";
import { untilText } from "../provider/grants.js";
import type { DesiredMembership, DesiredSetting } from "../stack/stack.js";
import { type Drift, lastingLine } from "./drift.js";
import type { LiveMember, LiveMembership, LiveSetting } from "./live.js";

/** One change that brings the live object nearer to the declared one. */
export interface Mend {
	system: string;
	kind: ActionKind;
	target: ActionTarget;
	/** What the plan's reader should know of it. */
	note?: string;
}

/** A part of a drift that can't be mended here, and where it can. */
export interface NotHere {
	id: string;
	why: string;
}

export interface Mending {
	changes: Mend[];
	notHere: NotHere[];
}

/** The changes that end a setting's drift. None in mode `observe`. */
export function mendSetting(drift: Drift, desired: DesiredSetting, live: LiveSetting): Mending {
	if (desired.mode === "observe") return { changes: [], notHere: [] };
	const stuck = stuckWith(drift);
	if (stuck) return stuck;
	if (drift.changed.length === 0) return { changes: [], notHere: [] };
	if (!live.writable)
		return { changes: [], notHere: [{ id: desired.setting, why: "it can be read and not changed: change it by hand, or declare it with mode observe" }] };
	const never = live.explain?.(desired.values, live.values).stuck;
	if (never) return { changes: [], notHere: [{ id: desired.setting, why: never }] };
	const fixed = drift.changed.filter(({ keys: [key = ""] }) => comparedOnly(key, live));
	const notHere = fixed.map(({ path }) => ({
		id: desired.setting,
		why: `${path} is compared and not changed from here: change it at the vendor, or declare it as it is`,
	}));
	if (fixed.length === drift.changed.length) return { changes: [], notHere };
	const values = Object.fromEntries(Object.entries(desired.values).filter(([key]) => !comparedOnly(key, live)));
	return { changes: [{ system: desired.system, kind: "update-setting", target: { setting: desired.setting, values } }], notHere };
}

/** `readOnly` in the schema of what can be declared (JSON Schema Validation, 9.4). */
function comparedOnly(key: string, { schema }: LiveSetting): boolean {
	const properties = schema?.properties as Record<string, { readOnly?: boolean }> | undefined;
	return properties !== undefined && Object.hasOwn(properties, key) && properties[key]?.readOnly === true;
}

/** The changes that end a membership's drift. Additive takes nobody out; observe changes nothing. */
export function mendMembership(drift: Drift, desired: DesiredMembership, live: LiveMembership): Mending {
	if (desired.mode === "observe") return { changes: [], notHere: [] };
	const stuck = stuckWith(drift);
	if (stuck) return stuck;
	const mending: Mending = { changes: [], notHere: [] };
	const { system, target } = desired;
	const change = (kind: ActionKind, what: ActionTarget, note?: string) =>
		mending.changes.push({ system, kind, target: what, ...(note !== undefined && { note }) });
	const give = (account: string, { values, note }: Given) =>
		change(desired.kind === "group" ? "add-group-member" : "add-role", { account, [desired.kind]: target, ...(values && { values }) }, note);
	for (const account of drift.missing) {
		const given = givenFor(desired, live, account);
		if ("why" in given) mending.notHere.push({ id: account, why: given.why });
		else give(account, given);
	}
	for (const { id, desired: until } of drift.ends ?? []) give(id, until === null ? lasting : endedByVendor(until));
	if (desired.mode !== "authoritative") return mending;
	for (const account of drift.extra) {
		const member = live.members.get(account) ?? {};
		if (desired.kind === "group") {
			const why = elsewhere(member.source ?? "unknown");
			if (why) mending.notHere.push({ id: account, why });
			else change("remove-group-member", { account, group: target });
			continue;
		}
		for (const { id, scope } of member.assignments ?? [])
			change("remove-role", { account, assignment: id, role: target, ...(scope === null ? {} : { scope }) });
		const groups = throughGroups(member);
		if (groups) mending.notHere.push({ id: account, why: groups });
	}
	return mending;
}

interface Given {
	values?: { until: string | null };
	note?: string;
}

/** How a missing member is let in: with an end by the vendor's clock where it has one, and where the declaration allows, without. */
function givenFor({ members }: DesiredMembership, { vendorEnds }: LiveMembership, account: string): Given | { why: string } {
	const member = lastingLine(members, account);
	if (!member || member.until === null) return {};
	if (member.endBy !== "keelson" && vendorEnds === null) return endedByVendor(member.until);
	const why = member.endBy === "keelson" ? "" : vendorEnds ? `, as ${vendorEnds}` : ", as this vendor ends no such access by itself";
	if (member.endBy === "vendor") return { why: `it is declared with endBy: vendor and can't be given that way${why}` };
	return { note: `until ${minute(member.until)}, ended by keelson expire${why}` };
}

function endedByVendor(until: Millis): Given {
	return { values: { until: untilText(until) }, note: `until ${minute(until)}, ended by the vendor itself` };
}

/** Said outright: without it an end that is there would stay. */
const lasting: Given = { values: { until: null }, note: "declared without an end: the vendor's own end is taken away" };

const minute = (at: Millis) => `${new Date(at).toISOString().slice(0, 16)}Z`;

function stuckWith(drift: Drift): Mending | null {
	if (!drift.exists)
		return {
			changes: [],
			notHere: [{ id: drift.key, why: "the vendor has no such object: take it out of the stack file, or make it again and write its new id" }],
		};
	if (drift.misnamed === null) return null;
	return {
		changes: [],
		notHere: [
			{
				id: drift.key,
				why: `it is named ${JSON.stringify(drift.name)} and not ${JSON.stringify(drift.misnamed)}: the id may be the wrong one; correct \`name\` or the id`,
			},
		],
	};
}

function throughGroups({ through = [] }: LiveMember): string | null {
	return through.length === 0 ? null : `it holds the role through the group ${[...new Set(through)].join(", ")}: declare that group's members`;
}

const places: Record<Exclude<SourceOfAuthority, "direct">, string> = {
	rule: "a group rule puts it there: change the rule",
	dynamic: "the vendor computes this membership: change its condition",
	synced: "it is synced from another directory: change it there",
	app: "an app fills this group: change it in that app",
	"built-in": "the vendor fills this group itself",
	unknown: "it can't be said whether a rule would put it back: change it by hand",
};

/** Where a membership that is not direct is changed; null: here. */
export function elsewhere(source: SourceOfAuthority): string | null {
	return source === "direct" ? null : places[source];
}
