import { hash, iso } from "../../../src/emulate/random.js";
import { invalid } from "./errors.js";
import type { Person, Tenant } from "./types.js";

/** One parameter of a report: exactly one of the values. */
interface Parameter {
	name: string;
	boolValue?: boolean;
	intValue?: string;
	stringValue?: string;
	datetimeValue?: string;
}

const yes = (name: string, boolValue: boolean): Parameter => ({ name, boolValue });
const count = (name: string, value: number): Parameter => ({ name, intValue: String(value) });

/** What the report of a day that ended at `until` says of a user. A parameter without a value is left out. */
export function userParameters(person: Person, until: number): Parameter[] {
	const { body, securityKeys, passkeys, lastLogin, apps, password, id } = person;
	return [
		yes("accounts:is_2sv_enrolled", body.isEnrolledIn2Sv === true),
		yes("accounts:is_2sv_enforced", body.isEnforcedIn2Sv === true),
		yes("accounts:is_2sv_protected", body.isEnrolledIn2Sv === true && body.isEnforcedIn2Sv === true),
		count("accounts:num_security_keys", securityKeys),
		count("accounts:num_passkeys_enrolled", passkeys),
		count("accounts:num_authorized_apps", apps),
		yes("accounts:is_less_secure_apps_access_allowed", false),
		yes("accounts:is_suspended", body.suspended === true),
		yes("accounts:is_archived", body.archived === true),
		...(password === "UNKNOWN" ? [] : [{ name: "accounts:password_strength", stringValue: password }]),
		{ name: "accounts:password_length_compliance", stringValue: password === "WEAK" ? "NON_COMPLIANT" : "COMPLIANT" },
		{ name: "accounts:admin_set_name", stringValue: body.name?.fullName ?? "" },
		...(lastLogin !== null && lastLogin < until ? [{ name: "accounts:timestamp_last_login", datetimeValue: iso(lastLogin) }] : []),
		{ name: "accounts:timestamp_creation", datetimeValue: iso(person.created) },
		count("accounts:used_quota_in_mb", hash(id, 41) % 15_000),
		count("gmail:num_emails_sent", hash(id, 42) % 40),
		count("drive:num_items_created", hash(id, 43) % 9),
	];
}

export function customerParameters(tenant: Tenant): Parameter[] {
	const all = [...tenant.state.users.values()].filter(({ deleted }) => deleted === null);
	const number = (fits: (person: Person) => boolean | null | undefined) => all.filter(fits).length;
	return [
		count("accounts:num_users", all.length),
		count(
			"accounts:num_suspended_users",
			number(({ body }) => body.suspended),
		),
		count(
			"accounts:num_users_2sv_enrolled",
			number(({ body }) => body.isEnrolledIn2Sv),
		),
		count(
			"accounts:num_users_2sv_not_enrolled",
			number(({ body }) => !body.isEnrolledIn2Sv),
		),
		count(
			"accounts:num_users_2sv_enforced",
			number(({ body }) => body.isEnforcedIn2Sv),
		),
		count(
			"accounts:num_users_2sv_not_enforced",
			number(({ body }) => !body.isEnforcedIn2Sv),
		),
		count(
			"accounts:num_security_keys",
			all.reduce((sum, { securityKeys }) => sum + securityKeys, 0),
		),
		{ name: "accounts:customer_plan", stringValue: "enterprise" },
	];
}

/** Those that are named; a name nobody knows is ignored. */
export function selected(all: Parameter[], names: string | null): Parameter[] {
	if (names === null || names === "") return all;
	const wanted = new Set(names.split(",").map((name) => name.trim()));
	return all.filter(({ name }) => wanted.has(name));
}

const operators: Record<string, (order: number) => boolean> = {
	"==": (order) => order === 0,
	"<>": (order) => order !== 0,
	"<": (order) => order < 0,
	"<=": (order) => order <= 0,
	">": (order) => order > 0,
	">=": (order) => order >= 0,
};

/**
 * Makes the test for `filters`: comparisons by comma, all of which must hold.
 * @throws Refusal 400
 */
export function compare(text: string): (parameters: readonly object[]) => boolean {
	const parts = text.split(",").map((part) => {
		const match = /^([\w:]+?)(==|<>|<=|>=|<|>)(.*)$/.exec(part.trim());
		if (!match) throw invalid(`Invalid filter: ${part}`);
		return { name: match[1], holds: operators[match[2] ?? ""], value: match[3] ?? "" };
	});
	return (parameters) =>
		parts.every(({ name, holds, value }) => {
			const found = parameters.find((one) => "name" in one && one.name === name);
			const own = found && Object.entries(found).find(([key]) => key !== "name")?.[1];
			return own !== undefined && holds?.(order(own, value));
		});
}

function order(a: unknown, b: string): number {
	const [x, y] = [Number(a), Number(b)];
	if (typeof a !== "boolean" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
	return String(a) < b ? -1 : String(a) > b ? 1 : 0;
}
