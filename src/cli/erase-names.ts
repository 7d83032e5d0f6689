import type { Store } from "../store/store.js";

/** Logins, addresses and names by which a subject was known. */
export interface Names {
	texts: string[];
	/** Those that are a word like others: they are not looked for. */
	common: string[];
}

/** Every login, address and name that any stored version has; null: the store has never had the subject. */
export async function textsOf(store: Store, system: string, id: string): Promise<Names | null> {
	const versions = [...(await store.history(system, "accounts", id)), ...(await store.history(system, "workers", id))];
	if (versions.length === 0) return null;
	return namesIn(versions.map(({ body }) => body));
}

export function namesIn(bodies: object[]): Names {
	const texts = new Map<string, boolean>();
	for (const body of bodies) collect(body, "", texts);
	const of = (common: boolean) => [...texts].flatMap(([text, is]) => (is === common ? text : []));
	return { texts: of(false), common: of(true) };
}

/** Keys of what names somebody else. */
const others = /manager|supervisor|sponsor|approver|assistant|owner|secretary|delegate/i;

/**
 * Whatever is an address, and whatever stands under a key that says that it is a login or a name. A short or plain word would be met everywhere:
 * it is set down as common.
 */
function collect(value: unknown, key: string, texts: Map<string, boolean>): void {
	if (Array.isArray(value)) for (const item of value) collect(item, key, texts);
	else if (typeof value === "object" && value !== null) {
		for (const [name, item] of Object.entries(value)) if (!others.test(name)) collect(item, name, texts);
	} else if (typeof value !== "string" || value === "") return;
	else if (/^[^\s@]+@[^\s@]+$/.test(value)) texts.set(value, false);
	else if (/^(login|displayname|name)$/i.test(key)) texts.set(value, value.length < 5 || !/[\s.@_\d-]/.test(value));
}
