type Values = Record<string, unknown>;

/** How the vendor's plugin maps one type of resource to Okta's API: https://developer.okta.com/docs/api/. */
export interface Kind {
	path(inputs: Values): string;
	body(inputs: Values): Values;
	/** The inputs that an object of the API has. */
	inputs(object: Values): Values;
	defaults: Values;
	/** Inputs that can't be changed on an object. */
	fixed: string[];
}

const part = (value: unknown): Values => (typeof value === "object" && value !== null ? (value as Values) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const kinds: Record<string, Kind> = {
	"okta:group/group:Group": {
		path: () => "/groups",
		body: ({ name, description }) => ({ profile: { name, description } }),
		inputs({ profile }) {
			const { name, description } = part(profile);
			return { name, ...(description ? { description } : {}) };
		},
		defaults: {},
		fixed: [],
	},
	"okta:group/rule:Rule": {
		path: () => "/groups/rules",
		body: ({ name, expressionValue, groupAssignments }) => ({
			type: "group_rule",
			name,
			conditions: { expression: { type: "urn:okta:expression:1.0", value: expressionValue } },
			actions: { assignUserToGroups: { groupIds: groupAssignments } },
		}),
		inputs: ({ name, conditions, actions }) => ({
			name,
			expressionValue: part(part(conditions).expression).value,
			groupAssignments: list(part(part(actions).assignUserToGroups).groupIds),
		}),
		defaults: {},
		fixed: ["groupAssignments"],
	},
	"okta:policy/signon:Signon": {
		path: () => "/policies",
		body: ({ name, description, groupsIncluded }) => ({
			type: "OKTA_SIGN_ON",
			name,
			description,
			conditions: { people: { groups: { include: list(groupsIncluded) } } },
		}),
		inputs: ({ name, description, conditions }) => ({
			name,
			...(description ? { description } : {}),
			groupsIncluded: list(part(part(part(conditions).people).groups).include),
		}),
		defaults: { groupsIncluded: [] },
		fixed: [],
	},
	"okta:policy/ruleSignon:RuleSignon": {
		path: ({ policyId }) => `/policies/${policyId}/rules`,
		body: ({ name, access, sessionLifetime, sessionIdle, sessionPersistent, mfaRequired }) => ({
			type: "SIGN_ON",
			name,
			conditions: { network: { connection: "ANYWHERE" }, authContext: { authType: "ANY" } },
			actions: {
				signon: {
					access,
					requireFactor: mfaRequired,
					...(mfaRequired ? { factorPromptMode: "ALWAYS" } : {}),
					session: { maxSessionLifetimeMinutes: sessionLifetime, maxSessionIdleMinutes: sessionIdle, usePersistentCookie: sessionPersistent },
				},
			},
		}),
		inputs({ name, actions }) {
			const { access, requireFactor, session } = part(part(actions).signon);
			const { maxSessionLifetimeMinutes, maxSessionIdleMinutes, usePersistentCookie } = part(session);
			return {
				name,
				access,
				mfaRequired: requireFactor,
				sessionLifetime: maxSessionLifetimeMinutes,
				sessionIdle: maxSessionIdleMinutes,
				sessionPersistent: usePersistentCookie,
			};
		},
		// The vendor's: https://www.pulumi.com/registry/packages/okta/api-docs/policy/rulesignon/
		defaults: { access: "ALLOW", mfaRequired: false, sessionLifetime: 120, sessionIdle: 120, sessionPersistent: false },
		fixed: ["policyId"],
	},
};
