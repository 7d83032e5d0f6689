import { iso } from "../../../src/emulate/random.js";
import { identityRef, when } from "./render.js";
import { isPrivileged } from "./render-access.js";
import type { Campaign, Certification, ReviewItem, Tenant } from "./state.js";

type Json = Record<string, unknown>;

export function renderCampaign(tenant: Tenant, campaign: Campaign, full: boolean): Json {
	const own = [...tenant.certifications.values()].filter(({ campaignId }) => campaignId === campaign.id);
	const slim = {
		id: campaign.id,
		name: campaign.name,
		description: campaign.description,
		deadline: when(campaign.deadline),
		type: campaign.type,
		emailNotificationEnabled: true,
		autoRevokeAllowed: false,
		recommendationsEnabled: false,
		status: campaign.status,
		correlatedStatus: "CORRELATED",
		created: iso(campaign.created),
		totalCertifications: own.length,
		completedCertifications: own.filter(({ phase }) => phase === "SIGNED").length,
		alerts: null,
	};
	if (!full) return slim;
	const search = campaign.type === "SEARCH" ? { type: "ACCESS", description: campaign.description, reviewer: null, query: "*", identityIds: null } : null;
	return {
		...slim,
		modified: iso(campaign.created),
		filter: null,
		sunsetCommentsRequired: true,
		sourceOwnerCampaignInfo: campaign.type === "SOURCE_OWNER" ? { sourceIds: [...tenant.sources.keys()] } : null,
		searchCampaignInfo: search,
		roleCompositionCampaignInfo: null,
		sourcesWithOrphanEntitlements: null,
		mandatoryCommentRequirement: "NO_DECISIONS",
	};
}

export function renderCertification(tenant: Tenant, certification: Certification): Json {
	const { items } = certification;
	const campaign = tenant.campaigns.get(certification.campaignId);
	const reviewer = tenant.identities.get(certification.reviewer);
	const people = new Set(items.map(({ identityId }) => identityId));
	const open = new Set(items.filter(({ decision }) => decision === null).map(({ identityId }) => identityId));
	return {
		id: certification.id,
		name: certification.name,
		campaign: {
			id: certification.campaignId,
			name: campaign?.name ?? "",
			type: "CAMPAIGN",
			campaignType: campaign?.type ?? "MANAGER",
			description: campaign?.description ?? null,
			correlatedStatus: "CORRELATED",
			mandatoryCommentRequirement: "NO_DECISIONS",
		},
		completed: items.every(({ decision }) => decision !== null),
		identitiesCompleted: people.size - open.size,
		identitiesTotal: people.size,
		created: iso(certification.created),
		modified: iso(certification.modified),
		decisionsMade: items.filter(({ decision }) => decision !== null).length,
		decisionsTotal: items.length,
		due: when(certification.due),
		signed: when(certification.signed),
		reviewer: { id: certification.reviewer, name: reviewer?.name ?? "", email: reviewer?.email ?? null, type: "IDENTITY" },
		reassignment: null,
		hasErrors: certification.error !== null,
		errorMessage: certification.error,
		phase: certification.phase,
	};
}

/** A certification in the beta version's words; it has no id there. */
export function renderOldCertification(tenant: Tenant, certification: Certification): Json {
	const { campaign, phase, due, signed, reviewer, hasErrors, errorMessage, completed, decisionsMade, decisionsTotal, ...rest } = renderCertification(
		tenant,
		certification,
	);
	const [owner] = [...tenant.identities.values()].filter(({ capabilities }) => capabilities.includes("ORG_ADMIN"));
	return {
		campaignRef: campaign,
		phase,
		due,
		signed,
		reviewer,
		campaignOwner: identityRef(tenant, owner?.id ?? null),
		hasErrors,
		errorMessage,
		completed,
		decisionsMade,
		decisionsTotal,
		entitiesCompleted: rest.identitiesCompleted,
		entitiesTotal: rest.identitiesTotal,
	};
}

export function renderItem(tenant: Tenant, item: ReviewItem): Json {
	const entitlement = tenant.entitlements.get(item.entitlementId);
	const source = tenant.sources.get(entitlement?.sourceId ?? "");
	const account = tenant.accounts.get(item.accountId);
	const name = entitlement?.name ?? "";
	const details = entitlement && {
		id: entitlement.id,
		name,
		description: entitlement.description,
		privileged: isPrivileged(entitlement),
		owner: null,
		attributeName: entitlement.attribute,
		attributeValue: entitlement.value,
		sourceSchemaObjectType: "group",
		sourceName: source?.name ?? "",
		sourceType: source?.type ?? "",
		sourceId: entitlement.sourceId,
		hasPermissions: false,
		isPermission: false,
		revocable: true,
		cloudGoverned: false,
		containsDataAccess: false,
		dataAccess: null,
		account: account && {
			nativeIdentity: account.nativeIdentity,
			disabled: account.disabled,
			locked: account.locked,
			type: "ACCOUNT",
			id: account.id,
			name: account.name,
			created: iso(account.created),
			modified: iso(account.modified),
		},
	};
	return {
		// Kinds of access that the item is not about are missing.
		accessSummary: { access: { type: "ENTITLEMENT", id: item.entitlementId, name }, entitlement: details ?? null },
		identitySummary: {
			id: item.id,
			name: tenant.identities.get(item.identityId)?.name ?? "",
			identityId: item.identityId,
			completed: item.decision !== null,
		},
		id: item.id,
		completed: item.decision !== null,
		newAccess: false,
		...(item.decision !== null && { decision: item.decision }),
		comments: item.comments,
	};
}
