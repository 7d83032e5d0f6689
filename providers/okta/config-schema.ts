const methods = {
	oneOf: [
		{
			type: "object",
			title: "OAuth 2.0 service app",
			additionalProperties: false,
			required: ["method", "clientId", "key"],
			properties: {
				method: { const: "private-key-jwt" },
				clientId: { type: "string", minLength: 1, description: "client id of the API service app" },
				key: { type: "string", secret: true, description: "private key of the app, as JWK or PEM" },
				keyId: { type: "string", minLength: 1, description: "kid of the key at Okta; needed for a PEM key" },
				scopes: {
					type: "array",
					items: { type: "string", pattern: "^okta\\.[A-Za-z.]+$" },
					uniqueItems: true,
					description: "scopes to ask for instead of all that reading needs",
				},
			},
		},
		{
			type: "object",
			title: "API token",
			additionalProperties: false,
			required: ["method", "token"],
			properties: {
				method: { const: "ssws" },
				token: { type: "string", secret: true, description: "API token; it has all rights of the administrator who made it" },
			},
		},
	],
};

/** Okta's part of a system in the stack file. Plain http is for an emulator on this machine. */
export const configSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["url", "auth"],
	properties: {
		url: {
			type: "string",
			pattern: "^(https://(?![^/?#@\\s]*-admin\\.okta[a-z-]*\\.(com|mil)(:|/|$))[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?)/?$",
			description: "address of the org: https://acme.okta.com",
			"x-expected": "the org's address, without `-admin` in its name and with no path: `https://acme.okta.com`",
		},
		auth: { ...methods, description: "credential that reads" },
		act: { ...methods, description: "credential that writes; needed only where writes happen" },
		options: { type: "object", additionalProperties: false, properties: {} },
	},
} satisfies Record<string, unknown>;
