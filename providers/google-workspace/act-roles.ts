import type { ActionTarget, Inspection } from "../../src/provider/action.js";
import { ActionError, needed } from "../../src/provider/action-error.js";
import { word } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import { sendOnce } from "./act-account.js";
import type { GoogleAction } from "./act-guard.js";
import type { GoogleConnection } from "./connection.js";
import { assignmentById, assignmentsOf, assignmentsPath, type LiveAssignment, liveRole, principalOf } from "./live-role.js";
import { isGone, one } from "./read.js";
import { readScope, writeScope } from "./scopes.js";

const scopes = [writeScope.roles, writeScope.users, readScope.members];
/** Assignments take a while to show. */
const showsWithin = 120_000;

/** The assignment that is meant, and nothing else. */
async function meant(connection: GoogleConnection, target: ActionTarget) {
	const principal = principalOf(target);
	if (target.assignment !== undefined) {
		const { found, request } = await assignmentById(connection, target.assignment);
		if (found && found.assignedTo !== principal) throw new ActionError(`the role assignment ${target.assignment} is not that of ${principal}`);
		return { found: found ? [found] : [], request };
	}
	const { found, request } = await assignmentsOf(connection, principal, needed(target, "role"));
	return { found: found.filter(({ unit }) => (target.scope ?? null) === unit), request };
}

const goneLook = (connection: GoogleConnection, target: ActionTarget) => async (): Promise<Look> => {
	const { found, request } = await meant(connection, target);
	const holds = found.length === 0;
	return { holds, detail: holds ? "the role is not held any more" : "the role is still held", request };
};

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/roleAssignments/delete */
export const removeRole: GoogleAction = {
	kind: "remove-role",
	scopes,
	reversible: true,
	operatorOnly: false,
	effect: "The account or group loses this administrator's role; the account itself and its other roles stay. What was done with the role stays.",
	async inspect(connection, target) {
		const { found, request } = await meant(connection, target);
		const [held] = found;
		if (!held) return { exists: true, done: true, refused: null, facts: { role: target.role ?? null, scope: target.scope ?? null }, request };
		const role = await liveRole(connection, held.role);
		const facts = { ...factsOf(held), label: role?.name ?? held.role };
		const several = found.length > 1 ? "several assignments fit: name the assignment's id" : null;
		return { exists: true, done: false, refused: several ?? (await ownGroup(connection, target)), facts, request };
	},
	async perform(connection, target) {
		const { found, request } = await meant(connection, target);
		const [held, ...others] = found;
		if (!held) return request;
		const refused = others.length > 0 ? "several assignments fit: name the assignment's id" : await ownGroup(connection, target);
		if (refused) throw new ActionError(refused);
		const path = `${assignmentsPath}/{roleAssignmentId}`;
		const params = { customer: connection.customer, roleAssignmentId: held.id };
		return sendOnce(connection, () => connection.http.send({ method: "DELETE", path, params }), goneLook(connection, { ...target, assignment: held.id }));
	},
	verify: (connection, target) => readBack(connection.config, goneLook(connection, target), showsWithin),
	inverse(target, { facts }) {
		const role = word(facts.role) ?? target.role;
		// Of what kind its bounds were is not known: without them it would come back wider.
		if (!role || facts.unit === "unknown") return null;
		const scope = word(facts.scope) ?? target.scope;
		const values = { ...(word(facts.condition) && { condition: facts.condition }), ...(word(facts.ends) && { ends: facts.ends }) };
		const who = target.group === undefined ? { account: needed(target, "account") } : { group: target.group };
		return { kind: "add-role", target: { ...who, role, ...(scope && { scope }), ...(Object.keys(values).length > 0 && { values }) } };
	},
};

function factsOf({ id, role, unit, condition, ends }: LiveAssignment): Record<string, unknown> {
	return { assignment: id, role, scope: unit ?? null, ...(unit === undefined && { unit: "unknown" }), ...(condition && { condition }), ...(ends && { ends }) };
}

/** The administrator that is acted as is in this group: its role may be what Keelson lives by. */
async function ownGroup(connection: GoogleConnection, { group }: ActionTarget): Promise<string | null> {
	const [me] = (await connection.self()).accounts;
	if (group === undefined || me === undefined) return null;
	const request = { method: "GET" as const, path: "/admin/directory/v1/groups/{groupKey}/members/{memberKey}", params: { groupKey: group, memberKey: me } };
	const answer = await one(connection, request, connection.config.signal);
	if ("error" in answer && !isGone(answer.error)) throw answer.error;
	return "body" in answer ? `${me}, whom Keelson acts as, is in this group: its roles are never changed here` : null;
}

const heldLook = (connection: GoogleConnection, target: ActionTarget) => async (): Promise<Look> => {
	const { found, request } = await assignmentsOf(connection, principalOf(target), needed(target, "role"));
	const holds = found.some(({ unit, condition }) => unit === (target.scope ?? null) && condition === (word(target.values?.condition) ?? null));
	return { holds, detail: holds ? "the role is held" : "the role is not held", request };
};

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/roleAssignments/insert */
export const addRole: GoogleAction = {
	kind: "add-role",
	scopes,
	reversible: true,
	operatorOnly: true,
	effect: "The account or group gets this administrator's role, at once and for everything the role's org unit holds.",
	async inspect(connection, target): Promise<Inspection> {
		const role = await liveRole(connection, needed(target, "role"));
		if (!role) return { exists: false, done: false, refused: "Google has no such role", facts: {}, request: null };
		const { holds, request } = await heldLook(connection, target)();
		const refused =
			role.top && (target.group !== undefined || target.scope) ? "the role of super administrators is given to accounts only, and for the whole tenant" : null;
		return { exists: true, done: holds, refused: holds ? null : refused, facts: { role: target.role, label: role.name, scope: target.scope ?? null }, request };
	},
	async perform(connection, target) {
		const roleId = needed(target, "role");
		const look = heldLook(connection, target);
		const now = await look();
		if (now.holds && now.request) return now.request;
		const role = await liveRole(connection, roleId);
		if (!role) throw new ActionError("Google has no such role");
		return sendOnce(connection, () => connection.http.send(requestFor(connection, target, roleId, role.top)), look);
	},
	verify: (connection, target) => readBack(connection.config, heldLook(connection, target), showsWithin),
	inverse(target) {
		const who = target.group === undefined ? { account: needed(target, "account") } : { group: target.group };
		return { kind: "remove-role", target: { ...who, role: needed(target, "role"), ...(target.scope && { scope: target.scope }) } };
	},
};

function requestFor(connection: GoogleConnection, target: ActionTarget, roleId: string, top: boolean): HttpRequest {
	const principal = principalOf(target);
	// Google's own way to make a super administrator.
	if (top) return { method: "POST", path: "/admin/directory/v1/users/{userKey}/makeAdmin", params: { userKey: principal }, body: { status: true } };
	const { condition, ends } = target.values ?? {};
	const body = {
		roleId,
		assignedTo: principal,
		scopeType: target.scope ? "ORG_UNIT" : "CUSTOMER",
		...(target.scope && { orgUnitId: target.scope }),
		...(word(condition) && { condition }),
		...(word(ends) && { expirationDetails: { expireTime: ends } }),
	};
	return { method: "POST", path: assignmentsPath, params: { customer: connection.customer }, body };
}
