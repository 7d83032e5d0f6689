import { noContent, ok, param, type Route } from "../../../src/emulate/call.js";
import { hash } from "../../../src/emulate/random.js";
import { isRecord } from "../../../src/emulate/spoil.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { badInput, notFound } from "./errors.js";
import type { Fields } from "./find.js";
import { uuid } from "./ids.js";
import { features, instanceIn } from "./named.js";
import { numberedPage } from "./paging.js";
import { listIn, textsIn } from "./reports.js";
import { instant, listText, sparse } from "./show.js";
import type { Account, Instance, Tenant, Ticket } from "./types.js";

const ticketFields: Fields<Ticket> = {
	id: (ticket) => ticket.id,
	feature: (ticket) => ticket.feature,
	ticketKey: (ticket) => ticket.ticketKey,
	type: (ticket) => ticket.type,
	resourceIds: (ticket) => ticket.resourceIds,
	createdAt: (ticket) => ticket.created,
};

/** Tickets of a SaaS instance. The path has no `saas_instances`. Deleting unlinks: the issue in Jira stays. */
export function ticketRoutes(tenant: Tenant): Route<Needs, ServiceAccount>[] {
	const { state, world, choices } = tenant;
	const template = "/sspm/identity/v1/{saasInstanceId}/tickets";
	const read: Needs = { area: "IDENTITY" };
	const write: Needs = { area: "IDENTITY", write: true };
	const show = (ticket: Ticket) =>
		sparse(choices, {
			id: ticket.id,
			tenant: tenant.name,
			saasInstanceId: ticket.saasInstanceId,
			resourceIds: listText(choices, ticket.resourceIds),
			feature: ticket.feature,
			users: listText(choices, ticket.users),
			integrationId: ticket.integrationId,
			type: ticket.type,
			ticketKey: ticket.ticketKey,
			ticketUrl: ticket.ticketUrl,
			summary: ticket.summary,
			createdAt: instant(choices, ticket.created),
		});
	const source = (instance: Instance) => ({
		rows: () => world.allSeen(state.tickets).flatMap(([, ticket]) => (ticket.saasInstanceId === instance.saasInstanceId ? [ticket] : [])),
		fields: ticketFields,
		show,
	});

	return [
		{ method: "GET", template, needs: read, handler: (call) => numberedPage(tenant, call, source(instanceIn(tenant, call))) },
		{
			method: "POST",
			template,
			needs: write,
			handler: (call) => {
				const instance = instanceIn(tenant, call);
				const { feature = "", integrationId = "", type = "", summary = "" } = textsIn(call, ["feature", "integrationId", "type", "issueTypeId", "summary"]);
				const resourceIds = listIn(call, "resourceIds");
				if (!features.includes(feature)) throw badInput(call, `"feature" must be one of ${features.join(", ")}`);
				if (integrationId !== tenant.integrationId) throw badInput(call, "Integration is not registered");
				if (type !== "JIRA_TICKETING") throw badInput(call, `"type" of the integration is not ${type}`);
				const users = resourceIds.flatMap((id) => {
					const account = instance.accounts.get(id);
					return account ? [loginOf(account)] : [];
				});
				const number = 100 + state.tickets.size;
				const ticketKey = `SEC-${number}`;
				const id = uuid(`ticket/${instance.saasInstanceId}/${number}/${hash(resourceIds.join())}`);
				const ticketUrl = `https://jira.acme.example/browse/${ticketKey}`;
				const ticket = { id, saasInstanceId: instance.saasInstanceId, resourceIds, feature, users, integrationId, type, ticketKey, ticketUrl, summary };
				const made = { ...ticket, created: world.now() };
				world.put(state.tickets, id, made);
				tenant.version++;
				return ok(show(made));
			},
		},
		{
			method: "DELETE",
			template,
			needs: write,
			handler: (call) => {
				const instance = instanceIn(tenant, call);
				const { id = "", feature } = textsIn(call, ["id", "feature"]);
				const ticket = state.tickets.get(id);
				if (ticket?.saasInstanceId !== instance.saasInstanceId || ticket.feature !== feature) throw notFound(call, "Ticket does not exist");
				const some = isRecord(call.body) && call.body.resourceIds !== undefined ? listIn(call, "resourceIds") : ticket.resourceIds;
				const left = ticket.resourceIds.filter((resource) => !some.includes(resource));
				if (left.length === 0) world.drop(state.tickets, id);
				else world.put(state.tickets, id, { ...ticket, resourceIds: left });
				tenant.version++;
				return noContent();
			},
		},
		{
			method: "GET",
			template: `${template}/{ticketKey}/issues`,
			needs: read,
			handler: (call) => {
				const instance = instanceIn(tenant, call);
				const key = param(call, "ticketKey");
				const tickets = source(instance)
					.rows()
					.filter((ticket) => ticket.ticketKey === key);
				if (tickets.length === 0) throw notFound(call, "Ticket does not exist");
				const rows = () => tickets.flatMap((ticket) => ticket.resourceIds.map((resource) => ({ ticket, account: instance.accounts.get(resource), resource })));
				const issue = ({ ticket, account, resource }: ReturnType<typeof rows>[number]) => ({
					key: ticket.ticketKey,
					url: ticket.ticketUrl,
					summary: ticket.summary,
					feature: ticket.feature,
					resourceId: resource,
					...(account && { user: loginOf(account) }),
				});
				return numberedPage(tenant, call, { rows, fields: {}, show: issue, idKey: "resourceId" });
			},
		},
	];
}

/** What an account is called by: its address, or its name where it has none. */
export function loginOf(account: Account): string {
	return account.email ?? account.accountName;
}
