import { departments, familyNames, givenNames, loginPart } from "../../../src/emulate/names.js";
import type { Random } from "../../../src/emulate/random.js";
import type { Company } from "./build.js";
import { addPerson, type Person } from "./person.js";
import type { Factor, State } from "./state.js";

const names = Object.keys(departments);

function factor(random: Random): Factor {
	const draw = random.next();
	return draw < 0.16 ? "none" : draw < 0.36 ? "weak" : draw < 0.86 ? "strong" : "phishing-resistant";
}

/** Adds `count` accounts, with every awkward case a real directory has. Their ids. */
export function addPeople(state: State, company: Company, count: number, random: Random): string[] {
	const domains = { initial: company.initial, main: company.domain };
	const taken = new Set<string>();
	const ids: string[] = [];
	for (let at = 0; at < count; at++) {
		const person = somebody(at, random, company, taken);
		ids.push(addPerson(state, person, domains, company.now));
	}
	// Everybody has a manager but the first, some of those who left, and guests.
	for (let at = 1; at < ids.length; at++) {
		const [id, boss] = [ids[at], ids[Math.floor((at - 1) / 8)]];
		if (id !== undefined && boss !== undefined && random.chance(0.92)) state.managers.set(id, boss);
	}
	return ids;
}

function somebody(at: number, random: Random, company: Company, taken: Set<string>): Person {
	const first = random.pick(givenNames);
	const last = random.pick(familyNames);
	const base = `${loginPart(first)}.${loginPart(last)}`;
	const own = taken.has(base) ? `${base}${at}` : base;
	taken.add(own);
	const department = random.pick(names);
	const age = 2 + random.int(2500);
	const draw = random.next();
	const guest = draw < 0.1 ? "guest" : draw < 0.12 ? "member" : "no";
	const unseen = random.next();
	const synced = guest === "no" && random.chance(0.35);
	const person: Person = {
		key: `${at}`,
		first,
		last,
		login: "",
		enabled: random.chance(0.93),
		guest,
		pending: guest === "guest" && random.chance(0.2),
		synced,
		number: guest === "no" && random.chance(0.9) ? String(10_000 + at) : null,
		department: random.chance(0.94) ? department : null,
		title: random.chance(0.9) ? random.pick(departments[department] ?? ["Member"]) : null,
		type: guest === "no" ? (random.chance(0.9) ? "Employee" : "Contractor") : null,
		age,
		seen: unseen < 0.06 ? null : unseen < 0.16 ? Math.min(age, 90 + random.int(900)) : Math.min(age, random.next() * 25),
		factor: factor(random),
		...(random.chance(0.15) && { aliases: [`${own.replace(".", "")}@${company.domain}`] }),
	};
	const whole = { ...person, ...awkward(at) };
	return { ...whole, login: `${own}@${whole.guest === "no" ? company.domain : "partner.example"}`, pending: whole.pending === true && whole.guest === "guest" };
}

/** Cases that every invented tenant has, whatever its size. */
function awkward(at: number): Partial<Person> {
	const plain = { enabled: true, guest: "no", synced: false } as const;
	switch (at) {
		case 0:
			return { ...plain, factor: "phishing-resistant", seen: 0.5 };
		case 1:
			return { ...plain, factor: "weak", seen: 2 };
		case 2:
			return { ...plain, factor: "none", seen: null, age: 700 };
		case 3:
			return { ...plain, enabled: false, factor: "strong" };
		case 4:
			return {
				...plain,
				first: null,
				last: null,
				department: null,
				title: null,
				number: null,
				type: "service",
				display: "Scanner – 2. Stock",
				factor: "none",
				seen: 1,
			};
		case 5:
			return { ...plain, synced: true, factor: "strong", seen: 3 };
		case 6:
			return { ...plain, first: "Zoë", last: "O'Hara-Núñez", display: "Zoë O'Hara-Núñez 漢字", factor: "strong" };
		case 7:
			return { ...plain, display: "Emergency access", factor: "phishing-resistant", seen: 200, age: 900, department: null };
		case 8:
			return { ...plain, factor: "strong", seen: 1 };
		default:
			return {};
	}
}
