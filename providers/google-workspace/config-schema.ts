const subject = { type: "string", pattern: "^[^@\\s]+@[^@\\s]+$", description: "mail address of the administrator to act as" };

const methods = {
	oneOf: [
		{
			type: "object",
			title: "Service account key",
			additionalProperties: false,
			required: ["method", "key", "subject"],
			properties: {
				method: { const: "service-account-key" },
				key: { type: "string", secret: true, description: "the service account's key file, its JSON text" },
				subject,
			},
		},
		{
			type: "object",
			title: "Service account without a key",
			additionalProperties: false,
			required: ["method", "serviceAccount", "subject", "token"],
			properties: {
				method: { const: "keyless" },
				serviceAccount: { type: "string", pattern: "^[^@\\s]+@[^@\\s]+$", description: "mail address of the service account with domain-wide delegation" },
				subject,
				token: {
					type: "string",
					secret: true,
					description: "access token that may sign for the service account (Service Account Token Creator), scope cloud-platform",
				},
			},
		},
	],
};

/** Google Workspace's part of a system in the stack file. Plain http is for an emulator on this machine. */
export const configSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["url", "auth"],
	properties: {
		url: {
			type: "string",
			pattern: "^(https://[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?)/?$",
			description: "address of the Admin SDK: https://admin.googleapis.com",
			"x-expected": "the Admin SDK's address with no path: `https://admin.googleapis.com`",
		},
		auth: { ...methods, description: "credential that reads" },
		act: { ...methods, description: "credential that writes; needed only where writes happen" },
		options: {
			type: "object",
			additionalProperties: false,
			properties: {
				customer: { type: "string", pattern: "^(my_customer|C[0-9a-z]+)$", description: "customer id, needed for resold customers [my_customer]" },
			},
		},
	},
} satisfies Record<string, unknown>;
