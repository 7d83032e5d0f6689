import type { Severity } from "../model/finding.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { PolicySource } from "../policy/source.js";

/** One policy that is not as on the other side. */
export interface AlteredPolicy {
	policy: string;
	change: "added" | "removed" | "changed";
	/** Only where it is not the same on both sides. */
	severityChange?: { before: Severity; after: Severity };
	/** Parameters that are not the same on both sides; one that is missing on a side has no value there. */
	params: { name: string; before?: unknown; after?: unknown }[];
	/** Keys of the policy file that are not the same: `where`, `pass`, `message`. */
	keys: string[];
}

/** Keys that an outcome follows from. */
const deciding = ["for", "breakGlass", "where", "pass", "review"] as const satisfies (keyof PolicySource)[];

const compared = [
	...deciding,
	"cause",
	"title",
	"message",
	"why",
	"remediation",
	"blast",
	"controls",
	"references",
	"whenNotToUse",
	"evidence",
] as const satisfies (keyof PolicySource)[];

/** Every policy that was added, removed or altered in what it asks or says, in the order of ids. A comment in its file alters nothing. */
export function alteredPolicies(base: readonly CompiledPolicy[], proposed: readonly CompiledPolicy[]): AlteredPolicy[] {
	const before = new Map(base.map((one) => [one.policy.id, one]));
	const after = new Map(proposed.map((one) => [one.policy.id, one]));
	const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
	return ids.flatMap((id) => altered(id, before.get(id), after.get(id)) ?? []);
}

/** Whether an outcome can be another one: severity and words alone leave them all as they are. */
export function decidesAnew({ change, params, keys }: AlteredPolicy): boolean {
	return change !== "changed" || params.length > 0 || keys.some((key) => deciding.some((one) => one === key));
}

function altered(policy: string, before: CompiledPolicy | undefined, after: CompiledPolicy | undefined): AlteredPolicy | null {
	if (!before || !after) return { policy, change: after ? "added" : "removed", params: [], keys: [] };
	const params = [...new Set([...Object.keys(before.params), ...Object.keys(after.params)])]
		.filter((name) => !same(before.params[name], after.params[name]))
		.map((name) => ({
			name,
			...(Object.hasOwn(before.params, name) && { before: before.params[name] }),
			...(Object.hasOwn(after.params, name) && { after: after.params[name] }),
		}));
	const keys = compared.filter((key) => !same(before.policy[key], after.policy[key]));
	const severity = before.policy.severity !== after.policy.severity;
	if (params.length === 0 && keys.length === 0 && !severity) return null;
	return {
		...{ policy, change: "changed" as const },
		...(severity && { severityChange: { before: before.policy.severity, after: after.policy.severity } }),
		...{ params, keys },
	};
}

function same(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
