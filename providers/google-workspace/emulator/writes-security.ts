import type { Call } from "../../../src/emulate/call.js";
import { noContent, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import { invalid, notFound } from "./errors.js";
import { currentUser } from "./find.js";
import { asps, codes, newCodes, tokens } from "./lazy.js";
import type { Operation, Work } from "./rights.js";
import { directory } from "./scopes.js";
import type { Tenant } from "./types.js";
import { withPast } from "./user-edit.js";

/** What an administrator can take from a user: sessions, grants, app passwords, the second factor, backup codes. */
export function securityWrites(tenant: Tenant): Operation[] {
	const { world, state } = tenant;
	const route = (method: string, path: string, handler: Work): Operation => ({
		method,
		template: `/admin/directory/v1/users/{userKey}/${path}`,
		needs: { service: "admin.googleapis.com", scopes: directory.security, privilege: "USER_SECURITY_ALL" },
		handler,
	});
	const of = (call: Call) => currentUser(tenant, param(call, "userKey"));
	return [
		route("POST", "signOut", (call) => {
			changed(tenant, call, "USER_SETTINGS", "RESET_SIGNIN_COOKIES", { USER_EMAIL: of(call).body.primaryEmail });
			return noContent();
		}),
		route("POST", "twoStepVerification/turnOff", (call) => {
			const person = of(call);
			// 400 for who isn't enrolled, or where the policy demands it.
			if (!person.body.isEnrolledIn2Sv) throw invalid("Invalid Input: user is not enrolled in 2-step verification");
			const body = { ...person.body, isEnrolledIn2Sv: false };
			world.put(state.users, person.id, withPast(tenant, { ...person, body, securityKeys: 0, passkeys: 0, version: person.version + 1 }));
			world.put(state.codes, person.id, []);
			changed(tenant, call, "USER_SETTINGS", "TURN_OFF_2_STEP_VERIFICATION", { USER_EMAIL: person.body.primaryEmail });
			return noContent();
		}),
		route("POST", "verificationCodes/generate", (call) => {
			const person = of(call);
			world.put(state.codes, person.id, newCodes(`${person.id}/${tenant.version}`));
			changed(tenant, call, "USER_SETTINGS", "GENERATE_2SV_SCRATCH_CODES", { USER_EMAIL: person.body.primaryEmail });
			return noContent();
		}),
		route("POST", "verificationCodes/invalidate", (call) => {
			const person = of(call);
			codes(tenant, person);
			world.put(state.codes, person.id, []);
			changed(tenant, call, "USER_SETTINGS", "REVOKE_2SV_SCRATCH_CODES", { USER_EMAIL: person.body.primaryEmail });
			return noContent();
		}),
		route("DELETE", "tokens/{clientId}", (call) => {
			const person = of(call);
			const held = state.tokens.get(person.id) ?? tokens(tenant, person);
			const left = held.filter(({ clientId }) => clientId !== param(call, "clientId"));
			if (left.length === held.length) throw notFound("clientId");
			// What was there must be known to a read that lags.
			if (!state.tokens.has(person.id)) state.tokens.set(person.id, held);
			world.put(state.tokens, person.id, left);
			changed(tenant, call, "USER_SETTINGS", "REVOKE_3LO_TOKEN", { USER_EMAIL: person.body.primaryEmail, APP_ID: param(call, "clientId") });
			return noContent();
		}),
		route("DELETE", "asps/{codeId}", (call) => {
			const person = of(call);
			const held = state.asps.get(person.id) ?? asps(tenant, person);
			const left = held.filter(({ codeId }) => String(codeId) !== param(call, "codeId"));
			if (left.length === held.length) throw notFound("codeId");
			if (!state.asps.has(person.id)) state.asps.set(person.id, held);
			world.put(state.asps, person.id, left);
			changed(tenant, call, "USER_SETTINGS", "REVOKE_ASP", { USER_EMAIL: person.body.primaryEmail, ASP_ID: param(call, "codeId") });
			return noContent();
		}),
	];
}
