import type { Route } from "./call.js";

/** The operation a request asks for; or that its path exists for other methods only; or nothing. */
export type Found<R> = { route: R; params: Record<string, string> } | { allowed: string[] } | undefined;

/**
 * Finds operations by method and path. A fixed segment wins over a parameter; a template that ends in `{+name}` takes the rest of the path.
 * `caseless`: fixed segments are compared without regard to case.
 */
export function makeRouter<R extends Pick<Route, "method" | "template">>(routes: readonly R[], caseless = false): (method: string, path: string) => Found<R> {
	const fold = (text: string) => (caseless ? text.toLowerCase() : text);
	const entries = routes.map((route) => ({ route, parts: route.template.split("/").map((part) => (part.startsWith("{") ? part : fold(part))) }));
	const weight = ({ parts }: { parts: string[] }) => parts.map((part) => (part.startsWith("{+") ? "2" : part.startsWith("{") ? "1" : "0")).join("");
	entries.sort((a, b) => (weight(a) < weight(b) ? -1 : weight(a) > weight(b) ? 1 : 0));
	return (method, path) => {
		const given = path.replace(/(.)\/+$/, "$1").split("/");
		const matching = entries.filter(({ parts }) => fits(parts, given, fold));
		const entry = matching.find(({ route }) => route.method === method);
		if (!entry) return matching.length === 0 ? undefined : { allowed: [...new Set(matching.map(({ route }) => route.method))] };
		const params: Record<string, string> = {};
		entry.parts.forEach((part, at) => {
			if (part.startsWith("{+")) params[part.slice(2, -1)] = given.slice(at).map(decoded).join("/");
			else if (part.startsWith("{")) params[part.slice(1, -1)] = decoded(given[at] ?? "");
		});
		return { route: entry.route, params };
	};
}

function fits(parts: string[], given: string[], fold: (text: string) => string): boolean {
	const rest = parts.at(-1)?.startsWith("{+") ?? false;
	if (rest ? given.length < parts.length : given.length !== parts.length) return false;
	return parts.every((part, at) => (part.startsWith("{") ? (given[at] ?? "") !== "" : part === fold(given[at] ?? "")));
}

function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
