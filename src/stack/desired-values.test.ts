import { expect, it } from "vitest";
import { checkDesiredSettings } from "./desired-values.js";
import { loadSource } from "./load.js";
import { decode } from "./source.js";

const kinds = [
	{ kind: "rule/OKTA_SIGN_ON", valuesSchema: { type: "object", additionalProperties: false, properties: { maxMinutes: { type: "integer", minimum: 1 } } } },
];

async function problems(entry: string) {
	const text = `name: acme\nstore: sqlite:x.db\nsystems:\n  okta: { provider: okta, url: https://acme.okta.com, auth: { method: ssws, token: "\${env:T}" } }\nsettings:\n${entry}\n`;
	const decoded = decode("stack.yaml", Buffer.from(text));
	if ("problem" in decoded) throw new Error(decoded.problem.message);
	const { stack, diagnostics } = await loadSource(decoded.source);
	if (!stack) throw new Error(diagnostics[0]?.message);
	return checkDesiredSettings(stack, () => kinds);
}

it("finds nothing wrong with values that the provider's schema allows", async () => {
	expect(await problems("  okta/rule/OKTA_SIGN_ON/p/r: { mode: observe, values: { maxMinutes: 60 } }")).toEqual([]);
});

it("names the place of a wrong value, of an unknown key with the mend, and of an unknown kind", async () => {
	expect(await problems("  okta/rule/OKTA_SIGN_ON/p/r:\n    mode: observe\n    values:\n      maxMinutes: 0")).toMatchObject([
		{ line: 9, message: expect.stringContaining(">= 1") },
	]);
	expect(await problems("  okta/rule/OKTA_SIGN_ON/p/r:\n    mode: observe\n    values:\n      maxMinuts: 5")).toMatchObject([
		{ line: 9, hint: "did you mean `maxMinutes`?" },
	]);
	expect(await problems("  okta/rule/OKTA_SIGN_IN/p/r: { mode: observe, values: { a: 1 } }")).toMatchObject([
		{ line: 6, hint: expect.stringContaining("okta/rule/OKTA_SIGN_ON/…") },
	]);
});
