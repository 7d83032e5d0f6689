import type { ProviderExample } from "../../src/provider/example.js";

export const example: ProviderExample = {
	system: "sspm",
	entry: `provider: panw-sspm
url: https://api.strata.paloaltonetworks.com
# Two service accounts of the tenant service group: one reads, one opens tickets and ends sessions.
auth: { method: client-secret, clientId: keelson@1234567890.iam.panserviceaccount.com, clientSecret: "\${env:PANW_READ_SECRET}", tsgId: "1234567890" }
# act: { method: client-secret, clientId: keelson-act@1234567890.iam.panserviceaccount.com, clientSecret: "\${env:PANW_ACT_SECRET}", tsgId: "1234567890" }
`,
	read: ["PANW_READ_SECRET"],
	act: ["PANW_ACT_SECRET"],
};
