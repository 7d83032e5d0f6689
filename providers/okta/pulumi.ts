import { type PulumiPackage, type PulumiSystem, provided } from "../../src/provider/pulumi-package.js";

/** OAuth scopes that the plugin asks for, by type: https://developer.okta.com/docs/api/oauth2/. */
const scopes: [RegExp, string[]][] = [
	[/^okta:group\/(group|rule|owner)s?:/, ["okta.groups.manage"]],
	[/^okta:group\/role:|^okta:index\/(adminRole|resourceSet|userAdminRoles)/, ["okta.roles.manage", "okta.users.read", "okta.groups.read"]],
	[/^okta:index\/(group|userGroup)Memberships:/, ["okta.groups.manage", "okta.users.read"]],
	[/^okta:policy\/|^okta:index\/appSignonPolicy/, ["okta.policies.manage"]],
	[/^okta:network\/zone:/, ["okta.networkZones.manage"]],
	[/^okta:app\//, ["okta.apps.manage", "okta.policies.read"]],
	[/^okta:index\/authenticator:/, ["okta.authenticators.manage"]],
	[/^okta:index\/logStream:/, ["okta.logStreams.manage"]],
	[/^okta:index\/threatInsightSettings:/, ["okta.threatInsights.manage"]],
	[/^okta:trustedorigin\//, ["okta.trustedOrigins.manage"]],
	[/^okta:user\/user:/, ["okta.users.manage"]],
];

/** Okta's provider: https://registry.terraform.io/providers/okta/okta/latest/docs. */
export const pulumiPackage: PulumiPackage = {
	name: "okta",
	module: "@pulumi/okta",
	install: "npm install @pulumi/okta",
	provider({ url, credential, reads }, types) {
		if (credential.method === "ssws") return merged(address(url), provided(credential, { token: { input: null, env: "OKTA_API_TOKEN" } }));
		const asked = scopesFor(credential, types);
		if (typeof asked === "string")
			return {
				problem: `which OAuth scopes ${asked} needs is not known here`,
				hint: "write `scopes:` beside the key, with all that the resources need",
				at: null,
			};
		return merged(
			{ ...address(url), scopes: reads ? readingOf(asked) : asked },
			provided(credential, {
				clientId: { input: "clientId", env: "OKTA_API_CLIENT_ID" },
				keyId: { input: "privateKeyId", env: "OKTA_API_PRIVATE_KEY_ID" },
				key: { input: null, env: "OKTA_API_PRIVATE_KEY" },
			}),
		);
	},
};

type Made = ReturnType<PulumiPackage["provider"]>;

function merged(config: Record<string, unknown>, made: Made): Made {
	return "problem" in made ? made : { config: { ...config, ...made.config }, env: made.env };
}

/** The plugin puts the org's name before its domain. An emulator on this machine is reached as its "proxy", which takes the place of both. */
function address(url: PulumiSystem["url"]): Record<string, unknown> {
	const { protocol, host } = new URL(url);
	if (protocol === "http:") return { orgName: "localhost", baseUrl: "localhost", httpProxy: url };
	const dot = host.indexOf(".");
	return { orgName: host.slice(0, dot), baseUrl: host.slice(dot + 1) };
}

function readingOf(asked: string[]): string[] {
	return [...new Set(asked.map((scope) => scope.replace(/\.manage$/, ".read")))].sort();
}

/** The scopes, or the type that none is known for. */
function scopesFor(credential: PulumiSystem["credential"], types: string[]): string[] | string {
	if (Array.isArray(credential.scopes)) return credential.scopes.map(String);
	const all = new Set<string>();
	for (const type of types) {
		const found = scopes.find(([pattern]) => pattern.test(type));
		if (!found) return type;
		for (const scope of found[1]) all.add(scope);
	}
	return [...all].sort();
}
