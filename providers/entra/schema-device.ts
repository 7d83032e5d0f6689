import type { KnownList } from "../../src/model/known.js";
import type { DeviceRecord } from "../../src/model/objects.js";
import { at, type Decoded, date, flag, identified, known, lookUp, text, word } from "./schema.js";

export const deviceProperties = `id,displayName,accountEnabled,isCompliant,isManaged,isRooted,approximateLastSignInDateTime,operatingSystem,
operatingSystemVersion,trustType,deviceOwnership,model`.replaceAll("\n", "");

const ownership: Record<string, "company" | "personal"> = { company: "company", personal: "personal" };

/** `GET /devices` item. What device management never wrote is null, which is no "no". https://learn.microsoft.com/graph/api/resources/device */
export function decodeDevice(item: unknown): Decoded<DeviceRecord> {
	const found = identified(item, "device");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const trust = text(raw.trustType);
	return {
		ok: known<DeviceRecord>({
			id,
			name: word(raw.displayName) ?? id,
			kind: kindOf(word(raw.operatingSystem) ?? ""),
			model: text(raw.model),
			os: text(raw.operatingSystem),
			osVersion: text(raw.operatingSystemVersion),
			owners: ownersOf(raw.registeredOwners),
			// Registered and not joined is by the vendor's own words a device of somebody's own.
			ownership: lookUp(ownership, word(raw.deviceOwnership)?.toLowerCase()) ?? (trust === "Workplace" ? "personal" : undefined),
			managed: flag(raw.isManaged),
			compliant: flag(raw.isCompliant),
			compromised: flag(raw.isRooted),
			status: trust,
			enabled: flag(raw.accountEnabled),
			lastSync: date(raw.approximateLastSignInDateTime),
		}),
	};
}

/** The vendor has several words for each system (`iPhone`, `AndroidForWork`, `MacMDM`). */
function kindOf(os: string): DeviceRecord["kind"] {
	if (/^(ios|ipad|iphone|android|windows ?phone)/i.test(os)) return "mobile";
	return /^(windows|mac|linux|ubuntu)/i.test(os) ? "endpoint" : "unknown";
}

function ownersOf(value: unknown): KnownList<string> | undefined {
	if (!Array.isArray(value)) return undefined;
	const ids = value.map((owner) => word(at(owner, "id")));
	const owners: KnownList<string> = ids.filter((id) => id !== undefined);
	if (owners.length < ids.length) owners.partial = true;
	return owners;
}
