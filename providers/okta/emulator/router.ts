import type { Route } from "./call.js";

/** The operation a request asks for, or that its path exists for other methods only, or nothing. */
export type Found = { route: Route; params: Record<string, string> } | { allowed: string[] } | undefined;

interface Entry {
	route: Route;
	parts: string[];
}

/** Finds operations by method and path. A fixed segment wins over a parameter. */
export function makeRouter(routes: readonly Route[]): (method: string, path: string) => Found {
	const byLength = new Map<number, Entry[]>();
	for (const route of routes) {
		const parts = route.template.split("/");
		byLength.set(parts.length, [...(byLength.get(parts.length) ?? []), { route, parts }]);
	}
	const fixed = (entry: Entry): string => entry.parts.map((part) => (part.startsWith("{") ? "1" : "0")).join("");
	for (const list of byLength.values()) list.sort((a, b) => (fixed(a) < fixed(b) ? -1 : fixed(a) > fixed(b) ? 1 : 0));
	return (method, path) => {
		const given = path.split("/");
		const matching = (byLength.get(given.length) ?? []).filter((entry) =>
			entry.parts.every((part, at) => (part.startsWith("{") ? (given[at] ?? "") !== "" : part === given[at])),
		);
		const entry = matching.find((candidate) => candidate.route.method === method);
		if (!entry) return matching.length === 0 ? undefined : { allowed: matching.map((candidate) => candidate.route.method) };
		const params: Record<string, string> = {};
		entry.parts.forEach((part, at) => {
			if (part.startsWith("{")) params[part.slice(1, -1)] = decodeSegment(given[at] ?? "");
		});
		return { route: entry.route, params };
	};
}

function decodeSegment(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
