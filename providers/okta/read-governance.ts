import type { Known, Millis } from "../../src/model/known.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { one } from "./read.js";
import { scoped } from "./read-tally.js";
import { at, date } from "./schema.js";

const scope = "okta.roles.read";
const path = "/api/v1/users/{userId}/roles/{roleAssignmentId}/governance";

/** Says of privileged assignments whether Okta Identity Governance gave them, and until when. */
export interface Governance {
	concerns(assignment: RoleAssignmentRecord): boolean;
	/** Sets `governed` and `ends` of a user's standard privileged role; one request each, and none after a refusal. */
	tell(assignment: RoleAssignmentRecord): Promise<void>;
	reasons(): CoverageReason[];
}

/**
 * Okta answers 403 where governance is not there, and 404 for a role that it did not give (okta/okta-sdk-dotnet, RoleAssignmentAUserApiTests).
 * As an org without the licence may answer 404 for every role, 404 counts as "not governed" only where another role of this scan is.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/RoleAssignmentAUser/
 */
export function governance(connection: OktaConnection, context: ReadContext): Governance {
	let refused: "licence" | "other" | null = null;
	const reasons: CoverageReason[] = [];
	const concerns = ({ level }: RoleAssignmentRecord): boolean => level === "top" || level === "privileged";
	return {
		concerns,
		async tell(assignment) {
			if (!concerns(assignment) || assignment.custom || assignment.principalType !== "account") return;
			if (refused) {
				if (refused === "licence") assignment.governed = null;
				return;
			}
			const params = { userId: assignment.principal, roleAssignmentId: assignment.id };
			const answer = await one(connection, { method: "GET", path, params }, context.signal);
			if (!("error" in answer)) {
				const { governed, ends } = governedBy(answer.body);
				if (governed !== undefined) assignment.governed = governed;
				if (ends === undefined) delete assignment.ends;
				else assignment.ends = ends;
				return;
			}
			if (answer.error.status === 404 || answer.error.status === 405) {
				assignment.governed = null;
				return;
			}
			const reason = scoped(answer.error, scope);
			refused = answer.error.cause === "licence" ? "licence" : "other";
			if (refused === "licence") assignment.governed = null;
			else reasons.push({ ...reason, detail: `whether roles are given for a time could not be read: ${reason.detail}` });
		},
		reasons: () => reasons,
	};
}

/** `{ grants: [{ grantId, type, expirationDate, bundleId }] }`: the role ends with the last of them, and not at all where one has no end. */
export function governedBy(body: unknown): { governed: Known<boolean>; ends: Known<Millis | null> } {
	const grants = at(body, "grants");
	if (!Array.isArray(grants)) return { governed: undefined, ends: undefined };
	if (grants.length === 0) return { governed: false, ends: null };
	let last: Known<Millis | null> = Number.NEGATIVE_INFINITY;
	for (const grant of grants) {
		const end = date(at(grant, "expirationDate"));
		if (end === null) return { governed: true, ends: null };
		last = end === undefined || last === undefined ? undefined : Math.max(last, end);
	}
	return { governed: true, ends: last };
}
