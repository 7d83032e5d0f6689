import { day } from "../../../src/emulate/random.js";
import type { Company } from "./build.js";
import { stamp } from "./moment.js";
import { guid, type Raw, type State } from "./state.js";

const everybody = [{ targetType: "group", id: "all_users", isRegistrationRequired: false }];

function configuration(type: string, id: string, state: "enabled" | "disabled", more: Raw = {}): Raw {
	return { "@odata.type": `#microsoft.graph.${type}AuthenticationMethodConfiguration`, id, state, excludeTargets: [], ...more, includeTargets: everybody };
}

function methodsPolicy(now: number): Raw {
	const feature = {
		state: "default",
		includeTarget: { targetType: "group", id: "all_users" },
		excludeTarget: { targetType: "group", id: "00000000-0000-0000-0000-000000000000" },
	};
	return {
		...{
			id: "authenticationMethodsPolicy",
			displayName: "Authentication Methods Policy",
			description: "Which methods of authentication may be used in the tenant.",
		},
		...{ lastModifiedDateTime: stamp(now - 70 * day), policyVersion: "1.5", policyMigrationState: "migrationInProgress", reconfirmationInDays: null },
		registrationEnforcement: {
			authenticationMethodsRegistrationCampaign: {
				...{ snoozeDurationInDays: 1, state: "default", excludeTargets: [] },
				includeTargets: [{ id: "all_users", targetType: "group", targetedAuthenticationMethod: "microsoftAuthenticator" }],
			},
		},
		authenticationMethodConfigurations: [
			configuration("fido2", "Fido2", "enabled", {
				...{ defaultPasskeyProfile: null, isSelfServiceRegistrationAllowed: true, isAttestationEnforced: false },
				keyRestrictions: { isEnforced: false, enforcementType: "block", aaGuids: [] },
			}),
			configuration("microsoftAuthenticator", "MicrosoftAuthenticator", "enabled", {
				isSoftwareOathEnabled: true,
				featureSettings: { displayAppInformationRequiredState: feature, displayLocationInformationRequiredState: feature },
			}),
			configuration("sms", "Sms", "enabled"),
			configuration("temporaryAccessPass", "TemporaryAccessPass", "disabled", {
				...{ defaultLength: 8, defaultLifetimeInMinutes: 60, isUsableOnce: false, minimumLifetimeInMinutes: 60, maximumLifetimeInMinutes: 480 },
			}),
			configuration("softwareOath", "SoftwareOath", "enabled"),
			configuration("voice", "Voice", "disabled", { isOfficePhoneAllowed: false }),
			configuration("email", "Email", "enabled", { allowExternalIdToUseEmailOtp: "default" }),
			configuration("x509Certificate", "X509Certificate", "disabled", {
				...{ certificateUserBindings: [], certificateAuthorityScopes: [], issuerHintsConfiguration: { state: "disabled" } },
				crlValidationConfiguration: { state: "disabled", exemptedCertificateAuthoritiesSubjectKeyIdentifiers: [] },
				authenticationModeConfiguration: {
					...{ x509CertificateAuthenticationDefaultMode: "x509CertificateSingleFactor", x509CertificateDefaultRequiredAffinityLevel: "low", rules: [] },
				},
			}),
		],
	};
}

function crossTenant(): Raw {
	const all = (accessType: string, target: string, targetType: string) => ({ accessType, targets: [{ target, targetType }] });
	const open = { usersAndGroups: all("allowed", "AllUsers", "user"), applications: all("allowed", "AllApplications", "application") };
	const shut = { usersAndGroups: all("blocked", "AllUsers", "user"), applications: all("blocked", "AllApplications", "application") };
	return {
		...{ isServiceDefault: true, b2bCollaborationInbound: open, b2bCollaborationOutbound: open, b2bDirectConnectInbound: shut, b2bDirectConnectOutbound: shut },
		inboundTrust: { isMfaAccepted: false, isCompliantDeviceAccepted: false, isHybridAzureADJoinedDeviceAccepted: false },
		automaticUserConsentSettings: { inboundAllowed: false, outboundAllowed: false },
		tenantRestrictions: { devices: null, ...shut },
		invitationRedemptionIdentityProviderConfiguration: {
			primaryIdentityProviderPrecedenceOrder: ["externalFederation", "azureActiveDirectory", "socialIdentityProviders"],
			fallbackIdentityProvider: "defaultConfiguredIdp",
		},
	};
}

/** Policies of which a tenant has one, with some usual weaknesses: anybody may invite guests, and agree to apps. */
export function addPolicies(state: State, company: Company): void {
	const { singles } = state;
	singles.set("/policies/authorizationPolicy", {
		...{
			id: "authorizationPolicy",
			deletedDateTime: null,
			displayName: "Authorization Policy",
			description: "Settings of authorisation of the whole company.",
		},
		...{ allowInvitesFrom: "everyone", allowedToSignUpEmailBasedSubscriptions: true, allowedToUseSSPR: true, allowEmailVerifiedUsersToJoinOrganization: false },
		// The guest role that sees as much as members do not, but more than it must.
		...{ allowUserConsentForRiskyApps: null, blockMsolPowerShell: false, guestUserRoleId: "10dae51f-b6af-4016-8d66-8c2a99b929b3" },
		defaultUserRolePermissions: {
			...{ allowedToCreateApps: true, allowedToCreateSecurityGroups: true, allowedToCreateTenants: true, allowedToReadBitlockerKeysForOwnedDevice: true },
			...{ allowedToReadOtherUsers: true, permissionGrantPoliciesAssigned: ["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"] },
		},
	});
	singles.set("/policies/authenticationMethodsPolicy", methodsPolicy(company.now));
	singles.set("/policies/identitySecurityDefaultsEnforcementPolicy", {
		...{ id: "00000000-0000-0000-0000-000000000005", deletedDateTime: null, displayName: "Security Defaults", description: "Basic identity security." },
		isEnabled: company.licences === "none",
	});
	singles.set("/policies/crossTenantAccessPolicy", {
		id: guid(state.seed, "cross"),
		displayName: "CrossTenantAccessPolicy",
		definition: [],
		allowedCloudEndpoints: [],
	});
	singles.set("/policies/crossTenantAccessPolicy/default", crossTenant());
	singles.set("/policies/adminConsentRequestPolicy", {
		isEnabled: false,
		version: 0,
		notifyReviewers: false,
		remindersEnabled: false,
		requestDurationInDays: 0,
		reviewers: [],
	});
	singles.set("/policies/authenticationFlowsPolicy", {
		...{ id: "authenticationFlowsPolicy", displayName: "Authentication flows policy", description: "Self-service sign-up." },
		selfServiceSignUp: { isEnabled: false },
	});
	addStrengths(state);
}

function addStrengths(state: State): void {
	const made = {
		policyType: "builtIn",
		requirementsSatisfied: "mfa",
		createdDateTime: "2021-12-01T00:00:00Z",
		modifiedDateTime: "2021-12-01T00:00:00Z",
		combinationConfigurations: [],
	};
	const strong = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
	const middle = ["deviceBasedPush"];
	const all = [
		...strong,
		...middle,
		"temporaryAccessPassOneTime",
		"temporaryAccessPassMultiUse",
		"password,microsoftAuthenticatorPush",
		"password,softwareOath",
		"password,sms",
	];
	const add = (last: number, displayName: string, allowedCombinations: string[]): void => {
		const id = `00000000-0000-0000-0000-00000000000${last}`;
		state.strengths.set(id, { id, displayName, description: displayName, ...made, allowedCombinations });
	};
	add(2, "Multifactor authentication", all);
	add(3, "Passwordless MFA", [...strong, ...middle]);
	add(4, "Phishing-resistant MFA", strong);
}
