import { type Call, ok, param, type Route } from "../../../src/emulate/call.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { notFound } from "./errors.js";
import type { Tenant } from "./types.js";

const issueTypes = [
	{ id: "10001", name: "Task" },
	{ id: "10002", name: "Bug" },
];

/** Keys of issues that tickets point at, with their state in Jira. */
function issues(tenant: Tenant): Map<string, string> {
	const found = new Map<string, string>();
	for (const configs of tenant.state.configs.values()) {
		for (const { tickets } of configs) for (const { ticketKey } of tickets) found.set(ticketKey, "In Progress");
	}
	for (const { ticketKey } of tenant.state.tickets.values()) found.set(ticketKey, "To Do");
	return found;
}

/** The Jira that tickets go to: one project, `SEC`. */
export function integrationRoutes(tenant: Tenant): Route<Needs, ServiceAccount>[] {
	const template = "/sspm/api/v1/integration/integrations/{integration_id}/{integration_type}";
	const set = (call: Call): void => {
		const known = param(call, "integration_id") === tenant.integrationId && param(call, "integration_type") === "JIRA_TICKETING";
		if (!known) throw notFound(call, "Jira ticketing integration is not registered");
	};
	const get = (rest: string, answer: (call: Call) => unknown): Route<Needs, ServiceAccount> => ({
		method: "GET",
		template: `${template}${rest}`,
		needs: { area: null },
		handler: (call) => {
			set(call);
			return ok(answer(call));
		},
	});
	return [
		get("/projects", () => ({ projects: [{ id: "10000", key: "SEC", name: "Security" }] })),
		get("/project/{key}", (call) => {
			if (param(call, "key") !== "SEC") throw notFound(call, "Project does not exist");
			return { issueTypes };
		}),
		get("/issue/{key}", (call) => {
			const status = issues(tenant).get(param(call, "key"));
			if (status === undefined) throw notFound(call, "Issue does not exist");
			const person = { accountId: "5b10a2844c20165700ede21g", displayName: "Sara Holm" };
			return { fields: { ...(status !== "To Do" && { assignee: person }), reporter: person, status: { name: status } } };
		}),
	];
}
