import type { AppRecord, GroupRecord, SettingRecord } from "../model/objects.js";

/** Stands for a value that only the vendor will know, such as another new object's id. Every decoder takes it for unknown. */
export const unresolved: unique symbol = Symbol("unresolved");

/** What an object will be once it exists, as a scan would read it. Its id is not known yet, and may be any. */
export type DesiredRecord =
	| { collection: "settings"; record: SettingRecord }
	| { collection: "groups"; record: GroupRecord }
	| { collection: "apps"; record: AppRecord };

/**
 * By type of the vendor's Pulumi package: the record that a resource with these properties becomes. Properties that are left out have the
 * package's defaults; a value that is not known yet is `unresolved`, and makes what depends on it unknown.
 */
export type DesiredMappings = Record<string, (properties: Record<string, unknown>, id: string) => DesiredRecord | null>;

/** Whether a value that is not known yet stands anywhere in it. */
export function isOpen(value: unknown): boolean {
	if (value === unresolved) return true;
	return typeof value === "object" && value !== null && Object.values(value).some(isOpen);
}
