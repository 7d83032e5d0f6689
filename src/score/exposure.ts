import type { Exposure } from "../model/finding.js";

/** How much each exposure fact adds to the multiplier M. Top privilege and other privilege never count together. */
export const exposureFactors = {
	"top-privilege": 1,
	privilege: 0.5,
	external: 0.25,
	"reachable-anywhere": 0.25,
	dormant: 0.25,
} as const;

export type ExposureFact = keyof typeof exposureFactors;

export const exposureLabels = {
	"top-privilege": "holds top privilege",
	privilege: "holds privilege",
	external: "external identity",
	"reachable-anywhere": "reachable from anywhere",
	dormant: "dormant",
} satisfies Record<ExposureFact, string>;

/** The facts that are known to be present, in a fixed order. */
export function exposureFacts(exposure: Exposure): ExposureFact[] {
	const facts: ExposureFact[] = [];
	if (exposure.topPrivilege === true) facts.push("top-privilege");
	else if (exposure.privilege === true) facts.push("privilege");
	if (exposure.external === true) facts.push("external");
	if (exposure.reachableAnywhere === true) facts.push("reachable-anywhere");
	if (exposure.dormant === true) facts.push("dormant");
	return facts;
}

/** Multiplier M, 1–2.75, with unknown facts absent: the lower end. It is also a subject's weight in posture. */
export function exposureWeight(exposure: Exposure): number {
	let weight = 1;
	if (exposure.topPrivilege === true) weight += exposureFactors["top-privilege"];
	else if (exposure.privilege === true) weight += exposureFactors.privilege;
	if (exposure.external === true) weight += exposureFactors.external;
	if (exposure.reachableAnywhere === true) weight += exposureFactors["reachable-anywhere"];
	if (exposure.dormant === true) weight += exposureFactors.dormant;
	return weight;
}

/** Multiplier M, 1–2.75, with unknown facts present: the upper end. */
export function exposureWeightMax(exposure: Exposure): number {
	let weight = 1;
	if (exposure.topPrivilege !== false) weight += exposureFactors["top-privilege"];
	else if (exposure.privilege !== false) weight += exposureFactors.privilege;
	if (exposure.external !== false) weight += exposureFactors.external;
	if (exposure.reachableAnywhere !== false) weight += exposureFactors["reachable-anywhere"];
	if (exposure.dormant !== false) weight += exposureFactors.dormant;
	return weight;
}
