import type { Millis } from "../model/known.js";
import { sameEnd } from "../provider/grants.js";
import type { DesiredMembership, OwnershipMode, Stack } from "../stack/stack.js";
import type { JournalEntry } from "../store/store.js";
import type { LiveMember, LiveMembership } from "./live.js";
import { elsewhere } from "./mend.js";
import type { Unread } from "./read-live.js";

/**
 * `waiting`: declared and not given yet. `active`. `ending`: active, and its end is near. `overdue`: its end is past and it is still there.
 * `ended`: past and gone. `failed`: the last try to give or to end it failed. `unknown`: the live side could not be read.
 */
export type GrantState = "waiting" | "active" | "ending" | "overdue" | "ended" | "failed" | "unknown";

/** One access that the stack file gives until a time. */
export interface Grant {
	/** As in the stack file: `<system>/group/<id>`. */
	key: string;
	system: string;
	kind: "group" | "role";
	target: string;
	/** The group's or role's name, for people. */
	name: string | null;
	mode: OwnershipMode;
	account: string;
	login: string;
	reason: string | null;
	/** Where it is requested: a path of the stack file. */
	requested: string;
	/** When Keelson gave it, by the journal; null: it was not Keelson who gave it, or not yet. */
	since: Millis | null;
	until: Millis;
	/** Who ends it; null: nobody does (mode observe), or it can't be said. */
	endedBy: "vendor" | "keelson expire" | null;
	state: GrantState;
	/** The end is past and the access is there, whatever else is said. */
	overdue: boolean;
	/** Why it is in this state, where there is more to say. */
	detail: string | null;
}

export interface GrantsInput {
	stack: Pick<Stack, "memberships">;
	/** Live memberships by the stack file's key. */
	live: ReadonlyMap<string, LiveMembership>;
	unread: Unread[];
	/** The tenant's journal. */
	journal: JournalEntry[];
	now: Millis;
	/** An access that ends within this time is `ending`. */
	notice: Millis;
}

/** Every access that is declared with an end, with what was asked for and what is. Who isn't pinned is left out: nothing can be said of a login. */
export function grantsOf({ stack, live, unread, journal, now, notice }: GrantsInput): Grant[] {
	const told = history(journal);
	const grants: Grant[] = [];
	for (const [key, desired] of Object.entries(stack.memberships)) {
		for (const { id, login, until, endBy, reason, path } of desired.members) {
			if (id === null || until === null) continue;
			const membership = live.get(key);
			const member = membership?.members.get(id);
			const { system, kind, target, mode } = desired;
			const past = told.get(`${system}/${kind}/${target}/${id}`);
			const common = { key, system, kind, target, mode, account: id, login, reason, requested: path, until };
			const given = { name: membership?.name ?? desired.name, since: member ? (past?.given ?? null) : null };
			const by = endedBy(desired, membership, member, until, endBy);
			const whyNotVendor = by === "keelson expire" && endBy === undefined ? (membership?.vendorEnds ?? null) : null;
			const why = unread.find((one) => one.key === key)?.why;
			const state = stateOf({ desired, id, until, now, notice, membership, member, past, why, whyNotVendor });
			grants.push({ ...common, ...given, endedBy: by, ...state });
		}
	}
	return grants.sort((a, b) => a.until - b.until || (a.key + a.account < b.key + b.account ? -1 : 1));
}

function endedBy(
	{ mode }: DesiredMembership,
	live: LiveMembership | undefined,
	member: LiveMember | undefined,
	until: Millis,
	endBy: "vendor" | "keelson" | undefined,
): Grant["endedBy"] {
	if (mode === "observe" || !live) return null;
	if (endBy === "keelson") return "keelson expire";
	if (member) return member.ends !== undefined && sameEnd(member.ends, until) ? "vendor" : "keelson expire";
	return live.vendorEnds === null || endBy === "vendor" ? "vendor" : "keelson expire";
}

interface StateInput {
	desired: DesiredMembership;
	id: string;
	until: Millis;
	now: Millis;
	notice: Millis;
	membership: LiveMembership | undefined;
	member: LiveMember | undefined;
	past: Past | undefined;
	/** Why the membership is not read. */
	why: string | undefined;
	/** Why the vendor does not end it by itself, where it has an own end for others. */
	whyNotVendor: string | null;
}

function stateOf(input: StateInput): Pick<Grant, "state" | "overdue" | "detail"> {
	const { desired, id, until, now, notice, membership, member, past, why, whyNotVendor } = input;
	const is = (state: GrantState, detail: string | null = null) => ({ state, detail, overdue: until <= now && member !== undefined });
	if (!membership) return is("unknown", why ?? "it was not read");
	// Another line may let the same account in for longer.
	const longer = desired.members.some((one) => one.id === id && (one.until === null || one.until > Math.max(now, until)));
	if (until <= now && longer) return { state: "ended", overdue: false, detail: "another line of the declaration gives it for longer" };
	if (until <= now && !member) return is("ended");
	const failed = past?.failed ?? null;
	if (until <= now) {
		const stuck = desired.mode === "observe" ? "its mode is observe, in which Keelson changes nothing" : notHere(desired, member);
		return is(failed?.ends ? "failed" : "overdue", failed?.ends ? failed.detail : stuck);
	}
	if (!member) return failed && !failed.ends ? is("failed", failed.detail) : is("waiting", whyNotVendor);
	return is(until - now <= notice ? "ending" : "active", whyNotVendor);
}

/** Where an overdue access must be ended, if not here. */
export function notHere({ kind }: Pick<DesiredMembership, "kind">, member: LiveMember | undefined): string | null {
	if (kind === "group") return elsewhere(member?.source ?? "unknown");
	if ((member?.assignments ?? []).length > 0) return null;
	return `it holds the role through the group ${[...new Set(member?.through ?? [])].join(", ")}: end it there`;
}

interface Past {
	/** When Keelson gave it; null after it was taken away. */
	given: Millis | null;
	/** The last try failed; `ends`: to end it. */
	failed: { ends: boolean; detail: string } | null;
}

const places = { "add-group-member": "group", "remove-group-member": "group", "add-role": "role", "remove-role": "role" } as const;

/** What the journal says of each access, by system, kind, target and account. */
function history(journal: JournalEntry[]): Map<string, Past> {
	const told = new Map<string, Past>();
	const open = new Map<string, { place: string; ends: boolean }>();
	for (const { plan, action, event, at, data } of journal) {
		if (action === null) continue;
		const id = `${plan}/${action}`;
		const kind = data.kind as keyof typeof places;
		if (event === "intent" && Object.hasOwn(places, kind)) {
			const target = (data.target ?? {}) as Record<string, unknown>;
			open.set(id, { place: `${data.system}/${places[kind]}/${target[places[kind]]}/${target.account}`, ends: kind.startsWith("remove") });
			continue;
		}
		const one = open.get(id);
		if (!one) continue;
		const before = told.get(one.place) ?? { given: null, failed: null };
		if (event === "verified" || event === "recovered") told.set(one.place, { given: one.ends ? null : (before.given ?? at), failed: null });
		else if (event === "failed" || event === "unverified")
			told.set(one.place, { ...before, failed: { ends: one.ends, detail: String(data.detail ?? "it failed") } });
	}
	return told;
}
