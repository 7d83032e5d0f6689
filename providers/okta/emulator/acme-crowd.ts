import { type AcmePerson, row } from "./acme-person.js";
import { random } from "./gen-random.js";
import { departments, familyNames, givenNames, loginPart } from "./names.js";

/** The rest of the company: invented, in order. Always the same people. */
export const acmeCrowd: readonly AcmePerson[] = crowd(48);

function crowd(count: number): AcmePerson[] {
	const r = random("acme/crowd");
	// No one of the crowd works where a rule makes administrators.
	const names = Object.keys(departments).filter((d) => d !== "Support" && d !== "IT" && d !== "Security");
	const taken = new Set<string>();
	const people: AcmePerson[] = [];
	while (people.length < count) {
		const first = r.pick(givenNames);
		const last = r.pick(familyNames);
		const name = `${loginPart(first)}.${loginPart(last)}`;
		if (taken.has(name)) continue;
		taken.add(name);
		const department = r.pick(names);
		const factors = r.pick([
			"push fastpass totp",
			"push fastpass totp",
			"push totp",
			"webauthn push",
			"webauthn",
			"fastpass webauthn",
			"googleTotp",
			"yubikey",
		]);
		const created = 60 + r.int(1500);
		const days: [number, number, number] = [created, 0.2 + r.next() * 20, r.int(Math.min(created, 300))];
		people.push(row(name, first, last, department, r.pick(departments[department] ?? ["Clerk"]), days, factors));
	}
	return people;
}
