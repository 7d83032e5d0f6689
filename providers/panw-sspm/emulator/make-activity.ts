import { day, hash, hour } from "../../../src/emulate/random.js";
import { uuid } from "./ids.js";
import type { Idp, IdpPerson, Instance } from "./types.js";

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
	ip: string;
	location: string;
}

const keptDays = 30;
const places = ["DE", "PT", "US", "JP", "BR"];
const strong = new Set(["FIDO2", "PUSH", "TOTP"]);

export const address = (text: string): string => `198.51.100.${hash(text, 31) % 254}`;
export const place = (text: string): string => places[hash(text, 37) % places.length] ?? "DE";

const activities = new WeakMap<Idp, Activity[]>();
const events = new WeakMap<Instance, SaasEvent[]>();

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

const doings: [string, string, string][] = [
	["LOGIN", "SESSION", "web"],
	["FILE_SHARED", "FILE", "plan.xlsx"],
	["ROLE_ASSIGNED", "ROLE", "member"],
	["TOKEN_CREATED", "TOKEN", "api token"],
];

/** What was done in an instance in the last 30 days, newest first. Made when first asked for. */
export function eventsOf(instance: Instance, now: number): SaasEvent[] {
	const before = events.get(instance);
	if (before) return before;
	const rows = [...instance.accounts.values()].flatMap((account): SaasEvent[] => {
		if (account.lastLogin === null || account.lastLogin < now - keptDays * day) return [];
		const [type = "", resourceType = "", resourceName = ""] = doings[hash(account.id, 53) % 4] ?? [];
		const id = uuid(`event/${account.id}`);
		return [{ id, userId: account.id, type, resourceType, resourceName, at: account.lastLogin, ip: address(account.id), location: place(account.id) }];
	});
	rows.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
	events.set(instance, rows);
	return rows;
}
