const serviceAccount = {
	type: "object",
	additionalProperties: false,
	required: ["method", "clientId", "clientSecret", "tsgId"],
	properties: {
		method: { const: "client-secret" },
		clientId: { type: "string", minLength: 1, description: "client id of the service account: name@1234567890.iam.panserviceaccount.com" },
		clientSecret: { type: "string", secret: true, description: "its client secret" },
		tsgId: { type: "string", pattern: "^\\d{10}$", description: "tenant service group, ten digits: the tenant that the token is for" },
		tokenUrl: { type: "string", pattern: "^https?://[^?#@\\s]+$", description: "token endpoint [https://auth.apps.paloaltonetworks.com/oauth2/access_token]" },
	},
};

const name = { type: "string", minLength: 1 };

/** Palo Alto Networks SSPM's part of a system in the stack file. Plain http is for an emulator on this machine. */
export const configSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["url", "auth"],
	properties: {
		url: {
			type: "string",
			pattern: "^(https://[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?)/?$",
			description: "address of the API: https://api.strata.paloaltonetworks.com",
			"x-expected":
				"an address that begins with https:// and has no path: `https://api.strata.paloaltonetworks.com` or `https://api.sase.paloaltonetworks.com`",
		},
		auth: { ...serviceAccount, description: "service account that reads, with the role view_only_admin" },
		act: { ...serviceAccount, description: "service account that writes; needed only where writes happen" },
		options: {
			type: "object",
			additionalProperties: false,
			properties: {
				region: { ...name, description: "sent as x-panw-region; leave it out unless Palo Alto Networks asks for it" },
				tenant: { ...name, description: "sent as x-ps-tenant [the tenant that the list of apps names]" },
				activityPages: {
					type: "integer",
					minimum: 0,
					maximum: 500,
					description: "pages of 200 rows of each app's activity log that a scan reads; 0 = none [5]",
				},
				ticketing: {
					type: "object",
					additionalProperties: false,
					required: ["integration", "project"],
					description: "where tickets are opened; without it none is",
					properties: {
						integration: { ...name, description: "id of the Jira integration" },
						project: { ...name, description: "key of the Jira project" },
						issueType: { ...name, description: "name or id of the issue type [Task]" },
						feature: {
							enum: ["ENROLLMENT", "ACTIVITY", "LOGOUT", "IDENTITY_NHI", "IDENTITY_ACTIVITY"],
							description: "under which feature tickets are filed [IDENTITY_ACTIVITY]",
						},
					},
				},
			},
		},
	},
} satisfies Record<string, unknown>;
