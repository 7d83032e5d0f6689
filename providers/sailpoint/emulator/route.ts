import type { Handler } from "../../../src/emulate/call.js";
import { param } from "../../../src/emulate/call.js";
import type { World } from "../../../src/emulate/world.js";
import { notFound } from "./errors.js";
import type { Caller, SailCall, SailRoute } from "./state.js";

/** Prefixes of the API's versions. */
export type Version = "beta" | "v3" | "v2024" | "v2025" | "v2026";

export const yearly: Version[] = ["v2024", "v2025", "v2026"];
export const everywhere: Version[] = ["beta", "v3", ...yearly];
export const notV3: Version[] = ["beta", ...yearly];
export const notBeta: Version[] = ["v3", ...yearly];

/** Scopes and user levels of an operation; scopes without a prefix are the vendor's `idn:` ones. */
export interface Rights {
	scopes?: string;
	levels?: string;
	/** Needs the vendor's header for experimental operations, except in the beta version. */
	experimental?: boolean;
}

type Make = (version: Version) => Handler<Caller>;

/** One operation in some versions of the API: `operation` is its method and path. */
export function routes(versions: readonly Version[], operation: string, rights: Rights, make: Make): SailRoute[] {
	const [method = "", path = ""] = operation.split(" ");
	const scopes = words(rights.scopes).map((scope) => (scope.startsWith("sp:") ? scope : `idn:${scope}`));
	return versions.map((version) => ({
		method,
		template: `/${version}${path}`,
		needs: { scopes, levels: words(rights.levels), experimental: rights.experimental === true && version !== "beta" },
		handler: make(version),
	}));
}

function words(text = ""): string[] {
	return text.split(" ").filter((word) => word !== "");
}

/** The object that the path names, as reads see it. @throws Refusal 404 */
export function named<T>(world: World, call: SailCall, map: Map<string, T>, name = "id"): T {
	const found = world.seen(map, param(call, name));
	if (!found) throw notFound(call);
	return found;
}

/** The same as it is now, for a write. @throws Refusal 404 */
export function current<T>(call: SailCall, map: Map<string, T>, name = "id"): T {
	const found = map.get(param(call, name));
	if (!found) throw notFound(call);
	return found;
}

/** Everything in a map, as reads see it. */
export function all<T>(world: World, map: Map<string, T>): T[] {
	return world.allSeen(map).map(([, item]) => item);
}

/** The body as an object; an empty one when it is something else. */
export function record(body: unknown): Record<string, unknown> {
	return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
}
