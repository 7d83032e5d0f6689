import { rateLimited } from "./errors.js";

/** Requests one access token may make in a window of ten seconds. */
const MOST = 100;
const WINDOW = 10_000;

/** Counts requests by access token. */
export interface Limiter {
	/** @throws Refusal 429 with the seconds to wait */
	count(token: string, now: number): void;
	forget(): void;
}

export function makeLimiter(limits: "off" | "vendor" = "off"): Limiter {
	const windows = new Map<string, number[]>();
	return {
		count(token, now) {
			if (limits === "off") return;
			const recent = (windows.get(token) ?? []).filter((at) => at > now - WINDOW && at <= now);
			windows.set(token, recent);
			const [oldest] = recent;
			if (recent.length >= MOST && oldest !== undefined) throw rateLimited(Math.max(1, Math.ceil((oldest + WINDOW - now) / 1000)));
			recent.push(now);
		},
		forget: () => windows.clear(),
	};
}
