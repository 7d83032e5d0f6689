import type { PlannedRequests, Provider, TenantSize } from "../provider/provider.js";

/** What the requests of one limiter take by themselves. */
interface LimiterLoad {
	bucket: string;
	requests: number;
	/** Requests over what the limiter lets through a second. */
	seconds: number;
}

export interface ReadPlan {
	requests: number;
	/** Limiters run side by side: the slowest one's, and the vendor's floor; answers take their own time. */
	seconds: number;
	limiters: LimiterLoad[];
	planned: PlannedRequests[];
}

/** A tenant with that many accounts: numbers that were not given are those of a usual one. */
export function tenantSize(accounts: number, given: Partial<TenantSize> = {}): TenantSize {
	return {
		accounts,
		groups: given.groups ?? Math.ceil(accounts / 20),
		memberships: given.memberships ?? accounts * 5,
		apps: given.apps ?? Math.max(20, Math.ceil(accounts / 200)),
		administrators: given.administrators ?? Math.max(5, Math.ceil(accounts / 500)),
	};
}

/** The requests of a full read and the least they take; null where the provider does not tell. Sends nothing. */
export function readPlan(provider: Pick<Provider, "estimate">, size: TenantSize): ReadPlan | null {
	const planned = provider.estimate?.(size);
	if (!planned) return null;
	const limiters = new Map<string, LimiterLoad>();
	for (const { bucket, requests, perSecond } of planned) {
		const load = limiters.get(bucket) ?? { bucket, requests: 0, seconds: 0 };
		limiters.set(bucket, { bucket, requests: load.requests + requests, seconds: load.seconds + requests / perSecond });
	}
	const loads = [...limiters.values()].sort((a, b) => b.seconds - a.seconds);
	return { requests: planned.reduce((sum, { requests }) => sum + requests, 0), seconds: loads[0]?.seconds ?? 0, limiters: loads, planned };
}
