import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../model/known.js";
import type { RequestRef } from "../model/snapshot.js";
import type { Verification } from "./action.js";
import type { ConnectConfig } from "./provider.js";

/** One look at the target. */
export interface Look {
	holds: boolean;
	detail: string;
	request: RequestRef | null;
	proof?: Verification["proof"];
	/** It has ended, and will not hold however long one waits. */
	final?: boolean;
}

const firstWait: Millis = 250;
const longestWait: Millis = 5_000;

/** Looks until the change shows or the budget (milliseconds) ends. Throws what `look` throws, and the signal's reason. */
export async function readBack(config: ConnectConfig, look: () => Promise<Look>, budget: Millis = 30_000): Promise<Verification> {
	const until = config.now() + budget;
	for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
		const { holds, detail, request, proof = "read-back", final = false } = await look();
		if (holds || final || config.now() + wait > until) return { holds, detail, proof, at: config.now(), request };
		if (config.sleep) await config.sleep(wait, config.signal);
		else await timersSleep(wait, undefined, { signal: config.signal });
	}
}
