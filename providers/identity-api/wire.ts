/** The words of `GET /v1/identity` and its actions as they go over the wire: the only place where they are written down. */

/** Where an identity lives. A server may add words of its own. */
export type WireProvider = "azure_ad" | "okta" | "google_workspace" | "local";

/** Bands of `risk_score`: low 0–20, medium 21–50, high 51–75, critical 76–100. */
export type WireRiskLevel = "low" | "medium" | "high" | "critical";

/** One identity. Every key is there; `null` is "never" or "not known to the source". Times are RFC 3339 in UTC. */
export interface WireIdentity {
	/** `idn_…`, stable for the identity's life. */
	id: string;
	/** `ten_…`. */
	tenant_id: string;
	email: string;
	display_name: string;
	/**
	 * `active`, `password_reset_required` (may sign in, and must set a new password first), `pending` (never activated), `locked` and `disabled` (neither may sign in).
	 * The contract names no words: others must be taken for unknown.
	 */
	status: string;
	/** 0–100, higher is worse. */
	risk_score: number;
	risk_level: WireRiskLevel;
	/** At least one second factor is enrolled. */
	mfa_enrolled: boolean;
	/** `totp`, `hardware_key`, `push`, `sms`, …; empty without a second factor. */
	mfa_methods: string[];
	/** Holds a role that administers the tenant or a part of it. */
	privileged: boolean;
	/** Null: never signed in. */
	last_login_at: string | null;
	last_login_ip: string | null;
	/** ISO 3166-1 alpha-2. */
	last_login_country: string | null;
	provider: WireProvider;
	/** The identity's id at `provider`, in that provider's own form. */
	provider_id: string;
	/** Names of roles, in the provider's words. */
	roles: string[];
	created_at: string;
}

/** Query of `GET /v1/identity`. All given filters must hold; a name or value outside this list is refused with 400. */
export interface WireQuery {
	"filter[tenant_id]"?: string;
	"filter[risk_level]"?: WireRiskLevel;
	"filter[privileged]"?: "true" | "false";
	"filter[mfa_enrolled]"?: "true" | "false";
	"filter[provider]"?: WireProvider;
	/** 1–200 [50]. */
	"page[limit]"?: string;
	/** `pagination.next_cursor` of the page before, sent with the same filters. */
	"page[cursor]"?: string;
}

/** Place of a page in its list. */
export interface WirePagination {
	/** Opaque; null on the last page. */
	next_cursor: string | null;
	has_more: boolean;
	/** Identities that fit the filters, over all pages. */
	total: number;
}

/**
 * Answer of `GET /v1/identity`, ordered by `id`. The contract fixes no envelope: beside this one a reader meets servers that
 * name `pagination` `meta`, that leave it out (one unpaged answer), or that answer the bare array.
 */
export interface WireIdentityList {
	data: WireIdentity[];
	pagination: WirePagination;
}

/** Last part of `POST /v1/identity/{id}/…`. `disable` and `force-password-reset` of a disabled identity are refused with 409. */
export type WireAction = "force-password-reset" | "revoke-sessions" | "disable";

/** Answer of an action, status 200: the identity as it is afterwards. */
export interface WireActionAnswer {
	data: WireIdentity;
}

/** Body of every refusal. */
export interface WireError {
	error: {
		/**
		 * `bad_request` 400, `unauthorized` 401, `forbidden` 403 (permission `identity:read` or `identity:write` missing), `not_found` 404,
		 * `method_not_allowed` 405, `conflict` 409, `unprocessable` 422, `rate_limited` 429 (with `Retry-After` in seconds), `internal` 500.
		 */
		code: string;
		/** For people. */
		message: string;
		/** The same as in the header `X-Request-Id`. */
		request_id: string;
	};
}
