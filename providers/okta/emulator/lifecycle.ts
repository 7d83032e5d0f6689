import type { User } from "@okta/okta-sdk-nodejs";
import { type Call, flag, noContent, ok, type Reply } from "./call.js";
import { apiError } from "./errors.js";
import { renderUser } from "./render.js";
import type { Wire } from "./state.js";
import { logEvent, userTarget } from "./syslog.js";
import { drop, iso, newId, put, setMember, setRoles, type Tenant } from "./tenant.js";
import { noteLogin, userAt } from "./users-find.js";

type Status = NonNullable<Wire<User>["status"]>;
type KnownUser = Wire<User> & { id: string };

/** Stores changes to a user and stamps it. */
export function changeUser(tenant: Tenant, user: KnownUser, changes: Partial<Wire<User>>): KnownUser {
	const now = iso(tenant.now());
	const moved = changes.status !== undefined && changes.status !== user.status ? { statusChanged: now } : {};
	const next: KnownUser = { ...user, ...changes, ...moved, lastUpdated: now };
	put(tenant, tenant.state.users, user.id, next, `user:${user.id}`);
	return next;
}

function say(call: Call, user: KnownUser, eventType: string, message: string): void {
	logEvent(call.tenant, call, eventType, message, [userTarget(call.tenant, user.id)]);
}

const wrongStatus = () => apiError("E0000038");
const notActive = (verb: string, wanted: string) =>
	apiError("E0000001", `Cannot ${verb} a user that is not ${wanted}`, [`Cannot ${verb} a user that is not ${wanted}`]);

export function suspend(call: Call): Reply {
	const user = userAt(call, "id");
	if (user.status !== "ACTIVE") throw notActive("suspend", "active");
	changeUser(call.tenant, user, { status: "SUSPENDED" });
	say(call, user, "user.lifecycle.suspend", "Suspend Okta user");
	return ok({});
}

export function unsuspend(call: Call): Reply {
	const user = userAt(call, "id");
	if (user.status !== "SUSPENDED") throw notActive("unsuspend", "suspended");
	changeUser(call.tenant, user, { status: "ACTIVE" });
	say(call, user, "user.lifecycle.unsuspend", "Unsuspend Okta user");
	return ok({});
}

/** Ends a user: assignments, factors, sessions, grants, direct roles and own API tokens go; group memberships stay. */
export function finishDeactivation(tenant: Tenant, call: Call, userId: string): void {
	const { state } = tenant;
	const user = state.users.get(userId);
	if (!user) return;
	changeUser(tenant, { ...user, id: userId }, { status: "DEPROVISIONED", transitioningToStatus: null } as unknown as Partial<Wire<User>>);
	for (const [appId, users] of state.appUsers) {
		if (!drop(tenant, users, userId)) continue;
		const label = state.apps.get(appId)?.label;
		const app = { id: appId, type: "AppInstance", alternateId: String(label ?? "unknown"), displayName: String(label ?? "unknown") };
		logEvent(tenant, call, "application.user_membership.remove", "Remove users app membership", [userTarget(tenant, userId), app]);
	}
	put(tenant, state.factors, userId, []);
	drop(tenant, state.sessions, userId);
	drop(tenant, state.userGrants, userId);
	if (state.refreshTokens) drop(tenant, state.refreshTokens, userId);
	for (const [id, token] of state.apiTokens) if (token.userId === userId) drop(tenant, state.apiTokens, id);
	if (state.roles.some((r) => r.principalType === "user" && r.principalId === userId)) {
		setRoles(
			tenant,
			state.roles.filter((r) => r.principalType !== "user" || r.principalId !== userId),
		);
	}
}

function startDeactivation(call: Call, user: KnownUser): void {
	const { tenant } = call;
	say(call, user, "user.lifecycle.deactivate", "Deactivate Okta user");
	if (String(call.headers.prefer ?? "") !== "respond-async") {
		finishDeactivation(tenant, call, user.id);
		return;
	}
	changeUser(tenant, user, { transitioningToStatus: "DEPROVISIONED" });
	tenant.pending.push({ at: tenant.now() + tenant.knobs.asyncMs, run: () => finishDeactivation(tenant, call, user.id) });
}

export function deactivate(call: Call): Reply {
	const user = userAt(call, "id");
	if (user.status === "DEPROVISIONED") throw wrongStatus();
	startDeactivation(call, user);
	return ok({});
}

/** DELETE /users/{id}: deactivates a live user, removes a deactivated one. */
export function deleteUser(call: Call): Reply {
	const { tenant } = call;
	const user = userAt(call, "id");
	if (user.status !== "DEPROVISIONED") {
		startDeactivation(call, user);
		return noContent();
	}
	say(call, user, "user.lifecycle.delete.initiated", "Delete Okta user");
	drop(tenant, tenant.state.users, user.id, `user:${user.id}`);
	for (const groupId of tenant.state.members.keys()) setMember(tenant, groupId, user.id, false);
	drop(tenant, tenant.state.factors, user.id);
	noteLogin(tenant, user.id, user, undefined);
	return noContent();
}

/** Activation is asynchronous: the target status shows at once, the status follows. */
export function activate(call: Call): Reply {
	const { tenant } = call;
	const user = userAt(call, "id");
	if (user.status !== "STAGED" && user.status !== "DEPROVISIONED") throw user.status === "PROVISIONED" ? wrongStatus() : apiError("E0000016");
	const target: Status = user.credentials?.password !== undefined && user.status === "STAGED" ? "ACTIVE" : "PROVISIONED";
	const started = changeUser(tenant, user, { transitioningToStatus: target });
	const finish = (): void => {
		const now = tenant.state.users.get(user.id);
		if (!now) return;
		const done = { status: target, transitioningToStatus: null, activated: iso(tenant.now()) } as unknown as Partial<Wire<User>>;
		changeUser(tenant, { ...now, id: user.id }, done);
	};
	if (tenant.knobs.asyncMs <= 0) finish();
	else tenant.pending.push({ at: tenant.now() + tenant.knobs.asyncMs, run: finish });
	say(call, started, "user.lifecycle.activate", "Activate Okta user");
	return ok(flag(call, "sendEmail", true) ? {} : activation(call));
}

function activation(call: Call): Record<string, string> {
	const activationToken = newId("");
	return { activationUrl: `${call.tenant.url}/tokens/${activationToken}/verify`, activationToken };
}

export function reactivate(call: Call): Reply {
	const user = userAt(call, "id");
	if (user.status !== "PROVISIONED" && user.status !== "RECOVERY") throw wrongStatus();
	say(call, user, "user.lifecycle.reactivate", "Reactivate Okta user");
	return ok(flag(call, "sendEmail", false) ? {} : activation(call));
}

const SIGNS_IN: readonly (Status | undefined)[] = ["ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY"];
const NO_PASSWORD_HERE = ["FEDERATION", "SOCIAL"];

function expire(call: Call): KnownUser {
	const user = userAt(call, "id");
	if (!SIGNS_IN.includes(user.status)) throw wrongStatus();
	if (NO_PASSWORD_HERE.includes(user.credentials?.provider?.type ?? "")) throw wrongStatus();
	say(call, user, "user.account.expire_password", "Expire user password");
	return changeUser(call.tenant, user, { status: "PASSWORD_EXPIRED" });
}

export function expirePassword(call: Call): Reply {
	return ok(renderUser(call.tenant, expire(call)));
}

export function expirePasswordWithTemp(call: Call): Reply {
	expire(call);
	return ok({ tempPassword: newId("").slice(0, 8) });
}

export function resetPassword(call: Call): Reply {
	const { tenant } = call;
	if (!call.query.has("sendEmail")) throw apiError("E0000028", "", ["sendEmail: The parameter is required."]);
	const user = userAt(call, "id");
	if (!SIGNS_IN.includes(user.status) && user.status !== "PROVISIONED") throw wrongStatus();
	changeUser(tenant, user, { status: "RECOVERY" });
	if (flag(call, "revokeSessions", false)) drop(tenant, tenant.state.sessions, user.id);
	say(call, user, "user.account.reset_password", "User reset password for Okta");
	return ok(flag(call, "sendEmail", true) ? {} : { resetPasswordUrl: `${tenant.url}/signin/reset-password/${newId("")}` });
}

export function resetFactors(call: Call): Reply {
	const { tenant } = call;
	const user = userAt(call, "id");
	if (user.status === "DEPROVISIONED") throw wrongStatus();
	put(tenant, tenant.state.factors, user.id, [], `factors:${user.id}`);
	changeUser(tenant, user, {});
	say(call, user, "user.mfa.factor.reset_all", "Reset all factors for user");
	return ok({});
}

export function unlock(call: Call): Reply {
	const user = userAt(call, "id");
	if (user.status !== "LOCKED_OUT") throw apiError("E0000032");
	changeUser(call.tenant, user, { status: "ACTIVE" });
	say(call, user, "user.account.unlock_by_admin", "Unlock user account by admin");
	return ok({});
}
