import type { World } from "../../../src/emulate/world.js";

/** Requests a token may send in a window. The contract names no numbers. */
const quota = 120;
const windowMs = 60_000;

export interface Limiter {
	/** Counts a request; seconds to wait when it is one too many, else null. */
	count(token: string): number | null;
	/** The three fields of draft-ietf-httpapi-ratelimit-headers-03; `Reset` in seconds. */
	headers(token: string): Record<string, string>;
	forget(): void;
}

/** A fixed window for each token, by the server's clock. */
export function makeLimiter(world: World): Limiter {
	const windows = new Map<string, { ends: number; used: number }>();
	const windowOf = (token: string) => {
		const now = world.now();
		const open = windows.get(token);
		if (open && open.ends > now) return open;
		const fresh = { ends: now + windowMs, used: 0 };
		windows.set(token, fresh);
		return fresh;
	};
	const seconds = (ends: number): number => Math.max(1, Math.ceil((ends - world.now()) / 1000));
	return {
		count(token) {
			const window = windowOf(token);
			window.used++;
			return window.used > quota ? seconds(window.ends) : null;
		},
		headers(token) {
			const { used, ends } = windowOf(token);
			return { "RateLimit-Limit": String(quota), "RateLimit-Remaining": String(Math.max(0, quota - used)), "RateLimit-Reset": String(seconds(ends)) };
		},
		forget: () => windows.clear(),
	};
}
