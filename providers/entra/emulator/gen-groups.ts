import type { Group } from "@microsoft/microsoft-graph-types";
import { day, hash } from "../../../src/emulate/random.js";
import { stamp } from "./moment.js";
import { guid, type State } from "./state.js";

export interface GroupPlan {
	name: string;
	description?: string | null;
	members: readonly string[];
	owners?: readonly string[];
	/** A group with a mailbox, one that follows a rule, one that can hold roles, one from the company's own servers, a list of addressees. */
	kind?: "security" | "unified" | "dynamic" | "role" | "synced" | "distribution";
	rule?: string;
	age?: number;
}

/** Adds a group. Its id. */
export function addGroup(state: State, plan: GroupPlan, now: number): string {
	const id = guid(state.seed, "group", plan.name);
	const made = stamp(now - (plan.age ?? 300) * day);
	const kind = plan.kind ?? "security";
	const mail = kind === "unified" || kind === "distribution";
	const nickname = plan.name.replace(/[^A-Za-z0-9]/g, "").toLowerCase() || "group";
	const word = (salt: number): number => hash(id, salt);
	const group: Partial<Group> = {
		...(plan.description !== undefined && { description: plan.description }),
		displayName: plan.name,
		createdDateTime: made,
		renewedDateTime: made,
		groupTypes: kind === "unified" ? ["Unified"] : kind === "dynamic" ? ["DynamicMembership"] : [],
		mailEnabled: mail,
		mailNickname: nickname,
		securityEnabled: kind !== "unified" && kind !== "distribution",
		securityIdentifier: `S-1-12-1-${word(1)}-${word(2)}-${word(3)}-${word(4)}`,
		...(mail && { mail: `${nickname}@${[...state.domains.keys()][1] ?? "corp.example"}`, proxyAddresses: [`SMTP:${nickname}@corp.example`] }),
		...(kind === "unified" && { visibility: word(5) % 2 === 0 ? "Public" : "Private", resourceProvisioningOptions: ["Team"] }),
		...(kind === "dynamic" && { membershipRule: plan.rule ?? "(user.accountEnabled -eq true)", membershipRuleProcessingState: "On" }),
		...(kind === "role" && { isAssignableToRole: true, visibility: "Private" }),
		...(kind === "synced" && {
			onPremisesSyncEnabled: true,
			onPremisesDomainName: "corp.local",
			onPremisesSamAccountName: nickname,
			onPremisesLastSyncDateTime: stamp(now - 1_200_000),
		}),
	};
	state.groups.set(id, { id, ...group });
	state.members.set(id, [...new Set(plan.members)]);
	if (plan.owners && plan.owners.length > 0) state.owners.set(id, plan.owners);
	return id;
}

interface DevicePlan {
	name: string;
	/** The vendor's word of the operating system. */
	system: string;
	/** As the device management wrote it; null: it never did. */
	compliant: boolean | null;
	/** Who registered it. */
	owner?: string;
	enabled?: boolean;
	rooted?: boolean;
	/** It has not signed in yet. */
	unused?: boolean;
}

/** Adds a device: Windows is joined, everything else registered. Its id. */
export function addDevice(state: State, { name, system, compliant, owner, enabled = true, rooted, unused }: DevicePlan, now: number): string {
	const id = guid(state.seed, "device", name);
	state.devices.set(id, {
		...{
			id,
			deviceId: guid(state.seed, "device id", name),
			displayName: name,
			accountEnabled: enabled,
			operatingSystem: system,
			operatingSystemVersion: "14.5",
		},
		...{ trustType: system === "Windows" ? "AzureAd" : "Workplace", isCompliant: compliant, isManaged: compliant, profileType: "RegisteredDevice" },
		...{ approximateLastSignInDateTime: unused ? null : stamp(now - (hash(id) % 90) * day), registrationDateTime: stamp(now - 400 * day) },
		...(compliant !== null && { deviceOwnership: system === "Windows" ? "Company" : "Personal", isRooted: rooted ?? false }),
	});
	if (owner !== undefined) state.owners.set(id, [owner]);
	return id;
}

/** Adds a value to the list under a key. */
export function push(lists: Map<string, string[]>, key: string, value: string): void {
	const list = lists.get(key);
	if (list) list.push(value);
	else lists.set(key, [value]);
}
