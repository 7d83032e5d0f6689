import type { KnownList } from "../../src/model/known.js";
import type { SessionFacet, SignInFacet } from "../../src/model/objects.js";
import { at, flag, type Json, known, object, texts, word } from "./schema.js";

/** https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy. A list that is null is empty. */
const listOf = (value: unknown): string[] | undefined => (value === undefined ? [] : texts(value));

/** What a Conditional Access policy asks of a sign-in that it is for. */
export function signInOf(values: unknown): SignInFacet {
	const conditions = at(values, "conditions");
	const users = at(conditions, "users");
	const controls = listOf(at(values, "grantControls", "builtInControls"));
	const strength = object(at(values, "grantControls", "authenticationStrength"));
	const or = at(values, "grantControls", "operator") === "OR";
	const others =
		(controls ?? []).filter((control) => control !== "mfa").length +
		count(at(values, "grantControls", "termsOfUse")) +
		count(at(values, "grantControls", "customAuthenticationFactors"));
	// With OR, another control may stand in for the second factor.
	const asks = (is: boolean): boolean => is && !(or && others > 0);
	const include = listOf(at(users, "includeUsers"));
	const everybody = include?.includes("All") ?? false;
	const excludedRoles = listOf(at(users, "excludeRoles"));
	const partial = <T>(list: KnownList<T> | undefined, open: boolean): KnownList<T> | undefined =>
		list && open ? Object.assign(list, { partial: true as const }) : list;
	const strengths = texts(at(strength, "allowedCombinations"));
	return known<SignInFacet>({
		allows: controls === undefined ? undefined : !controls.includes("block"),
		mfaRequired: controls === undefined ? undefined : controls.includes("mfa") ? asks(true) : strength === null ? false : byStrength(strength, asks(true)),
		phishingResistantRequired: strength === null ? false : strengths === undefined ? undefined : asks(strengths.every((one) => resistant.has(one))),
		excludedAccounts: partial(
			listOf(at(users, "excludeUsers"))?.filter((id) => id !== "GuestsOrExternalUsers"),
			guests(users, "exclude") || (excludedRoles?.length ?? 1) > 0,
		),
		excludedGroups: listOf(at(users, "excludeGroups")),
		// Users and roles that are named one by one are no groups: then it can't be said in groups whom the policy is for.
		includedGroups: everybody
			? []
			: include?.length === 0 && (listOf(at(users, "includeRoles")) ?? ["?"]).length === 0 && !guests(users, "include")
				? listOf(at(users, "includeGroups"))
				: undefined,
		networkBound: isNetworkBound(at(conditions, "locations")),
		otherConditions: hasOtherConditions(conditions),
		appliesTo: appsOf(at(conditions, "applications")),
	});
}

/** Combinations of methods that NIST and Microsoft call phishing-resistant. https://learn.microsoft.com/graph/api/resources/authenticationstrengths-overview */
export const resistant = new Set(["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"]);

/** A strength may be one of single factors: it says itself whether it satisfies what "mfa" asks for. https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy */
function byStrength(strength: Json, asks: boolean): boolean | undefined {
	if (!asks || strength.requirementsSatisfied === "none") return false;
	return strength.requirementsSatisfied === "mfa" ? true : undefined;
}

function count(value: unknown): number {
	return Array.isArray(value) ? value.length : 0;
}

function guests(users: unknown, which: "include" | "exclude"): boolean {
	const list = listOf(at(users, `${which}Users`));
	return (list?.includes("GuestsOrExternalUsers") ?? true) || object(at(users, `${which}GuestsOrExternalUsers`)) !== null;
}

function isNetworkBound(locations: unknown): boolean {
	if (object(locations) === null) return false;
	const [include, exclude] = [listOf(at(locations, "includeLocations")), listOf(at(locations, "excludeLocations"))];
	return !(include?.includes("All") && exclude?.length === 0);
}

/** Conditions beside users, apps and places that may keep the policy from applying to a sign-in. */
export function hasOtherConditions(conditions: unknown): boolean {
	const lists = ["userRiskLevels", "signInRiskLevels", "servicePrincipalRiskLevels"].some((key) => (listOf(at(conditions, key)) ?? ["?"]).length > 0);
	const types = listOf(at(conditions, "clientAppTypes"));
	const platforms = at(conditions, "platforms");
	const anyPlatform =
		object(platforms) === null || (listOf(at(platforms, "includePlatforms"))?.includes("all") && listOf(at(platforms, "excludePlatforms"))?.length === 0);
	const set = ["devices", "clientApplications", "authenticationFlows"].some((key) => object(at(conditions, key)) !== null);
	const insider = at(conditions, "insiderRiskLevels");
	return lists || set || !anyPlatform || !(types === undefined || types.length === 0 || types.includes("all")) || (insider !== undefined && insider !== null);
}

/** Null = every app; a comma list of apps, user actions and contexts else. */
function appsOf(applications: unknown): string | null | undefined {
	const include = listOf(at(applications, "includeApplications"));
	const exclude = listOf(at(applications, "excludeApplications"));
	if (include === undefined || exclude === undefined) return undefined;
	if (include.includes("All")) return exclude.length === 0 && object(at(applications, "applicationFilter")) === null ? null : undefined;
	const others = ["includeUserActions", "includeAuthenticationContextClassReferences"].flatMap((key) => listOf(at(applications, key)) ?? []);
	return [...include, ...others].sort().join(",");
}

const minutes: Record<string, number> = { hours: 60, days: 1440 };

/** How a policy bounds a session. Entra bounds its length, not idleness. */
export function sessionOf(values: unknown): SessionFacet | null {
	const controls = object(at(values, "sessionControls"));
	if (controls === null) return null;
	const frequency = object(controls.signInFrequency);
	const browser = object(controls.persistentBrowser);
	const unit = word(frequency?.type);
	const length =
		frequency?.frequencyInterval === "everyTime"
			? 0
			: typeof frequency?.value === "number" && unit !== undefined
				? frequency.value * (minutes[unit] ?? Number.NaN)
				: undefined;
	return known<SessionFacet>({
		maxLifetimeMinutes: frequency === null || flag(frequency.isEnabled) === false ? null : Number.isNaN(length) ? undefined : length,
		maxIdleMinutes: null,
		persistentCookie:
			browser === null || flag(browser.isEnabled) === false ? null : browser.mode === "always" ? true : browser.mode === "never" ? false : undefined,
	});
}
