import { type Finding, severities } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { Happening } from "./announce.js";
import { draft } from "./message.js";
import { line } from "./text.js";

/** Findings that fail now, from the most severe on. `findings`: all that the store holds as new, open or reopened. */
export function findingsHappening({ tenant, at, findings }: { tenant: string; at: Millis; findings: readonly Finding[] }): Happening<Finding> {
	const rank = ({ severity }: Pick<Finding, "severity">) => severities.indexOf(severity);
	return {
		event: "findings",
		items: findings.filter(({ outcome, state }) => outcome === "fail" && state !== "fixed").sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1)),
		keyOf: ({ id }) => id,
		fits: (finding, { severity }) => rank(finding) >= severities.indexOf(severity),
		message: (items, { names }) =>
			draft(
				{
					event: "findings",
					tenant,
					at,
					title: [items.length === 1 ? "1 new finding" : `${items.length} new findings`],
					opening: [
						[
							severities
								.toReversed()
								.flatMap((severity) => counted(severity, items.filter((one) => one.severity === severity).length))
								.join(", "),
						],
					],
					items: items.map(({ severity, title, subject, policy, message }) =>
						names ? line`${severity}: ${subject.label}: ${message}` : line`${severity}: ${title} (${policy}): ${subject.key}`,
					),
					closing: [["keelson explain <finding> says which field of which call it rests on."]],
					data: items.map(({ id, policy, title, severity, system, subject, state, firstSeen, message }) => ({
						id,
						policy,
						title,
						severity,
						system,
						subject: { kind: subject.kind, key: subject.key, ...(names ? { label: subject.label } : {}) },
						state,
						firstSeen: new Date(firstSeen).toISOString(),
						...(names ? { message } : {}),
					})),
					facts: {},
				},
				items.map(({ id, state, firstSeen }) => `${id} ${state} ${firstSeen}`),
			),
		whole: true,
	};
}

function counted(word: string, count: number): string[] {
	return count === 0 ? [] : [`${count} ${word}`];
}
