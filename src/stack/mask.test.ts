import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderDiagnostic } from "../model/diagnostic.js";
import { load, minimal, temporaryFolder } from "./test-stack.js";

const folder = temporaryFolder();
const secret = "s3cr3t-T0ken+99";

const shown = async (text: string): Promise<string> => {
	const { stack, diagnostics } = await load(folder, text, { providerSchemas });
	expect(stack).toBeUndefined();
	expect(diagnostics.length).toBeGreaterThan(0);
	return diagnostics.map((d) => `${renderDiagnostic(d)}\n${JSON.stringify(d)}`).join("\n");
};

const schema = {
	type: "object",
	properties: {
		url: {},
		auth: { type: "object", properties: { token: { type: "string", secret: true, pattern: "^x" }, mode: { enum: ["a", "b"] } }, additionalProperties: false },
	},
};
const providerSchemas = async (): Promise<object> => schema;

describe("a secret pasted in clear is never shown", () => {
	const block = (lines: string): string => `name: acme\nsystems:\n  okta:\n    provider: okta\n    url: https://a.b\n${lines}`;
	test.each([
		["literal", block(`    auth: { token: ${secret} }\n`)],
		["wrong type around it", block(`    auth: [ ${secret} ]\n`)],
		["wrong enum", block(`    auth: { mode: ${secret} }\n`)],
		["unknown key holds it", block(`    auth: { tokn: ${secret} }\n`)],
		["as a key", block(`    auth: { ${secret}: 1 }\n`)],
		["as a key, twice", block(`    auth: { ${secret}: 1, ${secret}: 2 }\n`)],
		["auth twice", block(`    auth: {}\n    auth: { token: ${secret} }\n`)],
		["in a refused key", block(`    auth: { ? [ ${secret} ] : 1 }\n`)],
		["under a refused key", block(`    1: { token: ${secret} }\n`)],
		["in a tag", block(`    auth: { token: !${secret.slice(0, 10)} x }\n`)],
		["too deep", block(`    auth: { token: ${"[".repeat(70)}${secret}${"]".repeat(70)} }\n`)],
		["mistyped auth", block(`    atuh: { token: ${secret} }\n`)],
		["mistyped systems", `name: a\nsystms:\n  okta: { auth: { token: ${secret} } }\n`],
		["in a comment", block(`    auth: { tokn: x } # was ${secret}\n`)],
		["with a tag", block(`    auth: { token: !x ${secret} }\n`)],
		["with an anchor", block(`    auth: { token: &a ${secret} }\n`)],
		["within a reference", block(`    auth: { token: "\${env:${secret}}" }\n`)],
		["half a reference", block(`    auth: { token: "\${env:A}${secret}" }\n`)],
		["url with a password", `name: a\nsystems:\n  okta: { provider: okta, url: "https://u:${secret}@h", auth: { token: "\${env:A}" } }\n`],
		["store with a password", `${minimal}store: postgres://u:${secret}@h/d\nzz: 1\n`],
		["store with a password that holds a slash", `${minimal}store: postgres://u:1/${secret}@h/d\nzz: 1\n`],
		["store with a password that holds an @", `${minimal}store: postgres://u:1@${secret}@h/d\nzz: 1\n`],
		["store with a password among its parameters", `${minimal}store: postgres://h/d?password=${secret}\nzz: 1\n`],
		["store of another kind", `${minimal}store: mysql://u:${secret}@h/d\n`],
		["a private key for a list", `${minimal}exemptions: "-----BEGIN RSA PRIVATE KEY-----\\n${secret}"\n`],
		["a private key at another place", `${minimal}exemptions: [ { owner: "-----BEGIN PRIVATE KEY-----\\n${secret}" } ]\n`],
		["broken YAML on its line", block(`    auth: { token: "${secret} }\n`)],
		["broken YAML, multi-line", block(`    auth:\n      token: |\n   ${secret}\n  ]${secret}\n`)],
		["broken YAML, at the margin", block(`    auth:\n      token: "-----\n${secret}: x\n${secret}\n`)],
		["tab before it", block(`    auth:\n\ttoken: ${secret}\n`)],
		["broken flow on one line", `{ name: a, systems: { okta: { auth: { token: ${secret} ] } }\n`],
		["a number", block("    auth: { token: 0123499 }\n").replace("0123499", "0912345678")],
	])("%s", async (_, text) => {
		const out = await shown(text);
		expect(out).not.toContain(secret.slice(0, 10));
		expect(out).not.toContain("0912345678");
	});

	test("whatever it is, and wherever under auth", async () => {
		const word = fc.stringMatching(/^[A-Za-z0-9+/=]{12,40}$/).map((s) => `Q7${s}9`);
		const place = fc.constantFrom(
			(s: string) => `    auth: { token: "${s}" }\n`,
			(s: string) => `    auth: { token: [ "${s}" ] }\n`,
			(s: string) => `    auth:\n      token: >-\n        -----BEGIN PRIVATE KEY-----\n        ${s}\n      mode: c\n`,
			(s: string) => `    auth: { token: x, "${s}": "${s}" }\n`,
			(s: string) => `    act: { token: '${s}' }\n    auth: 5\n`,
			(s: string) => `    auth: { token: '${s} }\n`,
			(s: string) => `    auth:\n      token: ${s}\n     mode: ${s}\n`,
		);
		await fc.assert(
			fc.asyncProperty(word, place, async (value, make) => {
				expect(await shown(block(make(value)))).not.toContain(value);
			}),
			{ numRuns: 60 },
		);
	});
});

test("the frame keeps its columns, and shows what is no secret", async () => {
	const { diagnostics } = await load(folder, "name: a\nsystems:\n  okta: { provider: okta, url: https://a.b, auth: { tokn: hunter2 }, budgt: 1 }\n", {
		providerSchemas,
	});
	expect(diagnostics.map((d) => d.excerpt?.slice(d.column - 1, d.column + 3))).toEqual(["tokn", "budg"]);
	expect(diagnostics[0]?.excerpt).toBe("  okta: { provider: okta, url: https://a.b, auth: { tokn: ••••••• }, budgt: • }");
});
