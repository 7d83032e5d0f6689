import type { ProviderExample } from "../../src/provider/example.js";

export const example: ProviderExample = {
	system: "google",
	entry: `provider: google-workspace
url: https://admin.googleapis.com
# Service accounts with domain-wide delegation and without a key: the pipeline's token may sign for them.
auth: { method: keyless, serviceAccount: keelson-read@acme.iam.gserviceaccount.com, token: "\${env:GOOGLE_TOKEN}", subject: keelson-read@acme.example }
# act: { method: keyless, serviceAccount: keelson-act@acme.iam.gserviceaccount.com, token: "\${env:GOOGLE_TOKEN}", subject: keelson-act@acme.example }
`,
	read: [],
	act: [],
	oidc: true,
	githubSteps: {
		read: `- id: google
  uses: google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0
  with:
    workload_identity_provider: projects/123456789012/locations/global/workloadIdentityPools/github/providers/github
    service_account: keelson-read@acme.iam.gserviceaccount.com
    token_format: access_token
    create_credentials_file: false
- run: echo "GOOGLE_TOKEN=$TOKEN" >> "$GITHUB_ENV"
  env: { TOKEN: "\${{ steps.google.outputs.access_token }}" }
`,
		act: `- id: google
  uses: google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0
  with:
    workload_identity_provider: projects/123456789012/locations/global/workloadIdentityPools/github/providers/github
    service_account: keelson-act@acme.iam.gserviceaccount.com
    token_format: access_token
    create_credentials_file: false
- run: echo "GOOGLE_TOKEN=$TOKEN" >> "$GITHUB_ENV"
  env: { TOKEN: "\${{ steps.google.outputs.access_token }}" }
`,
	},
};
