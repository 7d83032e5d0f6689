import { type PulumiPackage, provided } from "../../src/provider/pulumi-package.js";
import { readScope } from "./scopes.js";

const pluginReads = [readScope.users, readScope.groups, readScope.members, readScope.orgUnits, readScope.roles, readScope.domains, readScope.groupSettings];

/** The googleworkspace provider: https://registry.terraform.io/providers/hashicorp/googleworkspace/0.7.0/docs. It is in no registry of Pulumi's. */
export const pulumiPackage: PulumiPackage = {
	name: "googleworkspace",
	module: "@pulumi/googleworkspace",
	install: "pulumi package add terraform-provider hashicorp/googleworkspace",
	provider({ credential, reads, options }) {
		const made = provided(credential, {
			subject: { input: "impersonatedUserEmail", env: "GOOGLEWORKSPACE_IMPERSONATED_USER_EMAIL" },
			...(credential.method === "keyless"
				? {
						serviceAccount: { input: "serviceAccount", env: null },
						token: { input: null, env: "GOOGLE_OAUTH_ACCESS_TOKEN" },
					}
				: { key: { input: null, env: "GOOGLEWORKSPACE_CREDENTIALS" } }),
		});
		if ("problem" in made) return made;
		const customerId = typeof options.customer === "string" ? options.customer : "my_customer";
		// Without them the plugin asks for all that it could need to write.
		return { config: { customerId, ...(reads && { oauthScopes: pluginReads }), ...made.config }, env: made.env };
	},
};
