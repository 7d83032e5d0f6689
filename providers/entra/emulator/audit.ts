import { iso } from "../../../src/emulate/random.js";
import { newId } from "./server.js";
import type { GraphCall, Tenant } from "./tenant.js";

interface Event {
	/** The vendor's words: `Disable account`, `Remove member from group`. */
	activity: string;
	category: "UserManagement" | "GroupManagement" | "ApplicationManagement" | "RoleManagement" | "Policy" | "Authentication";
	targets: { id: string; type: string; name?: string }[];
	properties?: { name: string; from?: unknown; to?: unknown }[];
	service?: string;
}

/** Writes one event of a change into the audit log. */
export function audit(tenant: Tenant, call: GraphCall, event: Event): void {
	const { world, state } = tenant;
	const id = `Directory_${newId(tenant, "audit")}`;
	const principal = call.caller?.client.principal ?? "";
	const modifiedProperties = (event.properties ?? []).map(({ name, from, to }) => ({
		displayName: name,
		oldValue: from === undefined ? null : JSON.stringify(from),
		newValue: to === undefined ? null : JSON.stringify(to),
	}));
	world.put(state.audits, id.toLowerCase(), {
		id,
		category: event.category,
		correlationId: call.requestId,
		result: "success",
		resultReason: "",
		activityDisplayName: event.activity,
		activityDateTime: iso(world.now()),
		loggedByService: event.service ?? "Core Directory",
		operationType: /^(add|create)/i.test(event.activity) ? "Add" : /^(delete|remove)/i.test(event.activity) ? "Delete" : "Update",
		initiatedBy: person(tenant, call) ?? {
			user: null,
			app: {
				appId: call.caller?.client.appId ?? null,
				displayName: state.servicePrincipals.get(principal)?.displayName ?? null,
				servicePrincipalId: principal,
				servicePrincipalName: null,
			},
		},
		targetResources: event.targets.map((target, at) => ({
			id: target.id,
			displayName: target.name ?? null,
			type: target.type,
			userPrincipalName: target.type === "User" ? (state.users.get(target.id)?.userPrincipalName ?? null) : null,
			groupType: target.type === "Group" ? ("unknownFutureValue" as const) : null,
			modifiedProperties: at === 0 ? modifiedProperties : [],
		})),
		additionalDetails: [],
	});
}

/** Somebody at the vendor's console, who needs no app: named in the header `x-console-user` by id. */
function person({ state }: Tenant, call: GraphCall) {
	const user = state.users.get(String(call.headers["x-console-user"] ?? ""));
	if (!user) return null;
	const { id, userPrincipalName = null, displayName = null } = user;
	return { user: { id, userPrincipalName, displayName, ipAddress: String(call.headers["x-forwarded-for"] ?? "203.0.113.10") }, app: null };
}
