import type { Account } from "../model/account.js";
import type { Known, KnownList } from "../model/known.js";
import type { Device, DeviceRecord } from "../model/objects.js";
import { base, each, type JudgedObject, type Owners } from "./objects.js";
import type { Snapshot } from "./snapshot.js";

/** Devices with what is known of their owners. */
export function devices(snapshot: Snapshot, owners: Owners): Promise<JudgedObject<Device>[]> {
	return each<DeviceRecord, Device>(snapshot, "devices", "device", (id, body, unseen) => {
		if (unseen) return { ...base(snapshot, id), id, name: body.name, kind: body.kind };
		return { ...body, ...base(snapshot, id), ...ownership(body.owners, owners) };
	});
}

function ownership(ids: KnownList<string> | undefined, owners: Owners): Pick<Device, "ownerLogins" | "ownerEnabled" | "ownerPrivileged"> {
	if (!ids) return {};
	const found = ids.map((id) => owners.get(id));
	const ownerLogins: KnownList<string> = found.flatMap((owner) => owner?.login ?? []);
	if (ids.partial || ownerLogins.length < ids.length) ownerLogins.partial = true;
	const any = (of: (owner: Account) => Known<boolean>): { known: boolean } | null => {
		const values = found.map((owner) => owner && of(owner));
		if (values.includes(true)) return { known: true };
		return ids.partial || values.includes(undefined) ? null : { known: false };
	};
	const [enabled, privileged] = [any((owner) => owner.enabled), any((owner) => owner.privileged)];
	return { ownerLogins, ...(enabled && { ownerEnabled: enabled.known }), ...(privileged && { ownerPrivileged: privileged.known }) };
}
