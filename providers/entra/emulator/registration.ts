import { registeredWords } from "./methods.js";
import { stamp } from "./moment.js";
import { adminsOf } from "./privileged.js";
import { rowsOf, singleOf } from "./rows.js";
import type { Raw } from "./state.js";
import type { Tenant } from "./tenant.js";

const passwordless = new Set(["passKeyDeviceBound", "windowsHelloForBusiness", "macOsSecureEnclaveKey"]);
const notSecond = new Set(["email", "securityQuestion", "temporaryAccessPass"]);

/** Which policy allows a method, by the report's word for it. */
const allowedBy: Readonly<Record<string, readonly string[]>> = {
	mobilePhone: ["Sms", "Voice"],
	alternateMobilePhone: ["Voice"],
	officePhone: ["Voice"],
	microsoftAuthenticatorPush: ["MicrosoftAuthenticator"],
	softwareOneTimePasscode: ["SoftwareOath", "MicrosoftAuthenticator"],
	passKeyDeviceBound: ["Fido2"],
};

/** The registration report, a row for each enabled account: disabled ones are not in it (MicrosoftDocs/entra-docs#878). */
export function registrations(tenant: Tenant): Raw[] {
	const admins = adminsOf(tenant);
	const policy = singleOf(tenant, "/policies/authenticationMethodsPolicy");
	const configurations = (policy.authenticationMethodConfigurations ?? []) as Raw[];
	const enabled = new Set(configurations.filter(({ state }) => state === "enabled").map(({ id }) => id));
	const lastRun = stamp(Math.floor(tenant.world.now() / 86_400_000) * 86_400_000);
	return rowsOf(tenant, "users")
		.filter((user) => user.accountEnabled === true)
		.map((user) => registration(tenant, user, admins, enabled, lastRun));
}

function registration(tenant: Tenant, user: Raw, admins: ReadonlySet<string>, enabled: ReadonlySet<unknown>, lastRun: string): Raw {
	const id = String(user.id);
	const words = registeredWords(tenant, id);
	const second = words.filter((word) => !notSecond.has(word));
	const capable = second.some((word) => (allowedBy[word] ?? [""]).some((name) => name === "" || enabled.has(name)));
	const push = words.includes("microsoftAuthenticatorPush");
	const preferred = push ? "push" : words.includes("softwareOneTimePasscode") ? "oath" : words.includes("mobilePhone") ? "sms" : "none";
	const system = words.some((word) => word.startsWith("passKey")) ? ["fido2"] : preferred === "none" ? [] : [preferred];
	return {
		id,
		userPrincipalName: user.userPrincipalName,
		userDisplayName: user.displayName ?? "",
		userType: user.userType === "Guest" ? "guest" : "member",
		isAdmin: admins.has(id),
		isSsprRegistered: words.length > 1,
		isSsprEnabled: user.userType !== "Guest",
		isSsprCapable: words.length > 1 && user.userType !== "Guest",
		isMfaRegistered: second.length > 0,
		isMfaCapable: capable,
		isPasswordlessCapable: words.some((word) => passwordless.has(word)),
		methodsRegistered: words,
		isSystemPreferredAuthenticationMethodEnabled: true,
		systemPreferredAuthenticationMethods: system,
		userPreferredMethodForSecondaryAuthentication: preferred,
		lastUpdatedDateTime: lastRun,
	};
}
