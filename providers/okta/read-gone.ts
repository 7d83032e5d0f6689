import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { one } from "./read.js";
import { at } from "./schema.js";

const paths = {
	account: { path: "/api/v1/users/{userId}", param: "userId" },
	group: { path: "/api/v1/groups/{groupId}", param: "groupId" },
	policy: { path: "/api/v1/policies/{policyId}", param: "policyId" },
	app: { path: "/api/v1/apps/{appId}", param: "appId" },
	"resource set": { path: "/api/v1/iam/resource-sets/{resourceSetId}", param: "resourceSetId" },
} as const;

/**
 * Whether what a list named is gone by its own address: a 404 for a part of it proves nothing while it still stands there.
 * False where that can't be read.
 */
export async function hasGone(connection: OktaConnection, type: keyof typeof paths, id: string, signal?: AbortSignal): Promise<boolean> {
	const { path, param } = paths[type];
	const answer = await one(connection, { method: "GET", path, params: { [param]: id } }, signal);
	return "error" in answer && isGone(answer.error);
}

/** Gone, or deactivated: then Okta answers 404 for an account's roles and factors (okta/okta-sdk-java#646). */
export async function hasLeft(connection: OktaConnection, account: string, signal?: AbortSignal): Promise<boolean> {
	const { path, param } = paths.account;
	const answer = await one(connection, { method: "GET", path, params: { [param]: account } }, signal);
	return "error" in answer ? isGone(answer.error) : at(answer.body, "status") === "DEPROVISIONED";
}
