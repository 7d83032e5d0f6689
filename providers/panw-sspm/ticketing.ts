import type { Known } from "../../src/model/known.js";
import { at, object, word } from "../../src/provider/decode.js";
import type { SspmConnection } from "./connection.js";
import { one } from "./read.js";
import { type Issue, integrationPath, jira } from "./ticket-state.js";

/** Where a ticket goes. */
export interface Ticketing {
	integration: string;
	project: string;
	/** Its id. */
	issueType: string;
	feature: string;
}

/**
 * Where tickets go, by the stack file; a sentence where that can't be said. Nothing of it is guessed: an issue in a wrong project tells people
 * of a weakness who need not know. `seen`: issues that are there, of which the sentence may name an integration.
 */
export async function ticketing(connection: SspmConnection, seen: readonly Issue[]): Promise<Ticketing | string> {
	const { config } = connection;
	const option = (name: string): Known<string> => word(at(config.options, "ticketing", name));
	const where = `systems.${config.system}.options.ticketing`;
	const integration = option("integration");
	if (integration === undefined) {
		const used = seen.find((issue) => issue.type === jira && issue.integration !== undefined)?.integration;
		return `the vendor has no list of integrations: give the id of the Jira integration as ${where}.integration${used === undefined ? "" : ` (tickets that are there have ${used})`}`;
	}
	const params = { integration_id: integration, integration_type: jira };
	const project = option("project");
	if (project === undefined) return `give the key of the Jira project as ${where}.project${oneOf(await projects(connection, params))}`;
	const answer = await one(connection, { method: "GET", path: `${integrationPath}/project/{key}`, params: { ...params, key: project } }, config.signal);
	if ("error" in answer)
		return answer.error.status === 404
			? `there is no Jira project ${project} in integration ${integration}: check ${where}${oneOf(await projects(connection, params))}`
			: `Jira project ${project} can't be read: ${answer.error.message}`;
	const list = at(answer.body, "issueTypes");
	const types = (Array.isArray(list) ? list : []).flatMap((type) => {
		const id = word(at(type, "id"));
		return id === undefined ? [] : [{ id, name: word(at(type, "name")) ?? id }];
	});
	const wanted = option("issueType") ?? "Task";
	const found = types.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
	if (!found) return `Jira project ${project} has no issue type ${wanted}: give one as ${where}.issueType${oneOf(types.map(({ name }) => name))}`;
	return { integration, project, issueType: found.id, feature: option("feature") ?? "IDENTITY_ACTIVITY" };
}

const oneOf = (names: string[]): string => (names.length === 0 ? "" : ` (there is ${names.slice(0, 10).join(", ")})`);

/** Keys of the integration's projects. The answer has no documented form: the objects with a `key` in its first list. */
async function projects(connection: SspmConnection, params: Record<string, string>): Promise<string[]> {
	const answer = await one(connection, { method: "GET", path: `${integrationPath}/projects`, params }, connection.config.signal);
	if ("error" in answer) return [];
	const list: unknown = Array.isArray(answer.body) ? answer.body : Object.values(object(answer.body) ?? {}).find(Array.isArray);
	return (Array.isArray(list) ? list : []).flatMap((project) => word(at(project, "key")) ?? []);
}
