import type { Known } from "../../src/model/known.js";

/** Whether a value is as it should be, by the catalogue's operator; unknown where the operator is, or where numbers are meant and are none. */
export function holds(operator: string, current: string, wanted: string): Known<boolean> {
	switch (operator) {
		case "equal":
			return equal(current, wanted);
		case "not_equal":
			return !equal(current, wanted);
		case "substring":
			return wanted === "" ? undefined : current.includes(wanted);
		case "not_substring":
			return wanted === "" ? undefined : !current.includes(wanted);
		case "one_of":
			return listed(wanted).some((one) => equal(current, one));
		case "not_one_of":
			return !listed(wanted).some((one) => equal(current, one));
		case "greater":
		case "greater_or_equal":
		case "less":
		case "less_or_equal":
			return ordered(operator, number(current), number(wanted));
		case "in_range":
			return inRange(current, wanted);
		case "not_in_range": {
			const inside = inRange(current, wanted);
			return inside === undefined ? undefined : !inside;
		}
		default:
			return undefined;
	}
}

/** Values are texts: `True` and `true`, `14` and `14.0` are the same. */
function equal(a: string, b: string): boolean {
	const [left, right] = [number(a), number(b)];
	if (left !== undefined && right !== undefined) return left === right;
	return a.trim() === b.trim() || (isFlag(a) && a.trim().toLowerCase() === b.trim().toLowerCase());
}

const isFlag = (text: string): boolean => /^\s*(true|false)\s*$/i.test(text);

function ordered(operator: string, current: Known<number>, wanted: Known<number>): Known<boolean> {
	if (current === undefined || wanted === undefined) return undefined;
	if (operator.startsWith("less")) {
		// 0 is "no limit" with many vendors, and the least of all with others.
		if (current <= 0) return undefined;
		return operator === "less" ? current < wanted : current <= wanted;
	}
	return operator === "greater" ? current > wanted : current >= wanted;
}

function inRange(current: string, wanted: string): Known<boolean> {
	const value = number(current);
	const [from, to, ...rest] = listed(wanted).map(number);
	if (value === undefined || from === undefined || to === undefined || rest.length > 0 || from > to) return undefined;
	return value >= from && value <= to;
}

function number(text: string): Known<number> {
	return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/** A list in a text: JSON, or separated by commas. */
export function listed(text: string): string[] {
	if (text.trim().startsWith("[")) {
		try {
			const parsed: unknown = JSON.parse(text);
			if (Array.isArray(parsed)) return parsed.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
		} catch {
			// Then it is a text that begins with a bracket.
		}
	}
	return text
		.split(",")
		.map((one) => one.trim())
		.filter((one) => one !== "");
}
