import type { ProviderExample } from "../../src/provider/example.js";

export const example: ProviderExample = {
	system: "okta",
	entry: `provider: okta
url: https://acme.okta.com
# Two API service apps in Okta: one reads, one writes. The second is needed only where changes are made.
auth: { method: private-key-jwt, clientId: READ_CLIENT_ID, key: "\${env:OKTA_READ_KEY}" }
# act: { method: private-key-jwt, clientId: ACT_CLIENT_ID, key: "\${env:OKTA_ACT_KEY}" }
`,
	read: ["OKTA_READ_KEY"],
	act: ["OKTA_ACT_KEY"],
};
