import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { actScopes } from "../providers/okta/actions.js";
import { readScopes } from "../providers/okta/readers.js";
import { fileCommands, postingCommands, readingCommands, writingCommands } from "../src/cli/commands.js";
import { collections } from "../src/model/snapshot.js";
import { parsePolicy } from "../src/policy/policy-file.js";
import { policySchema } from "../src/policy/policy-schema.js";
import { runPolicyTests } from "../src/policy/run-tests.js";
import { loadProvider, providerNames } from "../src/provider/load.js";
import { loadStack } from "../src/stack/load.js";
import { stackSchema } from "../src/stack/schema.js";
import { repository } from "../tools/generate.js";
import { blocks, commandLines, pages, read } from "./docs.js";

interface Documented {
	page: string;
	command: Command;
}

function program(): Command {
	const made = new Command("keelson").exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
	readingCommands(made);
	fileCommands(made);
	postingCommands(made);
	writingCommands(made);
	return made;
}

const leaves = (command: Command, page: string): Documented[] =>
	command.commands.length === 0 ? [{ page, command }] : command.commands.flatMap((one) => leaves(one, page));
const documented = program().commands.flatMap((command) => leaves(command, `docs/commands/${command.name()}.md`));

describe("pages of commands", () => {
	test.each(documented.map(({ page, command }) => ({ page, name: command.name(), command })))("$page has every option of $name", ({ page, command }) => {
		const text = read(page);
		const parent = command.parent?.name() === "keelson" ? "" : `${command.parent?.name()} `;
		expect(text).toContain(`keelson ${parent}${command.name()}`);
		const missing = command.options.filter(({ flags }) => !text.includes(`| \`${flags}\` |`)).map(({ flags, description }) => `${flags}  ${description}`);
		expect(missing, `options that ${page} lacks`).toEqual([]);
	});

	test("there is no page of a command that does not exist", () => {
		const files = readdirSync(join(repository, "docs/commands")).map((name) => `docs/commands/${name}`);
		expect(files.sort()).toEqual([...new Set(documented.map(({ page }) => page))].sort());
	});

	test.each(documented.map(({ page }) => page))("%s says how it ends", (page) => expect(read(page)).toContain("## Exit codes"));
});

describe("command lines", () => {
	const lines = pages().flatMap((page) => commandLines(read(page)).map((args) => ({ page, line: args.join(" "), args })));

	test.each(lines)("keelson $line ($page) is one", async ({ args }) => {
		const made = program();
		for (const { command } of made.commands.flatMap((one) => leaves(one, "")))
			command
				.exitOverride()
				.configureOutput({ writeErr: () => {}, writeOut: () => {} })
				.action(() => {});
		await expect(made.parseAsync(args, { from: "user" })).resolves.toBeDefined();
	});

	test("the README has some", () => expect(commandLines(read("README.md")).length).toBeGreaterThan(5));
});

describe("links", () => {
	const links = pages().flatMap((page) => [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ page, target })));

	test.each(links.filter(({ target }) => !/^https?:/.test(target)))("$target in $page leads somewhere", ({ page, target }) => {
		expect(existsSync(join(repository, dirname(page), target.replace(/#.*/, "")))).toBe(true);
	});
});

describe("the stack file's page", () => {
	const examples = ["docs/stack-file.md", "docs/guardrails.md"].flatMap((page) => blocks(read(page), "yaml").filter((text) => text.startsWith("# stack: ")));
	const minimal = `name: acme
systems:
  okta:
    provider: okta
    url: https://acme.okta.com
    auth: { method: private-key-jwt, clientId: c, key: "\${env:KEY}" }
`;

	test.each(examples.map((text) => ({ text, name: text.split("\n")[0]?.slice(9) })))("its example of $name loads", async ({ text }) => {
		const file = join(mkdtempSync(join(tmpdir(), "keelson-docs-")), "keelson.yaml");
		writeFileSync(file, text.includes("\nname: ") ? text : `${text}\n${minimal}`);
		const { diagnostics } = await loadStack(file, {
			now: Date.UTC(2026, 10, 25),
			providers: providerNames(),
			providerSchemas: async (id) => (await loadProvider(id, repository)).configSchema,
		});
		expect(diagnostics).toEqual([]);
	});

	test.each(keysOf(stackSchema))("%s is named", (key) => expect(examples.join("\n") + read("docs/stack-file.md")).toMatch(new RegExp(`\\b${key}\\b`)));
});

describe("the policies' page", () => {
	const page = read("docs/policies.md");
	const [example = ""] = blocks(page, "yaml").filter((text) => text.startsWith("# policy: "));

	test("its example is a policy whose examples pass", () => {
		const { policy, errors } = parsePolicy(example, "policies.md");
		expect(errors).toEqual([]);
		expect(policy && runPolicyTests([policy])).toMatchObject({ passed: 4, failed: 0, untested: [] });
	});

	test.each(Object.keys(policySchema.properties))("the key %s is explained", (key) => expect(page).toContain(`| \`${key}\` |`));
});

describe("lists that follow the source", () => {
	test("dependencies are those of package.json", () => {
		const { dependencies, devDependencies, peerDependencies } = JSON.parse(read("package.json"));
		const [, production = "", optional = "", development = ""] = read("docs/dependencies.md").split("\n## ");
		const names = (text: string) => [...text.matchAll(/^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, name]) => name);
		expect(names(production)).toEqual(Object.keys(dependencies).sort());
		expect(names(optional)).toEqual(Object.keys(peerDependencies ?? {}).sort());
		expect(names(development)).toEqual(Object.keys(devDependencies).sort());
	});

	test("the README's scopes are those that are asked for", () => {
		const [reads, acts] = blocks(read("README.md"), "text")
			.filter((text) => text.startsWith("okta."))
			.map((text) => text.trim().split(/\s+/));
		expect(reads).toEqual(readScopes);
		expect(acts).toEqual(actScopes);
	});

	test("no page speaks of files that are not there", () => {
		const paths = pages().flatMap((page) =>
			[...read(page).matchAll(/`((?:src|schema|providers|stacks)\/[\w./-]+\.(?:ts|json|yaml))`/g)].map(([, path = ""]) => ({
				page: relative(repository, page),
				path,
			})),
		);
		const missing = paths.filter(({ path }) => !existsSync(join(repository, path)) && !["stacks/keelson.yaml", "providers/hr/index.ts"].includes(path));
		expect(missing).toEqual([]);
	});
});

/** Every key that a user may write, collections and names of the user's own apart. */
function keysOf(schema: unknown): string[] {
	if (typeof schema !== "object" || schema === null) return [];
	const { properties = {}, items, additionalProperties } = schema as Record<string, unknown>;
	const own = Object.entries(properties as object).filter(([key]) => !collections.some((name) => name === key && name !== "memberships"));
	return [...new Set([...own.map(([key]) => key), ...[...own.map(([, value]) => value), items, additionalProperties].flatMap(keysOf)])];
}

test("the pages hold no trailing placeholder", () => {
	for (const page of pages()) expect(readFileSync(join(repository, page), "utf8"), page).not.toMatch(/\b(TODO|TBD|FIXME|lorem ipsum)\b/i);
});
