const bearer = {
	type: "object",
	additionalProperties: false,
	required: ["method", "token"],
	properties: {
		method: { const: "bearer" },
		token: { type: "string", secret: true, description: "token sent as `Authorization: Bearer …`" },
	},
};

/** The Identity API's part of a system in the stack file. Plain http is for a server on this machine. */
export const configSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["url", "auth"],
	properties: {
		url: {
			type: "string",
			pattern: "^(https://[^?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?(/[^?#@\\s]*)?)$",
			description: "address before `/v1/identity`: https://identity.acme.example",
			"x-expected": "an address that begins with https:// and ends before `/v1/identity`: `https://identity.acme.example`",
		},
		auth: { ...bearer, description: "credential that reads" },
		act: { ...bearer, description: "credential that writes; needed only where writes happen" },
		options: {
			type: "object",
			additionalProperties: false,
			properties: {
				tenantId: { type: "string", minLength: 1, description: "read this tenant's identities only: ten_…" },
				provider: {
					enum: ["azure_ad", "okta", "google_workspace", "local"],
					description: "read identities of this provider only, where the others are connected as systems of their own",
				},
			},
		},
	},
} satisfies Record<string, unknown>;
