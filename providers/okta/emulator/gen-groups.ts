import type { Group, GroupRule } from "@okta/okta-sdk-nodejs";
import { idMaker, prefixes } from "./gen-ids.js";
import { day, iso, random } from "./gen-random.js";
import type { WireUser } from "./gen-users.js";
import { departments } from "./names.js";
import type { Wire } from "./state.js";

export type WireGroup = Wire<Group>;
export type WireGroupRule = Wire<GroupRule>;

const classes = {
	OKTA_GROUP: Object.freeze(["okta:user_group"]),
	BUILT_IN: Object.freeze(["okta:user_group"]),
	APP_GROUP: Object.freeze(["okta:windows_security_principal"]),
};

interface GroupInput {
	id: string;
	name: string;
	type?: NonNullable<WireGroup["type"]>;
	description?: string;
	/** Milliseconds. */
	created: number;
	membershipUpdated?: number;
	profile?: Record<string, unknown>;
	/** App that owns an APP_GROUP. */
	source?: string;
}

/** A group in the vendor's shape. */
export function makeGroup(input: GroupInput): WireGroup {
	const type = input.type ?? "OKTA_GROUP";
	return {
		id: input.id,
		created: iso(input.created),
		lastUpdated: iso(input.created),
		lastMembershipUpdated: iso(input.membershipUpdated ?? input.created),
		objectClass: [...classes[type]],
		type,
		profile: { name: input.name, description: input.description ?? "", ...input.profile },
		...(input.source ? { source: { id: input.source } } : {}),
	};
}

/** A group rule in the vendor's shape; `expression` is in the Okta expression language. */
export function makeGroupRule(input: {
	id: string;
	name: string;
	expression: string;
	groups: string[];
	created: number;
	active?: boolean;
	exclude?: string[];
}): WireGroupRule {
	return {
		type: "group_rule",
		id: input.id,
		status: input.active === false ? "INACTIVE" : "ACTIVE",
		name: input.name,
		created: iso(input.created),
		lastUpdated: iso(input.created),
		conditions: {
			people: { users: { exclude: input.exclude ?? [] }, groups: { exclude: [] } },
			expression: { value: input.expression, type: "urn:okta:expression:1.0" },
		},
		actions: { assignUserToGroups: { groupIds: input.groups } },
	};
}

const topics = ["Project", "Access", "Team", "Site", "Tool", "List"];
const places = [
	"Aurora",
	"Basalt",
	"Cedar",
	"Delta",
	"Ember",
	"Fjord",
	"Garnet",
	"Harbor",
	"Iris",
	"Juniper",
	"Krill",
	"Lagoon",
	"Meadow",
	"Nimbus",
	"Onyx",
	"Prism",
];

export interface GroupWorld {
	groups: Map<string, WireGroup>;
	members: Map<string, Set<string>>;
	groupRules: Map<string, WireGroupRule>;
	/** Group of a department, kept by a rule. */
	departmentGroups: Map<string, string>;
	everyone: string;
}

/**
 * Groups, memberships (about five a user, few large groups and many small) and the rules that keep the department groups.
 * The two built-in groups come first and are counted in `count`; their members are the vendor's to compute.
 */
export function makeGroups(options: { seed: number | string; count: number; now: number; users: Map<string, WireUser>; directoryApp: string }): GroupWorld {
	const { seed, count, now, users } = options;
	const r = random(`${seed}/groups`);
	const nextId = idMaker(seed, prefixes.group);
	const nextRule = idMaker(seed, prefixes.groupRule);
	const groups = new Map<string, WireGroup>();
	const members = new Map<string, Set<string>>();
	const groupRules = new Map<string, WireGroupRule>();
	const departmentGroups = new Map<string, string>();
	const start = now - 6.5 * 365 * day;
	const add = (input: Omit<GroupInput, "id" | "created">): string => {
		const id = nextId();
		groups.set(
			id,
			makeGroup({ ...input, id, created: start + Math.floor(r.next() * 300 * day), membershipUpdated: now - 8 * day - Math.floor(r.next() * 90 * day) }),
		);
		if (input.type !== "BUILT_IN") members.set(id, new Set());
		return id;
	};

	const everyone = add({ name: "Everyone", type: "BUILT_IN", description: "All users in your organization" });
	add({ name: "Okta Administrators", type: "BUILT_IN", description: "Okta manages this group, which contains all administrators in your organization." });
	for (const department of Object.keys(departments)) {
		if (groups.size >= count) break;
		const id = add({ name: department });
		departmentGroups.set(department, id);
		const ruleId = nextRule();
		groupRules.set(
			ruleId,
			makeGroupRule({
				id: ruleId,
				name: `${department} by department`,
				expression: `user.department=="${department}"`,
				groups: [id],
				created: start + 301 * day,
			}),
		);
	}
	const others: string[] = [];
	while (groups.size < count) {
		const name = `${r.pick(topics)} ${r.pick(places)} ${others.length + 1}`;
		const dn = `CN=${name},OU=Groups,DC=corp,DC=example`;
		others.push(
			r.chance(0.2)
				? add({
						name,
						type: "APP_GROUP",
						source: options.directoryApp,
						profile: { dn, samAccountName: name, windowsDomainQualifiedName: `CORP\\${name}`, groupType: "Security", groupScope: "Global" },
					})
				: add({ name }),
		);
	}

	const sets = others.flatMap((id) => members.get(id) ?? []);
	for (const user of users.values()) {
		const id = user.id;
		if (id === undefined || (user.status === "DEPROVISIONED" && !r.chance(0.1))) continue;
		const home = departmentGroups.get(user.profile?.department ?? "");
		if (home) members.get(home)?.add(id);
		for (let k = 2 + r.int(5); k > 0; k--) {
			// The square makes the first groups large and the last ones small.
			const at = r.next();
			sets[Math.floor(at * at * sets.length)]?.add(id);
		}
	}
	return { groups, members, groupRules, departmentGroups, everyone };
}
