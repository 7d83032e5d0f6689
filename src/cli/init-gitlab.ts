import type { ProviderExample } from "../provider/example.js";

/** The pipeline's file: the uses as jobs of the template that stands beside it. */
export function gitlabFiles(examples: ProviderExample[], template: string): Record<string, string> {
	const secret = examples.flatMap(({ read, act }) => [...read, ...act]);
	const note = [...secret, "KEELSON_GITLAB_TOKEN"].join(", ");
	return {
		".gitlab/keelson.yml": template,
		".gitlab-ci.yml": `# Masked variables: ${note}.
# Those that write belong to the protected environments keelson-act and keelson-expire, on protected branches only.
include: [ { local: .gitlab/keelson.yml } ]
`,
	};
}
