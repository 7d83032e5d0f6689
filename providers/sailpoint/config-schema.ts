const credential = {
	type: "object",
	additionalProperties: false,
	required: ["method", "clientId", "clientSecret"],
	properties: {
		method: { const: "client-secret" },
		clientId: { type: "string", minLength: 1, description: "id of the personal access token, or of the API client" },
		clientSecret: { type: "string", secret: true, description: "its secret" },
	},
};

/** SailPoint's part of a system in the stack file. Plain http is for an emulator on this machine. */
export const configSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["url", "auth"],
	properties: {
		url: {
			type: "string",
			pattern: "^(https://[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?)/?$",
			description: "address of the tenant's API: https://acme.api.identitynow.com",
			"x-expected": "the API's address with no path and no version: `https://acme.api.identitynow.com`",
		},
		auth: { ...credential, description: "credential that reads: a personal access token of an administrator, with read scopes alone" },
		act: { ...credential, description: "credential that writes; needed only where writes happen" },
		options: {
			type: "object",
			additionalProperties: false,
			properties: {
				identities: {
					enum: ["v2026", "beta"],
					default: "v2026",
					description: "version of the identities API that is called; everything else is v2026",
				},
			},
		},
	},
} satisfies Record<string, unknown>;
