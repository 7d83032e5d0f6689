import { createHash } from "node:crypto";
import { encodeKnown } from "../model/json.js";
import type { Millis } from "../model/known.js";
import { sameEnd } from "../provider/grants.js";
import type { DesiredMember, DesiredMembership, DesiredSetting, OwnershipMode, Stack } from "../stack/stack.js";
import type { LiveMembership, LiveSetting } from "./live.js";
import { differences, type ValueChange } from "./values.js";

/** How one declared object differs from the live one. Ids are the vendor's. */
export interface Drift {
	/** As in the stack file: `<system>/group/<id>`, `<system>/role/<role>`, `<system>/<setting id>`. */
	key: string;
	kind: "setting" | "membership";
	system: string;
	mode: OwnershipMode;
	/** False: the vendor has no such object. */
	exists: boolean;
	/** The live object's name, for people. */
	name: string | null;
	/** The declared `name`, where the live object has another one: the id may be the wrong one, and nothing is changed. */
	misnamed: string | null;
	/** Declared members who aren't there. */
	missing: string[];
	/** Members who aren't declared; in mode `additive` they are no drift. */
	extra: string[];
	/** Names of extra members who have no account in this system, by id. */
	outside: Record<string, string>;
	/** Declared values that are others. */
	changed: ValueChange[];
	/** Members whom the vendor ends at another time than declared, or who are declared to stay; missing where there is none. */
	ends?: EndChange[];
}

/** A grant that ends by the vendor's clock at another time than declared. */
export interface EndChange {
	id: string;
	/** Null: it is declared without an end. */
	desired: Millis | null;
	/** Null: the vendor does not end it. */
	live: Millis | null;
}

/** Live state by the stack file's keys. What could not be read is not in it. */
export interface LiveState {
	settings: Map<string, LiveSetting>;
	memberships: Map<string, LiveMembership>;
}

/** A declaration that can't be compared: one sentence for its author. */
export class DriftError extends Error {
	override readonly name = "DriftError";
}

/**
 * Every declared object that differs from the live one, by key.
 * @throws DriftError for a member whose id isn't pinned
 */
export function driftOf(stack: Pick<Stack, "settings" | "memberships">, live: LiveState, now: Millis): Drift[] {
	const found: Drift[] = [];
	for (const [key, desired] of Object.entries(stack.settings)) {
		const now = live.settings.get(key);
		if (now) found.push(settingDrift(key, desired, now));
	}
	for (const [key, desired] of Object.entries(stack.memberships)) {
		const held = live.memberships.get(key);
		if (held) found.push(membershipDrift(key, desired, held, now));
	}
	return found.filter(differs).sort((a, b) => (a.key < b.key ? -1 : 1));
}

export function differs(drift: Drift): boolean {
	return !drift.exists || drift.misnamed !== null || drift.missing.length + drift.extra.length + drift.changed.length + (drift.ends?.length ?? 0) > 0;
}

/** Declared values that the live setting holds otherwise; what isn't declared isn't looked at. */
export function settingDrift(key: string, desired: DesiredSetting, live: LiveSetting): Drift {
	const found = live.exists ? differences(desired.values, live) : [];
	const told = found.length > 0 ? live.explain?.(desired.values, live.values) : undefined;
	const changed = told ? found.map((change) => ({ ...change, said: told.said })) : found;
	return {
		key,
		kind: "setting",
		system: desired.system,
		mode: desired.mode,
		exists: live.exists,
		name: live.name,
		misnamed: misnamed(desired, live),
		missing: [],
		extra: [],
		outside: {},
		changed,
	};
}

/** Declared against live members. */
export function membershipDrift(key: string, desired: DesiredMembership, live: LiveMembership, now: Millis): Drift {
	const wanted = new Set(desiredMembers(desired, now).map(({ id }) => id));
	const missing = [...wanted].filter((id) => !live.members.has(id)).sort();
	const extra = desired.mode === "additive" ? [] : [...live.members.keys()].filter((id) => !wanted.has(id)).sort();
	const same = {
		key,
		kind: "membership",
		system: desired.system,
		mode: desired.mode,
		exists: live.exists,
		name: live.name,
		misnamed: misnamed(desired, live),
	} as const;
	if (!live.exists) return { ...same, changed: [], missing: [], extra: [], outside: {} };
	const outside: Record<string, string> = {};
	for (const id of extra) {
		const login = live.members.get(id)?.login;
		if (login) outside[id] = login;
	}
	const ends = otherEnds(desired, live, now);
	return { ...same, changed: [], missing, extra, outside, ...(ends.length > 0 && { ends }) };
}

/** Nothing is said of those whom the vendor could not end, or of whom it keeps no time: `keelson expire` ends them. */
function otherEnds(desired: DesiredMembership, live: LiveMembership, now: Millis): EndChange[] {
	if (live.vendorEnds !== null) return [];
	return vendorsEnds(desired, now).flatMap(({ id, until }): EndChange[] => {
		const ends = live.members.get(id)?.ends;
		return ends === undefined || sameEnd(until, ends) ? [] : [{ id, desired: until, live: ends }];
	});
}

/** The ends that are the vendor's to keep, null for who stays. Of whom Keelson ends, whatever the vendor has is left as it is. */
export function vendorsEnds({ members }: Pick<DesiredMembership, "members">, now: Millis): { id: string; until: Millis | null }[] {
	const ids = new Set(members.flatMap(({ id, until }) => (id !== null && (until === null || until > now) ? [id] : [])));
	return [...ids].flatMap((id) => {
		const line = lastingLine(members, id);
		return line && (line.until === null || line.endBy !== "keelson") ? [{ id, until: line.until }] : [];
	});
}

/** Of several lines about one account the one that holds longest: access is not over before all of them are. */
export function lastingLine(members: DesiredMember[], account: string): DesiredMember | undefined {
	const end = ({ until }: DesiredMember) => until ?? Number.POSITIVE_INFINITY;
	return members.filter(({ id }) => id === account).sort((a, b) => end(b) - end(a))[0];
}

function misnamed(desired: { name: string | null }, live: { exists: boolean; name: string | null }): string | null {
	return live.exists && desired.name !== null && live.name !== null && desired.name !== live.name ? desired.name : null;
}

/** Members whose time isn't over. @throws DriftError for one whose id isn't pinned */
export function desiredMembers(desired: DesiredMembership, now: Millis): (DesiredMember & { id: string })[] {
	return desired.members
		.filter(({ until }) => until === null || until > now)
		.map((member) => {
			const { id, login, path } = member;
			if (id === null) throw new DriftError(`${path}: ${login} has no pinned id: run keelson pin`);
			return { ...member, id };
		});
}

/** What a person takes over with open eyes: the same for the same difference, another for any other. */
export function driftDigest(drift: Drift): string {
	const { key, mode, exists, missing, extra, changed, ends } = drift;
	const parts = [key, mode, exists, missing, extra, changed.map(({ keys, desired, live }) => ({ keys, desired, live }))];
	const text = encodeKnown(ends ? [...parts, ends] : parts);
	return `d_${createHash("sha256").update(text).digest("hex").slice(0, 20)}`;
}
