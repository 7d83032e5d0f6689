import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import { batch } from "./batch.js";
import type { EntraConnection } from "./connection.js";
import { list } from "./read.js";
import type { Principals } from "./read-roles.js";
import type { Tally } from "./read-tally.js";
import { at, date, known, word } from "./schema.js";
import { assignmentId } from "./schema-role.js";

const path = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances";

/**
 * Who may make themselves a member of a group that holds a role: eligible for that role, one step further away.
 * The vendor lists them group by group only; a group that never was in Privileged Identity Management is refused as an unsupported resource.
 */
export async function* eligibleInGroups(
	connection: EntraConnection,
	context: ReadContext,
	roles: RoleAssignmentRecord[],
	principals: Principals,
	failures: Tally,
): AsyncGenerator<ReadPage> {
	const ids = [...new Set(roles.map(({ principal }) => principal))];
	const parts = ids.map((id) => ({ path, params: {}, query: `?$filter=${encodeURIComponent(`groupId eq '${id}'`)}` }));
	let unlicensed = false;
	for (const [index, answer] of (await batch(connection, parts, "v1.0", context.signal)).entries()) {
		const group = ids[index] ?? "";
		if ("error" in answer) {
			if (/ResourceTypeNotSupported|ResourceIsNotRegistered/i.test(answer.error.message)) continue;
			if (answer.error.cause !== "licence") failures.add(answer.error);
			else if (!unlicensed)
				failures.note({ ...reasonOf(answer.error), detail: `there are no eligible members of groups to be read (${answer.error.message})` });
			unlicensed ||= answer.error.cause === "licence";
			continue;
		}
		const value = at(answer.body, "value");
		const items = Array.isArray(value) ? [...value] : [null];
		const from = word(at(answer.body, "@odata.nextLink"));
		if (from !== undefined)
			for await (const page of list(connection, { method: "GET", path: `/v1.0${path}` }, context.signal, { from })) {
				items.push(...page.items);
				failures.end(page.end ?? { closed: true, reasons: [] });
			}
		const records: ReadRecord[] = [];
		const quarantined: { id: string | null; why: string }[] = [];
		for (const item of items) {
			const [id, principal, access] = [word(at(item, "id")), word(at(item, "principalId")), word(at(item, "accessId"))];
			if (id === undefined || principal === undefined || access === undefined)
				quarantined.push({ id: id ?? null, why: "an eligible member of a group has no id or principal" });
			else if (access === "member")
				for (const role of roles.filter((one) => one.principal === group))
					records.push(recordOf(role, { id, principal, ends: date(at(item, "endDateTime")) }, principals));
		}
		yield { records, request: answer.request, ...(quarantined.length > 0 && { quarantined }) };
	}
}

interface Member {
	id: string;
	principal: string;
	ends: ReturnType<typeof date>;
}

function recordOf(role: RoleAssignmentRecord, { id, principal, ends }: Member, { groups, clients }: Principals): ReadRecord {
	const client = clients.get(principal);
	const own = assignmentId("pim-group", `${role.principal}/${role.role}/${id}`);
	const body = known<RoleAssignmentRecord>({
		...role,
		id: own,
		principalType: client !== undefined ? "client" : groups.has(principal) ? "group" : "account",
		principal: client ?? principal,
		assignment: "eligible",
		ends,
		governed: true,
	});
	return { id: `${body.principal}/${own}`, body };
}
