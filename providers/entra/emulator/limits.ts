import type { Call } from "../../../src/emulate/call.js";
import { Refusal } from "../../../src/emulate/call.js";
import type { Needs, Tenant } from "./tenant.js";

/** How much of a limit was used when, in the tenant's own time. */
interface Window {
	span: number;
	most: number;
	spent: { at: number; cost: number }[];
}

export interface Limiter {
	/**
	 * Counts a request, refused ones too.
	 * @throws Refusal when a limit is reached
	 */
	spend(call: Call, appId: string, needs: Pick<Needs, "bucket" | "cost">): Record<string, string>;
	/** One user's sign-in activity, asked for by id: ten a minute (microsoftgraph/microsoft-graph-docs-contrib#8653). */
	activityOfOne(call: Call, appId: string): void;
	reset(): void;
}

/** Resource units of ten seconds, by the tenant's size in users. */
const unitsOf = (users: number): number => (users < 50 ? 3500 : users <= 500 ? 5000 : 8000);

/** Price of a request in resource units: `$select` takes one off, `$expand` adds one, a small `$top` takes one off. */
export function priceOf(call: Call, cost: number): number {
	const option = (name: string): string | null => call.query.get(name);
	const top = Number(option("$top") ?? Number.NaN);
	const changed = cost - (option("$select") === null ? 0 : 1) + (option("$expand") === null ? 0 : 1) - (top < 20 ? 1 : 0);
	return Math.max(1, changed);
}

export function makeLimiter(tenant: Tenant, on: boolean, tenantId: string): Limiter {
	const windows = new Map<string, Window>();

	function windowOf(name: string, span: number, most: number): Window {
		const found = windows.get(name) ?? { span, most, spent: [] };
		windows.set(name, found);
		const since = tenant.world.now() - found.span;
		if (found.spent.length > 0 && (found.spent[0]?.at ?? 0) <= since) found.spent = found.spent.filter(({ at }) => at > since);
		return found;
	}
	function use(window: Window, cost: number): number {
		window.spent.push({ at: tenant.world.now(), cost });
		return window.spent.reduce((sum, one) => sum + one.cost, 0);
	}
	/** Whole seconds until the oldest use falls out of the window. */
	function wait({ span, spent }: Window): string {
		const oldest = spent[0]?.at ?? tenant.world.now();
		return String(Math.max(1, Math.ceil((oldest + span - tenant.world.now()) / 1000)));
	}
	function refuse(appId: string, information: string, retryAfter?: string): Refusal {
		return throttled({
			"x-ms-throttle-scope": `Tenant_Application/ReadWrite/${appId}/${tenantId}`,
			"x-ms-throttle-information": information,
			...(retryAfter !== undefined && { "Retry-After": retryAfter }),
		});
	}

	return {
		spend(call, appId, { bucket, cost }) {
			if (bucket === "none") return {};
			if (bucket === "reports") {
				const window = windowOf(`reports/${appId}`, 10_000, 5);
				if (on && use(window, 1) > window.most) throw refuse(appId, "CPULimitExceeded", wait(window));
				return {};
			}
			if (bucket === "risk") {
				const window = windowOf("risk", 1000, 1);
				// This back end says neither how long to wait nor why.
				if (on && use(window, 1) > window.most) throw throttled({});
				return {};
			}
			const price = priceOf(call, cost);
			if (!on) return { "x-ms-resource-unit": String(price) };
			const units = windowOf(`units/${appId}`, 10_000, unitsOf(tenant.state.users.size));
			const share = use(units, price) / units.most;
			if (share > 1) throw refuse(appId, "ResourceUnitLimitExceeded", wait(units));
			if (call.method !== "GET") {
				const window = windowOf(`writes/${appId}`, 150_000, 3000);
				if (use(window, 1) > window.most) throw refuse(appId, "WriteLimitExceeded", wait(window));
			}
			return { "x-ms-resource-unit": String(price), ...(share > 0.8 && { "x-ms-throttle-limit-percentage": share.toFixed(1) }) };
		},
		activityOfOne(_call, appId) {
			const window = windowOf(`activity/${appId}`, 60_000, 10);
			if (on && use(window, 1) > window.most) throw refuse(appId, "CPULimitExceeded", wait(window));
		},
		reset: () => windows.clear(),
	};
}

/** The vendor's refusal of too many requests. */
export function throttled(headers: Record<string, string>): Refusal {
	return new Refusal(429, { error: { code: "TooManyRequests", message: "Too many requests." } }, headers);
}
