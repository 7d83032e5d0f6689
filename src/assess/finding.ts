import { createHash } from "node:crypto";
import type { Evidence, SubjectRef } from "../model/finding.js";
import type { RequestRef } from "../model/snapshot.js";

/**
 * Stable over renames and scans: hash of policy, system, immutable subject id and sub-key.
 * 80 bits: two of a million findings share an id with probability below 1e-12.
 */
export function findingId(policy: string, subject: SubjectRef, subKey = ""): string {
	return `f_${createHash("sha256").update([policy, subject.kind, subject.key, subKey].join("\0")).digest("hex").slice(0, 20)}`;
}

/** One fact with where it was seen. A fact joined from no single answer is `derived`. */
export function evidence(fact: { field: string; value?: unknown; unknown?: true }, request: RequestRef | null): Evidence {
	return {
		...fact,
		observedAt: request?.at ?? null,
		call: request?.call ?? "derived",
		requestId: request?.requestId ?? null,
	};
}
