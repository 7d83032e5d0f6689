import { isPrivileged } from "../assess/roles.js";
import type { SourceOfAuthority } from "../model/account.js";
import type { SystemFacts } from "./facts.js";
import type { Part } from "./parts.js";

/** The removal of every top or privileged role that an account holds: the assignment itself, or the membership that carries it. */
export function roleParts(id: string, facts: SystemFacts): Part[] {
	const account = facts.accounts.get(id);
	const direct = (account?.roles ?? []).filter((role) => isPrivileged(role) && role.via === "direct");
	const parts = direct.map(
		(role): Part => ({
			kind: "remove-role",
			target: { account: id, assignment: role.assignmentId, role: role.role, ...(role.scope ? { scope: role.scope } : {}) },
			label: `remove ${role.label} from ${account?.login ?? id}`,
			precondition: { exists: true },
		}),
	);
	const vague = (account?.roles ?? [])
		.filter((role) => role.level === "unknown")
		.map((role): Part => ({ why: `it can't be said how far the role ${role.label} reaches: decide by hand`, needed: true }));
	const all = [...parts, ...groupParts(id, facts), ...vague];
	if (!account?.roles?.partial) return all;
	return [...all, { why: "roles were not read to the end: the account may hold more of them", needed: true }];
}

/** The end of each membership through which an account holds a top or privileged role. */
export function groupParts(id: string, facts: SystemFacts): Part[] {
	const account = facts.accounts.get(id);
	const login = account?.login ?? id;
	const byGroup = new Map<string, string[]>();
	for (const role of account?.roles ?? []) {
		const [group] = role.path;
		if (role.via === "group" && isPrivileged(role) && group) byGroup.set(group, [...(byGroup.get(group) ?? []), role.label]);
	}
	return [...byGroup].map(([group, labels]): Part => {
		const name = facts.groupNames.get(group) ?? group;
		const source = facts.memberships.get(`${group}/${id}`)?.source ?? "unknown";
		if (source !== "direct") return { why: `${login} holds ${labels.join(", ")} through the group ${name}, ${atSource(source)}`, needed: true };
		return {
			kind: "remove-group-member",
			target: { account: id, group },
			label: `remove ${login} from ${name}, which carries ${labels.join(", ")}`,
			precondition: { exists: true },
		};
	});
}

const places: Record<Exclude<SourceOfAuthority, "direct">, string> = {
	rule: "where a group rule put it: change the rule",
	dynamic: "whose membership the vendor computes: change its condition",
	synced: "which is synced from another directory: change it there",
	app: "which an app fills: change it in that app",
	"built-in": "which the vendor fills itself: change what it follows from",
	unknown: "and it can't be said whether a rule would put it back: change it by hand",
};

function atSource(source: Exclude<SourceOfAuthority, "direct">): string {
	return places[source];
}
