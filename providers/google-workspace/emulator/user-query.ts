import { hash } from "../../../src/emulate/random.js";
import { legacy } from "./errors.js";
import { admins } from "./show.js";
import type { Person, Tenant } from "./types.js";

const bad = () => legacy(400, "invalid", "Invalid Input: query", "global", { locationType: "parameter", location: "query" });

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);

/** Searchable fields (developers.google.com, "Search for users"). */
const fields: Record<string, (person: Person, tenant: Tenant) => unknown[]> = {
	email: ({ body }) => [body.primaryEmail, ...(body.aliases ?? [])],
	name: ({ body }) => [body.name?.givenName, body.name?.familyName, `${body.name?.givenName} ${body.name?.familyName}`],
	givenname: ({ body }) => [body.name?.givenName],
	familyname: ({ body }) => [body.name?.familyName],
	isadmin: (person, tenant) => [admins(tenant).top.has(person.id)],
	isdelegatedadmin: (person, tenant) => [!admins(tenant).top.has(person.id) && admins(tenant).limited.has(person.id)],
	issuspended: ({ body }) => [body.suspended === true],
	isarchived: ({ body }) => [body.archived === true],
	isenrolledin2sv: ({ body, id }, { choices }) => [(body.isEnrolledIn2Sv === true) !== (choices.staleIndex && hash(id, 9) % 100 === 0)],
	isenforcedin2sv: ({ body }) => [body.isEnforcedIn2Sv === true],
	orgunitpath: ({ body }) => [body.orgUnitPath],
	externalid: ({ body }) => rows(body.externalIds).map(({ value }) => value),
	manager: ({ body }) => managers(body.relations),
	directmanager: ({ body }) => managers(body.relations),
	orgdepartment: ({ body }) => rows(body.organizations).map(({ department }) => department),
	orgtitle: ({ body }) => rows(body.organizations).map(({ title }) => title),
	orgcostcenter: ({ body }) => rows(body.organizations).map(({ costCenter }) => costCenter),
	phone: ({ body }) => rows(body.phones).map(({ value }) => value),
	creationtime: ({ created }) => [created],
};

function managers(relations: unknown): unknown[] {
	return rows(relations)
		.filter(({ type }) => type === "manager")
		.map(({ value }) => value);
}

/**
 * Makes the test for a `query`: clauses by blanks, all of which must hold; `=` compares whole values, `:` words and beginnings (`*`), `orgUnitPath=` takes what is beneath too.
 * @throws Refusal 400 for what the vendor doesn't search by
 */
export function userQuery(tenant: Tenant, text: string): (person: Person) => boolean {
	const clauses: ((person: Person) => boolean)[] = [];
	let rest = text.trim();
	while (rest !== "") {
		const match = /^(?:([A-Za-z0-9_.]+)\s*(<=|>=|=|:|<|>)\s*)?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\S+)\s*/.exec(rest);
		if (!match) throw bad();
		rest = rest.slice(match[0].length);
		const value = (match[3] ?? "").replace(/^(['"])(.*)\1$/, "$2").replace(/\\(.)/g, "$1");
		clauses.push(clause(tenant, match[1], match[2] ?? ":", value));
	}
	if (clauses.length === 0) throw bad();
	return (person) => clauses.every((holds) => holds(person));
}

function clause(tenant: Tenant, name: string | undefined, operator: string, value: string): (person: Person) => boolean {
	const wanted = value.toLowerCase();
	if (name === undefined) {
		const all = [fields.name, fields.email];
		return (person) => all.some((read) => read?.(person, tenant).some((one) => words(one, wanted, true)));
	}
	const key = name.toLowerCase();
	const read = fields[key];
	if (!read) throw bad();
	if (key === "creationtime") {
		const at = Date.parse(value);
		if (Number.isNaN(at)) throw bad();
		return ({ created }) =>
			operator === "<"
				? created < at
				: operator === "<="
					? created <= at
					: operator === ">"
						? created > at
						: operator === ">="
							? created >= at
							: created === at;
	}
	if (operator !== "=" && operator !== ":") throw bad();
	if (key.startsWith("is") && wanted !== "true" && wanted !== "false") throw bad();
	if (key === "orgunitpath") {
		const under = wanted.endsWith("/") ? wanted : `${wanted}/`;
		return ({ body }) => body.orgUnitPath.toLowerCase() === wanted || body.orgUnitPath.toLowerCase().startsWith(under);
	}
	return (person) => read(person, tenant).some((one) => (operator === "=" ? String(one ?? "").toLowerCase() === wanted : words(one, wanted, key !== "email")));
}

function words(value: unknown, wanted: string, anyWord: boolean): boolean {
	const text = String(value ?? "").toLowerCase();
	if (wanted.endsWith("*")) {
		const start = wanted.slice(0, -1);
		return text.startsWith(start) || (anyWord && text.split(/\s+/).some((word) => word.startsWith(start)));
	}
	return text === wanted || (anyWord ? text.split(/\s+/).includes(wanted) : false);
}
