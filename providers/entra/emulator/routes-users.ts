import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, reads, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf, checkBody } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { users } from "./collections-directory.js";
import { badRequest, denied, notFound } from "./errors.js";
import { kinds } from "./kinds.js";
import { answerOne, contextOf } from "./list.js";
import { directoryObjects, embedded } from "./mixed.js";
import { stamp } from "./moment.js";
import { isShielded, outranks } from "./privileged.js";
import { bin } from "./routes-deleted.js";
import { userOf } from "./rows.js";
import { newId } from "./server.js";
import type { Raw } from "./state.js";
import { changed, type GraphCall, may, patch, type Tenant, tableMap } from "./tenant.js";

/** Mastered by the company's own servers, for accounts that come from there. */
const mastered = [
	"accountEnabled",
	"displayName",
	"givenName",
	"surname",
	"jobTitle",
	"department",
	"mail",
	"mailNickname",
	"userPrincipalName",
	"employeeId",
	"proxyAddresses",
	"onPremisesImmutableId",
];
/** Kept for roles above the target's. */
const sensitive = ["accountEnabled", "businessPhones", "mobilePhone", "onPremisesImmutableId", "otherMails", "passwordProfile", "userPrincipalName"];
const readOnly = [
	"id",
	"createdDateTime",
	"deletedDateTime",
	"lastPasswordChangeDateTime",
	"signInActivity",
	"signInSessionsValidFromDateTime",
	"onPremisesSyncEnabled",
	"creationType",
	"provisionedPlans",
	"securityIdentifier",
];

export function theUser(tenant: Tenant, call: GraphCall): Raw {
	const name = param(call, "id");
	const user = userOf(tenant, name);
	if (!user) throw notFound(name);
	return user;
}

/** @throws Refusal when the caller doesn't outrank the target */
export function checkRank(tenant: Tenant, call: GraphCall, user: string): void {
	if (isShielded(tenant, user) && !outranks(tenant.state, call.caller?.client.principal ?? "")) throw denied();
}

const onPremises = "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.";

function update(tenant: Tenant, call: GraphCall) {
	const user = theUser(tenant, call);
	const id = String(user.id);
	const body = bodyOf(call);
	checkBody(body, kinds.user, readOnly);
	const names = Object.keys(body);
	const onlyEnable = names.every((name) => name === "accountEnabled");
	const onlyPassword = names.every((name) => name === "passwordProfile");
	const narrow = (onlyEnable && may(call, "User.EnableDisableAccount.All")) || (onlyPassword && may(call, "User-PasswordProfile.ReadWrite.All"));
	if (!narrow && !may(call, "User.ReadWrite.All", "Directory.ReadWrite.All")) throw denied();
	if (user.onPremisesSyncEnabled === true && names.some((name) => mastered.includes(name))) throw badRequest(onPremises);
	if (names.some((name) => sensitive.includes(name))) checkRank(tenant, call, id);
	const { passwordProfile, ...rest } = body;
	const part: Raw = { ...rest };
	if (passwordProfile !== undefined) {
		const { password, ...flags } = (passwordProfile ?? {}) as Raw;
		if (user.onPremisesSyncEnabled === true && password !== undefined) throw badRequest(onPremises);
		if (typeof password === "string" && password.length < 8)
			throw badRequest("The specified password does not comply with password complexity requirements. Please provide a different password.");
		// A password goes in and never comes out.
		part.passwordProfile = { forceChangePasswordNextSignIn: false, forceChangePasswordNextSignInWithMfa: false, ...flags, password: null };
		if (password !== undefined) part.lastPasswordChangeDateTime = stamp(tenant.world.now());
	}
	patch(tenant, "users", id, part);
	const activity = !("accountEnabled" in body)
		? passwordProfile === undefined
			? "Update user"
			: "Reset user password"
		: body.accountEnabled === true
			? "Enable account"
			: "Disable account";
	audit(tenant, call, {
		...{ activity, category: "UserManagement", targets: [{ id, type: "User", name: String(user.displayName) }] },
		properties: Object.keys(rest).map((name) => ({ name, from: user[name] ?? null, to: rest[name] })),
	});
	return noContent();
}

function revoke(tenant: Tenant, call: GraphCall, context: string) {
	const user = theUser(tenant, call);
	const id = String(user.id);
	// Nothing happens to guests: their sessions belong to their own tenant.
	if (user.userType !== "Guest") patch(tenant, "users", id, { signInSessionsValidFromDateTime: stamp(tenant.world.now()) });
	audit(tenant, call, {
		activity: "Update StsRefreshTokenValidFrom Timestamp",
		category: "UserManagement",
		targets: [{ id, type: "User", name: String(user.displayName) }],
	});
	return ok({ "@odata.context": contextOf(call, context, null), value: true });
}

function create(tenant: Tenant, call: GraphCall) {
	const body = bodyOf(call);
	checkBody(body, kinds.user, readOnly);
	for (const name of ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"])
		if (body[name] === undefined) throw badRequest(`A value is required for property '${name}' of resource 'User'.`);
	const name = String(body.userPrincipalName);
	if (!tenant.state.domains.has(name.split("@")[1]?.toLowerCase() ?? ""))
		throw badRequest("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.");
	if (userOf(tenant, name)) throw badRequest("Another object with the same value for property userPrincipalName already exists.");
	const id = newId(tenant, "user");
	const { passwordProfile: _, ...rest } = body;
	const at = stamp(tenant.world.now());
	tenant.world.put(tableMap(tenant, "users"), id, {
		id,
		userType: "Member",
		createdDateTime: at,
		lastPasswordChangeDateTime: at,
		signInSessionsValidFromDateTime: at,
		...rest,
	});
	changed(tenant, "users", id);
	audit(tenant, call, { activity: "Add user", category: "UserManagement", targets: [{ id, type: "User", name: String(body.displayName) }] });
	const answer = answerOne(tenant, call, users, { id, ...rest });
	return { ...answer, status: 201, headers: { Location: `${call.base}/v2/${tenant.state.tenantId}/directoryObjects/${id}/Microsoft.DirectoryServices.User` } };
}

export function userRoutes(tenant: Tenant): GraphRoute[] {
	return [
		...both("POST", "/users", directory(["User.ReadWrite.All", "Directory.ReadWrite.All"]), (call) => create(tenant, call)),
		...both("PATCH", "/users/{id}", directory(writes.users), (call) => update(tenant, call)),
		...both("DELETE", "/users/{id}", directory(writes.deleteUsers), (call) => {
			const user = theUser(tenant, call);
			checkRank(tenant, call, String(user.id));
			if (user.onPremisesSyncEnabled === true) throw badRequest(onPremises);
			bin(tenant, call, "users", String(user.id));
			return noContent();
		}),
		...both("POST", "/users/{id}/revokeSignInSessions", directory(writes.sessions), (call) => revoke(tenant, call, "Edm.Boolean")),
		...both("POST", "/users/{id}/invalidateAllRefreshTokens", directory(writes.sessions), (call) => revoke(tenant, call, "Edm.Boolean"), "beta"),
		...both("GET", "/users/{id}/manager", directory(reads.users), (call) => {
			const user = theUser(tenant, call);
			const boss = tenant.world.seen(tenant.state.managers, String(user.id));
			const select = call.query.get("$select")?.split(",") ?? null;
			const found = boss === undefined ? null : embedded(tenant, call, boss, select);
			if (!found) throw notFound("manager");
			return ok({ "@odata.context": contextOf(call, directoryObjects.context, null, true), ...found });
		}),
		...both(
			"GET",
			"/users/{id}/authentication/requirements",
			{ ...directory(["Policy.Read.All", "UserAuthenticationMethod.Read.All"]), service: "methods" },
			(call) => {
				const user = theUser(tenant, call);
				return ok({
					"@odata.context": contextOf(call, "users/authentication/requirements", null),
					perUserMfaState: tenant.world.seen(tenant.state.perUserMfa, String(user.id)) ?? "disabled",
				});
			},
			"beta",
		),
		...both(
			"PATCH",
			"/users/{id}/authentication/requirements",
			{ ...directory(writes.requirements), service: "methods" },
			(call) => {
				const user = theUser(tenant, call);
				const wanted = String(bodyOf(call).perUserMfaState);
				if (!["disabled", "enabled", "enforced"].includes(wanted)) throw badRequest("Invalid value specified for property 'perUserMfaState'.");
				tenant.world.put(tenant.state.perUserMfa, String(user.id), wanted);
				return noContent();
			},
			"beta",
		),
	];
}
