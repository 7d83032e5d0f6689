import type { SettingRecord } from "../../src/model/objects.js";
import type { Admission, Provider } from "../../src/provider/provider.js";

/**
 * Google walks no list of rules: a super administrator signs in with the password and, where enrolled, the second factor; SSO is passed by.
 * Counted on is who is enrolled with a security key or passkey, which every set of allowed factors takes, and has no step to do first.
 */
export const admission: NonNullable<Provider["admission"]> = (settings) => {
	const enforced = settings.filter(
		({ kind, active, signIn }) => kind === "policy/security.two_step_verification_enforcement" && active !== false && signIn?.mfaRequired !== false,
	);
	return (account, factors): Admission => {
		const { profile = {} } = account;
		if (profile.changePasswordAtNextLogin !== false) return { why: "it must set a new password first, or that can't be ruled out" };
		if (profile.agreedToTerms !== true) return { why: "it has not accepted Google's terms yet, or that can't be said" };
		if (profile.isAdmin !== true) return { why: "only super administrators surely get past single sign-on, and Google does not say that it is one" };
		if (account.credentialProvider !== "local") return { why: "it can't be said that it signs in at Google itself" };
		if (profile.isEnrolledIn2Sv !== true) return { why: "it is not enrolled in 2-step verification" };
		if (!factors.some(({ strength }) => strength === "phishing-resistant"))
			return { why: "no security key or passkey of it is known, and its other factors may not count" };
		return { rules: ["2-step verification with a security key or passkey, which every set of allowed factors takes", ...enforced.map(nameOf)] };
	};
};

function nameOf({ name }: SettingRecord): string {
	return name;
}
