import type { Known, KnownList } from "../../src/model/known.js";
import type { DeviceRecord } from "../../src/model/objects.js";
import { type Decoded, date, identified, known, lookUp, word } from "../../src/provider/decode.js";
import { textOrNone, textsOrNone } from "./schema.js";

/** Nothing of numbers, networks and installed apps is read. */
export const deviceFields =
	"kind,nextPageToken,mobiledevices(kind,resourceId,model,os,email,type,status,lastSync,devicePasswordStatus,encryptionStatus,deviceCompromisedStatus)";

/** Whether Google still gives it mail. A device that is being wiped has it until it next comes for it: nothing is said of that. */
const letIn: Record<string, boolean> = { APPROVED: true, BLOCKED: false, PENDING: false, WIPED: false, ACCOUNT_WIPED: false };

// No page of Google's lists these words, and they have come in two styles. Any other leaves the fact unknown.
const compromised: Record<string, boolean> = {
	COMPROMISED: true,
	COMPROMISE_DETECTED: true,
	NOT_COMPROMISED: false,
	NO_COMPROMISE_DETECTED: false,
	UNCOMPROMISED: false,
};
const encrypted: Record<string, boolean> = { ENCRYPTED: true, ENABLED: true, NOT_ENCRYPTED: false, UNENCRYPTED: false, DISABLED: false };
const locked: Record<string, boolean> = { ON: true, PASSWORD_SET: true, OFF: false, PASSWORD_NOT_SET: false };
const mobile: Record<string, boolean> = { ANDROID: true, IOS: true, IOS_SYNC: true, GOOGLE_SYNC: true };

/** `GET …/devices/mobile` item → device. The list is of people's own devices. `owner`: the account of an address, where there is one. */
export function decodeDevice(item: unknown, owner: (address: string) => string | undefined): Decoded<DeviceRecord> {
	const found = identified(item, "mobile device", "resourceId");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const model = textOrNone(raw.model);
	const system = textOrNone(raw.os);
	const [, os = system, osVersion] = /^(.*?) +(\d\S*)$/.exec(system ?? "") ?? [];
	const status = word(raw.status);
	return {
		ok: known<DeviceRecord>({
			id,
			name: model ?? system ?? id,
			kind: lookUp(mobile, upper(raw.type)) ? "mobile" : "unknown",
			model,
			os,
			osVersion,
			owners: ownersOf(textsOrNone(raw.email), owner),
			ownership: "personal",
			compromised: lookUp(compromised, upper(raw.deviceCompromisedStatus)),
			encrypted: lookUp(encrypted, upper(raw.encryptionStatus)),
			screenLock: lookUp(locked, upper(raw.devicePasswordStatus)),
			status,
			enabled: lookUp(letIn, upper(status)),
			lastSync: date(raw.lastSync) ?? undefined,
		}),
	};
}

function upper(value: unknown): Known<string> {
	return word(value)?.trim().toUpperCase().replace(/[ -]+/g, "_");
}

/** An address that is no account's belongs to one that is not known here: the list is then not whole. */
function ownersOf(addresses: Known<string[]>, owner: (address: string) => string | undefined): KnownList<string> | undefined {
	if (!addresses || addresses.length === 0) return undefined;
	const found = addresses.map((address) => owner(address.toLowerCase()));
	const owners: KnownList<string> = [...new Set(found.filter((id) => id !== undefined))];
	if (found.includes(undefined)) owners.partial = true;
	return owners;
}
