import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { policySchema } from "../policy/policy-schema.js";
import { loadStack } from "./load.js";
import { stackSchema } from "./schema.js";
import { load, minimal, now, temporaryFolder } from "./test-stack.js";
import { isMapping } from "./values.js";

const folder = temporaryFolder();

test("the example is a stack, without a warning", async () => {
	const { stack, diagnostics } = await loadStack(fileURLToPath(new URL("../../stacks/example.yaml", import.meta.url)), { now });
	expect(diagnostics).toEqual([]);
	expect(stack?.systems.okta?.auth.key).toEqual({ secret: "env", name: "OKTA_READ_KEY" });
});

test("every property has a description, for editors", () => {
	const bare: string[] = [];
	const visit = (schema: unknown, path: string): void => {
		if (!isMapping(schema)) return;
		for (const [name, property] of Object.entries(isMapping(schema.properties) ? schema.properties : {})) {
			if (!isMapping(property) || typeof property.description !== "string") bare.push(`${path}.${name}`);
			visit(property, `${path}.${name}`);
		}
		visit(schema.items, `${path}[]`);
		visit(schema.additionalProperties, `${path}.*`);
	};
	visit(stackSchema, "");
	expect(bare).toEqual([]);
});

describe("what is wrong is said in one sentence, with place and mend", () => {
	const cases: [string, string][] = [
		["peple: {}", "7:1 unknown key `peple` (did you mean `people`?)"],
		[
			"zzz: {}",
			"7:1 unknown key `zzz` (known here: name, store, systems, people, policies, exemptions, baseline, settings, memberships, resources, remediation, retention, notify)",
		],
		["people: []", "7:1 `people` must be a mapping of keys to values, got a list (write `key: value` lines below it, indented, or all in { })"],
		["people: { breakGlass: x }", "7:23 `breakGlass` must be a list, got the text `x` (write each item on a line of its own after `- `, or all in [ ])"],
		["store: mysql://x", "7:8 `store` must be `sqlite:<path>` or `postgres://…`, got the text `mysql://x`"],
		["store: ''", "7:8 `store` is empty (write `sqlite:<path>` or `postgres://…`)"],
		[
			"store: postgres://u:hunter2@h/db",
			"7:8 `store` must not hold a password (give it by PGPASSWORD or in ~/.pgpass, or write the whole of `store` as ${env:NAME})",
		],
		["people: { breakGlass: [ { login: ana } ] }", "7:34 a login needs its system before it (write `okta/ana`)"],
		["people: { breakGlass: [ { login: okat/ana } ] }", "7:34 there is no system `okat` in this file (did you mean `okta`?)"],
		["people: { breakGlass: [ { login: okta/ } ] }", "7:34 `okta/` names no account (write `<system>/<login>`)"],
		["people: { breakGlass: [ { login: okta/a, id: 5 } ] }", "7:46 `id` must be text, got the number 5 (put it in quotes)"],
		[
			"people: { breakGlass: [ { login: okta/a, id: a@b } ] }",
			"7:46 `id` must be the vendor's immutable id, and no login or e-mail address, got the text `a@b`",
		],
		["people: { service: [ { reason: r } ] }", "7:22 `where` or `login` is missing in `people.service.0`"],
		[
			"people: { service: [ { where: w, login: okta/l, reason: r } ] }",
			"7:22 `where` or `login`: only one of them can stand in `people.service.0` (remove one)",
		],
		["policies: { use: [ a, a ] }", "7:23 this item stands twice in `use` (keep one of the two)"],
		[
			"policies: { set: { p: { severity: hihg } } }",
			"7:35 `severity` must be one of `info`, `low`, `medium`, `high`, `critical`, got the text `hihg` (did you mean `high`?)",
		],
		["remediation: { guardrails: { keepAdmins: 0 } }", "7:42 `keepAdmins` must be at least 1, got the number 0"],
		[
			"remediation: { guardrails: { maxAccounts: '5' } }",
			"7:43 `maxAccounts` must be a whole number, got the text `5` (write a plain number, without quotes and unit)",
		],
		["memberships: { okta/gruop/1: { members: [] } }", "7:16 `okta/gruop/1` names no group or role (did you mean `okta/group/1`?)"],
		["memberships: { okta/group/1: {} }", "7:16 `members` is missing in `okta/group/1` (The members.)"],
		["memberships: { otka/group/1: { members: [] } }", "7:16 there is no system `otka` in this file (did you mean `okta`?)"],
		[
			"memberships: { okta/group/1: { mode: aditive, members: [] } }",
			"7:38 `mode` must be one of `authoritative`, `additive`, `observe`, got the text `aditive` (did you mean `additive`?)",
		],
		["memberships: { okta/group/1: { members: [ { login: a }, { login: A } ] } }", "7:57 `A` is the same member as `a` above (keep one of the two)"],
		["settings: { okta: { values: { a: 1 } } }", "7:13 `okta` names no setting (write `<system>/<setting id>`, as `keelson import` lists them)"],
		["settings: { okta/org: { values: {} } }", "7:25 `values` is empty (at least 1 must stand here)"],
		["resources: { a: { properties: {} } }", "7:14 `type` is missing in `a` (The Pulumi type: `okta:policy/signon:Signon`.)"],
		[
			"resources: { session: { type: okta:policy:Signon, properties: { name: '${sesion.id}' } } }",
			"7:71 there is no resource `sesion` (did you mean `session`?)",
		],
	];
	test.each(cases)("%s", async (line, message) => {
		const { stack, said } = await load(folder, `${minimal}${line}\n`);
		expect(stack).toBeUndefined();
		expect(said).toEqual([message]);
	});

	test("one object has one owner", async () => {
		const both =
			"resources: { r: { type: okta:policy:Signon, options: { import: 00p1 } }, m: { type: okta:index:GroupMemberships, properties: { groupId: 00g1, users: [] } } }";
		const { said } = await load(
			folder,
			`${minimal}${both}\nsettings: { okta/policy/X/00p1: { values: { a: 1 } } }\nmemberships: { okta/group/00g1: { members: [] } }\n`,
		);
		expect(said.map((line) => line.slice(0, 90))).toEqual([
			expect.stringContaining("8:13 this object is managed by the resource `r` too"),
			expect.stringContaining("9:16 this object is managed by the resource `m` too"),
		]);
	});

	test("one login has one id", async () => {
		const { said } = await load(
			folder,
			`${minimal}people: { breakGlass: [ { login: okta/a, id: x1 } ] }\nremediation: { guardrails: { protect: [ { login: okta/A, id: x2 } ] } }\n`,
		);
		expect(said).toEqual(["8:62 `okta/A` has the id `x1` elsewhere in this file (one of the two is wrong; look the account up)"]);
	});

	test("an unreadable `systems` does not cascade into every name that refers to one", async () => {
		const { said } = await load(
			folder,
			"name: a\nsystems: [ okta ]\npeople: { breakGlass: [ { login: okta/a } ] }\nmemberships: { okta/group/1: { members: [] } }\n",
		);
		expect(said).toEqual([expect.stringContaining("2:1 `systems` must be a mapping")]);
	});

	test("twenty at most, by position, and how many are left", async () => {
		const many = Array.from({ length: 30 }, (_, i) => `zz${i}: 1`).join("\n");
		const { diagnostics } = await load(folder, `${many}\n${minimal}`);
		expect(diagnostics.length).toBe(20);
		expect(diagnostics.map((d) => d.line)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
		expect(diagnostics[19]?.message).toBe("11 more problems are not shown");
	});
});

test("an empty section is as good as none", async () => {
	const sections = ["people", "policies", "exemptions", "settings", "memberships", "resources", "remediation"];
	const { stack, said } = await load(folder, `${minimal}${sections.map((name) => `${name}:`).join("\n")}\n`);
	expect(said).toEqual([]);
	expect(stack?.policies.use).toEqual(["recommended"]);
});

test("the schema itself is a valid JSON Schema 2020-12", () => {
	const ajv = new Ajv2020({ strict: false, keywords: ["x-expected"] });
	expect([ajv.validateSchema(stackSchema), ajv.validateSchema(policySchema)]).toEqual([true, true]);
});
