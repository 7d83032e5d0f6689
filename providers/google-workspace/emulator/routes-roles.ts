import type { Call, Reply } from "../../../src/emulate/call.js";
import { noContent, ok, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { duplicate, invalid, legacy, notFound, required } from "./errors.js";
import { maybeUser } from "./find.js";
import { etag, longId } from "./ids.js";
import { body, byKey, page, sizeOf } from "./paging.js";
import { privileges } from "./privileges.js";
import { type Operation, rolesOf } from "./rights.js";
import { directory } from "./scopes.js";
import type { AssignmentBody, RoleBody, Tenant } from "./types.js";
import { sentBody } from "./writes-users.js";

const base = "/admin/directory/v1/customer/{customer}";

/** Refuses a customer that is not this one. @throws Refusal 404 */
export function checkCustomer(tenant: Tenant, call: Call): void {
	const given = call.params.customer ?? call.params.customerId ?? call.params.customerKey ?? "";
	if (given !== "my_customer" && given !== tenant.state.customer.id) throw notFound("customerId");
}

/** Roles, who holds them, and what they can be made of. */
export function roleRoutes(tenant: Tenant): Operation[] {
	const { state, world } = tenant;
	const route = (method: string, path: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: base + path,
		needs: {
			service: "admin.googleapis.com",
			scopes: method === "GET" ? directory.roles : ["admin.directory.rolemanagement"],
			// Only super administrators manage roles.
			privilege: "SUPER",
		},
		handler(call) {
			checkCustomer(tenant, call);
			return handler(call);
		},
	});
	const showRole = (role: RoleBody) => ({ kind: "admin#directory#role", etag: etag(role.roleId, JSON.stringify(role)), ...role });
	const showAssignment = (one: AssignmentBody) => ({ kind: "admin#directory#roleAssignment", etag: etag(one.roleAssignmentId, JSON.stringify(one)), ...one });
	const roleOf = (call: Call) => {
		const role = world.seen(state.roles, param(call, "roleId"));
		if (!role) throw notFound("roleId");
		return role;
	};
	const assignmentOf = (call: Call, map = world.seen(state.assignments, param(call, "roleAssignmentId"))) => {
		if (!map) throw notFound("roleAssignmentId");
		return map;
	};

	function listAssignments(call: Call): Reply {
		const { query } = call;
		const size = sizeOf(call, "maxResults", 200, 200, "cut");
		const key = query.get("userKey");
		const indirect = query.get("includeIndirectRoleAssignments") === "true";
		if (indirect && key === null) throw invalid("Invalid Input: userKey");
		const holder =
			key === null ? undefined : (maybeUser(tenant, key)?.id ?? [...state.groups.values()].find((group) => group.id === key || group.body.email === key)?.id);
		if (key !== null && holder === undefined) throw notFound("userKey");
		const role = query.get("roleId");
		if (role !== null && !/^\d+$/.test(role)) throw invalid("Invalid Input: roleId");
		const seen = world.allSeen(state.assignments).map(([, one]) => one);
		const all =
			indirect && holder !== undefined ? rolesOf(tenant, holder) : holder === undefined ? seen : seen.filter(({ assignedTo }) => assignedTo === holder);
		const rows = all
			.filter(({ roleId }) => role === null || roleId === role)
			.map((one) => [one.roleAssignmentId, one] as const)
			.sort(byKey);
		const head = { kind: "admin#directory#roleAssignments", etag: etag("roleAssignments", tenant.version) };
		return page(tenant, call, { rows, size, show: showAssignment, wrap: body(head, "items"), idKey: "roleAssignmentId" });
	}

	function assign(call: Call<Grant>): Reply {
		const sent = sentBody(call);
		const role = state.roles.get(String(sent.roleId ?? ""));
		if (!role) throw notFound("roleId");
		const assignedTo = String(sent.assignedTo ?? "");
		if (assignedTo === "") throw required("Required field: assignedTo");
		const person = state.users.get(assignedTo);
		const group = state.groups.get(assignedTo);
		const scopeType = sent.scopeType ?? "CUSTOMER";
		if (scopeType !== "CUSTOMER" && scopeType !== "ORG_UNIT") throw invalid("Invalid Input: scopeType");
		if (scopeType === "ORG_UNIT" && !sent.orgUnitId) throw required("Required field: orgUnitId");
		// Only a security group may hold a role, and never the top one.
		if (group && (!group.security || role.isSuperAdminRole)) throw invalid("Invalid Input: assignedTo");
		if (person && person.deleted !== null) throw notFound("assignedTo");
		const same = [...state.assignments.values()].some(
			(one) => one.assignedTo === assignedTo && one.roleId === role.roleId && one.orgUnitId === (sent.orgUnitId ?? undefined),
		);
		if (same) throw duplicate("Role assignment already exists for the role");
		const roleAssignmentId = longId(`assignment/${assignedTo}/${role.roleId}/${tenant.version}`);
		const made: AssignmentBody = {
			roleAssignmentId,
			roleId: role.roleId,
			assignedTo,
			assigneeType: group ? "group" : "user",
			scopeType,
			...(typeof sent.orgUnitId === "string" && { orgUnitId: sent.orgUnitId }),
			...(typeof sent.condition === "string" && { condition: sent.condition }),
			...(sent.expirationDetails !== undefined && sent.expirationDetails !== null && { expirationDetails: sent.expirationDetails }),
		};
		world.put(state.assignments, roleAssignmentId, made);
		changed(tenant, call, "DELEGATED_ADMIN_SETTINGS", "ASSIGN_ROLE", {
			ROLE_NAME: role.roleName ?? "",
			ROLE_ID: role.roleId,
			USER_EMAIL: person?.body.primaryEmail ?? assignedTo,
		});
		return ok(showAssignment(made));
	}

	function unassign(call: Call<Grant>): Reply {
		const one = assignmentOf(call, state.assignments.get(param(call, "roleAssignmentId")));
		const role = state.roles.get(one.roleId);
		if (role?.isSuperAdminRole && one.assignedTo === call.caller?.subject?.id) throw legacy(403, "forbidden", "Not Authorized to access this resource/api");
		world.drop(state.assignments, one.roleAssignmentId);
		changed(tenant, call, "DELEGATED_ADMIN_SETTINGS", "UNASSIGN_ROLE", {
			ROLE_NAME: role?.roleName ?? "",
			ROLE_ID: one.roleId,
			USER_EMAIL: state.users.get(one.assignedTo)?.body.primaryEmail ?? one.assignedTo,
		});
		return noContent();
	}

	function saveRole(call: Call<Grant>, old: RoleBody | null): Reply {
		if (old?.isSystemRole) throw invalid("Invalid Input: system roles cannot be changed");
		const { roleName, roleDescription, rolePrivileges } = sentBody(call);
		const name = roleName ?? old?.roleName;
		if (typeof name !== "string" || name === "") throw required("Required field: roleName");
		if ([...state.roles.values()].some((role) => role.roleName === name && role.roleId !== old?.roleId)) throw duplicate();
		const roleId = old?.roleId ?? longId(`role/${name}/${tenant.version}`);
		const role: RoleBody = {
			...old,
			roleId,
			roleName: name,
			roleDescription: String(roleDescription ?? old?.roleDescription ?? ""),
			rolePrivileges: (rolePrivileges as RoleBody["rolePrivileges"]) ?? old?.rolePrivileges ?? [],
			isSystemRole: false,
			isSuperAdminRole: false,
		};
		world.put(state.roles, roleId, role);
		changed(tenant, call, "DELEGATED_ADMIN_SETTINGS", old ? "UPDATE_ROLE" : "CREATE_ROLE", { ROLE_NAME: name, ROLE_ID: roleId });
		return ok(showRole(role));
	}

	return [
		route("GET", "/roles", (call) => {
			const size = sizeOf(call, "maxResults", 100, 100, "cut");
			const rows = world.allSeen(state.roles).sort(byKey);
			return page(tenant, call, {
				rows,
				size,
				show: showRole,
				wrap: body({ kind: "admin#directory#roles", etag: etag("roles", tenant.version) }, "items"),
				idKey: "roleId",
			});
		}),
		route("GET", "/roles/ALL/privileges", () => ok({ kind: "admin#directory#privileges", etag: etag("privileges", 1), items: privileges() })),
		route("GET", "/roles/{roleId}", (call) => ok(showRole(roleOf(call)))),
		route("POST", "/roles", (call) => saveRole(call, null)),
		route("PUT", "/roles/{roleId}", (call) => saveRole(call, roleOf(call))),
		route("PATCH", "/roles/{roleId}", (call) => saveRole(call, roleOf(call))),
		route("DELETE", "/roles/{roleId}", (call) => {
			const role = roleOf(call);
			if (role.isSystemRole || [...state.assignments.values()].some(({ roleId }) => roleId === role.roleId)) throw invalid("Invalid Input: roleId");
			world.drop(state.roles, role.roleId);
			changed(tenant, call, "DELEGATED_ADMIN_SETTINGS", "DELETE_ROLE", { ROLE_NAME: role.roleName ?? "", ROLE_ID: role.roleId });
			return noContent();
		}),
		route("GET", "/roleassignments", listAssignments),
		route("GET", "/roleassignments/{roleAssignmentId}", (call) => ok(showAssignment(assignmentOf(call)))),
		route("POST", "/roleassignments", assign),
		route("DELETE", "/roleassignments/{roleAssignmentId}", unassign),
	];
}
