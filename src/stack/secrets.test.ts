import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactor, resolveSecrets, secretValues } from "./secrets.js";
import { good, load, minimal, temporaryFolder } from "./test-stack.js";

const folder = temporaryFolder();
const pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ==\n-----END PRIVATE KEY-----";

describe("references", () => {
	const auth = (text: string): string => minimal.replace("{ method: x }", () => text);
	test("become references, at any depth; files are found from the project's folder", async () => {
		const stack = await good(folder, auth("{ key: '${env:OKTA_KEY}', nested: { list: [ '${file:keys/a.pem}' ] }, plain: a$b, escaped: '$${env:X}' }"));
		expect(stack.systems.okta?.auth).toEqual({
			key: { secret: "env", name: "OKTA_KEY" },
			nested: { list: [{ secret: "file", name: join(folder, "keys/a.pem") }] },
			plain: "a$b",
			escaped: "${env:X}",
		});
	});

	test("may be the whole of `store`", async () => {
		const store = async (text: string) => (await good(folder, `${minimal}store: '${text}'\n`)).store;
		expect(await store("${env:KEELSON_STORE}")).toEqual({ secret: "env", name: "KEELSON_STORE" });
		expect(await store("${file:keys/store}")).toEqual({ secret: "file", name: join(folder, "keys/store") });
		for (const text of ["sqlite:${env:X}", "postgres://me:${env:X}@db/keelson"])
			expect((await load(folder, `${minimal}store: '${text}'\n`)).said.join("\n")).toContain("must be the whole value");
	});

	test.each([
		["${evn:X}", "no secret reference of this kind (did you mean ${env:…}?)"],
		["Bearer ${env:X}", "must be the whole value"],
		["${env:X", "is not closed"],
		["${env:}", "names no environment variable"],
		["${env:A B}", "names no environment variable"],
		["${file:}", "names no file"],
		["${file:~/k}", "`~` is not expanded"],
		["${other.prop}", "is no secret reference"],
	])("%s is refused", async (text, message) => {
		const { said } = await load(folder, auth(`{ key: '${text}' }`));
		expect(said.length).toBe(1);
		expect(said[0]).toContain(message);
	});

	test.each([
		["people: { service: [ { where: '${env:X}', reason: r } ] }", "a secret reference can stand only under `auth` and `act`"],
		["settings: { okta/org: { values: { a: [ '${file:x}' ] } } }", "a secret reference can stand only under `auth` and `act`"],
		["resources: { r: { type: okta:group:Group, properties: { name: '${env:X}' } } }", "a secret reference can stand only under `auth` and `act`"],
		["settings: { okta/org: { values: { a: '${r.id}' } } }", "refers to a resource, which can be done only under `resources`"],
	])("elsewhere refused: %s", async (line, message) => {
		const { said } = await load(folder, `${minimal}${line}\n`);
		expect(said.length).toBe(1);
		expect(said[0]).toContain(message);
	});

	test("escaped elsewhere they are text; under resources Pulumi's grammar stays as written", async () => {
		const stack = await good(
			folder,
			`${minimal}settings: { okta/org: { values: { a: '$\${user.x}' } } }\nresources: { r: { type: okta:group:Group, properties: { name: '$\${x.y}', description: '\${o.id}' } }, o: { type: okta:group:Group } }\n`,
		);
		expect(stack.settings["okta/org"]?.values).toEqual({ a: "${user.x}" });
		expect(stack.resources.r).toMatchObject({ type: "okta:group/group:Group", properties: { name: "$${x.y}", description: "${o.id}" } });
	});
});

describe("resolving", () => {
	mkdirSync(join(folder, "dir"));
	const file = (name: string, content: string, mode = 0o600): string => {
		writeFileSync(join(folder, name), content);
		chmodSync(join(folder, name), mode);
		return name;
	};
	const env = (name: string): { secret: "env"; name: string } => ({ secret: "env", name });
	const fromFile = (name: string): { secret: "file"; name: string } => ({ secret: "file", name });

	test("variables and files, trailing line breaks left out, the rest as it is", async () => {
		const block = { method: "m", key: env("K"), list: [fromFile(file("k.pem", `${pem}\r\n\n`)), { deep: fromFile(file("bom", "\ufeff a \n")) }] };
		const resolved = await resolveSecrets(block, { env: { K: "v1" }, baseDir: folder });
		expect(resolved).toEqual({ method: "m", key: "v1", list: [pem, { deep: " a " }] });
		expect(secretValues(block, resolved)).toEqual(["v1", pem, " a "]);
	});

	test("everything that is missing is named at once, and nothing that isn't", async () => {
		const block = {
			a: env("NOPE"),
			b: env("EMPTY"),
			c: env("GOOD"),
			d: fromFile("nope.pem"),
			e: fromFile("dir"),
			f: fromFile(file("empty", "\n")),
			g: env("constructor"),
		};
		const error = await resolveSecrets(block, { env: { EMPTY: "", GOOD: "hunter2" }, baseDir: folder }).catch((e: unknown) => e);
		expect(error).toBeInstanceOf(Error);
		expect(String(error)).toBe(
			`SecretError: the environment variable NOPE is not set; the environment variable EMPTY is empty; there is no secret file ${join(folder, "nope.pem")}; the secret file ${join(folder, "dir")} is not a file; the secret file ${join(folder, "empty")} is empty; the environment variable constructor is not set`,
		);
	});

	test.skipIf(process.platform === "win32")("a file that everybody may read is warned of", async () => {
		const heard: string[] = [];
		const warn = (message: string): void => void heard.push(message);
		await resolveSecrets({ a: fromFile(file("closed", "x")), b: fromFile(file("open", "x", 0o644)) }, { env: {}, baseDir: folder, warn });
		expect(heard).toEqual([expect.stringMatching(/open can be read by every user/)]);
	});
});

describe("redactor", () => {
	test("takes a secret out as text, in JSON, in a URL, in base64, and a key line by line", () => {
		const clean = redactor(["p@ss/word +1", pem]);
		const text = [
			"p@ss/word +1",
			JSON.stringify({ pem }),
			encodeURIComponent("p@ss/word +1"),
			Buffer.from("p@ss/word +1").toString("base64"),
			pem,
			"log: MIIEvQIBADANBgkqhkiG9w0BAQ",
		].join(" | ");
		expect(clean(text)).toBe('••• | {"pem":"•••"} | ••• | ••• | ••• | log: •••');
		expect(redactor([])("text")).toBe("text");
		expect(redactor([""])("text")).toBe("text");
	});

	test("no secret is left, whatever it is made of", () => {
		const secret = fc.string({ minLength: 1, unit: "binary" }).filter((s) => !s.includes("•"));
		fc.assert(
			fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
				expect(redactor([value])(before + value + after).includes(value)).toBe(false);
				expect(redactor([value])(JSON.stringify({ a: value }).slice(5)).includes(JSON.stringify(value).slice(1, -1))).toBe(false);
			}),
		);
	});
});
