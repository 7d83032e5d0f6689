import { iso, type Random } from "../../../src/emulate/random.js";
import { letters, longId, opaque } from "./ids.js";
import type { Person, State } from "./types.js";

const day = 86_400_000;

/** Phones of some, a few Chrome OS devices and laptops, custom fields, and alerts. */
export function makeDevices(state: State, seed: string, draw: Random, people: readonly Person[], now: number): void {
	state.schemas.set("Employment", {
		schemaId: letters(`schema/${seed}`, 20),
		schemaName: "Employment",
		displayName: "Employment",
		fields: [
			{
				kind: "admin#directory#schema#fieldspec",
				fieldId: letters(`field/${seed}`, 20),
				etag: '"1"',
				fieldType: "STRING",
				fieldName: "type",
				displayName: "Type",
				readAccessType: "ADMINS_AND_SELF",
			},
		],
	});
	for (const person of people) {
		if (draw.chance(0.1)) person.customSchemas = { Employment: { type: "fixed-term" } };
		if (person.lastLogin === null || !draw.chance(0.3)) continue;
		const android = draw.chance(0.5);
		const resourceId = opaque(`mobile/${person.id}`);
		state.mobiles.set(resourceId, {
			resourceId,
			deviceId: letters(`device/${person.id}`, 16),
			name: [person.body.name?.fullName ?? ""],
			email: [person.body.primaryEmail],
			model: android ? "Pixel 9" : "iPhone 16",
			os: android ? "Android 16" : "iOS 19.1",
			type: android ? "ANDROID" : "IOS_SYNC",
			status: draw.chance(0.9) ? "APPROVED" : "BLOCKED",
			firstSync: iso(person.created),
			lastSync: iso(person.lastLogin),
			...(android && { devicePasswordStatus: "On", encryptionStatus: "Encrypted", deviceCompromisedStatus: "No compromise detected" }),
		});
	}
	people.slice(0, 12).forEach((person, at) => {
		const name = `devices/${opaque(`laptop/${seed}/${at}`).slice(0, 30)}`;
		state.devices.set(name, {
			name,
			user: person.body.primaryEmail,
			deviceType: at % 2 === 0 ? "MAC_OS" : "WINDOWS",
			model: "Laptop",
			ownerType: "COMPANY",
			createTime: iso(person.created),
			lastSyncTime: iso(now - day),
			serialNumber: letters(`serial/${at}`, 10).toUpperCase(),
			encryptionState: at === 3 ? "NOT_ENCRYPTED" : "ENCRYPTED",
		});
		const deviceId = opaque(`chrome/${seed}/${at}`).slice(0, 36);
		if (at < 3)
			state.chromes.set(deviceId, {
				deviceId,
				serialNumber: letters(`chrome/${at}`, 8),
				status: "ACTIVE",
				model: "Chromebook",
				orgUnitPath: person.body.orgUnitPath,
				lastSync: iso(now - day),
				annotatedUser: person.body.primaryEmail,
			});
	});
	makeAlerts(state, seed, people, now);
}

/** Two alerts: somebody suspicious signed in, and a super administrator's password was reset. */
export function makeAlerts(state: State, seed: string, people: readonly Person[], now: number): void {
	const add = (key: string, type: string, source: string, severity: "HIGH" | "MEDIUM", email: string, days: number) => {
		const alertId = opaque(`alert/${seed}/${key}/${longId(key)}`).slice(0, 22);
		state.alerts.set(alertId, {
			alertId,
			created: now - days * day,
			type,
			source,
			severity,
			status: "NOT_STARTED",
			data: { "@type": "type.googleapis.com/google.apps.alertcenter.type.AccountWarning", email },
		});
	};
	const [first, second] = people;
	if (first) add("suspicious", "Suspicious login", "Google identity", "MEDIUM", first.body.primaryEmail, 3);
	if (second) add("leaked", "Leaked password", "Google identity", "HIGH", second.body.primaryEmail, 12);
}
