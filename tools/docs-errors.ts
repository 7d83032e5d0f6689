import { exitCodes } from "../src/cli/exit.js";
import { coverageMeanings, exitMeanings, guardrailMeanings, httpMeanings, type Meaning } from "../src/cli/meanings.js";

/** `docs/errors.md`: every closed word of the output, with its meaning and its mend. */
export function errorsPage(): string {
	const exits = Object.entries(exitMeanings).map(([name, meaning]) => row(String(exitCodes[name as keyof typeof exitCodes]), meaning));
	return `# Errors, word by word

This page is made from the source: \`npm run generate\` writes it. An error is one sentence. It says where, and what mends it. No secret stands in it.

## Exit codes

${table("Code", exits)}
Several at once: see [exit-codes.md](exit-codes.md).

## Why a collection is not complete

\`keelson scan\` prints one line for each collection, with its reason. What was not read is *unknown*; it never passes.

${table("Cause", rows(coverageMeanings))}
## Guardrails

\`keelson apply\` prints the guardrail's word at the end of each line. How they work: [guardrails.md](guardrails.md).

${table("Guardrail", rows(guardrailMeanings))}
## Requests

A failed request is printed as \`GET /api/v1/users: 403 E0000006: … (scope okta.users.read is missing; request id …)\`: the call, the vendor's code and words, and the vendor's request id.

${table("Cause", rows(httpMeanings))}`;
}

function rows(meanings: Record<string, Meaning>): string[] {
	return Object.entries(meanings).map(([word, meaning]) => row(`\`${word}\``, meaning));
}

function row(word: string, { means, mend }: Meaning): string {
	return `| ${word} | ${means} | ${mend} |`;
}

function table(first: string, lines: string[]): string {
	return `| ${first} | It means | What to do |\n|---|---|---|\n${lines.join("\n")}\n`;
}
