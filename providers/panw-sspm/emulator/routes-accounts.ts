import { ok, type Route } from "../../../src/emulate/call.js";
import { hour } from "../../../src/emulate/random.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { badRequest } from "./errors.js";
import type { Fields } from "./find.js";
import { eventsOf, type SaasEvent } from "./make-activity.js";
import { instanceIn } from "./named.js";
import { matching, numberedPage } from "./paging.js";
import { csvReport } from "./reports.js";
import { instant, listText, sparse } from "./show.js";
import type { Account, Instance, Tenant } from "./types.js";

/** The vendor gives no grammar for the identity calls' filters; these are the fields of an account by the grammar of the SSPM calls. */
const accountFields: Fields<Account> = {
	id: (account) => account.id,
	saasProviderId: (account) => account.saasProviderId,
	accountType: (account) => account.accountType,
	accountName: (account) => account.accountName,
	email: (account) => account.email,
	isLocal: (account) => account.isLocal,
	isOrphaned: (account) => account.isOrphaned,
	isElevated: (account) => account.isElevated,
	isNonHuman: (account) => account.isNonHuman,
	roles: (account) => account.roles,
	createdTime: (account) => account.created,
	lastLoginTime: (account) => account.lastLogin,
};

const eventFields: Fields<SaasEvent> = {
	id: (event) => event.id,
	userId: (event) => event.userId,
	activityType: (event) => event.type,
	resourceType: (event) => event.resourceType,
	activityDateTime: (event) => event.at,
};

/** SaaS instances, their accounts and what was done there. */
export function accountRoutes(tenant: Tenant): Route<Needs, ServiceAccount>[] {
	const { state, world, choices } = tenant;
	const route = (method: string, rest: string, handler: Route<Needs, ServiceAccount>["handler"]): Route<Needs, ServiceAccount> => ({
		method,
		template: `/sspm/identity/v1/saas_instances${rest}`,
		needs: { area: "IDENTITY", write: method !== "GET" },
		handler,
	});
	const accounts = (instance: Instance, tickets = ticketsByAccount(tenant)) => ({
		rows: () => world.allSeen(instance.accounts).map(([, account]) => account),
		fields: accountFields,
		show: (account: Account) => shownAccount(tenant, instance, account, tickets),
	});

	return [
		route("GET", "", () => {
			const items = world.allSeen(state.instances).map(([, { displayName, saasInstanceId, appType }]) => ({ displayName, saasInstanceId, appType }));
			return { status: 200, list: { items, wrap: (all) => ({ total: items.length, items: all }), idKey: "saasInstanceId" } };
		}),
		route("GET", "/{saasInstanceId}/saas_accounts", (call) => numberedPage(tenant, call, accounts(instanceIn(tenant, call)))),
		route("GET", "/{saasInstanceId}/saas_accounts/count", (call) => {
			const rows = matching(tenant, call, accounts(instanceIn(tenant, call)));
			const count = (fits: (account: Account) => boolean) => rows.filter(fits).length;
			return ok({
				total: rows.length,
				elevated: count((account) => account.isElevated),
				orphaned: count((account) => account.isOrphaned),
				local: count((account) => account.isLocal),
				nonHuman: count((account) => account.isNonHuman),
			});
		}),
		route("POST", "/{saasInstanceId}/saas_accounts/csv_report", (call) => {
			matching(tenant, call, accounts(instanceIn(tenant, call)));
			return csvReport(tenant, call);
		}),
		route("GET", "/{saasInstanceId}/saas_activity", (call) => {
			const instance = instanceIn(tenant, call);
			const { activitySort } = choices;
			if (activitySort === "refused" && call.query.get("sortBy")) throw badRequest(call, '"sortBy" is not supported');
			if (activitySort === "ignored") call.query.delete("sortBy");
			const newestFirst = eventsOf(instance, world.now(), tenant.version);
			const rows = () => (activitySort === "ignored" ? newestFirst.toReversed() : [...newestFirst]);
			return numberedPage(tenant, call, { rows, fields: eventFields, show: (event) => shownEvent(tenant, instance, event) });
		}),
	];
}

function shownEvent({ choices, name }: Tenant, { saasInstanceId, appType, accounts }: Instance, event: SaasEvent): Record<string, unknown> {
	const account = accounts.get(event.userId);
	const names = { id: event.userId, providerId: account?.saasProviderId, email: account?.email };
	return sparse(choices, {
		id: event.id,
		userId: names[choices.activityUser] ?? event.userId,
		tenant: name,
		saasInstanceId,
		appType,
		resourceType: event.resourceType,
		resourceName: event.resourceName,
		activityType: event.type,
		clientIP: event.ip,
		location: event.location,
		userAgent: event.ip === null ? null : "Mozilla/5.0",
		summary: `${event.type} of ${event.resourceName}`,
		rawData: JSON.stringify({ type: event.type, ip: event.ip, outcome: event.outcome }),
		activityDateTime: instant(choices, event.at),
		createdAt: instant(choices, event.at + 60_000),
	});
}

/** The ticket of each account that has one. */
function ticketsByAccount(tenant: Tenant): Map<string, { ticketKey: string; ticketUrl: string }> {
	const found = new Map<string, { ticketKey: string; ticketUrl: string }>();
	for (const [, ticket] of tenant.world.allSeen(tenant.state.tickets)) for (const id of ticket.resourceIds) found.set(id, ticket);
	return found;
}

function shownAccount(tenant: Tenant, instance: Instance, account: Account, tickets: ReturnType<typeof ticketsByAccount>): Record<string, unknown> {
	const { choices } = tenant;
	const time = (millis: number | null) => (millis === null ? null : instant(choices, millis));
	const ticket = tickets.get(account.id);
	return sparse(choices, {
		id: account.id,
		saasProviderId: account.saasProviderId,
		tenant: tenant.name,
		saasInstanceId: instance.saasInstanceId,
		appId: instance.appId,
		appType: instance.appType,
		accountType: account.accountType,
		accountName: account.accountName,
		email: account.email,
		isLocal: account.isLocal,
		isOrphaned: account.isOrphaned,
		isElevated: account.isElevated,
		isNonHuman: account.isNonHuman,
		roles: listText(choices, account.roles),
		creator: account.creator,
		linkedHumanAccounts: account.isNonHuman ? listText(choices, account.linkedHumanAccounts) : null,
		saasProviderNhiName: account.saasProviderNhiName,
		createdTime: time(account.created),
		lastLoginTime: time(account.lastLogin),
		lastModifiedTime: time(account.lastModified),
		lastCredentialsRotated: time(account.rotated),
		rotatedBy: account.rotatedBy,
		credentialsExpiresAt: time(account.expires),
		latestScanTime: time((Math.floor(tenant.world.now() / hour) - 4) * hour),
		githubOrgName: account.githubOrgName,
		ticketKey: ticket?.ticketKey ?? null,
		ticketUrl: ticket?.ticketUrl ?? null,
	});
}
