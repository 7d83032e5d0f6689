/** What a call needs, by SailPoint's published specification (v2026): one of the scopes, and one of the user levels. */
export interface CallNeeds {
	scopes: string[];
	/** None are named where the specification names none. */
	levels: string[];
}

const anyAdmin = ["ORG_ADMIN"];
const sources = ["ORG_ADMIN", "SOURCE_ADMIN", "SOURCE_SUBADMIN"];
const rules: { method: string; path: RegExp; needs: CallNeeds }[] = [
	{ method: "GET", path: /^\/identities(\/\{[^}]+\})?$/, needs: { scopes: ["idn:identity:read"], levels: [] } },
	{ method: "GET", path: /^\/identities\/.+\/ownership$/, needs: { scopes: ["idn:identity:read"], levels: [] } },
	{ method: "GET", path: /^\/identities\/.+\/role-assignments/, needs: { scopes: ["idn:identity:read"], levels: [] } },
	{ method: "GET", path: /^\/auth-users\//, needs: { scopes: ["sp:auth-user:read"], levels: [] } },
	{ method: "GET", path: /^\/accounts/, needs: { scopes: ["idn:accounts:read"], levels: [...sources, "HELPDESK"] } },
	{ method: "GET", path: /^\/sources/, needs: { scopes: ["idn:sources:read"], levels: [...sources, "ROLE_SUBADMIN"] } },
	{ method: "GET", path: /^\/roles/, needs: { scopes: ["idn:role-unchecked:read"], levels: ["ORG_ADMIN", "ROLE_ADMIN", "ROLE_SUBADMIN"] } },
	{ method: "GET", path: /^\/access-profiles/, needs: { scopes: ["idn:access-profile:read"], levels: [...sources, "ROLE_ADMIN", "ROLE_SUBADMIN"] } },
	{ method: "GET", path: /^\/entitlements/, needs: { scopes: ["idn:entitlement:read"], levels: [] } },
	{ method: "GET", path: /^\/campaigns/, needs: { scopes: ["idn:campaign:read"], levels: ["ORG_ADMIN", "CERT_ADMIN", "REPORT_ADMIN"] } },
	{ method: "GET", path: /^\/certifications/, needs: { scopes: ["idn:campaign:read"], levels: [] } },
	{ method: "GET", path: /^\/personal-access-tokens/, needs: { scopes: ["sp:all-personal-access-tokens:read"], levels: [] } },
	{ method: "GET", path: /^\/oauth-clients/, needs: { scopes: ["sp:oauth-client:read"], levels: [] } },
	{ method: "GET", path: /^\/task-status/, needs: { scopes: ["idn:task-management:read"], levels: [...sources, "HELPDESK"] } },
	{ method: "POST", path: /^\/accounts\/.+\/(enable|disable|unlock)$/, needs: { scopes: ["idn:accounts-state:manage"], levels: [...sources, "HELPDESK"] } },
	{ method: "POST", path: /^\/identities\/invite$/, needs: { scopes: ["idn:password-user-invite:manage"], levels: ["ORG_ADMIN", "HELPDESK"] } },
	{ method: "POST", path: /^\/identities\/process$/, needs: { scopes: ["idn:identity:process"], levels: ["ORG_ADMIN", "HELPDESK"] } },
	{ method: "POST", path: /\/verification\/account\/send$/, needs: { scopes: ["idn:password:user-invite"], levels: ["ORG_ADMIN", "HELPDESK"] } },
	{ method: "POST", path: /\/synchronize-attributes$/, needs: { scopes: [], levels: anyAdmin } },
	{ method: "POST", path: /\/reset$/, needs: { scopes: ["idn:identity:manage"], levels: [] } },
	{ method: "DELETE", path: /^\/identities\//, needs: { scopes: ["idn:identity:manage"], levels: [] } },
];

/** What a call needs; undefined for one that is not known here. `path`: the template, its version in front. */
export function needsOf(method: string, path: string): CallNeeds | undefined {
	const bare = path.replace(/^\/(?:beta|v\d+)(?=\/)/, "");
	return rules.find((rule) => rule.method === method && rule.path.test(bare))?.needs;
}

/** Synchronising has a limiter of its own (once in 10 s an identity); all else shares the token's 100 requests in 10 s. */
export function bucketOf(method: string, path: string): string {
	return method === "POST" && path.endsWith("/synchronize-attributes") ? "synchronize" : "token";
}
