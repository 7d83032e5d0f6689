/** A field that a list can be filtered by: the operators that the vendor allows for it, and its value. */
export interface Field<T> {
	ops: string;
	get(item: T): unknown;
}
export type Fields<T> = Record<string, Field<T>>;

/** Why a filter is refused. */
export class BadFilter extends Error {}

type Token = { kind: "word" | "string" | "mark"; text: string };

const PATTERN = /\s*(?:"((?:[^"\\]|\\.)*)"|([(),])|([^\s(),"]+))/y;

function tokens(text: string): Token[] {
	const found: Token[] = [];
	PATTERN.lastIndex = 0;
	while (PATTERN.lastIndex < text.trimEnd().length) {
		const match = PATTERN.exec(text);
		if (!match) throw new BadFilter("The filter could not be parsed.");
		if (match[1] !== undefined) found.push({ kind: "string", text: match[1].replace(/\\(.)/g, "$1") });
		else if (match[2] !== undefined) found.push({ kind: "mark", text: match[2] });
		else found.push({ kind: "word", text: match[3] ?? "" });
	}
	return found;
}

/**
 * Compiles the vendor's filter grammar: comparisons joined by `and`, `or`, `not` and parentheses.
 * @throws BadFilter for a fault of grammar, and for a field or operator that this list doesn't have
 */
export function compileFilter<T>(text: string, fields: Fields<T>): (item: T) => boolean {
	const list = tokens(text);
	let at = 0;
	const peek = () => list[at];
	const isWord = (word: string) => peek()?.kind === "word" && peek()?.text.toLowerCase() === word;
	const isMark = (mark: string) => peek()?.kind === "mark" && peek()?.text === mark;
	const take = (): Token => {
		const token = list[at++];
		if (!token) throw new BadFilter("The filter ends too early.");
		return token;
	};
	const expect = (mark: string) => {
		if (!isMark(mark)) throw new BadFilter(`"${mark}" expected in the filter.`);
		at++;
	};

	function either(): (item: T) => boolean {
		let left = both();
		while (isWord("or")) {
			at++;
			const [one, two] = [left, both()];
			left = (item) => one(item) || two(item);
		}
		return left;
	}
	function both(): (item: T) => boolean {
		let left = single();
		while (isWord("and")) {
			at++;
			const [one, two] = [left, single()];
			left = (item) => one(item) && two(item);
		}
		return left;
	}
	function single(): (item: T) => boolean {
		if (isWord("not")) {
			at++;
			const inner = single();
			return (item) => !inner(item);
		}
		if (isMark("(")) {
			at++;
			const inner = either();
			expect(")");
			return inner;
		}
		const first = take();
		if (first.kind !== "word") throw new BadFilter("A property name is expected in the filter.");
		if (first.text === "isnull" || first.text === "pr") {
			const { get } = fieldOf(take().text, first.text);
			return (item) => (get(item) == null) === (first.text === "isnull");
		}
		const op = take().text.toLowerCase();
		const { get } = fieldOf(first.text, op);
		if (op === "isnull") return (item) => get(item) == null;
		if (op === "in" || op === "ca") return listed(op, get, values());
		return compare(op, get, value());
	}
	function fieldOf(name: string, op: string): Field<T> {
		const field = fields[name];
		if (!field) throw new BadFilter(`Property "${name}" is not filterable.`);
		if (!field.ops.split(" ").includes(op)) throw new BadFilter(`Operator "${op}" is not supported for property "${name}".`);
		return field;
	}
	function value(): string {
		const token = take();
		if (token.kind === "mark") throw new BadFilter("A value is expected in the filter.");
		return token.text;
	}
	function values(): string[] {
		expect("(");
		const all = [value()];
		while (isMark(",")) {
			at++;
			all.push(value());
		}
		expect(")");
		return all;
	}
	const compiled = either();
	if (at < list.length) throw new BadFilter("The filter could not be parsed to its end.");
	return compiled;
}

function listed<T>(op: "in" | "ca", get: Field<T>["get"], wanted: string[]): (item: T) => boolean {
	const set = new Set(wanted);
	if (op === "in") return (item) => set.has(String(get(item)));
	return (item) => {
		const held = get(item);
		return Array.isArray(held) && wanted.every((one) => held.includes(one));
	};
}

function compare<T>(op: string, get: Field<T>["get"], wanted: string): (item: T) => boolean {
	const folded = wanted.toLowerCase();
	const words = (item: T) => String(get(item) ?? "").toLowerCase();
	const order = (item: T): number | undefined => {
		const held = get(item);
		if (held == null) return undefined;
		if (typeof held !== "number") return held < wanted ? -1 : held > wanted ? 1 : 0;
		return held - (Number.isNaN(Number(wanted)) ? Date.parse(wanted) : Number(wanted));
	};
	switch (op) {
		case "eq":
			return (item) => (typeof get(item) === "number" ? order(item) === 0 : String(get(item)) === wanted);
		case "ne":
			return (item) => (typeof get(item) === "number" ? order(item) !== 0 : String(get(item)) !== wanted);
		case "sw":
			return (item) => words(item).startsWith(folded);
		case "co":
			return (item) => words(item).includes(folded);
		case "gt":
			return (item) => (order(item) ?? 0) > 0;
		case "ge":
			return (item) => (order(item) ?? -1) >= 0;
		case "lt":
			return (item) => (order(item) ?? 0) < 0;
		case "le":
			return (item) => (order(item) ?? 1) <= 0;
		default:
			throw new BadFilter(`Operator "${op}" is unknown.`);
	}
}
