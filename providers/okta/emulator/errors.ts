/** Status and summary of each error code served here, from the vendor's published error code list. */
const CODES: Record<string, [status: number, summary: string]> = {
	E0000001: [400, "Api validation failed: {0}"],
	E0000003: [400, "The request body was not well-formed."],
	E0000005: [403, "Invalid session"],
	E0000006: [403, "You do not have permission to perform the requested action"],
	E0000007: [404, "Not found: Resource not found: {0}"],
	E0000009: [500, "Internal Server Error"],
	E0000011: [401, "Invalid token provided"],
	E0000015: [401, "You do not have permission to access the feature you are requesting"],
	E0000016: [403, "Activation failed because the user is already active"],
	E0000021: [415, "Bad request.  Accept and/or Content-Type headers likely do not match supported values."],
	E0000022: [405, "The endpoint does not support the provided HTTP method"],
	E0000028: [400, "The request is missing a required parameter."],
	E0000031: [400, "Invalid search criteria."],
	E0000032: [403, "Unlock is not allowed for this user."],
	E0000034: [403, "Forgot password not allowed on specified user."],
	E0000038: [403, "This operation is not allowed in the user's current status."],
	E0000056: [403, "Delete application forbidden."],
	E0000068: [403, "Invalid Passcode/Answer"],
	E0000148: [403, "Cannot modify/disable this authenticator because it is enabled in one or more policies. {0}"],
	E0000047: [429, "API call exceeded rate limit due to too many requests."],
	E0000053: [400, "Invalid SCIM filter. {0}"],
	E0000060: [501, "Unsupported operation."],
	E0000090: [409, "The role specified is already assigned to the user."],
	E0000231: [412, "ETag value doesn't match."],
};

/** A refusal that becomes the vendor's JSON error body. */
export interface ApiError {
	apiError: true;
	status: number;
	code: string;
	summary: string;
	causes: string[];
	headers: Record<string, string>;
}

/**
 * Builds a refusal in the vendor's shape. `detail` fills the summary's placeholder; `causes` become `errorCauses`.
 */
export function apiError(code: keyof typeof CODES, detail = "", causes: string[] = [], headers: Record<string, string> = {}): ApiError {
	const [status, summary] = CODES[code] ?? [500, "Internal Server Error"];
	return { apiError: true, status, code, summary: summary.replace("{0}", detail).trim(), causes, headers };
}

/** 404 E0000007 for an id of the named type, worded as the vendor does. */
export function notFound(id: string, type: string): ApiError {
	return apiError("E0000007", `${id} (${type})`);
}

/** 404 for a path nothing is at. */
export function noEndpoint(): ApiError {
	return { ...apiError("E0000022"), status: 404 };
}

/** 400 E0000001 with one cause. */
export function invalid(field: string, cause: string): ApiError {
	return apiError("E0000001", field, [`${field}: ${cause}`]);
}

export function isApiError(value: unknown): value is ApiError {
	return typeof value === "object" && value !== null && "apiError" in value;
}

/** The JSON body of a refusal. `errorId` equals the request id, so that both lead to the same request. */
export function errorBody(error: ApiError, errorId: string): Record<string, unknown> {
	return {
		errorCode: error.code,
		errorSummary: error.summary,
		errorLink: error.code,
		errorId,
		errorCauses: error.causes.map((errorSummary) => ({ errorSummary })),
	};
}
