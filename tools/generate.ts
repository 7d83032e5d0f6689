import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { planSchema } from "../src/plan/plan-schema.js";
import { policySchema } from "../src/policy/policy-schema.js";
import { assessmentSchema } from "../src/report/assessment-schema.js";
import { baselineSchema } from "../src/stack/baseline-schema.js";
import { stackSchema } from "../src/stack/schema.js";
import { errorsPage } from "./docs-errors.js";
import { fieldsPage } from "./docs-fields.js";
import { policyPages } from "./docs-policies.js";
import { resourceSchemas } from "./resources/schemas.js";
import { googleSdk } from "./resources/sdk.js";

/** A file of the repository that is made from source. Paths are relative to the repository's root. */
export interface GeneratedFile {
	path: string;
	content(): string;
}

const json = (value: object): string => `${JSON.stringify(value, null, "\t")}\n`;

/** Everything that `npm run generate` writes. A test fails where one of these is stale. */
export const generated: GeneratedFile[] = [
	{ path: "schema/stack.json", content: () => json(stackSchema) },
	{ path: "schema/baseline.json", content: () => json(baselineSchema) },
	{ path: "schema/assessment.json", content: () => json(assessmentSchema) },
	{ path: "schema/policy.json", content: () => json(policySchema) },
	{ path: "schema/plan.json", content: () => json(planSchema) },
	...googleSdk(),
	...resourceSchemas(join(dirname(fileURLToPath(import.meta.url)), "..")),
	{ path: "docs/errors.md", content: errorsPage },
	{ path: "docs/policy-fields.md", content: fieldsPage },
	...policyPages(join(dirname(fileURLToPath(import.meta.url)), "..")),
];

export const repository = join(dirname(fileURLToPath(import.meta.url)), "..");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const { path, content } of generated) {
		mkdirSync(dirname(join(repository, path)), { recursive: true });
		writeFileSync(join(repository, path), content());
		console.log(path);
	}
}
