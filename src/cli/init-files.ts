import type { ProviderExample } from "../provider/example.js";

export interface InitInput {
	name: string;
	/** One for each system. */
	examples: ProviderExample[];
	/** Address of the first system, in place of the example's. */
	url?: string;
	version: string;
}

/** The files that `keelson init` writes whatever the pipeline, by path. */
export function projectFiles({ name, examples, url, version }: InitInput): Record<string, string> {
	return {
		"stacks/keelson.yaml": stackFile(name, examples, url),
		"Pulumi.yaml": pulumiFile(name),
		"package.json": packageFile(name, version),
		".gitignore": ".keelson/\nnode_modules/\nkeys/\n",
	};
}

function stackFile(name: string, examples: ProviderExample[], url: string | undefined): string {
	const systems = examples.map(({ system, entry }, index) => {
		const text = index === 0 && url !== undefined ? entry.replace(/^url: .*$/m, `url: ${url}`) : entry;
		return `  ${system}:\n${indent(text, "    ")}`;
	});
	const first = examples[0]?.system ?? "okta";
	return `# What ${name}'s identity systems should look like. keelson doctor says what is missing to read them.
name: ${name}
store: sqlite:.keelson/${name}.db

systems:
${systems.join("\n")}
people:
  breakGlass: []        # - { login: ${first}/emergency-1@example.com }   then: keelson pin
  service:
    - { where: "account.login.startsWith('svc-')", reason: naming rule }

policies:
  use: [ recommended ]

remediation:
  plans: plans/
  guardrails: { maxAccounts: 5, maxPercent: 2, window: 24h, keepAdmins: 2 }
`;
}

export function pulumiFile(name: string): string {
	return `name: ${name}
description: Identity posture of ${name}, by Keelson
runtime: nodejs
main: node_modules/keelson/dist/src/pulumi/main.js
options:
  refresh: always        # without it a bare preview sees no drift
config:
  keelson:stack:
    value: stacks/keelson.yaml
`;
}

function packageFile(name: string, version: string): string {
	const dependencies = { "@pulumi/pulumi": "^3.248.0", keelson: `^${version}` };
	return `${JSON.stringify({ name: `${name}-identity`, private: true, type: "module", dependencies }, null, 2)}\n`;
}

export function indent(text: string, by: string): string {
	return text.replace(/^(?=.)/gm, by);
}
