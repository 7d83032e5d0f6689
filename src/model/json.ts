/** `{ "$partial": [ … ] }` marks a partial list; a real key of that shape gets one more `$` so that nothing is mistaken for it. */
const marker = "$partial";
const escapedMarker = /^\$\$+partial$/;
const markerLike = /^\$+partial$/;

/**
 * Canonical JSON text: keys sorted, `undefined` keys left out (unknown), partial lists as `{ "$partial": [ … ] }`.
 * Equal values give equal text, whatever order their keys came in.
 * @throws TypeError for what JSON cannot hold (NaN, functions, an `undefined` element of a list): written as `null` it would read as known.
 */
export function encodeKnown(value: unknown): string {
	switch (typeof value) {
		case "string":
			return JSON.stringify(value);
		case "boolean":
			return value ? "true" : "false";
		case "number":
			if (Number.isFinite(value)) return String(value === 0 ? 0 : value);
			throw new TypeError(`${value} cannot be written as JSON`);
		case "object":
			if (value === null) return "null";
			return Array.isArray(value) ? encodeList(value) : encodeObject(value);
		default:
			throw new TypeError(`a value of type ${typeof value} cannot be written as JSON`);
	}
}

/** The inverse of `encodeKnown`; reads any other JSON text as well. @throws SyntaxError for text that is not JSON. */
export function decodeKnown(text: string): unknown {
	const value: unknown = JSON.parse(text);
	// Most records hold no partial list, and the walk over every value would double the cost of reading them.
	return text.includes("partial") ? reviveKnown(value) : value;
}

/** Turns every `{ "$partial": [ … ] }` of a parsed JSON (or YAML) value into a partial list. Changes the value in place and returns it. */
export function reviveKnown(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) {
		for (const [index, element] of value.entries()) value[index] = reviveKnown(element);
		return value;
	}
	const keys = Object.keys(value);
	for (const key of keys) {
		const held: unknown = Reflect.get(value, key);
		const revived = reviveKnown(held);
		if (revived !== held) define(value, key, revived);
	}
	if (keys.length === 1 && keys[0] === marker) {
		const list: unknown = Reflect.get(value, marker);
		if (Array.isArray(list)) return Object.assign(list, { partial: true as const });
	}
	return keys.some((key) => escapedMarker.test(key)) ? unescaped(value) : value;
}

function encodeList(list: unknown[] & { partial?: unknown }): string {
	const text = `[${list.map(encodeKnown).join(",")}]`;
	return list.partial === true ? `{"${marker}":${text}}` : text;
}

function encodeObject(value: object): string {
	if ("toJSON" in value && typeof value.toJSON === "function") return encodeKnown(value.toJSON());
	let text = "";
	for (const key of Object.keys(value).sort()) {
		const held: unknown = Reflect.get(value, key);
		if (held === undefined) continue;
		const name = key.endsWith("partial") && markerLike.test(key) ? `$${key}` : key;
		text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${encodeKnown(held)}`;
	}
	return `{${text}}`;
}

function unescaped(value: object): object {
	const result = {};
	for (const key of Object.keys(value)) define(result, escapedMarker.test(key) ? key.slice(1) : key, Reflect.get(value, key));
	return result;
}

/** Plain assignment to a key named `__proto__` would set the prototype instead. */
function define(target: object, key: string, value: unknown): void {
	Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
