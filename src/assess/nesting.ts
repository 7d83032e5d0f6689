import type { MembershipRecord } from "../model/objects.js";
import type { RequestRef } from "../model/snapshot.js";
import type { Snapshot } from "./snapshot.js";

/** An account in a group, or in a group inside it. */
export interface EffectiveMember {
	account: string;
	/** Group ids from the account's own group outward to the one that was asked for. */
	path: string[];
	request: RequestRef;
}

/** Every account of a group, each once, by its shortest path. What a broken-off list did not name again is left out: ask for the coverage too. */
export async function effectiveMembers(snapshot: Snapshot, group: string): Promise<EffectiveMember[]> {
	const unseen = snapshot.unseen("memberships");
	const members = new Map<string, EffectiveMember>();
	const met = new Set([group]);
	let level: string[][] = [[group]];
	while (level.length > 0) {
		const inner: string[][] = [];
		for (const path of level)
			for await (const batch of snapshot.records<MembershipRecord>("memberships", `${path[0]}/`))
				for (const { id, body, request } of batch) {
					if (unseen.has(id)) continue;
					if (body.memberType !== "group") {
						if (!members.has(body.account)) members.set(body.account, { account: body.account, path, request });
					} else if (!met.has(body.account)) {
						// A group may be in itself, by way of others.
						met.add(body.account);
						inner.push([body.account, ...path]);
					}
				}
		level = inner;
	}
	return [...members.values()];
}

/** The groups around each group, near ones first, each with the inner group through which one is in it. */
export function outerGroups(nested: readonly MembershipRecord[]): (group: string) => { group: string; through: string; source: MembershipRecord["source"] }[] {
	const around = new Map<string, MembershipRecord[]>();
	for (const record of nested) around.set(record.account, [...(around.get(record.account) ?? []), record]);
	const known = new Map<string, ReturnType<ReturnType<typeof outerGroups>>>();
	return (group) => {
		const found = known.get(group);
		if (found || !around.has(group)) return found ?? [];
		const met = new Set([group]);
		const outer: ReturnType<ReturnType<typeof outerGroups>> = [];
		let level = [group];
		while (level.length > 0)
			level = level.flatMap((inner) =>
				(around.get(inner) ?? []).flatMap((record) => {
					if (met.has(record.group)) return [];
					met.add(record.group);
					outer.push({ group: record.group, through: group, source: record.source });
					return [record.group];
				}),
			);
		known.set(group, outer);
		return outer;
	};
}
