import { day } from "../../../src/emulate/random.js";
import { stamp } from "./moment.js";
import { roleNamed } from "./role-catalogue.js";
import { guid, type Raw, type State } from "./state.js";

/** Who is meant by the Conditional Access policies of an invented tenant. */
export interface AccessPlan {
	now: number;
	/** Accounts left out of the policy for everybody. */
	emergency: string[];
	/** A group that is left out of one of them as well, whoever is in it. */
	exceptions: string | null;
}

interface PolicyPlan {
	name: string;
	state: "enabled" | "disabled" | "enabledForReportingButNotEnforced";
	users?: Raw;
	apps?: string[];
	clients?: string[];
	conditions?: Raw;
	grant?: Raw | null;
	session?: Raw | null;
}

const block = { operator: "OR", builtInControls: ["block"], customAuthenticationFactors: [], termsOfUse: [], authenticationStrength: null };
const mfa = { ...block, builtInControls: ["mfa"] };

/** Some weaknesses on purpose: old protocols are watched and not blocked, and administrators need no resistant factor. */
export function addAccessPolicies(state: State, plan: AccessPlan): void {
	const trusted = addLocations(state, plan.now);
	const policies: PolicyPlan[] = [
		{
			name: "Require MFA for everybody",
			state: "enabled",
			users: { excludeUsers: plan.emergency, excludeGroups: plan.exceptions ? [plan.exceptions] : [] },
			conditions: { locations: { includeLocations: ["All"], excludeLocations: [trusted] } },
			grant: mfa,
		},
		{ name: "Block old protocols (watching)", state: "enabledForReportingButNotEnforced", clients: ["exchangeActiveSync", "other"], grant: block },
		{
			name: "Administrators: MFA, short sessions",
			state: "enabled",
			users: {
				includeUsers: [],
				includeRoles: [roleNamed("Global Administrator"), roleNamed("Privileged Role Administrator"), roleNamed("User Administrator")],
				excludeUsers: plan.emergency,
			},
			grant: mfa,
			session: { ...noSession, signInFrequency: { ...frequency, value: 8, type: "hours" } },
		},
		{
			name: "Compliant device for the finance app",
			state: "disabled",
			apps: [guid(state.seed, "app", "Ledger")],
			grant: { ...block, builtInControls: ["compliantDevice", "domainJoinedDevice"] },
		},
		{ name: "Risky sign-ins: MFA", state: "enabled", conditions: { signInRiskLevels: ["high"] }, users: { excludeUsers: plan.emergency }, grant: mfa },
		{ name: "Guests: MFA", state: "enabled", users: { includeUsers: ["GuestsOrExternalUsers"] }, grant: mfa },
	];
	for (const one of policies) addPolicy(state, one, plan.now);
}

const frequency = { isEnabled: true, authenticationType: "primaryAndSecondaryAuthentication", frequencyInterval: "timeBased" };
const noSession = {
	disableResilienceDefaults: null,
	applicationEnforcedRestrictions: null,
	cloudAppSecurity: null,
	persistentBrowser: null,
	secureSignInSession: null,
};
const nobody = {
	includeUsers: ["All"],
	excludeUsers: [],
	includeGroups: [],
	excludeGroups: [],
	includeRoles: [],
	excludeRoles: [],
	includeGuestsOrExternalUsers: null,
	excludeGuestsOrExternalUsers: null,
};

function addPolicy(state: State, plan: PolicyPlan, now: number): void {
	const id = guid(state.seed, "access policy", plan.name);
	const applications = {
		includeApplications: plan.apps ?? ["All"],
		excludeApplications: [],
		includeUserActions: [],
		includeAuthenticationContextClassReferences: [],
		applicationFilter: null,
	};
	const unset = { platforms: null, locations: null, devices: null, clientApplications: null, authenticationFlows: null, insiderRiskLevels: null };
	const policy: Raw = {
		...{
			id,
			templateId: null,
			displayName: plan.name,
			createdDateTime: stamp(now - 400 * day),
			modifiedDateTime: stamp(now - 60 * day),
			state: plan.state,
			deletedDateTime: null,
		},
		...{ sessionControls: plan.session ?? null, grantControls: plan.grant ?? null },
		conditions: {
			...{ userRiskLevels: [], signInRiskLevels: [], clientAppTypes: plan.clients ?? ["all"], servicePrincipalRiskLevels: [], ...unset },
			...{ applications, users: { ...nobody, ...plan.users }, ...plan.conditions },
		},
	};
	(state.conditionalAccess as unknown as Map<string, Raw>).set(id, policy);
}

function addLocations(state: State, now: number): string {
	const dates = { createdDateTime: stamp(now - 700 * day), modifiedDateTime: stamp(now - 200 * day), deletedDateTime: null };
	const office = guid(state.seed, "location", "office");
	const countries = guid(state.seed, "location", "countries");
	const ip = { "@odata.type": "#microsoft.graph.ipNamedLocation", displayName: "Offices", isTrusted: true };
	state.namedLocations.set(office, {
		...{ ...ip, id: office, ...dates },
		ipRanges: [
			{ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "198.51.100.0/24" },
			{ "@odata.type": "#microsoft.graph.iPv6CidrRange", cidrAddress: "2001:db8::/32" },
		],
	});
	state.namedLocations.set(countries, {
		...{ "@odata.type": "#microsoft.graph.countryNamedLocation", id: countries, displayName: "Countries without people of ours", ...dates },
		...{ countriesAndRegions: ["KP", "XX"], includeUnknownCountriesAndRegions: true, countryLookupMethod: "clientIpAddress" },
	});
	return office;
}
