import type { Withheld } from "./finding.js";

const words: Record<Withheld["outcome"], string> = {
	fail: "fails",
	unknown: "is unknown",
	review: "has to be reviewed",
	"not-applicable": "does not apply",
	"not-in-force": "is not in force",
};

/** `the exemption until 2027-06-30 does not hold: mfa-strong fails`. */
export function withheldWords({ compensatedBy, outcome, expires }: Withheld): string {
	return `the exemption until ${expires} does not hold: ${compensatedBy} ${words[outcome]}`;
}
