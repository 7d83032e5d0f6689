import { type PulumiPackage, provided } from "../../src/provider/pulumi-package.js";

/** National clouds by Graph's address: https://learn.microsoft.com/en-us/graph/deployments. */
const clouds: Record<string, string> = {
	"graph.microsoft.us": "usgovernmentl4",
	"dod-graph.microsoft.us": "usgovernmentl5",
	"microsoftgraph.chinacloudapi.cn": "china",
};

const shared = { tenantId: { input: "tenantId", env: "ARM_TENANT_ID" }, clientId: { input: "clientId", env: "ARM_CLIENT_ID" } };

/** The azuread provider: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs. */
export const pulumiPackage: PulumiPackage = {
	name: "azuread",
	module: "@pulumi/azuread",
	install: "npm install @pulumi/azuread",
	provider({ url, credential }) {
		if (credential.method === "certificate")
			return {
				problem: "the azuread plugin takes no certificate as Keelson does",
				hint: "for a system with resources use `method: workload-identity` or `client-secret`",
				at: "method",
			};
		const federated = credential.method === "workload-identity";
		const made = provided(credential, {
			...shared,
			...(federated
				? { token: { input: null, env: "ARM_OIDC_TOKEN" }, tokenFile: { input: "oidcTokenFilePath", env: "ARM_OIDC_TOKEN_FILE_PATH" } }
				: { clientSecret: { input: null, env: "ARM_CLIENT_SECRET" } }),
		});
		if ("problem" in made) return made;
		// Nobody's own sign-in on this machine may stand in for the declared credential.
		const ways = { useCli: false, useMsi: false, useOidc: federated };
		return { config: { ...made.config, ...ways, environment: clouds[new URL(url).host] ?? "global" }, env: made.env };
	},
};
