import { cloudUnit } from "./build.js";
import { letters } from "./ids.js";
import type { State } from "./types.js";

/** Everybody signs in by the company's identity provider, but for the units named: there Google's own sign-in stays. */
export function setSso(state: State, seed: string, issuer: string, exempt: readonly string[]): void {
	const customer = `customers/${state.customer.id}`;
	const name = `inboundSamlSsoProfiles/${letters(`sso/${seed}`, 15)}`;
	state.samlProfiles.set(name, {
		name,
		customer,
		displayName: "Company sign-in",
		idpConfig: {
			entityId: `${issuer}/exk-workspace`,
			singleSignOnServiceUri: `${issuer}/app/google/sso/saml`,
			logoutRedirectUri: `${issuer}/login/signout`,
			changePasswordUri: `${issuer}/enduser/settings`,
		},
		spConfig: {
			entityId: `https://accounts.google.com/samlrp/${letters(`sp/${seed}`, 12)}`,
			assertionConsumerServiceUri: `https://accounts.google.com/samlrp/acs?rpid=${letters(`sp/${seed}`, 12)}`,
		},
	});
	const add = (path: string, ssoMode: "SAML_SSO" | "SSO_OFF") => {
		const id = `inboundSsoAssignments/${letters(`assignment/${seed}${path}`, 28)}`;
		state.ssoAssignments.set(id, {
			name: id,
			customer,
			targetOrgUnit: cloudUnit(state, path),
			ssoMode,
			...(ssoMode === "SAML_SSO" && { samlSsoInfo: { inboundSamlSsoProfile: name } }),
			// The usual condition is the one with number 0, which is left out.
			signInBehavior: {},
		});
	};
	add("/", "SAML_SSO");
	for (const path of exempt) add(path, "SSO_OFF");
}

/** A second profile, made for a trial and used by nobody. The client's secret is never shown again. */
export function tryOidc(state: State, seed: string, issuer: string): void {
	const name = `inboundOidcSsoProfiles/${letters(`oidc/${seed}`, 15)}`;
	state.oidcProfiles.set(name, {
		name,
		customer: `customers/${state.customer.id}`,
		displayName: "Trial",
		idpConfig: { issuerUri: issuer, changePasswordUri: `${issuer}/enduser/settings` },
		rpConfig: { clientId: letters(`rp/${seed}`, 20), redirectUris: [`https://accounts.google.com/oidcrp/callback/${letters(`rp/${seed}`, 12)}`] },
	});
}
