import type { ProviderExample } from "../../src/provider/example.js";

export const example: ProviderExample = {
	system: "identity",
	entry: `provider: identity-api
url: https://identity.acme.example
auth: { method: bearer, token: "\${env:IDENTITY_READ_TOKEN}" }
# act: { method: bearer, token: "\${env:IDENTITY_ACT_TOKEN}" }
`,
	read: ["IDENTITY_READ_TOKEN"],
	act: ["IDENTITY_ACT_TOKEN"],
};
