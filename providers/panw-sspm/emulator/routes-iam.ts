import { ok, param, type Route } from "../../../src/emulate/call.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { notFound } from "./errors.js";
import type { Tenant } from "./types.js";

/** The tenant's service accounts, which a credential's own entry is among. Secrets are shown by no call. */
export function iamRoutes(tenant: Tenant, accounts: readonly ServiceAccount[]): Route<Needs, ServiceAccount>[] {
	const show = ({ id, clientId, name }: ServiceAccount) => ({
		id,
		client_id: clientId,
		contact_email: "security@acme.example",
		description: `Service account ${name}`,
		name,
		tsg_id: tenant.tsgId,
	});
	return [
		{
			method: "GET",
			template: "/iam/v1/service_accounts",
			needs: { area: "IAM" },
			handler: () => ({ status: 200, list: { items: accounts.map(show), wrap: (items) => items } }),
		},
		{
			method: "GET",
			template: "/iam/v1/service_accounts/{id}",
			needs: { area: "IAM" },
			handler: (call) => {
				const found = accounts.find((account) => account.id === param(call, "id"));
				if (!found) throw notFound(call, "Service account does not exist");
				return ok(show(found));
			},
		},
	];
}
