import { describe, expect, it } from "vitest";
import { signInOf } from "./schema-access.js";

const policy = (authenticationStrength: object | null, builtInControls: string[] = []) => ({
	state: "enabled",
	conditions: { users: { includeUsers: ["All"] }, applications: { includeApplications: ["All"] } },
	grantControls: { operator: "OR", builtInControls, authenticationStrength },
});
const strength = (requirementsSatisfied: string | undefined, ...allowedCombinations: string[]) => ({ id: "s", requirementsSatisfied, allowedCombinations });

describe("an authentication strength", () => {
	it("asks for a second factor where it satisfies what mfa asks for", () => {
		expect(signInOf(policy(strength("mfa", "fido2", "windowsHelloForBusiness")))).toMatchObject({ mfaRequired: true, phishingResistantRequired: true });
		expect(signInOf(policy(strength("mfa", "password,sms")))).toMatchObject({ mfaRequired: true, phishingResistantRequired: false });
	});

	it("of single factors asks for none", () => {
		expect(signInOf(policy(strength("none", "x509CertificateSingleFactor")))).toMatchObject({ mfaRequired: false });
		expect(signInOf(policy(strength("none", "password")))).toMatchObject({ mfaRequired: false });
	});

	it("beside mfa asks for what mfa asks for", () => {
		expect(
			signInOf({
				...policy(strength("none", "password"), ["mfa"]),
				grantControls: { operator: "AND", builtInControls: ["mfa"], authenticationStrength: strength("none", "password") },
			}),
		).toMatchObject({
			mfaRequired: true,
		});
	});

	it("that does not say what it satisfies leaves it unknown", () => {
		expect(signInOf(policy({ id: "s" }))).not.toHaveProperty("mfaRequired");
		expect(signInOf(policy(strength("somethingNew", "password,sms")))).not.toHaveProperty("mfaRequired");
	});
});

describe("a policy without controls", () => {
	it("asks for nothing", () => {
		expect(signInOf({ conditions: {}, grantControls: null })).toMatchObject({ allows: true, mfaRequired: false, phishingResistantRequired: false });
	});
});
