import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CoverageReason, ReadRecord } from "../../src/model/snapshot.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { list, whole } from "./read.js";
import type { Principals } from "./read-roles.js";
import type { Tally } from "./read-tally.js";
import { levelOf } from "./roles.js";
import { at, known, word } from "./schema.js";
import { assignmentId } from "./schema-role.js";

const inPart: CoverageReason = {
	cause: "depends",
	detail:
		"role assignments could not be listed: members of the directory roles stand in for them, so that eligible ones, ends, custom roles and roles over a part of the tenant are unknown",
};

/**
 * The older list, for when role assignments can't be read: who holds a built-in role over the whole tenant now. It tells neither whether that ends
 * nor who may make a role active, so it is never the whole of it. https://learn.microsoft.com/graph/api/directoryrole-list-members
 */
export async function* heldByOlderList(connection: EntraConnection, context: ReadContext, principals: Principals, failures: Tally): AsyncGenerator<ReadPage> {
	const roles = await whole(connection, { method: "GET", path: "/v1.0/directoryRoles" }, context.signal);
	failures.end(roles.end);
	if (roles.items.length === 0) return;
	failures.fail(inPart);
	const before = new Map<string, RoleAssignmentRecord>();
	for await (const { body } of context.previous("roleAssignments")) {
		const record = body as RoleAssignmentRecord;
		if (record.assignment === "active" && record.scope === null) before.set(`${record.principal}/${record.role}`, record);
	}
	for (const role of roles.items) {
		const [id, template, label] = [word(at(role, "id")), word(at(role, "roleTemplateId")), word(at(role, "displayName"))];
		if (id === undefined || template === undefined) {
			failures.fail({ cause: "quarantine", detail: "a directory role could not be understood: it has no id or template" });
			continue;
		}
		for await (const page of list(connection, { method: "GET", path: "/v1.0/directoryRoles/{roleId}/members", params: { roleId: id } }, context.signal)) {
			const records: ReadRecord[] = [];
			const quarantined: { id: string | null; why: string }[] = [];
			for (const item of page.items) {
				const member = word(at(item, "id"));
				if (member === undefined) {
					quarantined.push({ id: null, why: "a member of a directory role has no id" });
					continue;
				}
				const client = principals.clients.get(member);
				const type = word(at(item, "@odata.type"));
				const principalType =
					client !== undefined || type === "#microsoft.graph.servicePrincipal"
						? "client"
						: principals.groups.has(member) || type === "#microsoft.graph.group"
							? "group"
							: "account";
				const principal = client ?? member;
				// The assignment keeps the id that it was last read with.
				const assignment = before.get(`${principal}/${template}`)?.id ?? assignmentId("plain", `${id}/${member}`);
				const body = known<RoleAssignmentRecord>({
					id: assignment,
					principalType,
					principal,
					role: template,
					label: label ?? template,
					level: levelOf(template, true, undefined),
					assignment: "active",
					scope: null,
					custom: false,
				});
				records.push({ id: `${principal}/${assignment}`, body });
			}
			yield { records, request: page.request, ...(quarantined.length > 0 && { quarantined }) };
			failures.end(page.end ?? { closed: true, reasons: [] });
		}
	}
}
