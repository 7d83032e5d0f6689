import type { PlannedRequests, TenantSize } from "../../src/provider/provider.js";
import { pageSize } from "./paging.js";

/** No limit is documented: a modest pace, so that the estimate is rather too long. */
const assumedPerSecond = 10;

/** The requests of a full read; sends nothing. */
export function estimate({ accounts }: Pick<TenantSize, "accounts">): PlannedRequests[] {
	return [
		{
			collection: "accounts",
			call: "GET /v1/identity",
			requests: Math.max(1, Math.ceil(accounts / pageSize)),
			bucket: "all",
			perSecond: assumedPerSecond,
			source: `pages of ${pageSize}; the contract names no limit, ${assumedPerSecond} requests a second are assumed`,
		},
	];
}
