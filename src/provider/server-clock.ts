import type { Millis } from "../model/known.js";

/** The server's clock as seen through `Date` headers, which hold whole seconds. */
export interface ServerClock {
	/** An answer to a request sent and received at these local times carried this `Date`. */
	observe(serverDate: Millis, sentAt: Millis, receivedAt: Millis): void;
	/** Local time at which the server's clock has surely reached `server`. The same number before any `Date` was seen. */
	localAt(server: Millis): Millis;
	/** Server time that has surely been reached at this local time. */
	serverAt(local: Millis): Millis;
	/** Server minus local, the middle of what is possible; null before any `Date` was seen. */
	skew(): Millis | null;
}

/** Narrows the offset with every answer: `Date` cuts off up to a second, so each answer bounds it from both sides. */
export function createServerClock(): ServerClock {
	let low = Number.NEGATIVE_INFINITY;
	let high = Number.POSITIVE_INFINITY;
	const offset = (): Millis => (low === Number.NEGATIVE_INFINITY ? 0 : low);
	return {
		observe(serverDate, sentAt, receivedAt) {
			const newLow = serverDate - receivedAt;
			const newHigh = serverDate + 1000 - sentAt;
			low = Math.max(low, newLow);
			high = Math.min(high, newHigh);
			// One of the clocks was set, or they drift: only the newest answer counts.
			if (low > high) {
				low = newLow;
				high = newHigh;
			}
		},
		localAt: (server) => server - offset(),
		serverAt: (local) => local + offset(),
		skew: () => (low === Number.NEGATIVE_INFINITY ? null : Math.round((low + high) / 2)),
	};
}
