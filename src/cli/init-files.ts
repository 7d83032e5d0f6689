/** The files that `keelson init` writes, by path. */
export function initFiles(name: string, url: string): Record<string, string> {
	return {
		"stacks/keelson.yaml": stackFile(name, url),
		"Pulumi.yaml": pulumiFile(name),
		".github/workflows/keelson-pull-request.yml": workflow("Keelson preview", "pull_request:", pullRequest),
		".github/workflows/keelson-drift.yml": workflow("Keelson drift", 'schedule: [ { cron: "17 5 * * *" } ]\n  workflow_dispatch:', schedule),
		".github/workflows/keelson-up.yml": workflow("Keelson up", "push: { branches: [ main ] }", merge),
	};
}

function stackFile(name: string, url: string): string {
	return `# What ${name}'s identity systems should look like. keelson doctor says what is missing to read them.
name: ${name}
store: sqlite:.keelson/${name}.db

systems:
  okta:
    provider: okta
    url: ${url}
    # Two API service apps in Okta: one reads, one writes. The second is needed only where plans are applied.
    auth: { method: private-key-jwt, clientId: READ_CLIENT_ID, key: "\${env:OKTA_READ_KEY}" }
    # act: { method: private-key-jwt, clientId: ACT_CLIENT_ID, key: "\${env:OKTA_ACT_KEY}" }

people:
  breakGlass: []        # - { login: okta/emergency-1@example.com }   then: keelson pin
  service:
    - { where: "account.login.startsWith('svc-')", reason: naming rule }

policies:
  use: [ recommended ]

remediation:
  plans: plans/
  guardrails: { maxAccounts: 5, maxPercent: 2, window: 24h, keepAdmins: 2 }
`;
}

function pulumiFile(name: string): string {
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

const checkout = "actions/checkout@v4";
const node = "actions/setup-node@v4";

function workflow(title: string, on: string, job: string): string {
	return `name: ${title}
on:
  ${on}
permissions:
  contents: read
${job}`;
}

const setup = `      - uses: ${checkout}
      - uses: ${node}
        with: { node-version: 22, cache: npm }
      - run: npm ci
`;

const pullRequest = `  pull-requests: write
concurrency: { group: "keelson-pr-\${{ github.event.number }}", cancel-in-progress: true }
jobs:
  preview:
    # A fork has no credential: it gets no preview.
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    env:
      OKTA_READ_KEY: \${{ secrets.OKTA_READ_KEY }}
    steps:
${setup}      - run: npx keelson scan --fail-on none --quiet
      - run: npx keelson report --format markdown --out comment.md
      - run: gh pr comment "\${{ github.event.number }}" --body-file comment.md --edit-last --create-if-none
        env: { GH_TOKEN: "\${{ github.token }}" }
      - run: npx keelson check --fail-on critical
`;

const schedule = `  issues: write
concurrency: { group: keelson-drift }
jobs:
  drift:
    runs-on: ubuntu-latest
    env:
      OKTA_READ_KEY: \${{ secrets.OKTA_READ_KEY }}
    steps:
${setup}      - run: npx keelson scan --fail-on none --quiet
      - run: npx keelson report --format markdown --out "$GITHUB_STEP_SUMMARY"
      - run: npx keelson drift
`;

const merge = `concurrency: { group: keelson-up }
jobs:
  up:
    # A runner whose disk lasts: the store holds the journal of every change, and with it the budgets and the way back after a crash.
    runs-on: self-hosted
    # Reviewers of this environment are the last word before anything is written.
    environment: keelson-act
    env:
      OKTA_READ_KEY: \${{ secrets.OKTA_READ_KEY }}
      OKTA_ACT_KEY: \${{ secrets.OKTA_ACT_KEY }}
      PULUMI_CONFIG_PASSPHRASE: \${{ secrets.PULUMI_CONFIG_PASSPHRASE }}
      PULUMI_BACKEND_URL: \${{ vars.PULUMI_BACKEND_URL }}
    steps:
${setup}      - run: npx keelson up --yes
`;
