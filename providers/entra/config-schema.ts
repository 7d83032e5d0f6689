const guid = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

const shared = {
	tenantId: { type: "string", pattern: guid, description: "directory (tenant) id", "x-expected": "the tenant's id, a GUID: Entra admin center, Overview" },
	clientId: { type: "string", pattern: guid, description: "application (client) id of Keelson's app registration" },
	authority: {
		type: "string",
		pattern: "^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\]))[^\\s?#]*$",
		description: "sign-in address; a national cloud has its own [https://login.microsoftonline.com]",
	},
};

const methods = {
	oneOf: [
		{
			type: "object",
			title: "Client secret",
			additionalProperties: false,
			required: ["method", "tenantId", "clientId", "clientSecret"],
			properties: { method: { const: "client-secret" }, ...shared, clientSecret: { type: "string", secret: true, description: "value of the client secret" } },
		},
		{
			type: "object",
			title: "Certificate",
			additionalProperties: false,
			required: ["method", "tenantId", "clientId", "privateKey", "certificate"],
			properties: {
				method: { const: "certificate" },
				...shared,
				privateKey: { type: "string", secret: true, description: "RSA private key, as PEM (PKCS #8) or JWK" },
				certificate: { type: "string", minLength: 1, description: "the certificate uploaded to the app registration, as PEM" },
				algorithm: { enum: ["PS256", "RS256"], description: "signature of the assertion [PS256]" },
			},
		},
		{
			type: "object",
			title: "Workload identity federation",
			additionalProperties: false,
			required: ["method", "tenantId", "clientId"],
			properties: {
				method: { const: "workload-identity" },
				...shared,
				token: { type: "string", secret: true, description: "OIDC token of the workload; without it and tokenFile: GitHub Actions' own" },
				tokenFile: { type: "string", minLength: 1, description: "file that holds the token, read anew for every exchange" },
			},
		},
	],
};

/** Entra's part of a system in the stack file. Plain http is for an emulator on this machine. */
export const configSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["url", "auth"],
	properties: {
		url: {
			type: "string",
			pattern: "^(https://[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?)/?$",
			description: "address of Microsoft Graph: https://graph.microsoft.com",
			"x-expected": "the address of Microsoft Graph without a path: `https://graph.microsoft.com`",
		},
		auth: { ...methods, description: "credential that reads" },
		act: { ...methods, description: "credential that writes; needed only where writes happen" },
		options: { type: "object", additionalProperties: false, properties: {} },
	},
} satisfies Record<string, unknown>;
