import type { GroupRecord } from "../../src/model/objects.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import type { ChainEnd } from "./paging.js";
import { list } from "./read.js";
import { at, type Decoded, identified, known, object, stamp, text, word } from "./schema.js";

/** A role: as a group, and what it holds. */
export interface Role {
	group: GroupRecord;
	/** Ids of access profiles whose access comes with it; null = not readable. */
	accessProfiles: string[] | null;
}

export interface RoleList {
	roles: Role[];
	pages: ReadPage[];
	end: ChainEnd;
}

const memories = new WeakMap<SailPointConnection, { scanStarted: number; roles: Promise<RoleList> }>();

/** The roles, read once a scan. The largest page is 50. */
export function rolesOf(connection: SailPointConnection, context: ReadContext): Promise<RoleList> {
	const before = memories.get(connection);
	if (before?.scanStarted === context.scanStarted) return before.roles;
	const roles = read(connection, context);
	memories.set(connection, { scanStarted: context.scanStarted, roles });
	return roles;
}

async function read(connection: SailPointConnection, context: ReadContext): Promise<RoleList> {
	const found: RoleList = { roles: [], pages: [], end: { closed: false, reasons: [] } };
	for await (const page of list(connection, { path: "/v2026/roles", query: { sorters: "created" }, limit: 50 }, context.signal)) {
		const quarantined: NonNullable<ReadPage["quarantined"]> = [...page.quarantined];
		const decoded: Role[] = [];
		for (const item of page.items) {
			const role = decodeRole(item);
			if ("bad" in role) quarantined.push({ id: role.id, why: role.bad });
			else decoded.push(role.ok);
		}
		found.roles.push(...decoded);
		found.pages.push({
			records: decoded.map(({ group }) => ({ id: group.id, body: group })),
			request: page.request,
			...(quarantined.length > 0 && { quarantined }),
		});
		if (page.end) found.end = page.end;
	}
	return found;
}

function decodeRole(item: unknown): Decoded<Role> {
	const group = decodeGroup(item, "ROLE");
	if ("bad" in group) return group;
	const held = object(item)?.accessProfiles;
	const ids = held === null ? [] : Array.isArray(held) ? held.map((one) => word(at(one, "id"))) : null;
	return { ok: { group: group.ok, accessProfiles: ids?.every((id) => id !== undefined) ? ids : null } };
}

/** A role or access profile as a group. Who is in it is decided by requests, criteria and roles: the object itself is set by hand. */
export function decodeGroup(item: unknown, type: "ROLE" | "ACCESS_PROFILE"): Decoded<GroupRecord> {
	const found = identified(item, type === "ROLE" ? "role" : "access profile");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const byRule = type === "ACCESS_PROFILE" || object(raw.membership) !== null;
	return {
		ok: known<GroupRecord>({
			id,
			name: word(raw.name) ?? id,
			type,
			source: byRule ? "rule" : "direct",
			description: text(raw.description),
			created: stamp(raw.created),
		}),
	};
}
