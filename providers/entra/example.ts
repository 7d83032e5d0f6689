import type { ProviderExample } from "../../src/provider/example.js";

export const example: ProviderExample = {
	system: "entra",
	entry: `provider: entra
url: https://graph.microsoft.com
# Two app registrations that trust this repository's pipeline (federated credentials): no secret is kept anywhere.
auth: { method: workload-identity, tenantId: 00000000-0000-0000-0000-000000000000, clientId: 00000000-0000-0000-0000-000000000000 }
# act: { method: workload-identity, tenantId: 00000000-0000-0000-0000-000000000000, clientId: 00000000-0000-0000-0000-000000000000 }
`,
	read: [],
	act: [],
	oidc: true,
};
