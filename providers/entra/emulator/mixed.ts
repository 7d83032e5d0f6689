import { reads } from "./access.js";
import { type Kind, kinds } from "./kinds.js";
import type { Listed } from "./list.js";
import { objectOf } from "./rows.js";
import type { DirectoryTable, Raw } from "./state.js";
import { type GraphCall, may, type Tenant } from "./tenant.js";

const types: Record<DirectoryTable, { kind: Kind; scopes: readonly string[] }> = {
	users: { kind: kinds.user, scopes: reads.users },
	groups: { kind: kinds.group, scopes: reads.groups },
	devices: { kind: kinds.device, scopes: reads.devices },
	applications: { kind: kinds.application, scopes: reads.apps },
	servicePrincipals: { kind: kinds.servicePrincipal, scopes: reads.apps },
};

/** Marks the type of a row in a list of directory objects. */
const TYPE = Symbol("type");

interface Marked extends Raw {
	[TYPE]?: DirectoryTable;
}

/** Directory objects by id, those that are gone left out. */
export function objects(tenant: Tenant, ids: readonly string[]): Raw[] {
	return ids.flatMap((id): Raw[] => {
		const found = objectOf(tenant, id);
		return found ? [{ ...found.entity, [TYPE]: found.table }] : [];
	});
}

export function typeOfRow(row: Raw): string {
	const table = (row as Marked)[TYPE];
	return table ? types[table].kind.type : "microsoft.graph.directoryRole";
}

function mixed(row: Raw, call: GraphCall): { kind: Kind; type: string; readable: boolean } {
	const table = (row as Marked)[TYPE];
	if (!table) return { kind: kinds.directoryRole, type: kinds.directoryRole.type, readable: true };
	const { kind, scopes } = types[table];
	return { kind, type: kind.type, readable: may(call, ...scopes) };
}

const everything = Object.assign({}, ...Object.values(types).map(({ kind }) => kind.unset), kinds.directoryRole.unset);

/** A list of directory objects of several types. */
export const directoryObjects: Listed = {
	kind: { type: "microsoft.graph.directoryObject", basic: null, unset: everything },
	context: "directoryObjects",
	directory: true,
	filters: ["id", "displayName", "mail", "userPrincipalName", "accountEnabled", "userType", "securityEnabled", "mailEnabled", "appId"],
	orders: ["displayName"],
	page: { usual: 100, most: 999, over: "refuse" },
	mixed,
};

/** One directory object inside another (`$expand`): its own properties, or those selected. */
export function embedded(tenant: Tenant, call: GraphCall, id: string, select: readonly string[] | null): Raw | null {
	const [row] = objects(tenant, [id]);
	if (!row) return null;
	const { kind, type, readable } = mixed(row, call);
	const names = select?.filter((name) => name in kind.unset) ?? kind.basic ?? Object.keys(kind.unset);
	const pairs = names.map((name): [string, unknown] => [name, name === "id" || readable ? (row[name] ?? kind.unset[name]) : null]);
	return { "@odata.type": `#${type}`, ...Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) };
}
