import { day } from "../../../src/emulate/random.js";
import { stamp } from "./moment.js";
import { emptyState, guid, type Raw, type State } from "./state.js";

/** What a tenant is made around. */
export interface Company {
	tenantId: string;
	seed: string;
	name: string;
	/** The name every tenant begins with, and the one it uses. */
	initial: string;
	domain: string;
	/** A domain whose people sign in at an identity provider of the company. */
	federated: string | null;
	licences: "none" | "p1" | "p2";
	/** Milliseconds since the epoch. */
	now: number;
}

export const graphAppId = "00000003-0000-0000-c000-000000000000";
/** The tenant of the vendor's own applications. */
export const microsoft = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

const plans = {
	none: ["AAD_BASIC", "2b9c8e7c-319c-43a2-a2a0-48c5c6161de7"],
	p1: ["AAD_PREMIUM", "078d2b04-f1bd-4111-bbd4-b4b1b354cef4"],
	p2: ["AAD_PREMIUM_P2", "84a661c4-e949-4bd2-a560-ed7766fcaf2b"],
} as const;

/** A tenant with its organisation, domains and licences, and nobody in it. */
export function newTenant(company: Company, people: number): State {
	const { tenantId, now } = company;
	const state = emptyState(tenantId, company.seed);
	const founded = stamp(now - 2000 * day);
	const sync = people > 0;
	state.organization.set(tenantId, {
		...{
			id: tenantId,
			deletedDateTime: null,
			businessPhones: ["+1 5555550100"],
			city: "Lisbon",
			country: null,
			countryLetterCode: "PT",
			createdDateTime: founded,
		},
		...{
			defaultUsageLocation: null,
			displayName: company.name,
			marketingNotificationEmails: [],
			onPremisesLastSyncDateTime: sync ? stamp(now - 1_200_000) : null,
		},
		...{
			onPremisesSyncEnabled: sync ? true : null,
			partnerTenantType: null,
			postalCode: "1000-001",
			preferredLanguage: "en",
			privacyProfile: { contactEmail: null, statementUrl: null },
		},
		...{
			securityComplianceNotificationMails: [],
			securityComplianceNotificationPhones: [],
			state: null,
			street: null,
			technicalNotificationMails: [`it@${company.domain}`],
		},
		...{ tenantType: "AAD", assignedPlans: [], provisionedPlans: [] },
		verifiedDomains: [...new Set([company.initial, company.domain, ...(company.federated ? [company.federated] : [])])].map((name) => ({
			...{ capabilities: "Email, OfficeCommunicationsOnline", isDefault: name === company.domain, isInitial: name === company.initial, name },
			type: name === company.federated ? "Federated" : "Managed",
		})),
	});
	for (const { name = "", type } of state.organization.get(tenantId)?.verifiedDomains ?? []) addDomain(state, company, name ?? "", type === "Federated");
	const [part, sku] = plans[company.licences];
	state.skus.set(`${tenantId}_${sku}`, {
		...{
			id: `${tenantId}_${sku}`,
			accountId: tenantId,
			accountName: company.initial.split(".")[0] ?? "",
			appliesTo: "User",
			capabilityStatus: "Enabled",
			consumedUnits: people,
		},
		...{
			prepaidUnits: { enabled: people + 25, suspended: 0, warning: 0, lockedOut: 0 },
			skuId: sku,
			skuPartNumber: part,
			subscriptionIds: [guid(company.seed, "subscription")],
		},
		servicePlans: [{ servicePlanId: guid("plan", part), servicePlanName: part, provisioningStatus: "Success", appliesTo: "User" }],
	});
	return state;
}

function addDomain(state: State, company: Company, name: string, federated: boolean): void {
	state.domains.set(name, {
		...{
			id: name,
			authenticationType: federated ? "Federated" : "Managed",
			availabilityStatus: null,
			isAdminManaged: true,
			isDefault: name === company.domain,
		},
		...{ isInitial: name === company.initial, isRoot: true, isVerified: true, supportedServices: ["Email", "OfficeCommunicationsOnline"] },
		// The number stands for "never".
		...{ passwordNotificationWindowInDays: 14, passwordValidityPeriodInDays: 2_147_483_647, state: null, manufacturer: null, model: null },
	});
	if (!federated) return;
	state.federations.set(name, [
		{
			...{ "@odata.type": "#microsoft.graph.internalDomainFederation", id: guid(company.seed, "federation", name), displayName: "Company sign-in" },
			...{ issuerUri: `http://login.${name}/trust`, metadataExchangeUri: `https://login.${name}/mex`, passiveSignInUri: `https://login.${name}/wsfed` },
			...{
				activeSignInUri: `https://login.${name}/active`,
				signOutUri: `https://login.${name}/out`,
				preferredAuthenticationProtocol: "wsFed",
				promptLoginBehavior: "nativeSupport",
			},
			...{ signingCertificate: "MIIB", nextSigningCertificate: null, isSignedAuthenticationRequestRequired: null, passwordResetUri: null },
			...{ federatedIdpMfaBehavior: "acceptIfMfaDoneByFederatedIdp", signingCertificateUpdateStatus: null },
		} satisfies Raw,
	]);
}
