import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences } from "../../src/drift/values.js";
import { makePolicy } from "./emulator/build.js";
import type { Json } from "./schema.js";
import { settingSpecs } from "./settings.js";
import { type Acting, acting } from "./test-act.js";
import { allowed } from "./test-values.js";

let org: Acting;
beforeAll(async () => {
	org = await acting();
});
afterAll(() => org.close());

/** Objects as they may stand before: bare, and with everything the vendor may have put there. */
const fillings: Record<string, Json[]> = {
	"policy/MFA_ENROLL": [
		{
			settings: {
				type: "AUTHENTICATORS",
				authenticators: [
					{ key: "okta_verify", enroll: { self: "REQUIRED" }, gracePeriod: { type: "BY_SKIP_COUNT" } },
					{ key: "webauthn", enroll: { self: "NOT_ALLOWED" } },
				],
			},
		},
	],
	"rule/ACCESS_POLICY": [
		{
			conditions: null,
			actions: {
				appSignOn: { access: "ALLOW", verificationMethod: { type: "ASSURANCE", factorMode: "2FA", constraints: [{ knowledge: { types: ["PASSWORD"] } }] } },
			},
		},
		{ conditions: {}, actions: { appSignOn: { access: "DENY" } } },
	],
};

describe.each(settingSpecs.filter(({ update, arrange }) => update && !arrange))("$kind", ({ kind, valuesSchema, canonical, read, update }) => {
	const values = allowed(valuesSchema) as fc.Arbitrary<Json>;
	const validate = new Ajv2020({ strict: false }).compile(valuesSchema);
	const [shape = "", type = ""] = kind.split("/");

	function make(filling: Json): string {
		if (shape === "policy") return makePolicy(org.state, type, "P", filling);
		const policy = makePolicy(org.state, type, "P", {}, [filling]);
		return `${policy}/${org.state.policyRules.get(policy)?.[0]?.id}`;
	}

	it("is as it was declared, for every value that the schema allows: write, read, and nothing differs", async () => {
		if (!update) throw new Error(`${kind} can't be changed`);
		const ids = [{}, ...(fillings[kind] ?? [])].map(make);
		await fc.assert(
			fc.asyncProperty(values, fc.constantFrom(...ids), fc.constantFrom("omit" as const, "keep" as const), async (declared, id, nulls) => {
				expect(validate(declared), JSON.stringify(validate.errors)).toBe(true);
				org.emulator.knobs.nulls = nulls;
				await update(org.connection, id, declared);
				const live = await read(org.connection, id);
				expect(differences(declared, { values: live.values, canonical })).toEqual([]);
			}),
			{ numRuns: 40 },
		);
	});

	it("has one form: the same again, and whatever order the lists come in", () => {
		const turned = (value: unknown): unknown =>
			Array.isArray(value)
				? value.map(turned).reverse()
				: typeof value === "object" && value !== null
					? Object.fromEntries(
							Object.entries(value)
								.map(([key, inner]) => [key, turned(inner)])
								.reverse(),
						)
					: value;
		fc.assert(
			fc.property(values, (declared) => {
				const form = canonical(declared);
				expect(canonical(form)).toEqual(form);
				expect(canonical(turned(declared) as Json)).toEqual(form);
			}),
		);
	});
});
