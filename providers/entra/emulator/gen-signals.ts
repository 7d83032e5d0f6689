import { day, hour } from "../../../src/emulate/random.js";
import type { Company } from "./build.js";
import { stamp } from "./moment.js";
import { guid, type State } from "./state.js";

/** Makes somebody risky, with what was seen of them. */
export function addRisk(state: State, id: string, level: "low" | "medium" | "high", now: number): void {
	const user = state.users.get(id);
	const at = stamp(now - 30 * hour);
	const risk = { riskState: "atRisk", riskLevel: level, riskDetail: "none" } as const;
	const who = { userDisplayName: user?.displayName ?? "", userPrincipalName: user?.userPrincipalName ?? "" };
	state.riskyUsers.set(id, { id, ...risk, ...who, isDeleted: false, isProcessing: false, riskLastUpdatedDateTime: at });
	const detection = guid(state.seed, "detection", id);
	state.riskDetections.set(detection, {
		...{
			id: detection,
			requestId: guid("request", detection),
			correlationId: guid("correlation", detection),
			...risk,
			...who,
			userId: id,
			riskEventType: "leakedCredentials",
		},
		...{
			source: "IdentityProtection",
			detectionTimingType: "offline",
			activity: "user",
			tokenIssuerType: "AzureAD",
			ipAddress: "203.0.113.9",
			additionalInfo: "[]",
		},
		location: { city: "Bergen", state: "Vestland", countryOrRegion: "NO", geoCoordinates: { altitude: null, latitude: 60.4, longitude: 5.3 } },
		...{ activityDateTime: at, detectedDateTime: at, lastUpdatedDateTime: at },
	});
}

export function addRiskyApp(state: State, principal: string, now: number): void {
	const row = state.servicePrincipals.get(principal);
	const at = stamp(now - 50 * hour);
	const risk = { riskState: "atRisk", riskLevel: "medium", riskDetail: "none" } as const;
	state.riskyServicePrincipals.set(principal, {
		...{ id: principal, appId: row?.appId ?? null, displayName: row?.displayName ?? null, isEnabled: true, isProcessing: false, riskLastUpdatedDateTime: at },
		...{ ...risk, servicePrincipalType: "Application" },
	});
	const id = guid(state.seed, "app detection", principal);
	state.servicePrincipalRisk.set(id, {
		...{
			id,
			...risk,
			appId: row?.appId ?? null,
			servicePrincipalId: principal,
			servicePrincipalDisplayName: row?.displayName ?? null,
			riskEventType: "leakedCredentials",
		},
		...{ requestId: null, correlationId: guid("correlation", id), source: "IdentityProtection", detectionTimingType: "offline", activity: "servicePrincipal" },
		...{ tokenIssuerType: "AzureAD", ipAddress: null, keyIds: [], additionalInfo: "[]", activityDateTime: at, detectedDateTime: at, lastUpdatedDateTime: at },
	});
}

const controls = [
	["MFARegistrationV2", "Identity", "Everybody registered for MFA", 9, 5.2],
	["BlockLegacyAuthentication", "Identity", "Old protocols blocked", 8, 0],
	["AdminMFAV2", "Identity", "MFA for administrators", 10, 8],
	["OneAdmin", "Identity", "More than one Global Administrator", 1, 1],
] as const;

/** What the vendor itself makes of the tenant. */
export function addScores(state: State, company: Company, people: number): void {
	const vendorInformation = { provider: "SecureScore", providerVersion: null, subProvider: null, vendor: "Microsoft" };
	for (let back = 0; back < 3; back++) {
		const at = Math.floor(company.now / day) * day - back * day;
		const id = `${company.tenantId}_${stamp(at).slice(0, 10)}`;
		state.secureScores.set(id, {
			...{
				id,
				azureTenantId: company.tenantId,
				activeUserCount: people,
				createdDateTime: stamp(at),
				currentScore: 14.2 - back,
				enabledServices: ["HasAADP2"],
				licensedUserCount: people,
				maxScore: 28,
			},
			averageComparativeScores: [{ basis: "AllTenants", averageScore: 12.5 }],
			controlScores: controls.map(([controlName, controlCategory, description, , score]) => ({ controlCategory, controlName, description, score })),
			vendorInformation,
		});
	}
	for (const [id, controlCategory, title, maxScore] of controls)
		state.scoreProfiles.set(id.toLowerCase(), {
			...{
				id,
				azureTenantId: company.tenantId,
				actionType: "Config",
				actionUrl: "https://portal.example/",
				controlCategory,
				title,
				deprecated: false,
				implementationCost: "Low",
			},
			...{
				lastModifiedDateTime: null,
				maxScore,
				rank: 1,
				remediation: title,
				remediationImpact: "",
				service: "AzureAD",
				threats: ["Account Breach"],
				tier: "Core",
				userImpact: "Low",
			},
			...{ complianceInformation: [], controlStateUpdates: [], vendorInformation },
		});
	state.recommendations.set(`${company.tenantId}_staleappcreds`, {
		...{
			id: `${company.tenantId}_staleAppCreds`,
			recommendationType: "staleAppCreds",
			displayName: "Remove unused credentials from applications",
			status: "active",
			priority: "medium",
		},
		...{
			category: "identityBestPractice",
			createdDateTime: stamp(company.now - 60 * day),
			lastModifiedDateTime: stamp(company.now - day),
			lastCheckedDateTime: stamp(company.now - day),
		},
		...{
			lastModifiedBy: "System",
			featureAreas: ["applications"],
			impactType: "apps",
			impactStartDateTime: stamp(company.now - 60 * day),
			postponeUntilDateTime: null,
		},
		...{ benefits: "Fewer credentials to lose.", insights: "Some credentials have not been used for 30 days.", currentScore: 0, maxScore: 0, actionSteps: [] },
	});
}

/** A review of guests that somebody decides on, and one member's decision. */
export function addReview(state: State, company: Company, principal: string): void {
	const id = guid(state.seed, "review");
	const scope = {
		"@odata.type": "#microsoft.graph.accessReviewQueryScope",
		query: "/users?$filter=userType eq 'Guest'",
		queryType: "MicrosoftGraph",
		queryRoot: null,
	};
	state.accessReviews.set(id, {
		...{ id, displayName: "Guests, each quarter", descriptionForAdmins: "Guests", descriptionForReviewers: "Still needed?", status: "InProgress", scope },
		...{
			createdDateTime: stamp(company.now - 200 * day),
			lastModifiedDateTime: stamp(company.now - 90 * day),
			createdBy: { id: principal, displayName: null, userPrincipalName: null, ipAddress: null },
		},
		...{ reviewers: [], fallbackReviewers: [], additionalNotificationRecipients: [], stageSettings: [], instanceEnumerationScope: null },
		settings: {
			...{
				mailNotificationsEnabled: true,
				reminderNotificationsEnabled: true,
				justificationRequiredOnApproval: true,
				defaultDecisionEnabled: false,
				defaultDecision: "None",
			},
			...{
				instanceDurationInDays: 14,
				autoApplyDecisionsEnabled: false,
				recommendationsEnabled: true,
				recommendationLookBackDuration: null,
				recurrence: null,
				applyActions: [],
			},
			...{ recommendationInsightSettings: [], decisionHistoriesForReviewersEnabled: false },
		},
	});
}
