import { hash } from "node:crypto";
import type { Evidence, SubjectRef } from "../model/finding.js";
import type { RequestRef } from "../model/snapshot.js";

/**
 * Stable over renames and scans: hash of policy, system, immutable subject id and sub-key.
 * 80 bits: two of a million findings share an id with probability below 1e-12.
 */
export function findingId(policy: string, subject: Pick<SubjectRef, "kind" | "key">, subKey = ""): string {
	return `f_${hash("sha256", `${policy}\0${subject.kind}\0${subject.key}\0${subKey}`, "hex").slice(0, 20)}`;
}

/** One fact with where it was seen: the vendor's answer, the stack file, or a join of several answers. */
export function evidence(fact: { field: string; value?: unknown; unknown?: true }, source: string, request: RequestRef | null): Evidence {
	const { field } = fact;
	const seen = {
		observedAt: request?.at ?? null,
		call: request?.call ?? (source === "stack" ? "stack file" : "derived"),
		requestId: request?.requestId ?? null,
	};
	// Written out, and not spread from `fact`: every object made so had a hidden class of its own.
	return fact.unknown ? { field, unknown: true, ...seen } : { field, value: fact.value, ...seen };
}
