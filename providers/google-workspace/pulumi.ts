import { type PulumiPackage, provided } from "../../src/provider/pulumi-package.js";

/** The googleworkspace provider: https://registry.terraform.io/providers/hashicorp/googleworkspace/0.7.0/docs. It is in no registry of Pulumi's. */
export const pulumiPackage: PulumiPackage = {
	name: "googleworkspace",
	module: "@pulumi/googleworkspace",
	install: "pulumi package add terraform-provider hashicorp/googleworkspace",
	provider({ act, options }) {
		const made = provided(act, {
			subject: { input: "impersonatedUserEmail", env: "GOOGLEWORKSPACE_IMPERSONATED_USER_EMAIL" },
			...(act.method === "keyless"
				? {
						serviceAccount: { input: "serviceAccount", env: null },
						token: { input: null, env: "GOOGLE_OAUTH_ACCESS_TOKEN" },
					}
				: { key: { input: null, env: "GOOGLEWORKSPACE_CREDENTIALS" } }),
		});
		if ("problem" in made) return made;
		return { config: { customerId: typeof options.customer === "string" ? options.customer : "my_customer", ...made.config }, env: made.env };
	},
};
