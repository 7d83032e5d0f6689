import type { Known } from "../../src/model/known.js";
import { type Json, lookUp, text, word } from "../../src/provider/decode.js";
import { holds } from "./operators.js";

/** Whether a configuration is other than it should be, or why that can't be said. */
export type Judged = { failing: boolean } | { why: string };

/** The status is a free word; these are the ones that are understood, without blanks. */
const failingByStatus: Record<string, boolean> = { pass: false, passed: false, compliant: false, fail: true, failed: true, failing: true, noncompliant: true };
/** The vendor's own "cannot say": nothing is compared then. */
const noStatus = new Set(["unknown", "error", "notscanned", "scanning", "pending", "disabled", "notapplicable"]);

const plain = (status: string): string => status.toLowerCase().replace(/[^a-z]/g, "");

/** By the vendor's word; where that is none that is understood, by holding the values against each other. Neither is believed against the other. */
export function judge(raw: Json, catalogueOperator: Known<string>): Judged {
	// Taken out of monitoring: what the status says may be of any age.
	if (raw.monitored !== true)
		return { why: raw.monitored === false ? "the vendor was told not to monitor it" : "the vendor does not say whether it monitors it" };
	if (word(raw.monitored_attestation) !== undefined) return { why: "somebody has attested it by hand, so the vendor's status need not be what it saw" };
	const status = word(raw.status);
	if (status === undefined || noStatus.has(plain(status)))
		return { why: status === undefined ? "the vendor gives no status" : `the vendor's status is ${status}` };
	const own = word(raw.operator);
	const clash = own !== undefined && catalogueOperator !== undefined && own !== catalogueOperator;
	const operator = clash ? undefined : (own ?? catalogueOperator);
	const told = lookUp(failingByStatus, plain(status));
	if (told !== undefined)
		return contradicted(raw, operator, told) ? { why: `the vendor's status is ${status}, and its own values say the opposite` } : { failing: told };
	const good = compared(operator, text(raw.current_value), wanted(raw));
	return good === undefined ? { why: `the vendor's status is ${status}, a word not known here, and its values can't be compared` } : { failing: !good };
}

/** What administrators took in place of the recommended value, or locked, is what the value is held against. */
export function wanted(raw: Json): Known<string | null> {
	if (raw.overridden === true) return text(raw.overridden_value);
	if (raw.locked === true && typeof raw.locked_value === "string") return raw.locked_value;
	return text(raw.recommended_value);
}

/** The vendor's word is that all is well. */
export function saysPass(raw: Json): boolean {
	return lookUp(failingByStatus, plain(word(raw.status) ?? "")) === false;
}

/** The vendor does not say which of the values its status is about: it is contradicted by all of them, or not at all. */
function contradicted(raw: Json, operator: Known<string>, told: boolean): boolean {
	const current = text(raw.current_value);
	const sides = [wanted(raw), text(raw.recommended_value)].map((right) => compared(operator, lower(current), lower(right)));
	return sides.every((good) => good !== undefined && good === told);
}

/** Whether `On` and `on` are one value differs from app to app. */
const lower = (value: Known<string | null>): Known<string | null> => value?.toLowerCase();

function compared(operator: Known<string>, current: Known<string | null>, right: Known<string | null>): Known<boolean> {
	return operator === undefined || typeof current !== "string" || typeof right !== "string" ? undefined : holds(operator, current, right);
}
