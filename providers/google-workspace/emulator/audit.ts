import type { Call } from "../../../src/emulate/call.js";
import type { Grant } from "./auth.js";
import { longId } from "./ids.js";
import type { Activity, Tenant } from "./types.js";

type Parameters = Record<string, string | boolean | readonly string[]>;

/** Parameters in the vendor's shape. */
export function parameters(values: Parameters): Record<string, unknown>[] {
	return Object.entries(values).map(([name, value]) =>
		typeof value === "boolean" ? { name, boolValue: value } : typeof value === "string" ? { name, value } : { name, multiValue: [...value] },
	);
}

/** Counts a change, and writes the event of the admin log that it leaves. Called after the change. */
export function changed(tenant: Tenant, call: Call<Grant> | null, type: string, name: string, values: Parameters): void {
	tenant.version++;
	const caller = call?.caller;
	const at = tenant.world.now();
	const qualifier = longId(`${at}/${tenant.version}/${name}`);
	const user = caller?.subject;
	const actor: Activity["actor"] = user
		? { callerType: "USER", email: user.body.primaryEmail, profileId: user.id }
		: { callerType: "KEY", key: caller?.account.email ?? "SYSTEM" };
	tenant.world.put(tenant.state.events, qualifier, {
		application: "admin",
		at,
		qualifier,
		actor,
		ipAddress: "203.0.113.10",
		events: [{ type, name, parameters: parameters(values) }],
	});
}
