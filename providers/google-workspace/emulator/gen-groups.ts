import { departments } from "../../../src/emulate/names.js";
import { hash, type Random } from "../../../src/emulate/random.js";
import { addGroup, addMember, assign } from "./build.js";
import { userId } from "./ids.js";
import type { GroupRow, Person, State } from "./types.js";

const day = 86_400_000;

/** Groups by department, many small ones, nested and dynamic ones, one of everybody and one with people from outside. */
export function makeGroups(state: State, seed: string, draw: Random, people: readonly Person[], domain: string, now: number): void {
	const make = (key: string, name: string, more: Partial<GroupRow> = {}) =>
		addGroup(state, seed, key, { email: `${key}@${domain}`, name, created: now - (100 + draw.int(900)) * day, ...more });
	const join = (group: GroupRow, person: Person, role: "OWNER" | "MANAGER" | "MEMBER" = "MEMBER", expires: number | null = null) =>
		addMember(group, { id: person.id, email: person.body.primaryEmail, type: "USER", role, expires, ...(person.body.suspended && { status: "SUSPENDED" }) });
	const nest = (outer: GroupRow, inner: GroupRow) => addMember(outer, { id: inner.id, email: inner.body.email, type: "GROUP" });
	const byUnit = new Map<string, GroupRow>();
	for (const name of Object.keys(departments)) byUnit.set(name, make(`dept-${name.toLowerCase()}`, name));
	for (const person of people) {
		const group = byUnit.get(person.body.orgUnitPath.split("/")[1] ?? "");
		if (group) join(group, person, group.members.size === 0 ? "OWNER" : "MEMBER");
	}
	const everyone = make("everyone", "Everyone");
	addMember(everyone, { id: state.customer.id, type: "CUSTOMER" });
	const leaders = make("leaders", "Leaders");
	const all = make("all-departments", "All departments");
	for (const group of byUnit.values()) nest(all, group);
	// A ring, as real directories have.
	nest(all, leaders);
	nest(leaders, all);
	for (const person of people.slice(0, 8)) join(leaders, person, "MEMBER", person === people[7] ? now + 30 * day : null);
	const desk = make("admins-desk", "Service desk", { security: true });
	for (const person of people.slice(-3)) join(desk, person);
	assign(state, seed, "Service Desk", desk.id);
	const partners = make("partners", "Partners", {
		settings: { allowExternalMembers: "true", whoCanJoin: "ANYONE_CAN_JOIN", whoCanPostMessage: "ANYONE_CAN_POST", whoCanViewGroup: "ANYONE_CAN_VIEW" },
	});
	for (const name of ["pat", "sam", "robin"])
		addMember(partners, { id: userId(`${seed}/external/${name}`), email: `${name}@partner.example`, type: "EXTERNAL" });
	addMember(partners, { id: "", email: "desk@partner.example", type: "EXTERNAL" });
	addMember(partners, { id: userId(`${seed}/robot`), email: "sync@keelson-demo.iam.gserviceaccount.com", type: "EXTERNAL" });
	const dynamic = make("dynamic-sales", "Sales, worked out", { dynamic: "user.organizations.exists(org, org.department=='Sales')" });
	for (const person of byUnit.get("Sales")?.members.values() ?? []) addMember(dynamic, { ...person, role: "MEMBER" });
	make("empty", "Nobody yet");
	const count = Math.max(3, Math.floor(people.length / 20));
	for (let at = 0; at < count; at++) {
		const group = make(
			`team-${at}`,
			at % 17 === 0 ? `Équipe № ${at} 🚀` : `Team ${at}`,
			at % 11 === 0 ? { settings: { whoCanJoin: "ALL_IN_DOMAIN_CAN_JOIN" } } : {},
		);
		// An administrator may add people from outside even where the settings forbid it.
		if (at === 1) addMember(group, { id: userId(`${seed}/external/auditor`), email: "auditor@partner.example", type: "EXTERNAL" });
		const size = 2 + (hash(`${seed}/team/${at}`) % 12);
		for (let i = 0; i < size; i++) {
			const person = people[draw.int(people.length)];
			if (person) join(group, person, i === 0 ? "OWNER" : i === 1 ? "MANAGER" : "MEMBER");
		}
	}
}
