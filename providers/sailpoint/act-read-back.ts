import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { Verification } from "../../src/provider/action.js";
import type { SailPointConnection } from "./connection.js";

/** One look at the target. */
export interface Look {
	holds: boolean;
	detail: string;
	request: RequestRef | null;
	proof?: Verification["proof"];
}

/** Provisioning waits for the source behind it: a minute, and what shows later is seen by the next scan. */
const budget: Millis = 60_000;
const firstWait: Millis = 250;
const longestWait: Millis = 5_000;

/** Looks until the change shows or the budget ends. Throws what `look` throws. */
export async function readBack(connection: SailPointConnection, look: () => Promise<Look>): Promise<Verification> {
	const { now } = connection.config;
	const until = now() + budget;
	let wait = firstWait;
	for (;;) {
		const { holds, detail, request, proof } = await look();
		if (holds || now() + wait > until) return { holds, detail, proof: proof ?? "read-back", at: now(), request };
		await pause(connection, wait);
		wait = Math.min(wait * 2, longestWait);
	}
}

/** Waits on the connection's clock. @throws the reason when it is closed meanwhile */
export async function pause({ config }: SailPointConnection, ms: Millis): Promise<void> {
	if (config.sleep) await config.sleep(ms, config.signal);
	else await timersSleep(ms, undefined, { ...(config.signal && { signal: config.signal }) });
}
