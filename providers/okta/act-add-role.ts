import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionTarget, Inspection } from "../../src/provider/action.js";
import { HttpError } from "../../src/provider/http-error.js";
import { absent, liveAccount } from "./act-account.js";
import { ActionError, needed, type OktaAction } from "./act-guard.js";
import { clockGrain, isGone, type Look, readBack, sendOnce, serverNow } from "./act-read-back.js";
import { groupExists, type Holder, holderOf, type LiveRole, liveRoles, meant } from "./act-role-holder.js";
import { addTargets, askedTargets, isHalfOf, isNarrowed, type RoleTargets, readTargets, sameTargets } from "./act-role-targets.js";
import type { OktaConnection } from "./connection.js";
import { idOf, word } from "./schema.js";

/** Gives an administrator's role; what undoes `remove-role`. */
export const addRole: OktaAction = {
	kind: "add-role",
	scopes: ["okta.roles.manage", "okta.roles.read", "okta.users.read", "okta.groups.read"],
	reversible: true,
	operatorOnly: false,
	effect:
		"The account, or every member of the group, gets this role. A standard role is given for the whole org first and narrowed to its targets right after.",
	async inspect(connection, target, interrupted) {
		const holder = holderOf(target);
		const missing = await missingHolder(connection, holder);
		if (missing) return missing;
		const role = needed(target, "role");
		const wanted = askedTargets(target.values);
		const facts = { role, scope: target.scope ?? null, asOf: serverNow(connection) };
		const live = await liveRoles(connection, holder);
		if (live === null) throw new ActionError(`Okta has ${holder.id} and denies its list of roles`);
		const now = own(live.roles, target);
		if (!now) return { exists: true, done: false, refused: refusal(target, wanted), facts, request: live.request };
		const targets = await readTargets(connection, holder, now);
		const done = sameTargets(targets, wanted);
		const halfDone = !done && interrupted !== undefined && isHalfOf(targets, wanted) && isOurs(now, interrupted);
		const refused = done || halfDone ? null : `it holds ${now.label} already, with other targets: take that away first`;
		const seen = { ...facts, assignment: now.id, ...(halfDone && { halfGiven: now.id }) };
		return { exists: true, done, refused, facts: seen, request: live.request, ...(halfDone && { halfDone }) };
	},
	async perform(connection, target, before) {
		const holder = holderOf(target);
		const wanted = askedTargets(target.values);
		const refused = refusal(target, wanted);
		if (refused) throw new ActionError(refused);
		const half = word(before?.facts.halfGiven);
		if (half !== undefined) return narrow(connection, holder, half, wanted);
		const { assignment, request } = await give(connection, holder, target, wanted);
		return assignment !== null && isNarrowed(wanted) ? narrow(connection, holder, assignment, wanted) : request;
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
	return (await groupExists(connection, id)) ? null : { ...absent, refused: "Okta has no such group" };
}

/** Gives the role for the whole org; its id, where it must be narrowed. Okta has no call that gives a standard role with its targets. */
async function give(
	connection: OktaConnection,
	holder: Holder,
	target: ActionTarget,
	wanted: RoleTargets,
): Promise<{ assignment: string | null; request: RequestRef }> {
	const role = needed(target, "role");
	const body = target.scope === undefined ? { type: role } : { type: "CUSTOM", role, "resource-set": target.scope };
	let assignment: string | null = null;
	const send = async () => {
		const answer = await connection.http.client.send({ method: "POST", path: holder.path, params: holder.params, body });
		assignment = idOf(answer.body);
		return answer;
	};
	const narrowed = isNarrowed(wanted);
	const given = async (): Promise<{ assignment: string; request: RequestRef } | null> => {
		let found: LiveRole | undefined;
		const there = async (): Promise<Look> => {
			const live = await liveRoles(connection, holder);
			found = own(live?.roles ?? [], target);
			return { holds: found !== undefined, detail: "", request: live?.request ?? null };
		};
		const { request } = await readBack(connection, there, { budget: settleBudget });
		return found && request ? { assignment: found.id, request } : null;
	};
	let request: RequestRef;
	try {
		request = await sendOnce(connection, send, look(connection, holder, target, wanted));
	} catch (error) {
		if (!narrowed || !(error instanceof HttpError) || !error.ambiguous) throw error;
		// Given or not, it must not stay wider than asked for until somebody looks. A look that fails leaves the doubt as it is.
		const found = await given().catch(() => null);
		if (found === null) throw error;
		return found;
	}
	// Given, and not said as what: it has to be found to be narrowed.
	if (narrowed && assignment === null) assignment = (await given().catch(() => null))?.assignment ?? null;
	if (narrowed && assignment === null) throw new ActionError(`${holder.id} may hold ${role} WIDER than asked for: it was given and is not to be found`, true);
	return { assignment, request };
}

/** How long a role that was given may take to show, in milliseconds. */
const settleBudget: Millis = 10_000;
/** A call that was interrupted gave the role within this time after it was looked at, in milliseconds: longer than a request may take. */
const callTime: Millis = 10 * 60_000;

/** The journal says that the role was not held right before the call, and Okta that it was given right after. */
function isOurs({ id, created }: LiveRole, { assignment, halfGiven, asOf }: Record<string, unknown>): boolean {
	if (halfGiven !== undefined) return halfGiven === id;
	if (assignment !== undefined || typeof asOf !== "number" || created === null) return false;
	return created >= asOf - clockGrain && created <= asOf + callTime;
}

/** A role without its targets is wider than what was asked for: it is taken away again when they can't all be set. */
async function narrow(connection: OktaConnection, holder: Holder, assignment: string, wanted: RoleTargets): Promise<RequestRef> {
	try {
		return await addTargets(connection, holder, assignment, wanted);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		try {
			await connection.http.client.send({
				method: "DELETE",
				path: `${holder.path}/{roleAssignmentId}`,
				params: { ...holder.params, roleAssignmentId: assignment },
			});
		} catch (second) {
			if (!isGone(second))
				throw new ActionError(
					`${holder.id} holds the role WIDER than asked for, as ${assignment}: its targets could not be set (${why}), nor could it be taken away again; take it away by hand`,
					true,
				);
		}
		throw new ActionError(`the role's targets could not be set, and it was taken away again: ${why}`);
	}
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
