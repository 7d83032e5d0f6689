import type { CoverageReason } from "../../src/model/snapshot.js";
import type { HttpError } from "../../src/provider/http-error.js";
import { reasonOf } from "../../src/provider/http-error.js";

/** Failures of many small requests, told as one reason per cause. */
export interface Tally {
	add(error: HttpError, scope: string): void;
	/** How a list ended: nothing to count when the vendor closed it. */
	end(end: { closed: boolean; reasons: CoverageReason[]; error?: HttpError } | undefined, scope: string): void;
	/** Something to say that is no failure. */
	note(reason: CoverageReason): void;
	/** `what`: the plural of what could not be read (`groups`). */
	reasons(what: string): CoverageReason[];
	failed(): number;
}

export function tally(): Tally {
	const byCause = new Map<string, { reason: CoverageReason; times: number }>();
	const notes: CoverageReason[] = [];
	let failed = 0;
	const add = (error: HttpError, scope: string): void => {
		failed += 1;
		const reason = scoped(error, scope);
		const key = `${reason.cause} ${reason.scope ?? ""} ${error.status} ${error.code}`;
		const before = byCause.get(key);
		if (before) before.times += 1;
		else byCause.set(key, { reason, times: 1 });
	};
	return {
		add,
		end(end, scope) {
			if (end?.closed) return;
			if (end?.error) return add(end.error, scope);
			failed += 1;
			const why: CoverageReason[] = end?.reasons.length ? end.reasons : [{ cause: "cut-off", detail: "a list ended before the vendor said that it ended" }];
			notes.push(...why);
		},
		note(reason) {
			notes.push(reason);
		},
		reasons(what) {
			const counted = [...byCause.values()].map(({ reason, times }) =>
				times === 1 ? reason : { ...reason, detail: `${times} ${what} could not be read; the first: ${reason.detail}` },
			);
			return [...counted, ...notes];
		},
		failed: () => failed,
	};
}

/** The error as a reason; a missing scope is named even where the vendor's answer does not name it. */
export function scoped(error: HttpError, scope: string): CoverageReason {
	const reason = reasonOf(error);
	return reason.cause === "scope" && reason.scope === undefined ? { ...reason, scope } : reason;
}
