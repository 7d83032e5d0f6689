import type { KnownList } from "./known.js";

/** One part in which a declared object differs from the live one. Values as text; null: that side has none. */
export interface ManagedDifference {
	/** `actions.signon.access`, `members[00u1]`, `name`, `exists`. */
	path: string;
	desired: string | null;
	live: string | null;
}

/** An access that the stack file gives until a time. */
export interface ManagedGrant {
	login: string;
	/** Milliseconds since the epoch. */
	until: number;
	/** It is there; missing: it can't be said. */
	held?: boolean;
}

/** An object that the stack file declares under `settings` or `memberships`, beside what the snapshot holds of it, as policies see it. */
export interface Managed {
	/** As in the stack file: `<system>/group/<id>`, `<system>/role/<role>`, `<system>/<setting id>`. */
	key: string;
	system: string;
	provider: string;
	kind: "setting" | "group" | "role";
	/** The key without its system. */
	object: string;
	/** The live object's name, else the declared one, else the key. */
	name: string;
	mode: "authoritative" | "additive" | "observe";
	/** Missing: the live side was not read whole, and nothing that was read differs. */
	differs?: boolean;
	/** Partial where there may be more. */
	differences?: KnownList<ManagedDifference>;
	/** The first differences in words. */
	summary?: string;
	/** Members with an end; empty for a setting. */
	grants: ManagedGrant[];
	/** It decides who can sign in, and how. */
	signIn?: boolean;
	/** It is an administrator's role of level top or privileged, or a group that carries one. */
	privileged?: boolean;
	/** The two above as one word: `unknown` where either is. */
	reach: "sign-in" | "administrators" | "other" | "unknown";
}
