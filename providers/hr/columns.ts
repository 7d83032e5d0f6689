import type { Column, HrOptions } from "./config-schema.js";
import { FeedError } from "./feed.js";

/** Names that columns usually have, in small letters without anything between words. */
const usual: Record<Column, string[]> = {
	id: ["workerid", "employeeid", "employeenumber", "personnelnumber", "id", "userid", "personidexternal"],
	firstName: ["firstname", "givenname", "legalfirstname"],
	lastName: ["lastname", "familyname", "surname", "legallastname"],
	email: ["workemail", "email", "primaryworkemail", "emailaddress", "mail"],
	manager: ["managerid", "managerworkerid", "manageremployeeid", "manager"],
	department: ["department", "costcenter", "orgunit", "supervisoryorganization"],
	title: ["title", "jobtitle", "businesstitle"],
	type: ["type", "workertype", "employmenttype"],
	status: ["status", "employmentstatus", "emplstatus", "workerstatus"],
	started: ["startdate", "start", "hiredate", "started"],
	ended: ["enddate", "end", "terminationdate", "lastdayofwork", "ended"],
};

/** Without these nobody can be told apart, or from a leaver. */
const needed: Column[] = ["id", "status"];

export type Columns = Record<Column, string | null>;

/**
 * Which column of the feed is which. One that the stack file names must be there; others are found by their usual names, or there is none.
 * @throws FeedError naming the column that is missing
 */
export function columnsOf(found: string[], { columns = {} }: HrOptions, path: string): Columns {
	const plain = new Map(found.map((name) => [name.toLowerCase().replace(/[^a-z0-9]/g, ""), name]));
	const one = (column: Column): string | null => {
		const named = columns[column];
		if (named !== undefined) {
			if (!found.includes(named)) throw new FeedError(`${path} has no column ${JSON.stringify(named)} (options.columns.${column}); it has ${found.join(", ")}`);
			return named;
		}
		const name = usual[column].find((word) => plain.has(word));
		const real = name === undefined ? null : (plain.get(name) ?? null);
		if (real === null && needed.includes(column))
			throw new FeedError(`${path} has no column for ${column}: name it in options.columns.${column}; it has ${found.join(", ")}`);
		return real;
	};
	return Object.fromEntries((Object.keys(usual) as Column[]).map((column) => [column, one(column)])) as Columns;
}
