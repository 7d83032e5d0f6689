import type { ProviderExample } from "../../src/provider/example.js";

export const example: ProviderExample = {
	system: "sailpoint",
	entry: `provider: sailpoint
url: https://acme.api.identitynow.com
# Two personal access tokens: one reads, one writes.
auth: { method: client-secret, clientId: READ_CLIENT_ID, clientSecret: "\${env:SAILPOINT_READ_SECRET}" }
# act: { method: client-secret, clientId: ACT_CLIENT_ID, clientSecret: "\${env:SAILPOINT_ACT_SECRET}" }
`,
	read: ["SAILPOINT_READ_SECRET"],
	act: ["SAILPOINT_ACT_SECRET"],
};
