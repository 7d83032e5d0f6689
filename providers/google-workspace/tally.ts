import type { CoverageReason } from "../../src/model/snapshot.js";
import type { HttpError } from "../../src/provider/http-error.js";
import type { ChainEnd } from "./paging.js";
import { scoped } from "./read.js";

/** Failures of many small requests, told as one reason per cause. */
export interface Tally {
	add(error: HttpError, scope: string): void;
	/** How a list ended: nothing to count when the vendor closed it. */
	end(end: ChainEnd, scope: string): void;
	/** A failure of another kind. */
	fail(reason: CoverageReason): void;
	/** Something to say that is no failure. */
	note(reason: CoverageReason): void;
	/** `what`: the plural of what could not be read (`groups' members`). */
	reasons(what: string): CoverageReason[];
	failed(): number;
}

export function tally(): Tally {
	const byCause = new Map<string, { reason: CoverageReason; times: number }>();
	const notes: CoverageReason[] = [];
	let failed = 0;
	const self: Tally = {
		add(error, scope) {
			failed += 1;
			const reason = scoped(error, scope);
			const key = `${reason.cause} ${reason.scope ?? ""} ${error.status} ${error.code}`;
			const before = byCause.get(key);
			if (before) before.times += 1;
			else byCause.set(key, { reason, times: 1 });
		},
		end(end, scope) {
			if (end.closed) return;
			if (end.error) return self.add(end.error, scope);
			failed += 1;
			notes.push(...(end.reasons.length > 0 ? end.reasons : [{ cause: "cut-off" as const, detail: "a list ended before the vendor said that it ended" }]));
		},
		fail(reason) {
			failed += 1;
			notes.push(reason);
		},
		note: (reason) => void notes.push(reason),
		reasons(what) {
			const counted = [...byCause.values()].map(({ reason, times }) =>
				times === 1 ? reason : { ...reason, detail: `${times} ${what} could not be read; the first: ${reason.detail}` },
			);
			// Hundreds of lists that end the same way say it once.
			const distinct = new Map(notes.map((reason) => [`${reason.cause} ${reason.detail}`, reason]));
			return [...counted, ...distinct.values()];
		},
		failed: () => failed,
	};
	return self;
}
