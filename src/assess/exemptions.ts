import type { ExemptionRef, SubjectRef, Withheld } from "../model/finding.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { BaselineEntry } from "../stack/baseline.js";
import type { Exemption, Stack } from "../stack/stack.js";
import { findingId } from "./finding.js";
import { matches } from "./people.js";

/** A subject that fails a policy, as far as exemptions look at it. */
export interface Failing {
	subject: object;
	ref: SubjectRef;
	login?: string | undefined;
}

/** What excuses a failure; `withheld` without an exemption says why the one that names it does not. */
export interface Excuse {
	exemption: ExemptionRef | null;
	withheld?: Withheld;
}

/** What a run has seen of one exemption. */
export interface Met {
	findings: string[];
	/** It excused a failure. */
	used: boolean;
	withheld: Withheld | null;
	/** A subject that it names can't be judged. */
	unsure: boolean;
}

/** Exemptions, asked by policy and subject; remembers what each of them met. */
export interface Exemptions {
	of(policy: string, one: Failing, now: number): Excuse;
	/** To be told of what can't be judged: an exemption of it is not to be called unused. */
	unsure(policy: string, ref: SubjectRef, login: string | undefined): void;
	met(entry: Exemption): Met | undefined;
}

const nothing: Excuse = { exemption: null };
/** Shared: a run asks of millions of subjects, and mostly there is no exemption. */
const none: readonly Exemption[] = [];

/**
 * Those of the stack file come before those of its baseline, which accepts nothing before the run that it was made from. What compensates is
 * judged here, on the very subject that fails, and not looked up: so it does not matter which policy is judged first, and an exemption from the
 * compensating policy makes no pass of its failure.
 */
export function exemptions(stack: Pick<Stack, "exemptions" | "baseline">, at: number, policies: readonly CompiledPolicy[]): Exemptions {
	const byPolicy = new Map<string, Exemption[]>();
	for (const entry of stack.exemptions) byPolicy.set(entry.policy, [...(byPolicy.get(entry.policy) ?? []), entry]);
	const inForce = new Map(policies.map((policy) => [policy.policy.id, policy]));
	const accepted = new Map<string, BaselineEntry>();
	for (const entry of stack.baseline?.entries ?? [])
		if (entry.accepted <= at && entry.expires > at) for (const { key } of entry.subjects) accepted.set(`${entry.policy}\0${key}`, entry);
	const seen = new Map<Exemption, Met>();
	const note = (entry: Exemption): Met => {
		const met = seen.get(entry) ?? { findings: [], used: false, withheld: null, unsure: false };
		seen.set(entry, met);
		return met;
	};
	return {
		of(policy, one, now) {
			let held: Exemption | undefined;
			let withheld: Withheld | undefined;
			for (const entry of byPolicy.get(policy) ?? none) {
				if (!covers(entry, one.ref, one.login)) continue;
				const met = note(entry);
				met.findings.push(findingId(policy, one.ref));
				if (entry.expires <= at) continue;
				const lacking = lackOf(entry, one.subject, now, inForce);
				if (lacking) {
					met.withheld ??= lacking;
					withheld ??= lacking;
				} else if (!held) {
					held = entry;
					met.used = true;
				}
			}
			if (held) return { exemption: refOf(held) };
			const inBaseline = accepted.get(`${policy}\0${one.ref.key}`);
			if (inBaseline) return { exemption: { owner: inBaseline.owner, reason: inBaseline.reason, expires: inBaseline.expiresText, source: "baseline" } };
			return withheld ? { exemption: null, withheld } : nothing;
		},
		unsure(policy, ref, login) {
			for (const entry of byPolicy.get(policy) ?? none) if (covers(entry, ref, login)) note(entry).unsure = true;
		},
		met: (entry) => seen.get(entry),
	};
}

/** What keeps a live exemption from holding for a subject. Only a pass is a pass: what is unknown or does not apply compensates for nothing. */
function lackOf(entry: Exemption, subject: object, now: number, inForce: ReadonlyMap<string, CompiledPolicy>): Withheld | null {
	const { compensatedBy, policy, expiresText: expires } = entry;
	if (compensatedBy === undefined) return null;
	const other = inForce.get(compensatedBy);
	if (!other || other.policy.for !== inForce.get(policy)?.policy.for) return { compensatedBy, outcome: "not-in-force", expires };
	const outcome = other.judge(subject, now);
	return outcome === "pass" ? null : { compensatedBy, outcome, expires };
}

function refOf({ owner, reason, ticket, expiresText, compensatedBy }: Exemption): ExemptionRef {
	return { owner, reason, ...(ticket ? { ticket } : {}), expires: expiresText, ...(compensatedBy !== undefined && { compensatedBy }) };
}

/** Whether an exemption names a subject: always one alone, but for a login without an id that several accounts have. */
export function covers(entry: Pick<Exemption, "subject">, subject: SubjectRef, login: string | undefined): boolean {
	if ("key" in entry.subject) return entry.subject.key === subject.key;
	const [system, ...rest] = subject.key.split("/");
	return subject.kind === "account" && entry.subject.system === system && matches(entry.subject, { id: rest.join("/"), login });
}
