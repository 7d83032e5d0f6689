import type { ExemptionRef, SubjectRef } from "../model/finding.js";
import type { BaselineEntry } from "../stack/baseline.js";
import type { Exemption, Stack } from "../stack/stack.js";
import { matches } from "./people.js";

/** Live exemptions, asked by policy and subject; remembers which were used. */
export interface Exemptions {
	of(policy: string, subject: SubjectRef, login: string | undefined): ExemptionRef | null;
	unused(): Exemption[];
	expired(): Exemption[];
}

/** Those of the stack file come before those of its baseline, which accepts nothing before the run that it was made from. */
export function exemptions(stack: Pick<Stack, "exemptions" | "baseline">, now: number): Exemptions {
	const live = stack.exemptions.filter((entry) => entry.expires > now);
	const used = new Set<Exemption>();
	const byPolicy = new Map<string, Exemption[]>();
	for (const entry of live) byPolicy.set(entry.policy, [...(byPolicy.get(entry.policy) ?? []), entry]);
	const accepted = new Map<string, BaselineEntry>();
	for (const entry of stack.baseline?.entries ?? [])
		if (entry.accepted <= now && entry.expires > now) for (const { key } of entry.subjects) accepted.set(`${entry.policy}\0${key}`, entry);
	return {
		of(policy, subject, login) {
			const entry = byPolicy.get(policy)?.find((candidate) => covers(candidate, subject, login));
			if (entry) {
				used.add(entry);
				return { owner: entry.owner, reason: entry.reason, ...(entry.ticket ? { ticket: entry.ticket } : {}), expires: entry.expiresText };
			}
			const inBaseline = accepted.get(`${policy}\0${subject.key}`);
			return inBaseline ? { owner: inBaseline.owner, reason: inBaseline.reason, expires: inBaseline.expiresText, source: "baseline" } : null;
		},
		unused: () => live.filter((entry) => !used.has(entry)),
		expired: () => stack.exemptions.filter((entry) => entry.expires <= now),
	};
}

function covers(entry: Exemption, subject: SubjectRef, login: string | undefined): boolean {
	if ("key" in entry.subject) return entry.subject.key === subject.key;
	const [system, ...rest] = subject.key.split("/");
	return subject.kind === "account" && entry.subject.system === system && matches(entry.subject, { id: rest.join("/"), login });
}
