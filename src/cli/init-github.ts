import type { ProviderExample } from "../provider/example.js";
import { indent } from "./init-files.js";

const checkout = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";
const action = "./.github/actions/keelson";

/** Workflows for a pull request, a schedule, a merge and what is given for a time, and the action that they share. */
export function githubFiles(examples: ProviderExample[], actionText: string): Record<string, string> {
	return {
		".github/actions/keelson/action.yml": actionText,
		".github/workflows/keelson-review.yml": review(examples),
		".github/workflows/keelson-drift.yml": drift(examples),
		".github/workflows/keelson-up.yml": up(examples),
		".github/workflows/keelson-expire.yml": expire(examples),
	};
}

type Credential = "read" | "act";

function review(examples: ProviderExample[]): string {
	return `name: Keelson review
on:
  # Workflow, code and credentials are those of the base branch, whoever opens the pull request: only data of it is taken.
  pull_request_target:
    paths: [ "stacks/**", "policies/**", "plans/**" ]
permissions: {}
concurrency: { group: "keelson-review-\${{ github.event.pull_request.number }}", cancel-in-progress: true }
jobs:
  review:
    # A review names people: it is for private repositories.
    if: github.event.repository.private
    runs-on: ubuntu-latest
    # Let only the default branch deploy to it: then no workflow that a pull request changes gets at these secrets.
    environment: keelson-read
    permissions: { contents: read, pull-requests: write${idToken(examples)} }
${env(examples, ["read"])}    steps:
      - uses: ${checkout}
${steps(examples, "read")}      - uses: ${action}
        with: { mode: review }
`;
}

function drift(examples: ProviderExample[]): string {
	return `name: Keelson drift
on:
  schedule: [ { cron: "17 5 * * *" } ]
  workflow_dispatch:
permissions: {}
concurrency: { group: keelson-drift }
jobs:
  drift:
    runs-on: ubuntu-latest
    environment: keelson-read
    permissions: { contents: write, pull-requests: write, issues: write${idToken(examples)} }
${env(examples, ["read"])}    steps:
      - uses: ${checkout}
${steps(examples, "read")}      - uses: ${action}
        with: { mode: drift }
`;
}

function up(examples: ProviderExample[]): string {
	return `name: Keelson up
on:
  push: { branches: [ main ], paths: [ "stacks/**", "policies/**", "plans/**" ] }
permissions: {}
concurrency: { group: keelson-up }
jobs:
  up:
    # A runner whose disk lasts, or a store in Postgres: the store holds the journal of every change, and with it the budgets and the way
    # back after a crash.
    runs-on: self-hosted
    # Reviewers of this environment are the last word before anything is written.
    environment: keelson-act
    # Who approved what is applied is read from the pull request that brought it: for the receipt, and for the guardrail on approvals.
    permissions: { contents: read, pull-requests: read${idToken(examples)} }
${env(examples, ["read", "act"])}    steps:
      - uses: ${checkout}
        with: { fetch-depth: 0 }
${steps(examples, "act")}      - uses: ${action}
        with: { mode: up }
`;
}

function expire(examples: ProviderExample[]): string {
	return `name: Keelson expire
on:
  # Takes away what the stack file gives \`until\` a time that is past, where the vendor doesn't, and nothing else.
  schedule: [ { cron: "*/15 * * * *" } ]
  workflow_dispatch:
permissions: {}
# With a merge under way it waits.
concurrency: { group: keelson-up }
jobs:
  expire:
    # The store of the merges: the journal in it is the one.
    runs-on: self-hosted
    # The writing credential without reviewers, for a schedule can't wait for one: let only the default branch deploy to it.
    environment: keelson-expire
    permissions: { contents: read, pull-requests: read${idToken(examples)} }
${env(examples, ["read", "act"])}    steps:
      - uses: ${checkout}
        with: { fetch-depth: 0 }
${steps(examples, "act")}      - uses: ${action}
        with: { mode: expire }
`;
}

function idToken(examples: ProviderExample[]): string {
	return examples.some(({ oidc }) => oidc) ? ", id-token: write" : "";
}

function env(examples: ProviderExample[], credentials: Credential[]): string {
	const names = examples.flatMap((example) => credentials.flatMap((credential) => example[credential]));
	const secrets = [...names, "PULUMI_CONFIG_PASSPHRASE"].map((name) => `      ${name}: \${{ secrets.${name} }}\n`);
	return `    env:\n${secrets.join("")}      PULUMI_BACKEND_URL: \${{ vars.PULUMI_BACKEND_URL }}\n`;
}

function steps(examples: ProviderExample[], credential: Credential): string {
	return examples.map(({ githubSteps }) => (githubSteps ? indent(githubSteps[credential], "      ") : "")).join("");
}
