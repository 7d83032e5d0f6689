import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, policy, reads, report, risk, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf, textOf } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { badQuery, badRequest, notFound } from "./errors.js";
import { contextOf } from "./list.js";
import { stamp } from "./moment.js";
import { registrations } from "./registration.js";
import { rowOf } from "./rows.js";
import { newId } from "./server.js";
import type { Raw } from "./state.js";
import { type GraphCall, type Tenant, tableMap } from "./tenant.js";

/** Milliseconds until a decision about risk shows. */
const delay = 3000;

function decide(tenant: Tenant, call: GraphCall, decision: Raw) {
	const { userIds } = bodyOf(call);
	if (!Array.isArray(userIds) || userIds.length === 0 || userIds.length > 60) throw badRequest("Between 1 and 60 user ids are needed.");
	for (const one of userIds) {
		const id = String(one).toLowerCase();
		if (!tenant.state.users.has(id)) throw notFound(id);
		const user = tenant.state.users.get(id);
		tenant.world.later(delay, () => {
			const had = tableMap(tenant, "riskyUsers").get(id) ?? {
				id,
				userDisplayName: user?.displayName,
				userPrincipalName: user?.userPrincipalName,
				isDeleted: false,
				isProcessing: false,
			};
			tenant.world.put(tableMap(tenant, "riskyUsers"), id, { ...had, ...decision, riskLastUpdatedDateTime: stamp(tenant.world.now()) });
		});
		audit(tenant, call, {
			activity: decision.riskState === "dismissed" ? "DismissUser" : "ConfirmCompromised",
			category: "UserManagement",
			targets: [{ id, type: "User" }],
			service: "Identity Protection",
		});
	}
	return noContent();
}

/** Counts of people by registered method, for the kinds of people in brackets. */
function byMethod(tenant: Tenant, call: GraphCall) {
	const match = /^usersRegisteredByMethod\((?:includedUserTypes='(\w+)')?,?(?:includedUserRoles='(\w+)')?\)$/i.exec(param(call, "function"));
	if (!match) throw badQuery(`Resource not found for the segment '${param(call, "function")}'.`);
	const [, types = "all", roles = "all"] = match;
	const rows = registrations(tenant).filter(
		(row) => (types === "all" || row.userType === types) && (roles === "all" || (row.isAdmin === true) === (roles !== "user")),
	);
	const counts = new Map<string, number>();
	for (const row of rows) for (const word of row.methodsRegistered as string[]) counts.set(word, (counts.get(word) ?? 0) + 1);
	return ok({
		"@odata.context": contextOf(call, "microsoft.graph.userRegistrationMethodSummary", null),
		...{ totalUserCount: rows.length, userTypes: types, userRoles: roles },
		userRegistrationMethodCounts: [...counts].map(([authenticationMethod, userCount]) => ({ authenticationMethod, userCount })),
	});
}

function grant(tenant: Tenant, call: GraphCall) {
	const body = bodyOf(call);
	const [clientId, resourceId, consentType] = ["clientId", "resourceId", "consentType"].map((name) => textOf(body, name));
	for (const id of [clientId, resourceId]) if (!rowOf(tenant, "servicePrincipals", id ?? "")) throw notFound(id ?? "");
	if (consentType === "Principal" && typeof body.principalId !== "string")
		throw badRequest("A value is required for property 'principalId' of resource 'OAuth2PermissionGrant'.");
	const id = Buffer.from(newId(tenant, "grant").replaceAll("-", ""), "hex").toString("base64url");
	const made = { id, clientId, consentType, principalId: body.principalId ?? null, resourceId, scope: body.scope ?? null };
	tenant.world.put(tableMap(tenant, "oauth2PermissionGrants"), id.toLowerCase(), made);
	audit(tenant, call, {
		activity: "Add delegated permission grant",
		category: "ApplicationManagement",
		targets: [{ id: String(resourceId), type: "ServicePrincipal" }],
	});
	return { status: 201, body: { "@odata.context": contextOf(call, "oauth2PermissionGrants", null, true), ...made } };
}

function theGrant(tenant: Tenant, call: GraphCall): Raw {
	const row = tableMap(tenant, "oauth2PermissionGrants").get(param(call, "id").toLowerCase());
	if (!row) throw notFound(param(call, "id"));
	return row;
}

/** Decisions of a review: none is made yet. */
function reviewRoutes(tenant: Tenant): GraphRoute[] {
	const root = "/identityGovernance/accessReviews/definitions/{id}/instances";
	const needs = { ...policy(reads.reviews), licence: "p2" as const };
	const instances = (call: GraphCall): Raw[] => {
		const review = rowOf(tenant, "accessReviews", param(call, "id"));
		if (!review) throw notFound(param(call, "id"));
		const start = Date.parse(String(review.createdDateTime));
		return [
			{
				id: review.id,
				startDateTime: stamp(start),
				endDateTime: stamp(start + 14 * 86_400_000),
				status: "InProgress",
				scope: review.scope,
				reviewers: [],
				fallbackReviewers: [],
			},
		];
	};
	const decisions = (call: GraphCall): Raw[] => {
		if (instances(call)[0]?.id !== param(call, "instanceId")) throw notFound(param(call, "instanceId"));
		const guests = [...tenant.state.users.values()].filter((user) => user.userType === "Guest").slice(0, 50);
		return guests.map((user) => ({
			...{
				id: user.id,
				accessReviewId: param(call, "instanceId"),
				decision: "NotReviewed",
				recommendation: "Approve",
				justification: "",
				applyResult: "New",
				reviewedDateTime: null,
			},
			...{ appliedDateTime: null, reviewedBy: null, appliedBy: null, principalLink: null, resourceLink: null, resource: null },
			principal: { "@odata.type": "#microsoft.graph.userIdentity", id: user.id, displayName: user.displayName, userPrincipalName: user.userPrincipalName },
		}));
	};
	const list = (items: Raw[], call: GraphCall, name: string) => ({
		status: 200,
		list: { items, wrap: (value: unknown[]) => ({ "@odata.context": contextOf(call, name, null), value }) },
	});
	return [
		...both("GET", root, needs, (call) => list(instances(call), call, "accessReviews/instances")),
		...both("GET", `${root}/{instanceId}/decisions`, needs, (call) => list(decisions(call), call, "accessReviews/decisions")),
	];
}

export function riskRoutes(tenant: Tenant): GraphRoute[] {
	const dismissed = { riskState: "dismissed", riskLevel: "none", riskDetail: "adminDismissedAllRiskForUser" };
	const confirmed = { riskState: "confirmedCompromised", riskLevel: "high", riskDetail: "adminConfirmedUserCompromised" };
	return [
		...both("POST", "/identityProtection/riskyUsers/dismiss", risk(writes.riskyUsers), (call) => decide(tenant, call, dismissed)),
		...both("POST", "/identityProtection/riskyUsers/confirmCompromised", risk(writes.riskyUsers), (call) => decide(tenant, call, confirmed)),
		...both("GET", "/reports/authenticationMethods/{function}", report(reads.audit), (call) => byMethod(tenant, call)),
		...both("POST", "/oauth2PermissionGrants", directory(writes.grants), (call) => grant(tenant, call)),
		...both("PATCH", "/oauth2PermissionGrants/{id}", directory(writes.grants), (call) => {
			const row = theGrant(tenant, call);
			tenant.world.put(tableMap(tenant, "oauth2PermissionGrants"), String(row.id).toLowerCase(), { ...row, scope: bodyOf(call).scope ?? row.scope });
			return noContent();
		}),
		...both("DELETE", "/oauth2PermissionGrants/{id}", directory(writes.grants), (call) => {
			const row = theGrant(tenant, call);
			tenant.world.drop(tableMap(tenant, "oauth2PermissionGrants"), String(row.id).toLowerCase());
			audit(tenant, call, {
				activity: "Remove delegated permission grant",
				category: "ApplicationManagement",
				targets: [{ id: String(row.resourceId), type: "ServicePrincipal" }],
			});
			return noContent();
		}),
		...reviewRoutes(tenant),
	];
}
