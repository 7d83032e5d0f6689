import { withoutNulls } from "../../../src/emulate/spoil.js";
import { badContent, illegalValue } from "./errors.js";
import { answerList, type Collection } from "./page.js";
import { when } from "./render.js";
import { renderCampaign, renderCertification, renderItem, renderOldCertification } from "./render-reviews.js";
import { all, current, everywhere, named, notBeta, record, routes, type Version } from "./route.js";
import type { Campaign, Certification, ReviewItem, SailCall, SailRoute, Tenant } from "./state.js";

const campaigns: Collection<Campaign> = {
	fields: {
		id: { ops: "eq in", get: (campaign) => campaign.id },
		name: { ops: "eq sw", get: (campaign) => campaign.name },
		status: { ops: "eq in", get: (campaign) => campaign.status },
	},
	sorters: { name: (campaign) => campaign.name, created: (campaign) => campaign.created },
};
const certifications: Collection<Certification> = {
	fields: {
		id: { ops: "eq in", get: (certification) => certification.id },
		"campaign.id": { ops: "eq in", get: (certification) => certification.campaignId },
		phase: { ops: "eq", get: (certification) => certification.phase },
		completed: { ops: "eq", get: (certification) => certification.items.every(({ decision }) => decision !== null) },
	},
	sorters: { name: (certification) => certification.name, due: (certification) => certification.due, signed: (certification) => certification.signed },
};

function itemListing(tenant: Tenant): Collection<ReviewItem> {
	const person = (item: ReviewItem) => tenant.identities.get(item.identityId)?.name;
	const access = (item: ReviewItem) => tenant.entitlements.get(item.entitlementId)?.name;
	const source = (item: ReviewItem) => tenant.sources.get(tenant.entitlements.get(item.entitlementId)?.sourceId ?? "")?.name;
	return {
		fields: {
			id: { ops: "eq in", get: (item) => item.id },
			type: { ops: "eq", get: () => "ENTITLEMENT" },
			"access.type": { ops: "eq", get: () => "ENTITLEMENT" },
			completed: { ops: "eq ne", get: (item) => item.decision !== null },
			"identitySummary.id": { ops: "eq in", get: (item) => item.identityId },
			"identitySummary.name": { ops: "eq sw", get: person },
			"access.id": { ops: "eq in", get: (item) => item.entitlementId },
			"access.name": { ops: "eq sw", get: access },
			"entitlement.sourceName": { ops: "eq sw", get: source },
		},
		sorters: { "identitySummary.name": person, "access.name": access, "access.type": () => "ENTITLEMENT", "entitlement.sourceName": source },
	};
}

/** Campaigns of review, their certifications and the items decided in them. */
export function campaignRoutes(tenant: Tenant): SailRoute[] {
	const { world } = tenant;
	const admins = "ORG_ADMIN CERT_ADMIN";
	const read = { scopes: "campaign:read campaign:manage", levels: `${admins} REPORT_ADMIN` };
	const review = { scopes: "campaign:read campaign:manage", levels: admins };
	const decide = { scopes: "campaign:manage", levels: admins };
	const how = itemListing(tenant);
	const full = (call: SailCall) => {
		const detail = call.query.get("detail") ?? "SLIM";
		if (detail !== "SLIM" && detail !== "FULL") throw illegalValue(call, "detail");
		return detail === "FULL";
	};
	const listed = (call: SailCall, render: typeof renderCertification) => {
		const reviewer = call.query.get("reviewer-identity");
		const wanted = reviewer === "me" ? call.caller?.credential.identityId : reviewer;
		const shown = all(world, tenant.certifications).filter((one) => wanted === null || one.reviewer === wanted);
		return answerList(call, shown, certifications, (one) => render(tenant, one));
	};
	return [
		...routes(everywhere, "GET /campaigns", read, (version) => (call) => {
			const detailed = full(call);
			return answerList(call, all(world, tenant.campaigns), campaigns, (campaign) => shaped(version, renderCampaign(tenant, campaign, detailed)));
		}),
		...routes(everywhere, "GET /campaigns/{id}", review, (version) => (call) => ({
			status: 200,
			body: shaped(version, renderCampaign(tenant, named(world, call, tenant.campaigns), full(call))),
		})),
		...routes(["beta"], "GET /certifications", {}, () => (call) => listed(call, renderOldCertification)),
		...routes(notBeta, "GET /certifications", { scopes: "campaign:read campaign:manage" }, () => (call) => listed(call, renderCertification)),
		...routes(notBeta, "GET /certifications/{id}", review, () => (call) => ({
			status: 200,
			body: renderCertification(tenant, named(world, call, tenant.certifications)),
		})),
		...routes(notBeta, "GET /certifications/{id}/access-review-items", review, () => (call) => {
			const certification = named(world, call, tenant.certifications);
			return answerList(call, certification.items, how, (item) => renderItem(tenant, item));
		}),
		...routes(everywhere, "GET /certifications/{id}/reviewers", { scopes: "campaign:read certification:read" }, () => (call) => {
			const { reviewer } = named(world, call, tenant.certifications);
			const identity = tenant.identities.get(reviewer);
			const moment = identity ? { created: when(identity.created), modified: when(identity.modified) } : {};
			return answerList(call, [identity], {}, (one) => ({ id: reviewer, name: one?.name ?? "", email: one?.email ?? null, type: "IDENTITY", ...moment }));
		}),
		...routes(notBeta, "POST /certifications/{id}/decide", decide, () => (call) => {
			const certification = current(call, tenant.certifications);
			if (certification.phase !== "ACTIVE") throw badContent(call, `The certification is ${certification.phase.toLowerCase()}.`);
			const decided = decisions(call, certification);
			const items = certification.items.map((item) => ({ ...item, ...decided.get(item.id) }));
			const changed = { ...certification, items, modified: world.now() };
			world.put(tenant.certifications, certification.id, changed);
			return { status: 200, body: renderCertification(tenant, changed) };
		}),
		...routes(notBeta, "POST /certifications/{id}/sign-off", decide, () => (call) => {
			const certification = current(call, tenant.certifications);
			if (certification.phase !== "ACTIVE") throw badContent(call, `The certification is ${certification.phase.toLowerCase()}.`);
			if (certification.items.some(({ decision }) => decision === null)) throw badContent(call, "Not every item has a decision.");
			const changed: Certification = { ...certification, phase: "SIGNED", signed: world.now(), modified: world.now() };
			world.put(tenant.certifications, certification.id, changed);
			revoke(tenant, changed);
			return { status: 200, body: renderCertification(tenant, changed) };
		}),
		...routes(notBeta, "GET /certifications/{id}/decision-summary", review, () => (call) => {
			const { items } = named(world, call, tenant.certifications);
			const made = items.filter(({ decision }) => decision !== null);
			const count = (word: string) => items.filter(({ decision }) => decision === word).length;
			return {
				status: 200,
				body: {
					entitlementDecisionsMade: made.length,
					entitlementDecisionsTotal: items.length,
					entitlementsApproved: count("APPROVE"),
					entitlementsRevoked: count("REVOKE"),
				},
			};
		}),
	];
}

/** The beta version leaves out what is null elsewhere. */
function shaped(version: Version, campaign: Record<string, unknown>): Record<string, unknown> {
	return version === "beta" ? withoutNulls(campaign) : campaign;
}

/** @throws Refusal 400 for a decision that is none, or on an item of another certification */
function decisions(call: SailCall, certification: Certification): Map<string, Pick<ReviewItem, "decision" | "comments">> {
	const { body } = call;
	if (!Array.isArray(body) || body.length === 0 || body.length > 250) throw illegalValue(call, "decisions");
	const known = new Set(certification.items.map(({ id }) => id));
	return new Map(
		body.map((one: unknown) => {
			const { id, decision, comments } = record(one);
			if (typeof id !== "string" || !known.has(id)) throw illegalValue(call, "item.id");
			if (decision !== "APPROVE" && decision !== "REVOKE") throw illegalValue(call, "item.decision");
			return [id, { decision, comments: typeof comments === "string" ? comments : null }];
		}),
	);
}

/** Takes away what was decided against. */
function revoke(tenant: Tenant, certification: Certification): void {
	for (const { decision, accountId, entitlementId } of certification.items) {
		const account = tenant.accounts.get(accountId);
		if (decision !== "REVOKE" || !account) continue;
		const entitlements = account.entitlements.filter((id) => id !== entitlementId);
		tenant.world.put(tenant.accounts, accountId, { ...account, entitlements, modified: tenant.world.now() });
	}
}
