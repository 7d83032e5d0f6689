import type { SystemCoverage } from "../drift/unmanaged.js";

/** `12 of 240 objects declared (groups 3 of 60, …)`; where a kind was not read whole, of at least as many. */
export function coverageWords({ kinds }: SystemCoverage): string {
	const declared = kinds.reduce((sum, kind) => sum + kind.declared, 0);
	const total = kinds.reduce((sum, kind) => sum + kind.total, 0);
	const least = (incomplete: boolean) => (incomplete ? "at least " : "");
	const each = kinds.map((kind) => `${kind.kind}s ${kind.declared} of ${least(kind.incomplete !== null)}${kind.total}`);
	const all = `${declared} of ${least(kinds.some(({ incomplete }) => incomplete !== null))}${total} ${total === 1 ? "object" : "objects"} declared`;
	return each.length > 1 ? `${all} (${each.join(", ")})` : `${all}${each.length === 1 ? ` (${each[0]})` : ""}`;
}
