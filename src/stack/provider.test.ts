import { describe, expect, test } from "vitest";
import { load, temporaryFolder } from "./test-stack.js";

const folder = temporaryFolder();
const secretField = { type: "string", secret: true, minLength: 40, pattern: "^-----BEGIN" };
const schema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: ["url", "auth"],
	additionalProperties: false,
	properties: {
		url: { type: "string", pattern: "\\.okta\\.com$", "x-expected": "an Okta org's address" },
		auth: { $ref: "#/$defs/credential" },
		act: { $ref: "#/$defs/credential" },
		options: {
			type: "object",
			properties: { pageSize: { type: "integer", maximum: 200 }, region: { type: "string", pattern: "^[a-z]{2}$", description: "two small letters" } },
			additionalProperties: false,
		},
	},
	$defs: {
		credential: {
			type: "object",
			oneOf: [
				{
					properties: { method: { const: "private-key-jwt" }, clientId: { type: "string", minLength: 10, format: "uuid" }, key: secretField },
					required: ["method", "clientId", "key"],
					additionalProperties: false,
				},
				{ $ref: "#/$defs/token" },
			],
		},
		token: {
			properties: { method: { const: "api-token" }, token: { type: "string", secret: true } },
			required: ["method", "token"],
			additionalProperties: false,
		},
	},
};

const system = (lines: string, provider = "okta"): string => `name: a\nsystems:\n  okta:\n    provider: ${provider}\n${lines}`;
const check = (lines: string, provider?: string): Promise<{ said: string[] }> =>
	load(folder, system(lines, provider), { providers: ["okta", "entra"], providerSchemas: async (id) => (id === "okta" ? schema : null) });
const url = "    url: https://acme.okta.com\n";

describe("a system against its provider's schema", () => {
	test("good, with references where patterns and lengths are asked for", async () => {
		const { said } = await check(
			`${url}    auth: { method: private-key-jwt, clientId: "\${env:CLIENT}", key: "\${file:k.pem}" }\n    act: { method: api-token, token: "\${env:T}" }\n    options: { pageSize: 100 }\n`,
		);
		expect(said).toEqual([]);
	});

	test.each([
		[
			"text of another form than its provider describes",
			'    url: https://acme.okta.com\n    auth: { method: api-token, token: "${env:T}" }\n    options: { region: EU }\n',
			"7:24 `region` does not have the form that is wanted here, got the text `EU` (two small letters)",
		],
		[
			"literal secret",
			`${url}    auth: { method: api-token, token: hunter2 }\n`,
			"6:39 `token` is a secret and must not stand in this file (write ${env:NAME} or ${file:path})",
		],
		[
			"missing key of the chosen form",
			`${url}    auth: { method: private-key-jwt, key: "\${env:K}", clientId: 123e4567-e89b-12d3-a456-426614174000, x: 1 }\n`,
			"6:103 unknown key `x` in `auth` (known here: method, clientId, key)",
		],
		[
			"key of the other form",
			`${url}    auth: { method: private-key-jwt, clientId: 123e4567-e89b-12d3-a456-426614174000, key: "\${env:K}", token: "\${env:K}" }\n`,
			"6:103 unknown key `token` in `auth` (known here: method, clientId, key)",
		],
		[
			"misspelt method",
			`${url}    auth: { method: private-key-jtw }\n`,
			"6:21 `method` must be one of `private-key-jwt`, `api-token` (did you mean `private-key-jwt`?)",
		],
		["no method", `${url}    auth: { token: "\${env:K}" }\n`, "6:5 `method` is missing in `auth` (write one of `private-key-jwt`, `api-token`)"],
		[
			"wrong url",
			'    url: https://acme.example\n    auth: { method: api-token, token: "${env:T}" }\n',
			"5:10 `url` must be an Okta org's address, got the text `https://acme.example`",
		],
		[
			"http",
			'    url: http://acme.okta.com\n    auth: { method: api-token, token: "${env:T}" }\n',
			"5:10 `url` must begin with https:// (plain http is allowed for this machine only)",
		],
		["no url", '    auth: { method: api-token, token: "${env:T}" }\n', "3:3 `url` is missing in `okta`"],
		[
			"option",
			`${url}    auth: { method: api-token, token: "\${env:T}" }\n    options: { pageSize: 201 }\n`,
			"7:26 `pageSize` must be at most 200, got the number 201",
		],
		["act too", `${url}    auth: { method: api-token, token: "\${env:T}" }\n    act: { method: api-token }\n`, "7:5 `token` is missing in `act`"],
	])("%s", async (_, lines, message) => {
		expect((await check(lines)).said).toEqual([message]);
	});
});

test("an unknown provider, with the nearest", async () => {
	expect((await check(`${url}    auth: {}\n`, "otka")).said).toEqual(["4:15 there is no provider `otka` (did you mean `okta`?)"]);
	expect((await check(`${url}    auth: {}\n`, "'@acme/keelson-foo'")).said).toEqual([
		"4:15 there is no provider `@acme/keelson-foo` (install the package beside keelson)",
	]);
	expect((await check(`${url}    auth: {}\n`, "../../evil")).said).toEqual([
		"4:15 `provider` must be a provider's name, such as `okta`, got the text `../../evil`",
	]);
	const named = await load(folder, system(`${url}    auth: {}\n`, "zzzzz"), { providers: ["okta"] });
	expect(named.said).toEqual(["4:15 there is no provider `zzzzz` (known here: okta)"]);
});

test("a provider that can't be loaded or has a broken schema is said, not thrown", async () => {
	const text = system(`${url}    auth: {}\n`);
	const fails = await load(folder, text, { providerSchemas: () => Promise.reject(new Error("no such module\n at x")) });
	expect(fails.said).toEqual(["4:15 the provider `okta` can't be loaded: no such module"]);
	const broken = await load(folder, text, { providerSchemas: async () => ({ type: "nonsense" }) });
	expect(broken.said[0]).toContain("4:15 this provider's own schema is broken");
});
