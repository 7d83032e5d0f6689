import { parsePolicy } from "./policy-file.js";
import type { PolicySource } from "./source.js";

/** A policy for tests, from its conditions. */
export function policyOf(parts: { where?: string; pass: string; review?: string; message?: string; for?: string; rest?: string }): PolicySource {
	const lines = [
		"id: example",
		"title: t",
		"severity: low",
		"cause: c",
		`for: ${parts.for ?? "account"}`,
		...(parts.where === undefined ? [] : [`where: ${JSON.stringify(parts.where)}`]),
		`pass: ${JSON.stringify(parts.pass)}`,
		...(parts.review === undefined ? [] : [`review: ${JSON.stringify(parts.review)}`]),
		`message: ${JSON.stringify(parts.message ?? "m")}`,
		"why: w",
		`tests: [{ name: n, ${parts.for ?? "account"}: {}, expect: unknown }]`,
		parts.rest ?? "",
	];
	const { policy, errors } = parsePolicy(lines.join("\n"), "example.yaml");
	if (!policy) throw new Error(errors.map((e) => `${e.path}: ${e.message}`).join("\n"));
	return policy;
}
