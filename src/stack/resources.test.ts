import { describe, expect, test } from "vitest";
import { pulumiPackage as entra } from "../../providers/entra/pulumi.js";
import { pulumiPackage as google } from "../../providers/google-workspace/pulumi.js";
import { pulumiPackage as okta } from "../../providers/okta/pulumi.js";
import type { PulumiPackage, PulumiSystem } from "../provider/pulumi-package.js";
import { ordered } from "./resource-graph.js";
import { readPieces } from "./resource-references.js";
import { listedPackages, schemasOf } from "./resource-schemas.js";
import { good, load, temporaryFolder } from "./test-stack.js";

const folder = temporaryFolder();
const lookup = { pulumiPackages: async (name: string) => ({ okta, entra, "google-workspace": google })[name] ?? null };

const systems = `name: acme
systems:
  okta: { provider: okta, url: https://acme.okta.com, auth: { method: x }, act: { method: private-key-jwt, clientId: 0oa1, keyId: k1, key: "\${env:OKTA_ACT_KEY}" } }
  entra: { provider: entra, url: https://graph.microsoft.com, auth: { method: x }, act: { method: client-secret, tenantId: t1, clientId: c1, clientSecret: "\${env:ENTRA_SECRET}" } }
`;
const one = (type: string, properties = "{}", more = "") => `${systems}resources:\n  r:\n    type: ${type}\n    properties: ${properties}\n${more}`;

describe("types", () => {
	test.each([
		["okta:policy:Signon", "okta:policy/signon:Signon"],
		["okta:policy/signon:Signon", "okta:policy/signon:Signon"],
		["okta:index:AppSignonPolicy", null],
		["azuread:Group", "azuread:index/group:Group"],
	])("%s", async (written, full) => {
		const properties = written.endsWith("Group") ? "{ displayName: a }" : "{}";
		const { stack, said } = await load(folder, one(written, properties), lookup);
		if (full === null) expect(said).toEqual([expect.stringContaining("`description` is missing in `properties`")]);
		else expect([stack?.resources.r?.type, stack?.resources.r?.system, said]).toEqual([full, full.split(":")[0] === "okta" ? "okta" : "entra", []]);
	});

	test.each([
		["okta:policy:Signin", "7:11 there is no type `okta:policy/signin:Signin` in `okta` 7.0.0 (did you mean `okta:policy/signon:Signon`?)"],
		["okta:group:Signon", "7:11 there is no type `okta:group/signon:Signon` in `okta` 7.0.0 (did you mean `okta:policy/signon:Signon`?)"],
		["Signon", "7:11 `Signon` is no Pulumi type (write `<package>:<module>:<Type>`: `okta:policy/signon:Signon`)"],
	])("%s is refused", async (type, message) => {
		const { stack, said } = await load(folder, one(type), lookup);
		expect(stack).toBeUndefined();
		expect(said.join("\n")).toBe(message);
	});

	test.each([
		["okta:index/brand:Brand", "the properties of `okta:index/brand:Brand` are not known here: only the engine checks them"],
		["okta:policy/newer:Newer", "there is no type `okta:policy/newer:Newer` in `okta` 7.0.0"],
		["random:index/randomPet:RandomPet", "nothing is known here of the Pulumi package `random`: only the engine checks this resource"],
	])("%s is left to the engine, and that is said", async (type, message) => {
		const act = systems.replace("keyId: k1,", "keyId: k1, scopes: [ okta.brands.manage ],");
		const { stack, diagnostics } = await load(folder, one(type, "{ anything: [ 1 ] }").replace(systems, act), lookup);
		expect(stack).toBeDefined();
		expect(diagnostics.map(({ level, message: said }) => [level, said])).toEqual([["warning", expect.stringContaining(message)]]);
	});
});

describe("properties", () => {
	test.each([
		["okta:policy:RuleSignon", "{ sessionLifetme: 60 }", "8:19 unknown key `sessionLifetme` in `properties` (did you mean `sessionLifetime`?)"],
		[
			"okta:policy:RuleSignon",
			"{ sessionLifetime: long }",
			"8:36 `sessionLifetime` must be a number, got the text `long` (write a plain number, without quotes and unit)",
		],
		["okta:policy:RuleSignon", "{ access: ALOW }", "8:27 `access` must be one of `ALLOW`, `DENY`, `CHALLENGE`, got the text `ALOW` (did you mean `ALLOW`?)"],
		["okta:group:Rule", "{ expressionValue: 'true' }", "8:5 `groupAssignments` is missing in `properties`"],
		[
			"okta:policy:RuleSignon",
			"{ factorSequences: [ { primaryCriteriaProvider: OKTA } ] }",
			"8:38 `primaryCriteriaFactorType` is missing in `properties.factorSequences.0`",
		],
		["azuread:ConditionalAccessPolicy", "{ displayName: x, state: on }", "8:5 `conditions` is missing in `properties`"],
		["okta:group:Group", "{ name: { fn::join: [ a ] } }", "8:27 functions of Pulumi YAML are not known in a stack file (write the value out)"],
	])("%s %s", async (type, properties, message) => {
		const { stack, said } = await load(folder, one(type, properties), lookup);
		expect(stack).toBeUndefined();
		expect(said[0]?.replaceAll("`resources.r.properties", "`properties")).toBe(message);
	});

	test("a reference may stand for any value, and text around it only where text is wanted", async () => {
		const other = "  o: { type: okta:policy:Signon, properties: { name: a } }\n";
		expect(
			(
				await load(
					folder,
					one("okta:policy:RuleSignon", "{ policyId: '${o.id}', priority: '${o.priority}', usersExcluded: '${o.groupsIncluded}' }", other),
					lookup,
				)
			).said.join("\n"),
		).toBe("");
		const { said } = await load(folder, one("okta:policy:RuleSignon", "{ priority: '1${o.priority}' }", other), lookup);
		expect(said).toEqual([expect.stringContaining("`priority` must be a number")]);
	});
});

describe("references", () => {
	const both = (a: string, b: string, options = "{}") =>
		`${systems}resources:\n  a: { type: okta:group:Group, properties: ${a}, options: ${options} }\n  b: { type: okta:group:Group, properties: ${b} }\n`;

	test("pieces of a text", () => {
		expect(readPieces('x ${a.b[0]["c.}d"].e} $${y} ${z}')).toEqual({
			pieces: [{ text: "x " }, { name: "a", path: ["b", 0, "c.}d", "e"] }, { text: " ${y} " }, { name: "z", path: [] }],
		});
		expect(readPieces("a ${b.c")).toEqual({ fault: "a reference is not closed" });
		expect(readPieces("${a b}")).toEqual({ fault: "this is no reference to a resource" });
	});

	test.each([
		[both("{ name: '${b.nmae}' }", "{}"), "6:52 `b` has no property `nmae` (did you mean `${b.name}`?)"],
		[both("{ name: '${b}' }", "{}"), "6:52 `${b}` is the whole resource, and a value is wanted here (write `${b.id}`)"],
		[both("{ name: '${pulumi.stak}' }", "{}"), "6:52 `pulumi` has no such value (did you mean `${pulumi.stack}`?)"],
		[both("{ name: '${b.id}' }", "{ name: '${a.id}' }"), "6:3 these resources wait for each other: `a` → `b` → `a` (take one of the references out)"],
		[both("{}", "{}", "{ dependsOn: [ b ] }"), "6:72 `dependsOn` must name a resource as a whole (write `${b}`)"],
		[both("{}", "{}", "{ dependsOn: [ '${zebra}' ] }"), "6:72 there is no resource `zebra` (declare it under `resources`)"],
		[both("{}", "{}", "{ protect: 'yes' }"), "6:68 `protect` must be true or false, got the text `yes`"],
		[both("{}", "{}", "{ dependOn: [] }"), "6:59 unknown key `dependOn` in `options` (did you mean `dependsOn`?)"],
		[
			both("{}", "{}", "{ ignoreChanges: name }"),
			"6:74 `ignoreChanges` must be a list, got the text `name` (write each item on a line of its own after `- `, or all in [ ])",
		],
		[both("{}", "{}", "{ provider: '${b}' }"), "6:69 `b` is no provider (its type must be `pulumi:providers:<package>`)"],
	])("%#", async (text, message) => {
		const { stack, said } = await load(folder, text, lookup);
		expect(stack).toBeUndefined();
		expect(said.join("\n")).toBe(message);
	});

	test("each comes after what it waits for, else as the file has it", async () => {
		const stack = await good(
			folder,
			`${systems}resources:\n  c: { type: okta:group:Group, properties: { name: "\${a.name}" } }\n  b: { type: okta:group:Group, options: { dependsOn: [ "\${c}" ] } }\n  a: { type: okta:group:Group }\n`,
			lookup,
		);
		expect(ordered(stack.resources)).toEqual({ keys: ["a", "c", "b"], circle: [] });
	});
});

describe("systems and credentials", () => {
	const second = `  okta-emea: { provider: okta, url: https://emea.okta.com, auth: { method: x }, act: { method: ssws, token: "\${file:token}" } }\n`;

	test("several of one vendor must be told apart", async () => {
		const { said } = await load(folder, one("okta:group:Group").replace("resources:", `${second}resources:`), lookup);
		expect(said).toEqual(["7:3 several systems are of the package `okta` (write `system:` with one of okta, okta-emea)"]);
	});

	test("a credential from a file is refused where a resource needs it, and only there", async () => {
		const text = (system: string) => one("okta:group:Group", "{}", `    system: ${system}\n`).replace("resources:", `${second}resources:`);
		expect((await load(folder, text("okta"), lookup)).said.join("\n")).toBe("");
		expect((await load(folder, text("okta-emea"), lookup)).said.join("\n")).toBe(
			"5:102 the vendor's Pulumi plugin can't be given `token` from a file (for a system with resources write ${env:NAME})",
		);
		expect((await load(folder, text("okta-emae"), lookup)).said.join("\n")).toBe(
			"10:13 there is no system `okta-emae` in this file (did you mean `okta-emea`?)",
		);
		expect((await load(folder, text("entra"), lookup)).said.join("\n")).toBe("10:13 `entra` is no system of the package `okta` (one of okta, okta-emea)");
	});

	test("without `act` there are no resources", async () => {
		const { said } = await load(folder, one("okta:group:Group").replace(/, act: \{ method: private[^}]*\}" \}/, ""), lookup);
		expect(said).toEqual(["6:3 resources are made with the `act` credential of their system, and `okta` has none (declare `systems.okta.act`)"]);
	});

	test("which scopes an unlisted type needs must be written", async () => {
		const { said } = await load(folder, one("okta:index/brand:Brand"), lookup);
		expect(said.join()).toContain("which OAuth scopes okta:index/brand:Brand needs is not known here");
	});

	test.each([
		[
			okta,
			{ url: "https://acme.oktapreview.com", credential: { method: "ssws", token: { secret: "env", name: "T" } }, options: {} },
			{ config: { orgName: "acme", baseUrl: "oktapreview.com" }, env: { T: "OKTA_API_TOKEN" } },
		],
		[
			okta,
			{
				url: "https://acme.okta.com",
				credential: { method: "private-key-jwt", clientId: { secret: "env", name: "C" }, keyId: "k", key: { secret: "env", name: "K" } },
				options: {},
			},
			{
				config: { orgName: "acme", baseUrl: "okta.com", scopes: ["okta.groups.manage", "okta.policies.manage"], privateKeyId: "k" },
				env: { C: "OKTA_API_CLIENT_ID", K: "OKTA_API_PRIVATE_KEY" },
			},
		],
		[
			entra,
			{ url: "https://graph.microsoft.us", credential: { method: "workload-identity", tenantId: "t", clientId: "c" }, options: {} },
			{ config: { tenantId: "t", clientId: "c", useCli: false, useMsi: false, useOidc: true, environment: "usgovernmentl4" }, env: {} },
		],
		[
			google,
			{
				url: "https://admin.googleapis.com",
				credential: { method: "service-account-key", subject: "a@b.c", key: { secret: "env", name: "G" } },
				options: { customer: "C01" },
			},
			{ config: { customerId: "C01", impersonatedUserEmail: "a@b.c" }, env: { G: "GOOGLEWORKSPACE_CREDENTIALS" } },
		],
		[
			okta,
			{ url: "https://acme.okta.com", credential: { method: "private-key-jwt", clientId: "r", key: { secret: "env", name: "R" } }, reads: true, options: {} },
			{
				config: { orgName: "acme", baseUrl: "okta.com", scopes: ["okta.groups.read", "okta.policies.read"], clientId: "r" },
				env: { R: "OKTA_API_PRIVATE_KEY" },
			},
		],
		[
			google,
			{ url: "https://admin.googleapis.com", credential: { method: "service-account-key", key: { secret: "env", name: "G" } }, reads: true, options: {} },
			{
				config: { customerId: "my_customer", oauthScopes: expect.not.arrayContaining(["https://www.googleapis.com/auth/admin.directory.user"]) },
				env: { G: "GOOGLEWORKSPACE_CREDENTIALS" },
			},
		],
	] as [PulumiPackage, PulumiSystem, object][])("what a provider is told: %#", (pulumiPackage, system, made) => {
		expect(pulumiPackage.provider(system, ["okta:group/rule:Rule", "okta:policy/signon:Signon"])).toEqual(made);
	});

	test("every listed type of Okta has known scopes", () => {
		const credential = { method: "private-key-jwt", clientId: "c", key: { secret: "env", name: "K" } };
		for (const type of Object.keys(schemasOf("okta")?.types ?? {}))
			expect(okta.provider({ url: "https://acme.okta.com", credential, options: {} }, [type])).toMatchObject({ env: { K: "OKTA_API_PRIVATE_KEY" } });
	});
});

test("one object has one owner, of one system", async () => {
	const second = `  other: { provider: okta, url: https://emea.okta.com, auth: { method: x }, act: { method: ssws, token: "\${env:T}" } }\n`;
	const { said } = await load(
		folder,
		`${systems}${second}resources:
  a: { type: okta:group:Group, system: okta, options: { import: 00g1 } }
  b: { type: okta:group:Group, system: okta, options: { import: 00g1 } }
  c: { type: okta:group:Group, system: other, options: { import: 00g1 } }
  d: { type: okta:group:Role, system: okta, properties: { groupId: "\${a.id}", roleType: SUPER_ADMIN } }
memberships: { okta/group/00g1: { members: [] }, other/role/SUPER_ADMIN: { members: [] }, okta/role/SUPER_ADMIN: { members: [] } }
`,
		lookup,
	);
	expect(said.map((line) => line.split(" ")[0])).toEqual(["8:57", "11:16", "11:91"]);
});

test("each listed package names what it was made from", () => {
	expect(Object.keys(schemasOf("okta")?.types ?? {}).length).toBeGreaterThanOrEqual(12);
	expect(Object.keys(schemasOf("azuread")?.types ?? {}).length).toBeGreaterThanOrEqual(10);
	for (const name of listedPackages) expect(schemasOf(name)?.version).toMatch(/^\d+\.\d+\.\d+$/);
	expect(schemasOf("../stack")).toBeNull();
});
