/** Buckets and requests a minute, org-wide: the vendor's last published table for workforce orgs. */
export const BUCKETS = {
	users: 600,
	user: 2000,
	"user-write": 600,
	groups: 500,
	group: 1000,
	apps: 100,
	app: 500,
	logs: 120,
	clients: 100,
	devices: 100,
	token: 1200,
	other: 1200,
} as const;

export type Bucket = keyof typeof BUCKETS;

/**
 * `off`: nothing is counted. A number scales the table. Or single values: `perMinute` org-wide ceilings,
 * `clientPercent` the share any one token or client may use (the vendor's default is 50), `concurrent` requests at once (75).
 */
export type Limits = "off" | number | { scale?: number; perMinute?: Partial<Record<Bucket, number>>; clientPercent?: number; concurrent?: number };

/** The window is fixed: 60 s from its first request, on the org's clock. */
const WINDOW_MS = 60_000;

/** Which bucket an operation draws from, by the paths of the published table. */
export function bucketOf(method: string, template: string): Bucket {
	const path = template.replace(/\{[^}]+\}/g, "*");
	if (path === "/oauth2/v1/token") return "token";
	if (path === "/api/v1/users") return "users";
	if (path === "/api/v1/users/*") return method === "GET" ? "user" : "user-write";
	if (path === "/api/v1/groups") return "groups";
	if (path === "/api/v1/groups/*") return "group";
	if (path === "/api/v1/apps/*" && method === "GET") return "app";
	if (path.startsWith("/api/v1/apps")) return "apps";
	if (path === "/api/v1/logs") return "logs";
	if (path.startsWith("/oauth2/v1/clients")) return "clients";
	if (path.startsWith("/api/v1/devices")) return "devices";
	return "other";
}

interface Window {
	startedAt: number;
	count: number;
	violated: boolean;
}

/** What the rate headers of one answer say. `firstViolation` is true once a window. */
export interface Verdict {
	limit: number;
	remaining: number;
	/** Seconds since the epoch. */
	reset: number;
	allowed: boolean;
	firstViolation: boolean;
}

export interface Limiter {
	concurrent: number;
	take: (bucket: Bucket, caller: string | undefined, now: number) => Verdict;
	reset: () => void;
}

/** Counts requests by bucket, for the org and for each caller. */
export function makeLimiter(limits: Limits = 1): Limiter {
	const options = typeof limits === "object" ? limits : typeof limits === "number" ? { scale: limits } : {};
	const windows = new Map<string, Window>();
	const windowOf = (key: string, now: number): Window => {
		const kept = windows.get(key);
		if (kept && now < kept.startedAt + WINDOW_MS) return kept;
		const fresh = { startedAt: now, count: 0, violated: false };
		windows.set(key, fresh);
		return fresh;
	};
	const take: Limiter["take"] = (bucket, caller, now) => {
		if (limits === "off") return { limit: 1_000_000, remaining: 999_999, reset: Math.ceil((now + WINDOW_MS) / 1000), allowed: true, firstViolation: false };
		const ceiling = Math.max(1, Math.floor(options.perMinute?.[bucket] ?? BUCKETS[bucket] * (options.scale ?? 1)));
		const own = caller === undefined ? ceiling : Math.max(1, Math.floor((ceiling * (options.clientPercent ?? 50)) / 100));
		const org = windowOf(bucket, now);
		const mine = caller === undefined ? org : windowOf(`${bucket} ${caller}`, now);
		const allowed = org.count < ceiling && mine.count < own;
		if (allowed) {
			org.count++;
			if (mine !== org) mine.count++;
		}
		const binding = org.count >= ceiling ? org : mine;
		const firstViolation = !allowed && !binding.violated;
		if (!allowed) binding.violated = true;
		const remaining = Math.max(0, Math.min(ceiling - org.count, own - mine.count));
		return { limit: own, remaining, reset: Math.ceil((binding.startedAt + WINDOW_MS) / 1000), allowed, firstViolation };
	};
	return { concurrent: limits === "off" ? Number.POSITIVE_INFINITY : (options.concurrent ?? 75), take, reset: () => windows.clear() };
}
