import type { AppRecord, GroupRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CoverageReason, ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext, Reader } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { current, whole } from "./read.js";
import { eligibleInGroups } from "./read-roles-groups.js";
import { heldByOlderList } from "./read-roles-older.js";
import { servicePrincipals } from "./read-service-principals.js";
import { type Tally, tally } from "./read-tally.js";
import { known } from "./schema.js";
import { type AssignmentWay, assignmentId, decodeDefinition, decodeHold, type Hold, type RoleDefinition } from "./schema-role.js";

const scope = "RoleManagement.Read.Directory";
const root = "/v1.0/roleManagement/directory";

/** Who a principal's id belongs to. */
export interface Principals {
	groups: ReadonlySet<string>;
	/** Client id by service principal. */
	clients: ReadonlyMap<string, string>;
}

/**
 * Active assignments, those that Privileged Identity Management makes eligible or bounds in time, and eligible members of groups that hold a role.
 * Without the licence there is no eligibility to read, and active assignments are whole all the same.
 */
export const roleAssignments: Reader<EntraConnection> = {
	collection: "roleAssignments",
	after: ["groups"],
	scopes: [scope, "PrivilegedEligibilitySchedule.Read.AzureADGroup"],
	async *read(connection, context) {
		const failures = tally();
		const definitions = await roleDefinitions(connection, context, failures);
		const principals = await principalsOf(connection, context, failures);
		const plain = await holds(connection, context, `${root}/roleAssignments`, failures, false);
		if (plain.request === null) {
			yield* heldByOlderList(connection, context, principals, failures);
			return yield { records: [], request: null, end: { closed: false, reasons: failures.reasons() } };
		}
		const timed = await holds(connection, context, `${root}/roleAssignmentScheduleInstances`, failures, true);
		const eligible = await holds(connection, context, `${root}/roleEligibilityScheduleInstances`, failures, true);
		const bounds = new Map(timed.holds.filter(({ inherited }) => !inherited).map((hold) => [keyOf(hold), hold]));
		const records: ReadRecord[] = [];
		for (const hold of plain.holds) {
			const bound = bounds.get(keyOf(hold));
			const way: AssignmentWay = bound ? "pim-active" : "plain";
			records.push(recordOf(hold, { way, bound, assignment: "active", told: timed.whole }, definitions, principals));
		}
		yield { records, request: plain.request };
		const more = eligible.holds
			.filter(({ inherited }) => !inherited)
			.map((hold) => recordOf(hold, { way: "pim-eligible", bound: hold, assignment: "eligible", told: true }, definitions, principals));
		yield { records: more, request: eligible.request };
		const ofGroups = [...records, ...more].map(({ body }) => body as RoleAssignmentRecord).filter(({ principalType }) => principalType === "group");
		if (ofGroups.length > 0) yield* eligibleInGroups(connection, context, ofGroups, principals, failures);
		if (failures.failed() === 0 && !records.some(({ body }) => (body as RoleAssignmentRecord).level === "top")) failures.fail(noTop);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons() } };
	},
};

const noTop: CoverageReason = {
	cause: "floor",
	detail: "no holder of a role that can take the tenant was found, and every tenant has one: this credential does not see them",
};

const keyOf = ({ principal, role, scope: where }: Hold): string => `${principal}/${role}/${where}`;

interface How {
	way: AssignmentWay;
	bound: Hold | undefined;
	assignment: "active" | "eligible";
	/** What bounds assignments in time was read whole: one that is not there has no bound. */
	told: boolean;
}

function recordOf(hold: Hold, { way, bound, assignment, told }: How, definitions: Map<string, RoleDefinition>, { groups, clients }: Principals): ReadRecord {
	const role = definitions.get(hold.role);
	const client = clients.get(hold.principal);
	const id = assignmentId(way, hold.id);
	const body = known<RoleAssignmentRecord>({
		id,
		principalType: client !== undefined ? "client" : groups.has(hold.principal) ? "group" : "account",
		principal: client ?? hold.principal,
		role: hold.role,
		label: role?.label ?? hold.role,
		level: role?.level ?? "unknown",
		assignment,
		scope: hold.scope === "/" ? null : hold.scope,
		ends: bound ? bound.ends : told ? null : undefined,
		custom: role?.custom ?? false,
		governed: bound ? governedBy(bound, assignment) : told ? null : undefined,
	});
	return { id: `${body.principal}/${id}`, body };
}

/** Given on request, or for a time. */
function governedBy({ type, ends }: Hold, assignment: How["assignment"]): boolean | undefined {
	if (assignment === "eligible" || type === "Activated") return true;
	return ends === undefined ? undefined : ends !== null;
}

/** Beta alone says which roles are privileged; without it the published list does. */
async function roleDefinitions(connection: EntraConnection, context: ReadContext, failures: Tally): Promise<Map<string, RoleDefinition>> {
	const query = { $select: "id,templateId,displayName,isBuiltIn,isPrivileged" };
	let found = await whole(connection, { method: "GET", path: "/beta/roleManagement/directory/roleDefinitions", query }, context.signal);
	if (found.end.error && found.end.error.cause !== "scope") found = await whole(connection, { method: "GET", path: `${root}/roleDefinitions` }, context.signal);
	failures.end(found.end);
	const definitions = new Map<string, RoleDefinition>();
	for (const item of found.items) {
		const role = decodeDefinition(item);
		if ("ok" in role) definitions.set(role.ok.id, role.ok);
		else failures.fail({ cause: "quarantine", detail: `a role definition could not be understood: ${role.bad}` });
	}
	return definitions;
}

interface Holds {
	holds: Hold[];
	/** Null where the list can't be had. */
	request: RequestRef | null;
	/** Nothing of it is missing. */
	whole: boolean;
}

/** `pim`: the list needs a licence, without which there is nothing in it. */
async function holds(connection: EntraConnection, context: ReadContext, path: string, failures: Tally, pim: boolean): Promise<Holds> {
	const { items, end, request } = await whole(connection, { method: "GET", path }, context.signal);
	if (pim && end.error?.cause === "licence") {
		failures.note({ ...reasonOf(end.error), detail: `there are no eligible assignments, and none with an end, to be read (${end.error.message})` });
		return { holds: [], request: null, whole: true };
	}
	failures.end(end);
	if (end.error) return { holds: [], request: null, whole: false };
	const found: Holds = { holds: [], request, whole: end.closed };
	for (const item of items) {
		const hold = decodeHold(item);
		if ("ok" in hold) found.holds.push(hold.ok);
		else {
			found.whole = false;
			failures.fail({ cause: "quarantine", detail: `${path}: a record could not be understood: ${hold.bad}` });
		}
	}
	return found;
}

async function principalsOf(connection: EntraConnection, context: ReadContext, failures: Tally): Promise<Principals> {
	const groups = new Set((await current<GroupRecord>(context, "groups")).map(({ id }) => id));
	if (context.coverage("groups")?.state !== "complete")
		failures.fail({ cause: "depends", detail: "groups were not read to the end, and a group can hold a role" });
	const apps = await servicePrincipals(connection, context);
	if (!apps.end.closed) failures.fail({ cause: "depends", detail: "service principals were not read to the end, and one can hold a role" });
	return { groups, clients: new Map(apps.found.map(({ record }: { record: AppRecord }) => [record.id, record.clientId ?? record.id])) };
}
