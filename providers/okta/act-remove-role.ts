import type { ActionTarget, Inspection } from "../../src/provider/action.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import { absent, accountFacts, liveAccount } from "./act-account.js";
import { ActionError, needed, type OktaAction } from "./act-guard.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import { groupExists, type Holder, holderOf, type LiveRole, liveRoles, meant } from "./act-role-holder.js";
import { isNarrowed, type RoleTargets, readTargets } from "./act-role-targets.js";
import type { OktaConnection } from "./connection.js";
import { word } from "./schema.js";

/** Takes an administrator's role from the account or group that holds it. */
export const removeRole: OktaAction = {
	kind: "remove-role",
	scopes: ["okta.roles.manage", "okta.roles.read", "okta.users.read"],
	reversible: true,
	operatorOnly: false,
	effect:
		"The account or group loses this role; the account itself, its other roles and those it holds through groups stay. What was done with the role stays.",
	async inspect(connection, target) {
		const holder = holderOf(target);
		const live = await liveRoles(connection, holder);
		if (live === null) return withoutHolder(connection, holder);
		const { request } = live;
		const found = own(live.roles, target);
		const facts = { role: target.role ?? null, scope: target.scope ?? null };
		if (found.length === 0 && !live.whole) throw new ActionError(`a role assignment of ${holder.id} can't be read, and it may be the one`);
		if (found.length === 0) return { exists: true, done: true, refused: null, facts, request };
		const [role] = found;
		if (!role || found.length > 1) return { exists: true, done: false, refused: "several assignments fit: name the assignment's id", facts, request };
		const held = { role: role.role, label: role.label, scope: role.scope, assignment: role.id, targets: await targetsOf(connection, holder, role) };
		return { exists: true, done: false, refused: refusal(role, target), facts: held, request };
	},
	async perform(connection, target) {
		const holder = holderOf(target);
		const live = await liveRoles(connection, holder);
		const [role, ...others] = own(live?.roles ?? [], target);
		if (!role && live && target.assignment === undefined) return live.request;
		const request = removal(holder, target, role);
		const refused = others.length > 0 ? "several assignments fit: name the assignment's id" : role && refusal(role, target);
		if (refused) throw new ActionError(refused);
		return sendOnce(connection, () => connection.http.client.send(request), look(connection, holder, target));
	},
	verify(connection, target, before) {
		const holder = holderOf(target);
		const role = word(before.facts.role);
		const scope = word(before.facts.scope);
		// With the role's name known, a new assignment of the same role is seen too.
		return readBack(connection, look(connection, holder, { ...target, ...(role !== undefined && { role }), ...(scope !== undefined && { scope }) }), {
			times: 2,
		});
	},
	inverse(target, before) {
		const role = word(before.facts.role) ?? target.role;
		const scope = word(before.facts.scope) ?? target.scope;
		const targets = before.facts.targets as RoleTargets | null | undefined;
		// Without its targets, the role would come back wider than it was.
		if (role === undefined || targets === null) return null;
		const who = target.group === undefined ? { account: needed(target, "account") } : { group: target.group };
		const values = targets && isNarrowed(targets) ? { values: { targets: { ...targets } } } : {};
		return { kind: "add-role", target: { ...who, role, ...(scope !== undefined && { scope }), ...values } };
	},
};

/** What an account holds itself comes before what it holds through groups. */
function own(roles: LiveRole[], target: ActionTarget): LiveRole[] {
	const all = meant(roles, target);
	const direct = all.filter(({ through }) => through === null);
	return direct.length > 0 ? direct : all;
}

function refusal(role: LiveRole, target: ActionTarget): string | null {
	if (role.through !== null) return `the account holds ${role.label} through the group ${role.through}: take it out of that group, or the role from the group`;
	// The id of a custom role's assignment depends on the list that it is read from.
	if (role.scope === null && target.assignment !== undefined && target.assignment !== role.id)
		return `${role.label} was given again since it was read, as ${role.id}: look again`;
	return null;
}

async function targetsOf(connection: OktaConnection, holder: Holder, role: LiveRole): Promise<RoleTargets | null> {
	try {
		return await readTargets(connection, holder, role);
	} catch (error) {
		// A role whose targets can't be seen can still be taken away; it can't be given back as it was.
		if (error instanceof HttpError || error instanceof ActionError) return null;
		throw error;
	}
}

function removal(holder: Holder, target: ActionTarget, role: LiveRole | undefined): HttpRequest {
	const id = role?.id ?? needed(target, "assignment");
	const roleId = role?.role ?? target.role;
	const resourceSetId = role ? role.scope : (target.scope ?? null);
	if (resourceSetId === null || roleId === undefined)
		return { method: "DELETE", path: `${holder.path}/{roleAssignmentId}`, params: { ...holder.params, roleAssignmentId: id } };
	return {
		method: "DELETE",
		path: "/api/v1/iam/resource-sets/{resourceSetId}/bindings/{roleId}/members/{memberId}",
		params: { resourceSetId, roleId, memberId: id },
	};
}

const look = (connection: OktaConnection, holder: Holder, target: ActionTarget) => async (): Promise<Look> => {
	const live = await liveRoles(connection, holder);
	if (live === null) {
		// A deactivated holder, or one that is gone, holds no role; of any other, a list that is denied says nothing.
		const { request } = await withoutHolder(connection, holder);
		return { holds: true, detail: "who held the role is deactivated or gone", request };
	}
	const left = own(live.roles, target).filter(({ through }) => through === null);
	const gone = left.length === 0 && live.whole;
	const detail = gone
		? "the role is not among its roles"
		: left[0]
			? `it still holds ${left[0].label}`
			: "one of its role assignments can't be read, and it may be this one";
	return { holds: gone, detail, request: live.request };
};

/** Okta answers 404 for the roles of a deactivated account (okta/okta-sdk-java#646). */
async function withoutHolder(connection: OktaConnection, holder: Holder): Promise<Inspection> {
	if (holder.type === "group" && (await groupExists(connection, holder.id)))
		throw new ActionError(`Okta has the group ${holder.id} and denies its list of roles`);
	const account = holder.type === "account" ? await liveAccount(connection, holder.id) : null;
	if (holder.type === "account" && !account) return absent;
	if (account && account.status !== "DEPROVISIONED") throw new ActionError(`Okta has the account ${holder.id} and denies its list of roles`);
	return { exists: account !== null, done: true, refused: null, facts: account ? accountFacts(account) : {}, request: account?.request ?? null };
}
