import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionTarget, Inspection } from "../../src/provider/action.js";
import { HttpError } from "../../src/provider/http-error.js";
import { absent, liveAccount } from "./act-account.js";
import { ActionError, needed, type OktaAction } from "./act-guard.js";
import { isGone, type Look, readBack, sendOnce } from "./act-read-back.js";
import { type Holder, holderOf, type LiveRole, liveRoles, meant } from "./act-role-holder.js";
import { addTargets, askedTargets, isNarrowed, type RoleTargets, readTargets, sameTargets } from "./act-role-targets.js";
import type { OktaConnection } from "./connection.js";
import { idOf } from "./schema.js";

/** Gives an administrator's role; what undoes `remove-role`. */
export const addRole: OktaAction = {
	kind: "add-role",
	scopes: ["okta.roles.manage", "okta.roles.read", "okta.users.read", "okta.groups.read"],
	reversible: true,
	operatorOnly: false,
	effect:
		"The account, or every member of the group, gets this role. A standard role is given for the whole org first and narrowed to its targets right after.",
	async inspect(connection, target) {
		const holder = holderOf(target);
		const missing = await missingHolder(connection, holder);
		if (missing) return missing;
		const role = needed(target, "role");
		const wanted = askedTargets(target.values);
		const facts = { role, scope: target.scope ?? null };
		const live = await liveRoles(connection, holder);
		if (live === null) throw new ActionError(`Okta has ${holder.id} and denies its list of roles`);
		const now = own(live.roles, target);
		if (!now) return { exists: true, done: false, refused: refusal(target, wanted), facts, request: live.request };
		const done = sameTargets(await readTargets(connection, holder, now), wanted);
		const refused = done ? null : `it holds ${now.label} already, with other targets: take that away first`;
		return { exists: true, done, refused, facts: { ...facts, assignment: now.id }, request: live.request };
	},
	async perform(connection, target) {
		const holder = holderOf(target);
		const role = needed(target, "role");
		const wanted = askedTargets(target.values);
		const refused = refusal(target, wanted);
		if (refused) throw new ActionError(refused);
		const body = target.scope === undefined ? { type: role } : { type: "CUSTOM", role, "resource-set": target.scope };
		let assignment: string | null = null;
		const send = async () => {
			const answer = await connection.http.client.send({ method: "POST", path: holder.path, params: holder.params, body });
			assignment = idOf(answer.body);
			return answer;
		};
		const request = await sendOnce(connection, send, look(connection, holder, target, wanted)).catch(async (error) => {
			if (!isNarrowed(wanted) || !(error instanceof HttpError) || !error.ambiguous) throw error;
			// Given or not, it must not stay wider than asked for until somebody looks.
			assignment = (await held(connection, holder, target))?.id ?? null;
			if (assignment === null) throw error;
			return error.request;
		});
		if (assignment !== null && isNarrowed(wanted)) await narrow(connection, holder, assignment, wanted);
		return request;
	},
	verify(connection, target) {
		return readBack(connection, look(connection, holderOf(target), target, askedTargets(target.values)), { times: 2 });
	},
	// The assignment gets its id only now: it is found by its role.
	inverse({ account, group, role, scope }) {
		if (role === undefined) return null;
		return {
			kind: "remove-role",
			target: { ...(account !== undefined && { account }), ...(group !== undefined && { group }), role, ...(scope !== undefined && { scope }) },
		};
	},
};

function refusal({ role, scope }: ActionTarget, wanted: RoleTargets): string | null {
	if (scope !== undefined) return isNarrowed(wanted) ? "a custom role is bounded by its resource set: it has no targets" : null;
	// Standard roles are words, custom ones ids.
	return role !== undefined && /^[A-Z]+(?:_[A-Z]+)*$/.test(role)
		? null
		: `${role} is not a standard role, and a custom one needs the resource set it is given in`;
}

async function missingHolder(connection: OktaConnection, { type, id }: Holder): Promise<Inspection | null> {
	if (type === "account") {
		const account = await liveAccount(connection, id);
		if (!account) return absent;
		return account.status === "DEPROVISIONED"
			? { exists: true, done: false, refused: "the account is deactivated", facts: { status: account.status }, request: account.request }
			: null;
	}
	try {
		await connection.http.client.send({ method: "GET", path: "/api/v1/groups/{groupId}", params: { groupId: id } });
		return null;
	} catch (error) {
		if (isGone(error)) return { ...absent, refused: "Okta has no such group" };
		throw error;
	}
}

/** A role without its targets is wider than what was asked for: it is taken away again when they can't all be set. */
async function narrow(connection: OktaConnection, holder: Holder, assignment: string, wanted: RoleTargets): Promise<void> {
	try {
		await addTargets(connection, holder, assignment, wanted);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		try {
			await connection.http.client.send({
				method: "DELETE",
				path: `${holder.path}/{roleAssignmentId}`,
				params: { ...holder.params, roleAssignmentId: assignment },
			});
		} catch {
			throw new ActionError(
				`${holder.id} holds the role WIDER than asked for, as ${assignment}: its targets could not be set (${why}), nor could it be taken away again; take it away by hand`,
				true,
			);
		}
		throw new ActionError(`the role's targets could not be set, and it was taken away again: ${why}`);
	}
}

async function held(connection: OktaConnection, holder: Holder, target: ActionTarget): Promise<LiveRole | undefined> {
	return own((await liveRoles(connection, holder))?.roles ?? [], target);
}

/** The holder's own assignment of the role that is to be given. */
function own(roles: LiveRole[], target: ActionTarget): LiveRole | undefined {
	return meant(roles, { role: needed(target, "role"), ...(target.scope !== undefined && { scope: target.scope }) }).find(({ through }) => through === null);
}

const look = (connection: OktaConnection, holder: Holder, target: ActionTarget, wanted: RoleTargets) => async (): Promise<Look> => {
	const live = await liveRoles(connection, holder);
	const request: RequestRef | null = live?.request ?? null;
	const role = own(live?.roles ?? [], target);
	if (!role) return { holds: false, detail: "the role is not among its roles", request };
	const same = sameTargets(await readTargets(connection, holder, role), wanted);
	return { holds: same, detail: same ? `it holds ${role.label}` : `it holds ${role.label} with other targets than asked for`, request };
};
