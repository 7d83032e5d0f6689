import fc from "fast-check";
import type { KnownList } from "../model/known.js";

/** Material for the oracle tests: well-typed conditions on an account, accounts, and what their unknowns may turn out to be. */
export const testNow = Date.UTC(2026, 0, 1);
const times = [Date.UTC(2025, 0, 1), Date.UTC(2025, 11, 20), testNow];

/** Values a field may have, for drawing objects and for completing unknowns. */
export const domain: Readonly<Record<string, readonly unknown[]>> = {
	enabled: [true, false],
	external: [true, false],
	login: ["ab", "svc-a", "A'b"],
	status: ["", "ab"],
	department: [null, "ab", "IT"],
	created: [null, ...times],
	lastActivity: [null, ...times],
	privilegedRoles: [[], ["R"], ["S", "ab"], ["R", "S", "R"]],
	authenticators: [
		[],
		[{ type: "sms", recoveryOnly: true, created: null }],
		[
			{ type: "ab", recoveryOnly: false, created: times[0] },
			{ type: "push", recoveryOnly: true, created: times[1] },
		],
	],
};
export const elementDomain: Readonly<Record<string, readonly unknown[]>> = {
	privilegedRoles: ["R", "ab"],
	authenticators: [
		{ type: "sms", recoveryOnly: true, created: times[1] },
		{ type: "ab", recoveryOnly: false, created: null },
	],
};
const elementFields: Readonly<Record<string, readonly unknown[]>> = { type: ["sms", "ab"], recoveryOnly: [true, false], created: [null, times[0]] };

interface Names {
	bools: string[];
	strings: string[];
	/** Values that may be null, and are of that kind otherwise. */
	times: string[];
	loops: string[];
}

const top: Names = {
	bools: ["account.enabled", "account.external", "true"],
	strings: ["account.login", "account.status", "'ab'", "'R'", "'svc-'", '"A\'b"', "'`${1}\\\\'"],
	times: ["account.created", "account.lastActivity"],
	loops: ["a", "r"],
};

const cache = new Map<string, fc.Arbitrary<string>>();

/** A condition, as text, of at most that depth. */
export function condition(depth: number): fc.Arbitrary<string> {
	return bool(depth, top);
}

function bool(depth: number, names: Names): fc.Arbitrary<string> {
	const key = `${depth} ${names.bools.join()} ${names.loops.join()}`;
	const made = cache.get(key) ?? makeBool(depth, names);
	cache.set(key, made);
	return made;
}

function join(operator: string, ...sides: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
	return fc.tuple(...sides).map((parts) => `(${parts.join(` ${operator} `)})`);
}

function makeBool(depth: number, names: Names): fc.Arbitrary<string> {
	const leaf = fc.constantFrom(...names.bools);
	if (depth <= 0) return leaf;
	const inner = bool(depth - 1, names);
	const text = str(names);
	const number = int(depth - 1, names);
	const time = fc.constantFrom(...names.times);
	const order = fc.constantFrom("<", "<=", ">", ">=");
	const limit = fc.constantFrom("now", "now - days(12)", "timestamp('2025-12-20T00:00:00Z')", "now - days(200) + duration('1h')");
	const options: fc.Arbitrary<string>[] = [
		leaf,
		inner.map((a) => `!${a}`),
		join("&&", inner, inner),
		join("||", inner, inner),
		join("&&", inner, inner, inner),
		join("==", inner, inner),
		fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
		fc.tuple(text, fc.constantFrom("==", "!="), text).map((p) => `(${p.join(" ")})`),
		fc.tuple(text, fc.constantFrom("startsWith", "endsWith", "contains"), text).map(([a, f, b]) => `${a}.${f}(${b})`),
		fc.tuple(text, fc.constantFrom("^a", "b$", "[A-Z]", "s.c-?")).map(([a, p]) => `${a}.matches('${p}')`),
		text.map((a) => `(${a} in ['ab', 'R', "A'b"])`),
		fc.tuple(number, fc.oneof(order, fc.constantFrom("==", "!=")), number).map((p) => `(${p.join(" ")})`),
		fc.tuple(time, order, limit).map(([t, o, l]) => `(${t} != null && ${t} ${o} ${l})`),
		fc.tuple(time, order, time).map(([t, o, u]) => `(${t} == null || ${u} == null || ${t} ${o} ${u})`),
		fc.tuple(time, fc.constantFrom("==", "!="), fc.oneof(time, fc.constant("null"))).map((p) => `(${p.join(" ")})`),
		fc.constantFrom(
			"has(account.department)",
			"((account.department == null ? account.status : account.department) == 'ab')",
			"(account.department in ['IT', 'ab'])",
		),
		text.map((a) => `(${a} in account.privilegedRoles)`),
		fc.constantFrom("(account.privilegedRoles == ['R'])", "(account.privilegedRoles != [])", "(account.privilegedRoles + ['x'] == ['S', 'ab', 'x'])"),
	];
	for (const name of names.loops) options.push(...loops(depth, name, names));
	return fc.oneof(...options);
}

function loops(depth: number, name: string, names: Names): fc.Arbitrary<string>[] {
	const rest = names.loops.filter((n) => n !== name);
	const inside: Names =
		name === "a"
			? { bools: [...names.bools, "a.recoveryOnly"], strings: [...names.strings, "a.type", "a.type"], times: [...names.times, "a.created"], loops: rest }
			: { ...names, bools: [...names.bools, "(r == 'R')"], strings: [...names.strings, "r", "r"], loops: rest };
	const list = name === "a" ? "account.authenticators" : "account.privilegedRoles";
	const body = bool(depth - 1, inside);
	const short = bool(Math.min(depth - 1, 1), inside);
	return [
		fc.tuple(fc.constantFrom("exists", "all"), body).map(([f, b]) => `${list}.${f}(${name}, ${b})`),
		fc.tuple(short, fc.constantFrom("exists", "all"), short).map(([p, f, b]) => `${list}.filter(${name}, ${p}).${f}(${name}, ${b})`),
		short.map((p) => `(size(${list}.filter(${name}, ${p})) == 1)`),
		fc.constant(name === "a" ? "('ab' in account.authenticators.map(a, a.type))" : "account.privilegedRoles.map(r, r == 'R').exists(r, r)"),
	];
}

function str(names: Names): fc.Arbitrary<string> {
	const leaf = fc.constantFrom(...names.strings);
	return fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: join("+", leaf, leaf) });
}

function int(depth: number, names: Names): fc.Arbitrary<string> {
	const leaf = fc.oneof(
		fc.integer({ min: 0, max: 4 }).map(String),
		fc.constantFrom("size(account.privilegedRoles)", "account.authenticators.size()"),
		str(names).map((s) => `size(${s})`),
	);
	return depth <= 0
		? leaf
		: fc.oneof(
				{ weight: 3, arbitrary: leaf },
				fc.tuple(leaf, fc.constantFrom("+", "-", "*"), leaf).map((p) => `(${p.join(" ")})`),
			);
}

export type Draft = Record<string, unknown>;

/** An account with every field known. */
export const wholeAccount: fc.Arbitrary<Draft> = fc.record(
	Object.fromEntries(Object.entries(domain).map(([name, values]) => [name, fc.constantFrom(...values)])),
);

/** A hole in an account: a missing field, a list not read to the end, or a missing field of an element of a list. */
export type Hole = { field: string } | { partial: string } | { list: string; index: number; field: string };

export const holes: fc.Arbitrary<Hole[]> = fc.uniqueArray(
	fc.oneof(
		{ weight: 3, arbitrary: fc.constantFrom(...Object.keys(domain)).map((field): Hole => ({ field })) },
		{ weight: 2, arbitrary: fc.constantFrom("privilegedRoles", "authenticators").map((partial): Hole => ({ partial })) },
		{ weight: 2, arbitrary: fc.record({ list: fc.constant("authenticators"), index: fc.nat(1), field: fc.constantFrom("type", "recoveryOnly", "created") }) },
	),
	{ minLength: 1, maxLength: 3, selector: (hole) => JSON.stringify(hole) },
);

/** The account with holes, as Keelson would hold it. */
export function punch(whole: Draft, list: readonly Hole[]): Draft {
	const out: Draft = structuredClone(whole);
	for (const hole of list) {
		if ("index" in hole) Reflect.deleteProperty((out.authenticators as Draft[] | undefined)?.[hole.index] ?? {}, hole.field);
		else if ("partial" in hole && out[hole.partial]) (out[hole.partial] as KnownList<unknown>).partial = true;
		else if ("field" in hole) Reflect.deleteProperty(out, hole.field);
	}
	return out;
}

/** Every whole account that a punched one may turn out to be, over the domains. Elements are added in front and behind. */
export function completions(punched: Draft): Draft[] {
	let done: Draft[] = [{}];
	for (const [name, values] of Object.entries(domain)) {
		const options = Object.hasOwn(punched, name) ? completeValue(name, punched[name]) : values;
		done = done.flatMap((draft) => options.map((value) => ({ ...draft, [name]: value })));
	}
	return done;
}

function completeValue(name: string, value: unknown): unknown[] {
	if (!Array.isArray(value)) return [value];
	let lists: unknown[][] = [[]];
	for (const item of value) lists = lists.flatMap((list) => completeElement(item).map((whole) => [...list, whole]));
	if ((value as KnownList<unknown>).partial !== true) return lists;
	return lists.flatMap((list) => [
		list,
		...(elementDomain[name] ?? []).flatMap((extra) => [
			[...list, extra],
			[extra, ...list],
			[extra, ...list, extra],
		]),
	]);
}

function completeElement(item: unknown): unknown[] {
	if (typeof item !== "object" || item === null) return [item];
	let items: Draft[] = [{ ...item }];
	for (const [field, values] of Object.entries(elementFields)) {
		if (!Object.hasOwn(item, field)) items = items.flatMap((draft) => values.map((value) => ({ ...draft, [field]: value })));
	}
	return items;
}
