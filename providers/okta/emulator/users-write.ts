import type { User } from "@okta/okta-sdk-nodejs";
import { bodyOf, type Call, flag, isRecord, ok, type Reply } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { changeUser } from "./lifecycle.js";
import { renderUser, userTag } from "./render.js";
import { applyRules } from "./rules.js";
import type { Wire } from "./state.js";
import { logEvent, userTarget } from "./syslog.js";
import { iso, newId, put, setMember, type Tenant } from "./tenant.js";
import { idByLogin, noteLogin, userAt } from "./users-find.js";

type Profile = NonNullable<Wire<User>["profile"]>;

const EMAIL = /^[^\s@]+@[^\s@]+$/;

function checkProfile(tenant: Tenant, profile: Record<string, unknown>, ownId?: string): void {
	const { login, email, firstName, lastName } = profile;
	if (typeof login !== "string" || login.length < 5 || login.length > 100 || !EMAIL.test(login))
		throw invalid("login", "Username must be in the form of an email address");
	if (typeof email !== "string" || email.length < 5 || email.length > 100 || !EMAIL.test(email)) throw invalid("email", "Does not match required pattern");
	for (const [name, value] of Object.entries({ firstName, lastName })) {
		if (typeof value === "string" && value.length > 50) throw invalid(name, "The field is too long");
	}
	const taken = idByLogin(tenant, login);
	if (taken !== undefined && taken !== ownId) throw invalid("login", "An object with this field already exists in the current organization");
}

/** Credentials as shown: the password is never stored, an empty object says there is one. */
function shownCredentials(given: unknown, before: Wire<User>["credentials"]): NonNullable<Wire<User>["credentials"]> {
	const body = isRecord(given) ? given : {};
	const provider = isRecord(body.provider) ? body.provider : (before?.provider ?? { type: "OKTA", name: "OKTA" });
	const question = isRecord(body.recovery_question) ? { question: body.recovery_question.question } : before?.recovery_question;
	const shown = {
		...(body.password !== undefined || before?.password !== undefined ? { password: {} } : {}),
		...(question === undefined ? {} : { recovery_question: question }),
		provider,
	};
	return shown as NonNullable<Wire<User>["credentials"]>;
}

function defaultType(tenant: Tenant): { id: string } {
	for (const user of tenant.state.users.values()) if (user.type?.id) return { id: user.type.id };
	return { id: "otyEmulatorDefault00" };
}

/** POST /users. Without a password an activated user waits, PROVISIONED, for its first sign-in. */
export function createUser(call: Call): Reply {
	const { tenant } = call;
	const body = bodyOf(call);
	if (!isRecord(body.profile)) throw invalid("profile", "The field cannot be left blank");
	checkProfile(tenant, body.profile);
	const groupIds = Array.isArray(body.groupIds) ? body.groupIds.map(String) : [];
	if (groupIds.length > 20) throw apiError("E0000001", "groupIds", ["The number of group targets is too large"]);
	for (const id of groupIds) if (!tenant.state.groups.has(id)) throw notFound(id, "UserGroup");
	const activate = flag(call, "activate", true);
	const credentials = shownCredentials(body.credentials, undefined);
	const expired = call.query.get("nextLogin") === "changePassword";
	if (expired && credentials.password === undefined) throw apiError("E0000001", "nextLogin", ["A password must be specified."]);
	const withPassword = credentials.password !== undefined || flag(call, "provider", false);
	const status = !activate ? "STAGED" : expired ? "PASSWORD_EXPIRED" : withPassword ? "ACTIVE" : "PROVISIONED";
	const now = iso(tenant.now());
	const id = newId("00u");
	const user = {
		id,
		status,
		created: now,
		activated: activate ? now : null,
		statusChanged: activate ? now : null,
		lastLogin: null,
		lastUpdated: now,
		passwordChanged: credentials.password === undefined ? null : now,
		type: isRecord(body.type) && typeof body.type.id === "string" ? { id: body.type.id } : defaultType(tenant),
		profile: body.profile as unknown as Profile,
		credentials,
	} as unknown as Wire<User> & { id: string };
	put(tenant, tenant.state.users, id, user, `user:${id}`);
	noteLogin(tenant, id, undefined, user);
	for (const groupId of groupIds) setMember(tenant, groupId, id, true);
	logEvent(tenant, call, "user.lifecycle.create", "Create Okta user", [userTarget(tenant, id)]);
	if (activate) logEvent(tenant, call, "user.lifecycle.activate", "Activate Okta user", [userTarget(tenant, id)]);
	applyRules(tenant, call, id);
	return ok(renderUser(tenant, user), { ETag: userTag(user) });
}

function checkTag(call: Call, user: Wire<User>): void {
	const wanted = call.headers["if-match"];
	if (wanted === undefined || wanted === "*") return;
	const bare = (tag: string): string => tag.trim().replace(/^W\//, "");
	if (!wanted.split(",").some((tag) => bare(tag) === bare(userTag(user)))) throw apiError("E0000231");
}

function save(call: Call, replace: boolean): Reply {
	const { tenant } = call;
	const user = userAt(call, "id");
	const body = bodyOf(call);
	checkTag(call, user);
	if (user.status === "DEPROVISIONED") throw apiError("E0000038");
	if (replace && !isRecord(body.profile)) throw invalid("profile", "The field cannot be left blank");
	const before = (user.profile ?? {}) as unknown as Record<string, unknown>;
	const merged = { ...(replace ? {} : before), ...(isRecord(body.profile) ? body.profile : {}) };
	const profile = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
	checkProfile(tenant, profile, user.id);
	const givenType = isRecord(body.type) && typeof body.type.id === "string" ? body.type.id : undefined;
	if (!replace && givenType !== undefined && givenType !== user.type?.id) throw invalid("type", "The type of a user can't be changed by a partial update");
	const newPassword = isRecord(body.credentials) && body.credentials.password !== undefined;
	const changed = changeUser(tenant, user, {
		profile: profile as unknown as Profile,
		...(body.credentials === undefined ? {} : { credentials: shownCredentials(body.credentials, user.credentials) }),
		...(newPassword ? { passwordChanged: iso(tenant.now()) } : {}),
		...(givenType === undefined ? {} : { type: { id: givenType } }),
	} as Partial<Wire<User>>);
	noteLogin(tenant, user.id, user, changed);
	logEvent(tenant, call, "user.account.update_profile", "Update user profile for Okta", [userTarget(tenant, user.id)]);
	if (newPassword) logEvent(tenant, call, "user.account.update_password", "User update password for Okta", [userTarget(tenant, user.id)]);
	applyRules(tenant, call, user.id, user);
	return ok(renderUser(tenant, changed), { ETag: userTag(changed) });
}

/** POST /users/{id}: what isn't given stays. */
export function updateUser(call: Call): Reply {
	return save(call, false);
}

/** PUT /users/{id}: profile properties not given are gone. */
export function replaceUser(call: Call): Reply {
	return save(call, true);
}
