import type { Known } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import { at, texts, word } from "../../src/provider/decode.js";
import type { SspmConnection } from "./connection.js";
import { listed } from "./operators.js";
import { numberedPages } from "./paging.js";
import { type Losses, whole } from "./read.js";
import { type Issue, jira } from "./ticket-state.js";

/** A ticket of the identity calls. */
export interface Ticket extends Issue {
	id: string;
	resources: string[];
	feature: Known<string>;
	summary: Known<string>;
}

export const ticketsPath = "/sspm/identity/v1/{saasInstanceId}/tickets";

/** Tickets of an instance; undefined where they were not read whole, which `lost` then tells. */
export async function ticketsOf(
	connection: SspmConnection,
	instance: string,
	lost: Losses,
	signal?: AbortSignal,
): Promise<{ tickets: Known<Ticket[]>; request: RequestRef | null }> {
	const request = { method: "GET" as const, path: ticketsPath, params: { saasInstanceId: instance } };
	const { items, closed, request: from } = await whole(numberedPages(connection, request, { signal }), lost);
	const tickets: Ticket[] = [];
	for (const item of items) {
		const [id, key] = [word(at(item, "id")), word(at(item, "ticketKey"))];
		const said = at(item, "resourceIds");
		// A list in a text: the specification has it as one.
		const resources = typeof said === "string" ? listed(said) : texts(said);
		if (id === undefined || key === undefined || resources === undefined) {
			lost.add({ cause: "error", detail: `${from?.call}: a ticket has no id, key or resources` });
			return { tickets: undefined, request: from };
		}
		tickets.push({ ...issueIn(item, key), id, resources, feature: word(at(item, "feature")), summary: word(at(item, "summary")) });
	}
	return { tickets: closed ? tickets : undefined, request: from };
}

/** The issues that a configuration itself names; undefined where that can't be read. */
export function issuesIn(config: unknown): Known<Issue[]> {
	const list = at(config, "tickets");
	if (!Array.isArray(list)) return undefined;
	const issues: Issue[] = [];
	for (const item of list) {
		const key = word(at(item, "ticketKey"));
		if (key === undefined) return undefined;
		issues.push(issueIn(item, key));
	}
	return issues;
}

function issueIn(item: unknown, key: string): Issue {
	return { key, integration: word(at(item, "integrationId")), type: word(at(item, "type")) ?? jira };
}
