import { familyNames, givenNames, loginPart } from "../../../src/emulate/names.js";
import { random } from "../../../src/emulate/random.js";
import type { WireProvider } from "../wire.js";
import type { Plan } from "./make.js";

const providers: WireProvider[] = ["azure_ad", "okta", "google_workspace", "local"];
const methods: string[][] = [["totp"], ["hardware_key"], ["push", "totp"], ["sms"], ["sms", "totp", "push", "hardware_key"], []];
const roles = ["Global Administrator", "Help Desk Administrator", "Billing Administrator", "SUPER_ADMIN"];
const states: Plan["status"][] = ["disabled", "pending", "locked", "password_reset_required"];

/** An invented server of two tenants: the first with `users` people, the second, beside it, with a tenth. The same for the same seed. */
export function generate(users: number, seed: number): { tenant: string; plans: Plan[] } {
	const tenant = `ten_main${seed}`;
	const draw = random(seed);
	const people = (of: string, count: number): Plan[] =>
		Array.from({ length: count }, (_, number) => {
			const first = draw.pick(givenNames);
			const last = draw.pick(familyNames);
			const login = `${loginPart(first)}.${loginPart(last)}${number}`;
			const privileged = number % 15 === 1;
			return {
				key: login,
				tenant: of,
				provider: draw.pick(providers),
				email: `${number % 31 === 7 ? login.toUpperCase() : login}@${number % 19 === 3 ? "partner" : "company"}.example`,
				name: number % 37 === 5 ? "" : `${first} ${last}`,
				status: number % 8 === 6 ? draw.pick(states) : "active",
				methods: draw.pick(methods),
				privileged,
				// A long list now and then; and roles that don't administer anything.
				roles: privileged ? (number % 45 === 1 ? roles : [draw.pick(roles)]) : number % 10 === 2 ? ["Member"] : [],
				seen: number % 9 === 4 ? null : draw.chance(0.15) ? 91 + draw.int(700) : draw.int(30) + 0.3,
				age: 10 + draw.int(2500),
				known: number % 14 !== 9,
			};
		});
	return { tenant, plans: [...people(tenant, users), ...people(`ten_side${seed}`, Math.ceil(users / 10))] };
}
