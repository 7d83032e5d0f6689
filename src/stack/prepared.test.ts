import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkModule } from "../../tools/prepare-checks.js";
import * as prepared from "./prepared.js";
import { stackSchema } from "./schema.js";
import * as validate from "./validate.js";

const { accepted, checkKey } = prepared;
const root = fileURLToPath(new URL("../..", import.meta.url));
mkdirSync(join(root, ".keelson"), { recursive: true });
// Below the repository: the checks find ajv's helpers as the compiled package does.
const folder = mkdtempSync(join(root, ".keelson", "checks-"));
const checks = pathToFileURL(`${folder}/`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const providerSchema = {
	type: "object",
	required: ["url", "auth"],
	additionalProperties: false,
	properties: {
		url: { type: "string", pattern: "^https://", description: "the address" },
		auth: {
			type: "object",
			required: ["token"],
			additionalProperties: false,
			properties: { token: { type: "string", secret: true }, title: { type: "string", minLength: 2, maxLength: 4 }, since: { type: "string", format: "date" } },
		},
	},
};

function write(kind: prepared.CheckKind, schema: object, change = (code: string) => code): void {
	const keywords = fileURLToPath(new URL("text-keywords.ts", import.meta.url));
	writeFileSync(join(folder, `${checkKey(kind, schema)}.js`), change(checkModule(kind, schema, keywords, { prepared, validate })));
}

beforeAll(() => {
	write("stack", stackSchema);
	write("provider", providerSchema);
});

describe("a prepared check", () => {
	it("accepts the shipped stack file, and no other section in it", async () => {
		const data = parse(readFileSync(join(root, "stacks/acme.yaml"), "utf8"));
		expect(await accepted("stack", stackSchema, data, checks)).toBe(true);
		expect(await accepted("stack", stackSchema, { ...data, polices: {} }, checks)).toBe(false);
		expect(await accepted("stack", stackSchema, { ...data, policies: { use: ["a", "a"] } }, checks)).toBe(false);
		expect(await accepted("stack", stackSchema, { ...data, name: "" }, checks)).toBe(false);
	});

	it("accepts what the schema itself finds nothing wrong with, and only that", async () => {
		const text = fc.constantFrom("", "a", "abc", "abcde", "https://a.example", "2026-01-31", "${env:TOKEN}", "${env:1}", "\u{1F600}");
		const value = fc.oneof(text, fc.constantFrom(null, 1, true, []));
		const auth = fc.record({ token: value, title: value, since: value, other: value }, { requiredKeys: [] });
		const data = fc.record({ url: value, auth: fc.oneof(auth, auth, value) }, { requiredKeys: [] });
		await fc.assert(
			fc.asyncProperty(data, async (written) => {
				expect(await accepted("provider", providerSchema, written, checks)).toBe(validate.errorsOf("provider", providerSchema, written).length === 0);
			}),
			{ numRuns: 30, examples: [[{ url: "https://a.example", auth: { token: "${env:TOKEN}", title: "abc", since: "2026-01-31" } }]] },
		);
	});

	it("is for its schema and kind alone, and for the modules that made it", async () => {
		const good = { url: "https://a.example", auth: { token: "${env:TOKEN}" } };
		expect(await accepted("provider", providerSchema, good, checks)).toBe(true);
		expect(await accepted("values", providerSchema, good, checks)).toBe(false);
		expect(await accepted("provider", { ...providerSchema, required: ["url"] }, good, checks)).toBe(false);
		const other = { ...providerSchema, title: "another schema that allows the same" };
		write("provider", other, (code) => code.replace(prepared.checkEngine(), "other modules"));
		expect(await accepted("provider", other, good, checks)).toBe(false);
	});
});
