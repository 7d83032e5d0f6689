import type { Call, Reply } from "../../../src/emulate/call.js";
import { noContent, ok, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { duplicate, invalid, legacy, notFound, required } from "./errors.js";
import { currentUser, groups, restorable } from "./find.js";
import { etag, userId } from "./ids.js";
import type { Operation } from "./rights.js";
import { showUser } from "./show.js";
import type { Person, Tenant } from "./types.js";
import { edited, type Sent, withPast } from "./user-edit.js";

const base = "/admin/directory/v1/users";
const type = "USER_SETTINGS";

/** A JSON object as the body of a write. @throws Refusal 400 */
export function sentBody(call: Call): Sent {
	if (typeof call.body !== "object" || call.body === null || Array.isArray(call.body) || call.body instanceof URLSearchParams)
		throw legacy(400, "badRequest", "Bad Request");
	return call.body as Sent;
}

/** Refuses a write that names an older state. @throws Refusal 412 */
export function checkMatch(call: Call, current: unknown): void {
	const wanted = call.headers["if-match"];
	if (wanted !== undefined && wanted !== "*" && wanted !== current) {
		throw legacy(412, "conditionNotMet", "Precondition Failed", "global", { locationType: "header", location: "If-Match" });
	}
}

/** Writes on users themselves. */
export function userWrites(tenant: Tenant): Operation[] {
	const { world, state, choices } = tenant;
	const needs = (privilege: string, scopes = ["admin.directory.user"]) => ({ service: "admin.googleapis.com", scopes, privilege });
	const put = (person: Person) => world.put(state.users, person.id, withPast(tenant, { ...person, version: person.version + 1 }));
	const of = (call: Call) => currentUser(tenant, param(call, "userKey"));

	function update(call: Call<Grant>): Reply {
		const person = of(call);
		checkMatch(call, showUser(tenant, person).etag);
		if (person.ready > world.now()) throw legacy(412, "conditionNotMet", "User creation is not complete.");
		const sent = sentBody(call);
		if (typeof sent.primaryEmail === "string" && sent.primaryEmail.toLowerCase() !== person.body.primaryEmail && taken(tenant, sent.primaryEmail))
			throw duplicate();
		const { next, events } = edited(tenant, person, sent, call.method === "PATCH");
		put(next);
		for (const [name, values] of events) changed(tenant, call, type, name, { USER_EMAIL: person.body.primaryEmail, ...values });
		tenant.version++;
		return ok(showUser(tenant, currentUser(tenant, person.id)));
	}

	function insert(call: Call<Grant>): Reply {
		const sent = sentBody(call);
		const email = String(sent.primaryEmail ?? "").toLowerCase();
		if (!email) throw required("Invalid Input: primary_user_email");
		if (!state.domains.has(email.split("@")[1] ?? "")) throw legacy(404, "notFound", "Domain not found.");
		const name = sent.name as { givenName?: string; familyName?: string } | undefined;
		if (!name?.givenName || !name.familyName) throw invalid("Invalid Given/Family Name: FamilyName");
		if (typeof sent.password !== "string" || sent.password.length < 8) throw invalid("Invalid Password");
		if (taken(tenant, email)) throw duplicate();
		const id = userId(`${tenant.seed}/inserted/${email}/${tenant.version}`);
		const blank: Person = {
			id,
			body: {
				primaryEmail: email,
				orgUnitPath: "/",
				name: { ...name, fullName: `${name.givenName} ${name.familyName}` },
				emails: [{ address: email, primary: true }],
				nonEditableAliases: [`${email}.test-google-a.com`],
				agreedToTerms: false,
				suspended: false,
				archived: false,
				changePasswordAtNextLogin: false,
				ipWhitelisted: false,
				isMailboxSetup: false,
				isEnrolledIn2Sv: false,
				isEnforcedIn2Sv: false,
				includeInGlobalAddressList: true,
				isGuestUser: false,
			},
			lastLogin: null,
			created: world.now(),
			deleted: null,
			securityKeys: 0,
			passkeys: 0,
			apps: 0,
			appPasswords: 0,
			password: "UNKNOWN",
			ready: world.now() + choices.settleMs,
			version: 0,
		};
		put(edited(tenant, blank, sent).next);
		changed(tenant, call, type, "CREATE_USER", { USER_EMAIL: email });
		return ok(showUser(tenant, currentUser(tenant, id)));
	}

	function remove(call: Call<Grant>): Reply {
		const person = of(call);
		if (call.caller?.subject?.id === person.id) throw legacy(403, "forbidden", "Not Authorized to access this resource/api");
		put({ ...person, deleted: world.now() });
		for (const group of state.groups.values()) world.drop(group.members, person.id);
		for (const [id, { assignedTo }] of state.assignments) if (assignedTo === person.id) world.drop(state.assignments, id);
		changed(tenant, call, type, "DELETE_USER", { USER_EMAIL: person.body.primaryEmail });
		return noContent();
	}

	function undelete(call: Call<Grant>): Reply {
		const person = state.users.get(param(call, "userKey"));
		if (!person || person.deleted === null || world.now() - person.deleted > restorable) throw notFound("userKey");
		if (taken(tenant, person.body.primaryEmail)) throw duplicate();
		const orgUnitPath = String(sentBody(call).orgUnitPath ?? "/");
		put({ ...person, deleted: null, body: { ...person.body, orgUnitPath } });
		changed(tenant, call, type, "UNDELETE_USER", { USER_EMAIL: person.body.primaryEmail });
		return noContent();
	}

	function makeAdmin(call: Call<Grant>): Reply {
		const person = of(call);
		const { status } = sentBody(call);
		if (typeof status !== "boolean") throw required("Required field: status");
		const top = [...state.roles.values()].find((role) => role.isSuperAdminRole);
		const held = [...state.assignments].find(([, one]) => one.assignedTo === person.id && one.roleId === top?.roleId);
		if (!status && call.caller?.subject?.id === person.id) throw legacy(403, "forbidden", "Not Authorized to access this resource/api");
		if (!status && held) world.drop(state.assignments, held[0]);
		if (status && !held && top) {
			if (person.body.suspended) throw invalid("Invalid Input: suspended user cannot be an administrator");
			const roleAssignmentId = String(BigInt(top.roleId) + BigInt(tenant.version) + 1000n);
			world.put(state.assignments, roleAssignmentId, {
				roleAssignmentId,
				roleId: top.roleId,
				assignedTo: person.id,
				assigneeType: "user",
				scopeType: "CUSTOMER",
			});
		}
		changed(tenant, call, "DELEGATED_ADMIN_SETTINGS", status ? "GRANT_ADMIN_PRIVILEGE" : "REVOKE_ADMIN_PRIVILEGE", { USER_EMAIL: person.body.primaryEmail });
		return noContent();
	}

	const alias = ["admin.directory.user", "admin.directory.user.alias"];
	return [
		{ method: "POST", template: base, needs: needs("USERS_CREATE"), handler: insert },
		{ method: "PUT", template: `${base}/{userKey}`, needs: needs("USERS_UPDATE"), handler: update },
		{ method: "PATCH", template: `${base}/{userKey}`, needs: needs("USERS_UPDATE"), handler: update },
		{ method: "DELETE", template: `${base}/{userKey}`, needs: needs("USERS_DELETE"), handler: remove },
		{ method: "POST", template: `${base}/{userKey}/undelete`, needs: needs("USERS_CREATE"), handler: undelete },
		{ method: "POST", template: `${base}/{userKey}/makeAdmin`, needs: needs("SUPER"), handler: makeAdmin },
		{
			method: "POST",
			template: `${base}/{userKey}/aliases`,
			needs: needs("USERS_UPDATE", alias),
			handler(call) {
				const person = of(call);
				const added = String(sentBody(call).alias ?? "").toLowerCase();
				if (!added.includes("@")) throw invalid("Invalid Input: resource.alias");
				if (taken(tenant, added)) throw duplicate();
				put({ ...person, body: { ...person.body, aliases: [...(person.body.aliases ?? []), added] } });
				changed(tenant, call, type, "CREATE_ALIAS", { USER_EMAIL: person.body.primaryEmail, USER_ALIAS: added });
				return ok({ kind: "admin#directory#alias", id: person.id, etag: etag(added, 1), primaryEmail: person.body.primaryEmail, alias: added });
			},
		},
		{
			method: "DELETE",
			template: `${base}/{userKey}/aliases/{alias}`,
			needs: needs("USERS_UPDATE", alias),
			handler(call) {
				const person = of(call);
				const gone = param(call, "alias").toLowerCase();
				const left = (person.body.aliases ?? []).filter((one) => one !== gone);
				if (left.length === (person.body.aliases ?? []).length) throw notFound("alias");
				const { aliases: _, ...body } = person.body;
				put({ ...person, body: { ...body, ...(left.length > 0 && { aliases: left }) } });
				changed(tenant, call, type, "DELETE_ALIAS", { USER_EMAIL: person.body.primaryEmail, USER_ALIAS: gone });
				return noContent();
			},
		},
	];
}

/** Whether a user or group has the address already. */
export function taken(tenant: Tenant, address: string): boolean {
	const email = address.toLowerCase();
	for (const { body, deleted } of tenant.state.users.values())
		if (deleted === null && (body.primaryEmail === email || body.aliases?.includes(email))) return true;
	return groups(tenant).has(email);
}
