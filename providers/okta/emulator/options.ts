import type { Call } from "./call.js";
import type { Raw } from "./kinds.js";
import { logEvent, target } from "./syslog.js";
import { put, type Tenant } from "./tenant.js";

/** An option of the org as it stands, over the vendor's defaults. */
export function option(tenant: Tenant, name: string, fallback: Raw): Raw {
	return { ...fallback, ...tenant.state.orgOptions?.get(name) };
}

/** Changes an option of the org. The vendor's event catalogue has events for a few of them only: those are given. */
export function setOption(call: Call, name: string, value: Raw, eventType?: string): void {
	const { tenant } = call;
	tenant.state.orgOptions ??= new Map();
	put(tenant, tenant.state.orgOptions, name, { ...tenant.state.orgOptions.get(name), ...value });
	if (eventType !== undefined) logEvent(tenant, call, eventType, `Update ${name}`, [target(tenant.state.org.id, "Org", name)]);
}
