import { iso } from "../../../src/emulate/random.js";
import { invalid, legacy } from "./errors.js";
import { admins } from "./show.js";
import type { Person, Tenant } from "./types.js";

export type Sent = Record<string, unknown>;

/** Fields that a write may change; what else is sent the vendor ignores. */
const free = [
	"addresses",
	"externalIds",
	"gender",
	"ims",
	"keywords",
	"languages",
	"locations",
	"notes",
	"organizations",
	"phones",
	"posixAccounts",
	"relations",
	"sshPublicKeys",
	"websites",
	"recoveryEmail",
	"recoveryPhone",
	"includeInGlobalAddressList",
	"ipWhitelisted",
	"changePasswordAtNextLogin",
];

const booleans = ["suspended", "archived", "changePasswordAtNextLogin", "includeInGlobalAddressList", "ipWhitelisted"];

/**
 * The user after a write: only what is sent changes, null clears, arrays are replaced whole.
 * @throws Refusal 400 or 412 in the vendor's words
 */
export function edited(tenant: Tenant, person: Person, sent: Sent, patch = false): { next: Person; events: [string, Record<string, string>][] } {
	const events: [string, Record<string, string>][] = [];
	for (const name of booleans) {
		if (sent[name] !== undefined && sent[name] !== null && typeof sent[name] !== "boolean") {
			throw invalid(`Invalid value at '${name}' (TYPE_BOOL), "${String(sent[name])}"`);
		}
	}
	const body: Person["body"] & Record<string, unknown> = { ...person.body };
	for (const name of free) {
		if (!(name in sent)) continue;
		// The vendor's PATCH cannot clear lists; its PUT can.
		if (patch && Array.isArray(body[name]) && (sent[name] === null || (Array.isArray(sent[name]) && sent[name].length === 0))) continue;
		if (sent[name] === null) delete body[name];
		else body[name] = sent[name];
	}
	if (typeof sent.name === "object" && sent.name !== null) {
		const name = { ...person.body.name, ...sent.name };
		body.name = { ...name, fullName: `${name.givenName ?? ""} ${name.familyName ?? ""}`.trim() };
		events.push(["CHANGE_FIRST_NAME", {}]);
	}
	if (typeof sent.orgUnitPath === "string") {
		if (!tenant.state.orgUnits.has(sent.orgUnitPath)) throw invalid("Invalid Input: INVALID_OU_ID");
		body.orgUnitPath = sent.orgUnitPath;
		events.push(["MOVE_USER_TO_ORG_UNIT", { ORG_UNIT_NAME: person.body.orgUnitPath, NEW_VALUE: sent.orgUnitPath }]);
	}
	if (typeof sent.primaryEmail === "string") rename(tenant, person, body, sent.primaryEmail.toLowerCase(), events);
	if (typeof sent.password === "string") {
		if (sent.password.length < 8) throw invalid("Invalid Password");
		events.push(["CHANGE_PASSWORD", {}]);
	}
	if (typeof sent.changePasswordAtNextLogin === "boolean" && sent.changePasswordAtNextLogin !== person.body.changePasswordAtNextLogin) {
		events.push(["CHANGE_PASSWORD_ON_NEXT_LOGIN", { NEW_VALUE: String(sent.changePasswordAtNextLogin) }]);
	}
	suspend(tenant, person, body, sent.suspended, events);
	archive(tenant, person, body, sent.archived, events);
	return { next: { ...person, body }, events };
}

function rename(tenant: Tenant, person: Person, body: Record<string, unknown>, email: string, events: [string, Record<string, string>][]): void {
	if (email === person.body.primaryEmail) return;
	if (!tenant.state.domains.has(email.split("@")[1] ?? "")) throw legacy(404, "notFound", "Domain not found.");
	// The old address stays as an alias.
	body.aliases = [...(person.body.aliases ?? []).filter((alias) => alias !== email), person.body.primaryEmail];
	body.primaryEmail = email;
	body.emails = [{ address: email, primary: true }];
	body.nonEditableAliases = [`${email}.test-google-a.com`];
	events.push(["RENAME_USER", { NEW_VALUE: email }]);
}

function suspend(tenant: Tenant, person: Person, body: Record<string, unknown>, wanted: unknown, events: [string, Record<string, string>][]): void {
	if (typeof wanted !== "boolean" || wanted === person.body.suspended) return;
	if (!wanted && person.body.suspensionReason === "ABUSE") throw legacy(412, "conditionNotMet", "User is suspended due to abuse.");
	body.suspended = wanted;
	if (wanted) Object.assign(body, { suspensionReason: "ADMIN", suspensionTime: iso(tenant.world.now()) });
	else for (const name of ["suspensionReason", "suspensionTime"]) delete body[name];
	events.push([wanted ? "SUSPEND_USER" : "UNSUSPEND_USER", {}]);
}

function archive(tenant: Tenant, person: Person, body: Record<string, unknown>, wanted: unknown, events: [string, Record<string, string>][]): void {
	if (typeof wanted !== "boolean" || wanted === (person.body.archived ?? false)) return;
	if (wanted && admins(tenant).top.has(person.id)) throw invalid("Invalid Input: admin user cannot be archived");
	const held = [...tenant.state.users.values()].filter((one) => one.deleted === null && one.body.archived).length;
	if (wanted && held >= tenant.choices.archiveSeats) {
		throw legacy(412, "insufficientArchivedUserLicenses", "Domain does not have sufficient Archived User licenses.");
	}
	body.archived = wanted;
	if (wanted) body.archivalTime = iso(tenant.world.now());
	else delete body.archivalTime;
	events.push([wanted ? "ARCHIVE_USER" : "UNARCHIVE_USER", {}]);
}

/** The user about to be written, with how it was until now. */
export function withPast(tenant: Tenant, next: Person): Person {
	const person = tenant.state.users.get(next.id);
	return person ? { ...next, before: { until: tenant.world.now(), person } } : next;
}
