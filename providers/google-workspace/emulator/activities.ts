import { random } from "../../../src/emulate/random.js";
import { parameters } from "./audit.js";
import { longId } from "./ids.js";
import { tokens } from "./lazy.js";
import type { Activity, Person, Tenant } from "./types.js";

const day = 86_400_000;

/** The log of one application: what writes left, and what the people of the tenant did of late. Made when asked for. */
export function activities(tenant: Tenant, application: string): Activity[] {
	const written = tenant.world.allSeen(tenant.state.events).flatMap(([, one]) => (one.application === application ? [one] : []));
	const make = makers[application];
	if (!make) return written;
	return [...written, ...[...tenant.state.users.values()].flatMap((person) => make(tenant, person))];
}

const makers: Record<string, (tenant: Tenant, person: Person) => Activity[]> = {
	login(tenant, person) {
		if (person.lastLogin === null) return [];
		const draw = random(`${tenant.seed}/login/${person.id}`);
		const method =
			person.securityKeys + person.passkeys > 0 ? ["password", "security_key"] : person.body.isEnrolledIn2Sv ? ["password", "google_prompt"] : ["password"];
		const success = event("login", "login", "login_success", person, person.lastLogin, {
			login_type: "google_password",
			login_challenge_method: method,
			is_suspicious: false,
			is_second_factor: person.body.isEnrolledIn2Sv === true,
		});
		const wrong = draw.chance(0.1)
			? [
					event("login", "login", "login_failure", person, person.lastLogin - draw.int(day), {
						login_type: "google_password",
						login_failure_type: "login_failure_invalid_password",
					}),
				]
			: [];
		return [success, ...wrong];
	},
	user_accounts(tenant, person) {
		if (!person.body.isEnrolledIn2Sv) return [];
		const draw = random(`${tenant.seed}/accounts/${person.id}`);
		return [event("user_accounts", "2sv_change", "2sv_enroll", person, person.created + draw.int(30) * day, {})];
	},
	token(tenant, person) {
		const draw = random(`${tenant.seed}/token/${person.id}`);
		return tokens(tenant, person).map((token) =>
			event("token", "auth", "authorize", person, (person.lastLogin ?? person.created) - draw.int(60) * day, {
				client_id: token.clientId,
				app_name: token.displayText ?? "",
				client_type: "WEB",
				scope: token.scopes ?? [],
			}),
		);
	},
};

function event(
	application: string,
	type: string,
	name: string,
	person: Person,
	at: number,
	values: Record<string, string | boolean | readonly string[]>,
): Activity {
	return {
		application,
		at,
		qualifier: `-${longId(`${application}/${name}/${person.id}/${at}/${values.client_id ?? ""}`)}`,
		actor: { callerType: "USER", email: person.body.primaryEmail, profileId: person.id },
		ipAddress: `198.51.100.${Number(person.id.slice(-2))}`,
		events: [{ type, name, parameters: parameters(values) }],
	};
}
