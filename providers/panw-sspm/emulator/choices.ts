/** What the vendor's documents leave open or say two ways; each value is a server that a client may meet. */
export interface Choices {
	/** Number of the first page of the identity calls; on 1, page 0 is the first as well [0]. */
	firstPage: 0 | 1;
	/** How a list is written in a field of type string: `roles`, `mfaFactors`, `resourceIds`, `users`, `linkedHumanAccounts` [comma]. */
	listForm: "comma" | "json";
	/** `apps/{app_id}/settings`: an array, or (older specification) the same as a string of JSON [configs]. */
	settingsForm: "configs" | "string";
	/** Times of the identity calls: RFC 3339, or with the space of the specification's own example [rfc3339]. */
	dateForm: "rfc3339" | "spaced";
	/** Fields without a value: left out, or null [missing]. */
	absent: "missing" | "null";
	/** What `x-ps-tenant` must hold: an application's `tenant`, or its `tsg_id` [tenant]. */
	tenantHeader: "tenant" | "tsg_id";
	/** `x-panw-region`: the specification has it as an option, the guide calls it an error where no region is needed [accepted]. */
	regionHeader: "accepted" | "refused";
	/** Answer to a log-out request, which the specification gives no body: an object with this key, or the bare id [batch_id]. */
	batchAnswer: "batch_id" | "batchId" | "text";
	/** Milliseconds of the tenant's clock until a log-out batch is done [2000]. */
	batchMs: number;
	/** `sortBy` of what was done in an instance: honoured, passed over (the oldest first), or refused with 400 (the newest first) [honoured]. */
	activitySort: "honoured" | "ignored" | "refused";
	/** What `userId` of what was done is: the account's id, its id at the application, or its address where it has one [id]. */
	activityUser: "id" | "providerId" | "email";
	/** Rows a page where the client asks for no number [50]. */
	pageSize: number;
	/** Most rows a page; a larger `limit` is cut to it [500]. */
	maxPageSize: number;
	/** Without a licence the SSPM calls answer 500, the identity calls 404 [both]. */
	licensed: "both" | "sspm" | "identity" | "none";
}

export const usualChoices: Choices = {
	firstPage: 0,
	listForm: "comma",
	settingsForm: "configs",
	dateForm: "rfc3339",
	absent: "missing",
	tenantHeader: "tenant",
	regionHeader: "accepted",
	batchAnswer: "batch_id",
	batchMs: 2000,
	activitySort: "honoured",
	activityUser: "id",
	pageSize: 50,
	maxPageSize: 500,
	licensed: "both",
};
