import type { World } from "../../../src/emulate/world.js";
import type { WireIdentity } from "../wire.js";

/** What the contract leaves open; each value is a server that a client may meet. */
export interface Choices {
	/** Pages with cursors, one answer with everything, or the bare array [paged]. */
	shape: "paged" | "unpaged" | "array";
	/** Where a page says its place [pagination]. */
	pagingKey: "pagination" | "meta";
}

export const usualChoices: Choices = { shape: "paged", pagingKey: "pagination" };

export interface Token {
	secret: string;
	/** `identity:read`, `identity:write`. */
	permissions: Set<string>;
}

/** An action that was carried out, as the server's log keeps it. */
export interface Done {
	id: string;
	action: string;
	reason: string;
	at: number;
}

/** Everything that one server holds: identities of several tenants. */
export interface Server {
	world: World;
	choices: Choices;
	identities: Map<string, WireIdentity>;
	log: Map<string, Done>;
	tokens: Token[];
	/** Counts changes, so that a list is sorted once and not once a page. */
	version: number;
}
