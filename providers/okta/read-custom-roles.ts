import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { concurrently } from "./pool.js";
import { decodePage, list, one, whole } from "./read.js";
import { hasGone } from "./read-gone.js";
import type { Tally } from "./read-tally.js";
import { at, idOf, word } from "./schema.js";
import { decodeBindingMember, type Permissions, roleAssignmentKey } from "./schema-role.js";

const scope = "okta.roles.read";
const bindingsPath = "/api/v1/iam/resource-sets/{resourceSetId}/bindings";

/** Fills `permissions` with those of every custom role and yields the members of all bindings. */
export async function* customAssignments(
	connection: OktaConnection,
	context: ReadContext,
	permissions: Permissions,
	failures: Tally,
): AsyncGenerator<ReadPage> {
	const signal = context.signal;
	const roles = await whole(connection, { method: "GET", path: "/api/v1/iam/roles" }, { scope, key: "roles", signal });
	failures.end(roles.end, scope);
	const labels = new Map<string, string>();
	for (const item of roles.items) {
		const id = idOf(item);
		if (id) labels.set(id, word(at(item, "label")) ?? id);
	}
	for await (const [id, found] of concurrently(labels.keys(), 10, (role) => permissionsOf(connection, context, role, failures))) permissions.set(id, found);

	const sets = await whole(connection, { method: "GET", path: "/api/v1/iam/resource-sets" }, { scope, key: "resource-sets", signal });
	failures.end(sets.end, scope);
	const setIds = sets.items.map(idOf);
	if (setIds.includes(null)) failures.end({ closed: false, reasons: [{ cause: "quarantine", detail: "a resource set has no id" }] }, scope);
	for await (const bindings of concurrently(setIds, 10, async (resourceSet) => (resourceSet ? bindingsOf(connection, context, resourceSet, failures) : []))) {
		for (const binding of bindings)
			yield* membersOf(connection, context, { ...binding, label: labels.get(binding.role) ?? binding.role }, permissions, failures);
	}
}

async function permissionsOf(connection: OktaConnection, context: ReadContext, role: string, failures: Tally): Promise<[string, string[] | null]> {
	const listed = await whole(
		connection,
		{ method: "GET", path: "/api/v1/iam/roles/{roleId}/permissions", params: { roleId: role } },
		{ scope, key: "permissions", signal: context.signal },
	);
	failures.end(listed.end, scope);
	if (!listed.end.closed) return [role, null];
	const labels = listed.items.map((permission) => word(at(permission, "label")));
	return [role, labels.includes(undefined) ? null : labels.filter((label) => label !== undefined)];
}

async function bindingsOf(
	connection: OktaConnection,
	context: ReadContext,
	resourceSet: string,
	failures: Tally,
): Promise<{ role: string; resourceSet: string }[]> {
	const found = await whole(
		connection,
		{ method: "GET", path: bindingsPath, params: { resourceSetId: resourceSet } },
		{ scope, key: "roles", signal: context.signal },
	);
	const gone = found.end.error?.status === 404 && found.items.length === 0 && (await hasGone(connection, "resource set", resourceSet, context.signal));
	if (!gone) failures.end(found.end, scope);
	return found.items.flatMap((item) => {
		const role = idOf(item);
		return role ? [{ role, resourceSet }] : [];
	});
}

async function* membersOf(
	connection: OktaConnection,
	context: ReadContext,
	binding: { role: string; label: string; resourceSet: string },
	permissions: Permissions,
	failures: Tally,
): AsyncGenerator<ReadPage> {
	const params = { resourceSetId: binding.resourceSet, roleId: binding.role };
	const request = { method: "GET" as const, path: `${bindingsPath}/{roleId}/members`, params };
	let first = true;
	for await (const page of list(connection, request, { scope, key: "members", signal: context.signal })) {
		yield { ...decodePage(page, { decode: (item) => decodeBindingMember(item, binding, permissions), id: roleAssignmentKey }), request: page.request };
		if (page.end && !(first && page.end.error?.status === 404 && (await isUnbound(connection, context, params)))) failures.end(page.end, scope);
		first = false;
	}
}

/** A binding without members is none: its own address says so too. */
async function isUnbound(connection: OktaConnection, context: ReadContext, params: Record<string, string>): Promise<boolean> {
	const answer = await one(connection, { method: "GET", path: `${bindingsPath}/{roleId}`, params }, context.signal);
	return "error" in answer && isGone(answer.error);
}
