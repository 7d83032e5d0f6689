import { day, hash, hour } from "../../../src/emulate/random.js";
import { uuid } from "./ids.js";
import type { Account, Idp, IdpPerson, Instance } from "./types.js";

/** One sign-in with or without a second factor. */
export interface Activity {
	id: string;
	person: IdpPerson;
	appType: string;
	appId: string;
	strength: "STRONG" | "WEAK" | "NONE";
	factors: string[];
	at: number;
	ip: string;
	location: string;
}

/** Something done in a SaaS application. */
export interface SaasEvent {
	id: string;
	userId: string;
	type: string;
	resourceType: string;
	resourceName: string;
	at: number;
	/** Null where the application did it by itself. */
	ip: string | null;
	location: string | null;
	outcome: "SUCCESS" | "FAILURE";
}

const keptDays = 30;
const places = ["DE", "PT", "US", "JP", "BR"];
const strong = new Set(["FIDO2", "PUSH", "TOTP"]);

export const address = (text: string): string => `198.51.100.${hash(text, 31) % 254}`;
export const place = (text: string): string => places[hash(text, 37) % places.length] ?? "DE";

const activities = new WeakMap<Idp, Activity[]>();
const events = new WeakMap<Instance, { version: number; rows: SaasEvent[] }>();

/** Sign-ins of the last 30 days, newest first. Who has not signed in is not there at all. Made when first asked for. */
export function activityOf(idp: Idp, apps: { app_id: string; type: string }[], now: number): Activity[] {
	const before = activities.get(idp);
	if (before) return before;
	const rows = idp.people.flatMap((person) => {
		if (!person.active || person.lastSignIn === null || person.lastSignIn < now - keptDays * day) return [];
		const { userId, lastSignIn } = person;
		return Array.from({ length: 1 + (hash(userId, 41) % 3) }, (_, step): Activity => {
			const app = apps[hash(userId, 43 + step) % Math.max(1, apps.length)] ?? { app_id: "", type: idp.appType };
			const factor = person.factors[step % Math.max(1, person.factors.length)];
			return {
				id: uuid(`mfa/${idp.idpId}/${userId}/${step}`),
				person,
				appType: app.type,
				appId: app.app_id,
				strength: factor === undefined ? "NONE" : strong.has(factor) ? "STRONG" : "WEAK",
				factors: factor === undefined ? [] : ["PASSWORD", factor],
				at: lastSignIn - step * (hour + (hash(userId, 47) % (6 * hour))),
				ip: address(userId),
				location: place(userId),
			};
		});
	});
	rows.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
	activities.set(idp, rows);
	return rows;
}

const signIn: [string, string, string] = ["LOGIN", "SESSION", "web"];
const doings: [string, string, string][] = [
	signIn,
	["FILE_SHARED", "FILE", "plan.xlsx"],
	["ROLE_ASSIGNED", "ROLE", "member"],
	["TOKEN_CREATED", "TOKEN", "api token"],
];

/**
 * What was done in an instance in the last 30 days, newest first: what began with a sign-in, what went on within it hours later, what went wrong, and
 * what the application did to an account by itself. Made when first asked for, and again after a change.
 */
export function eventsOf(instance: Instance, now: number, version: number): SaasEvent[] {
	const before = events.get(instance);
	if (before?.version === version) return before.rows;
	const rows = [...instance.accounts.values()].flatMap((account) => doneWith(account, now));
	rows.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
	events.set(instance, { version, rows });
	return rows;
}

function doneWith({ id: userId, lastLogin }: Account, now: number): SaasEvent[] {
	const today = Math.floor(now / day) * day;
	const from = { ip: address(userId), location: place(userId) };
	const event = (step: string, doing: [string, string, string], at: number, more: Partial<SaasEvent> = {}): SaasEvent => {
		const [type, resourceType, resourceName] = doing;
		return { id: uuid(`event/${userId}/${step}`), userId, type, resourceType, resourceName, at, ...from, outcome: "SUCCESS", ...more };
	};
	const rows: SaasEvent[] = [];
	if (lastLogin !== null && lastLogin >= now - keptDays * day) {
		rows.push(event("first", doings[hash(userId, 53) % doings.length] ?? signIn, lastLogin));
		const later = lastLogin + (1 + (hash(userId, 59) % 40)) * hour + 17 * 60_000;
		if (hash(userId, 61) % 3 === 0 && later < now) rows.push(event("later", doings[1 + (hash(userId, 67) % 3)] ?? signIn, later));
	}
	if (hash(userId, 71) % 7 === 0) rows.push(event("failed", signIn, today - (hash(userId, 73) % 20) * day, { outcome: "FAILURE" }));
	if (hash(userId, 79) % 11 === 0) rows.push(event("kept", ["RETENTION_APPLIED", "FILE", "plan.xlsx"], today - day, { ip: null, location: null }));
	return rows;
}
