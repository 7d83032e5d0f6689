import { badQuery, badRequest, unsupported } from "./errors.js";
import { type Node, parseFilter } from "./filter.js";
import type { GraphCall } from "./tenant.js";

export interface Expand {
	name: string;
	select: string[] | null;
	nested: string[];
}

/** The system query options of a request (OData 4.01 part 2, section 5.1). */
export interface Query {
	select: string[] | null;
	filter: Node | null;
	expand: Expand[];
	orderby: { name: string; descending: boolean }[];
	top: number | null;
	count: boolean;
	/** Property and text of each term; a list inside is alternatives. */
	search: { name: string; text: string }[][] | null;
	skiptoken: string | null;
	deltatoken: string | null;
	/** The request may use the directory's separate index. */
	eventual: boolean;
}

const OPTIONS = ["$select", "$filter", "$expand", "$orderby", "$top", "$count", "$search", "$skiptoken", "$deltatoken", "$format"];

/** @throws Refusal for options the vendor doesn't know */
export function queryOf(call: GraphCall): Query {
	const given: Record<string, string> = {};
	for (const [name, value] of call.query) {
		const lower = name.toLowerCase();
		if (lower === "$skip") throw badRequest("'$skip' is not supported by the service.");
		if (lower.startsWith("$") && !OPTIONS.includes(lower)) throw badQuery(`The query parameter '${name}' is not supported.`);
		if (lower in given) throw badQuery(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
		given[lower] = value;
	}
	return {
		select: given.$select === undefined ? null : names(given.$select),
		filter: given.$filter === undefined ? null : parseFilter(given.$filter),
		expand: given.$expand === undefined ? [] : split(given.$expand).map(expandOf),
		orderby: given.$orderby === undefined ? [] : split(given.$orderby).map(orderOf),
		top: given.$top === undefined ? null : topOf(given.$top),
		count: given.$count?.toLowerCase() === "true",
		search: given.$search === undefined ? null : searchOf(given.$search),
		skiptoken: given.$skiptoken ?? null,
		deltatoken: given.$deltatoken ?? null,
		eventual: String(call.headers.consistencylevel ?? "").toLowerCase() === "eventual",
	};
}

function names(text: string): string[] {
	return text
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name !== "");
}

function topOf(text: string): number {
	if (!/^\d+$/.test(text)) throw badQuery(`Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`);
	return Number(text);
}

function orderOf(text: string): { name: string; descending: boolean } {
	const [name = "", direction = "asc"] = text.trim().split(/\s+/);
	return { name, descending: direction.toLowerCase() === "desc" };
}

/** Splits at commas that stand outside brackets. */
function split(text: string, separator = ","): string[] {
	const parts: string[] = [];
	let depth = 0;
	let part = "";
	for (const char of text) {
		depth += char === "(" ? 1 : char === ")" ? -1 : 0;
		if (char === separator && depth === 0) {
			parts.push(part);
			part = "";
		} else part += char;
	}
	return [...parts, part].map((one) => one.trim()).filter((one) => one !== "");
}

function expandOf(text: string): Expand {
	const match = /^([\w.*/]+)(?:\((.*)\))?$/s.exec(text);
	if (!match) throw badQuery(`Parsing OData Select and Expand failed: Syntax error in '${text}'.`);
	const options = split(match[2] ?? "", ";").map((option) => option.split(/=(.*)/s));
	const option = (name: string): string | undefined => options.find(([key]) => key === name)?.[1];
	const select = option("$select");
	return { name: match[1] ?? "", select: select === undefined ? null : names(select), nested: names(option("$expand") ?? "") };
}

/** `"displayName:one" OR "mail:two"`; AND binds as OR does, from the left. */
function searchOf(text: string): { name: string; text: string }[][] {
	const terms: { name: string; text: string }[][] = [];
	let last = 0;
	for (const match of text.matchAll(/\s*(AND|OR)?\s*"(\w+):([^"]*)"/g)) {
		if (match.index !== last) break;
		last = match.index + match[0].length;
		const term = { name: match[2] ?? "", text: match[3] ?? "" };
		if (match[1] === "OR") terms.at(-1)?.push(term);
		else terms.push([term]);
	}
	if (last !== text.length || terms.length === 0) throw badRequest(`Syntax error: character ':' is not valid at position ${last} in '${text}'.`);
	return terms;
}

/** The first operator of a filter that only the directory's separate index has; null when the filter needs none. */
export function advancedOperator(node: Node): string | null {
	switch (node.op) {
		case "and":
		case "or":
			return advancedOperator(node.left) ?? advancedOperator(node.right);
		case "not":
			return "not";
		case "ne":
			return "ne";
		case "endswith":
			return "endsWith";
		case "any":
			return node.body && advancedOperator(node.body);
		case "in":
			return null;
		default:
			return node.path.at(-1) === "$count" ? "$count" : null;
	}
}

/** Every property a filter names, lambda variables left out. */
export function filteredProperties(node: Node, variables: readonly string[] = []): string[] {
	switch (node.op) {
		case "and":
		case "or":
			return [...filteredProperties(node.left, variables), ...filteredProperties(node.right, variables)];
		case "not":
			return filteredProperties(node.node, variables);
		case "any":
			return [...node.path.slice(0, 1), ...(node.body ? filteredProperties(node.body, [...variables, node.variable]) : [])];
		default:
			return node.path[0] !== undefined && !variables.includes(node.path[0]) ? [node.path[0]] : [];
	}
}

/** Refuses a page size out of bounds, or brings it into them. */
export function pageSize(top: number | null, page: { usual: number; most: number; over: "refuse" | "clamp" }): number {
	if (top === null) return page.usual;
	const outside = top < 1 || (page.over === "refuse" && top > page.most);
	if (outside) throw unsupported(`Invalid page size specified: '${top}'. Must be between 1 and ${page.most} inclusive.`);
	return Math.min(top, page.most);
}
