import { type DesiredMappings, isOpen, unresolved } from "../../src/provider/desired.js";
import { known } from "./schema.js";
import { decodeSetting } from "./schema-setting.js";
import { settingKinds } from "./setting-kinds.js";

type Json = Record<string, unknown>;

const part = (value: unknown): Json => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {});

/** A part of the policy in Graph's words; one that is not known yet stays so. */
const built = (value: unknown, make: (given: Json) => Json): unknown => (value === unresolved ? unresolved : value === undefined ? null : make(part(value)));

/** Resources of the azuread package, in the words of Graph: https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy. */
export const desired: DesiredMappings = {
	"azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": ({ displayName, state, conditions, grantControls, sessionControls }, id) => {
		const kind = settingKinds.find((one) => one.kind === "conditionalAccessPolicy");
		if (!kind) return null;
		const raw = {
			id,
			displayName: displayName ?? id,
			state,
			conditions: built(conditions, conditionsOf),
			grantControls: built(grantControls, grantOf),
			sessionControls: built(sessionControls, sessionOf),
		};
		const decoded = decodeSetting(raw, kind);
		if ("bad" in decoded) return null;
		const { values, ...rest } = decoded.ok;
		// A part that is not known yet is none to the decoder, and would be taken for "nothing is asked".
		const hidden = (value: unknown): boolean => value === unresolved || Object.values(part(value)).includes(unresolved);
		if (hidden(conditions) || hidden(grantControls)) delete rest.signIn;
		if (sessionControls === unresolved) delete rest.session;
		return { collection: "settings", record: isOpen(raw) || values === undefined ? rest : { ...rest, values } };
	},
	"azuread:index/group:Group": ({ displayName, description, types }, id) => {
		if (typeof displayName !== "string") return null;
		const dynamic = Array.isArray(types) ? types.includes("DynamicMembership") : false;
		const record = {
			id,
			name: displayName,
			type: Array.isArray(types) && types.includes("Unified") ? "Unified" : "Security",
			source: dynamic ? ("dynamic" as const) : ("direct" as const),
			description: description === undefined ? null : typeof description === "string" ? description : undefined,
		};
		return { collection: "groups", record: known(record) };
	},
};

function conditionsOf(given: Json): Json {
	const { applications, users, platforms, locations, devices, clientApplications, clientAppTypes, authenticationFlowTransferMethods, ...levels } = given;
	return {
		applications: built(applications, (apps) => ({
			includeApplications: apps.includedApplications ?? [],
			excludeApplications: apps.excludedApplications ?? [],
			includeUserActions: apps.includedUserActions ?? [],
		})),
		users: built(users, (who) => ({
			includeUsers: who.includedUsers ?? [],
			excludeUsers: who.excludedUsers ?? [],
			includeGroups: who.includedGroups ?? [],
			excludeGroups: who.excludedGroups ?? [],
			includeRoles: who.includedRoles ?? [],
			excludeRoles: who.excludedRoles ?? [],
			includeGuestsOrExternalUsers: who.includedGuestsOrExternalUsers === undefined ? null : { guests: who.includedGuestsOrExternalUsers },
			excludeGuestsOrExternalUsers: who.excludedGuestsOrExternalUsers === undefined ? null : { guests: who.excludedGuestsOrExternalUsers },
		})),
		platforms: built(platforms, (one) => ({ includePlatforms: one.includedPlatforms ?? [], excludePlatforms: one.excludedPlatforms ?? [] })),
		locations: built(locations, (one) => ({ includeLocations: one.includedLocations ?? [], excludeLocations: one.excludedLocations ?? [] })),
		devices: built(devices, (one) => one),
		clientApplications: built(clientApplications, (one) => one),
		authenticationFlows: authenticationFlowTransferMethods === undefined ? null : { transferMethods: authenticationFlowTransferMethods },
		clientAppTypes: clientAppTypes ?? [],
		userRiskLevels: levels.userRiskLevels ?? [],
		signInRiskLevels: levels.signInRiskLevels ?? [],
		servicePrincipalRiskLevels: levels.servicePrincipalRiskLevels ?? [],
		insiderRiskLevels: levels.insiderRiskLevels ?? null,
	};
}

function grantOf({ operator, builtInControls, termsOfUses, customAuthenticationFactors, authenticationStrengthPolicyId }: Json): Json {
	return {
		operator,
		builtInControls: builtInControls ?? [],
		termsOfUse: termsOfUses ?? [],
		customAuthenticationFactors: customAuthenticationFactors ?? [],
		// Which methods the strength allows is the strength's own to say.
		authenticationStrength:
			authenticationStrengthPolicyId === undefined
				? null
				: { id: authenticationStrengthPolicyId, allowedCombinations: unresolved, requirementsSatisfied: unresolved },
	};
}

function sessionOf(given: Json): Json {
	const { signInFrequency, signInFrequencyPeriod, signInFrequencyInterval, persistentBrowserMode } = given;
	const frequent = signInFrequency !== undefined || signInFrequencyInterval === "everyTime";
	return {
		signInFrequency: frequent
			? { isEnabled: true, value: signInFrequency, type: signInFrequencyPeriod, frequencyInterval: signInFrequencyInterval ?? "timeBased" }
			: null,
		persistentBrowser: persistentBrowserMode === undefined ? null : { isEnabled: true, mode: persistentBrowserMode },
	};
}
