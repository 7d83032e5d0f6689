import type { CoverageReason } from "../../src/model/snapshot.js";
import { type HttpError, reasonOf } from "../../src/provider/http-error.js";

/** Failures of several requests, told as one reason per cause. */
export interface Tally {
	add(error: HttpError): void;
	/** How a list ended: nothing to count when the vendor closed it. */
	end(end: { closed: boolean; reasons: CoverageReason[]; error?: HttpError } | undefined): void;
	/** A failure in words of our own. */
	fail(reason: CoverageReason): void;
	/** Something to say that is no failure. */
	note(reason: CoverageReason): void;
	reasons(): CoverageReason[];
	failed(): number;
}

export function tally(): Tally {
	const byCause = new Map<string, { reason: CoverageReason; times: number }>();
	const others: CoverageReason[] = [];
	let failed = 0;
	const add = (error: HttpError): void => {
		failed += 1;
		const key = `${error.call} ${error.status} ${error.code}`;
		const before = byCause.get(key);
		if (before) before.times += 1;
		else byCause.set(key, { reason: reasonOf(error), times: 1 });
	};
	const fail = (reason: CoverageReason): void => {
		failed += 1;
		others.push(reason);
	};
	return {
		add,
		fail,
		end(end) {
			if (end?.closed) return;
			if (end?.error) return add(end.error);
			for (const reason of end?.reasons.length ? end.reasons : [cut]) fail(reason);
		},
		note: (reason) => void others.push(reason),
		reasons: () => [
			...[...byCause.values()].map(({ reason, times }) => (times === 1 ? reason : { ...reason, detail: `${times} calls failed; the first: ${reason.detail}` })),
			...others,
		],
		failed: () => failed,
	};
}

const cut: CoverageReason = { cause: "cut-off", detail: "a list ended before the vendor said that it ended" };
