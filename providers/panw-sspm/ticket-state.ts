import type { Known } from "../../src/model/known.js";
import { at, word } from "../../src/provider/decode.js";
import type { SspmConnection } from "./connection.js";
import { one } from "./read.js";

export const jira = "JIRA_TICKETING";
export const integrationPath = "/sspm/api/v1/integration/integrations/{integration_id}/{integration_type}";

/** An issue that a ticket is about. */
export interface Issue {
	key: string;
	integration: Known<string>;
	/** Of the integration. */
	type: Known<string>;
}

/** Jira's usual words for an issue that nobody works on any more; a project may have others, which count as open. */
const ended = new Set(["done", "closed", "resolved", "cancelled", "canceled", "rejected", "declined", "completed", "wontdo", "wontfix", "duplicate"]);

/** Says the status words of issues in Jira, each asked for once; undefined where there is no word. */
export function issueStates(connection: SspmConnection, signal?: AbortSignal): (issue: Issue) => Promise<Known<string>> {
	const asked = new Map<string, Promise<Known<string>>>();
	return ({ key, integration, type }) => {
		if (integration === undefined || type !== jira) return Promise.resolve(undefined);
		const name = `${integration}/${key}`;
		const before = asked.get(name);
		if (before) return before;
		const params = { integration_id: integration, integration_type: type, key };
		const answer = one(connection, { method: "GET", path: `${integrationPath}/issue/{key}`, params }, signal).then((found) =>
			"error" in found ? undefined : word(at(found.body, "fields", "status", "name")),
		);
		asked.set(name, answer);
		return answer;
	};
}

/** Whether somebody still has to do with it; what can't be said counts as open, so that no second ticket is made. */
function isOpen(status: Known<string>): boolean {
	return !ended.has(status?.toLowerCase().replace(/[^a-z]/g, "") ?? "");
}

/** Says how many issues a ticket is linked to, at the least; undefined where it can't be said. */
export type LinkCount = (ticket: string) => Promise<Known<number>>;

/** An issue that is linked to a configuration. */
export interface Linked {
	key: string;
	/** Its status word in Jira. */
	status?: string;
	open: boolean;
	/** Issues that the vendor links to the ticket, where it was asked. */
	issues?: number;
	/** A ticket that names the configuration and is linked to no issue, or of which that can't be said: whether somebody works on it is not known. */
	link?: "empty" | "unknown";
}

/**
 * What is linked to one configuration, each issue once. `named`: the configuration names it itself; `tickets`: a ticket names the configuration, which
 * `countOf`, where it is given, is asked to confirm of those that are open.
 */
export async function linkedTo(
	named: readonly Issue[],
	tickets: readonly Issue[],
	stateOf: ReturnType<typeof issueStates>,
	countOf?: LinkCount,
): Promise<Linked[]> {
	const found = new Map<string, Linked>();
	const confirmed = new Set(named.map(({ key }) => key));
	for (const issue of [...named, ...tickets]) {
		const status = await stateOf(issue);
		const open = isOpen(status);
		const asks = open && countOf !== undefined && !confirmed.has(issue.key);
		const link = asks ? linkOf(await countOf(issue.key)) : {};
		found.set(issue.key, { key: issue.key, ...(status !== undefined && { status }), open, ...link });
	}
	return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function linkOf(issues: Known<number>): Pick<Linked, "issues" | "link"> {
	return issues === undefined ? { link: "unknown" } : { issues, ...(issues === 0 && { link: "empty" }) };
}
