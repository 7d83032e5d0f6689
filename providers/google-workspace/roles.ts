import type { RoleLevel } from "../../src/model/account.js";
import { at, flag, word } from "../../src/provider/decode.js";
import { objectsOrNone } from "./schema.js";

/** Where the levels below come from. */
export const privilegedSource =
	"Google's prebuilt administrator roles (support.google.com/a/answer/2405986); privileged: those that CISA's baseline for Google Workspace calls highly privileged, Help Desk Admin, who resets passwords, and custom roles that hold a privilege by which an account, its password or second factor, a group or a security setting is changed";

/** The vendor's names of prebuilt roles. */
const prebuilt: Record<string, RoleLevel> = {
	_SEED_ADMIN_ROLE: "top",
	_USER_MANAGEMENT_ADMIN_ROLE: "privileged",
	_GROUPS_ADMIN_ROLE: "privileged",
	_GROUPS_EDITOR_ROLE: "privileged",
	_SERVICES_ADMIN_ROLE: "privileged",
	_SERVICE_ADMIN_ROLE: "privileged",
	_MOBILE_ADMIN_ROLE: "privileged",
	_HELP_DESK_ADMIN_ROLE: "privileged",
	_GCDS_DIRECTORY_MANAGEMENT_ROLE: "privileged",
	_DIRECTORY_SYNC_ADMIN_ROLE: "privileged",
	_READ_ONLY_ADMIN_ROLE: "limited",
	_GROUPS_READER_ROLE: "limited",
	_STORAGE_ADMIN_ROLE: "limited",
	_RESELLER_ADMIN_ROLE: "limited",
	_INDIRECT_RESELLER_ADMIN_ROLE: "limited",
};

/** Privileges by which accounts, their proofs, groups or security are changed. Those of reading end in READ, RETRIEVE or VIEW. */
const powers =
	/^(USERS_(ALL|CREATE|UPDATE|DELETE|SUSPEND|RESET_PASSWORD|FORCE_PASSWORD_CHANGE|ADD_NICKNAME|ALIAS|MOVE|RENAME)|USER_SECURITY_ALL|GROUPS_(ALL|CREATE|UPDATE|DELETE)|ORGANIZATION_UNITS_(ALL|CREATE|UPDATE|DELETE)|SECURITY(_SETTINGS|_ALL)?|SECURITY_CENTER_ALL|DOMAIN_(MANAGEMENT|REGISTRATION_MANAGEMENT)|MANAGE_DEVICES_ALL|SERVICES|.*ROLE_MANAGEMENT.*|API_CONTROLS.*|SUPER_ADMIN)$/;

/** A role as assignments need it. */
export interface Role {
	label: string;
	level: RoleLevel;
	/** Made by the customer. */
	custom: boolean;
}

/** `GET …/roles` item; null where it has no id. */
export function decodeRole(item: unknown): { id: string; role: Role } | null {
	const id = word(at(item, "roleId"));
	if (!id) return null;
	const name = word(at(item, "roleName"));
	const system = flag(at(item, "isSystemRole")) ?? false;
	const top = at(item, "isSuperAdminRole");
	const level = top === true ? "top" : top !== undefined && top !== false ? "unknown" : system ? levelOfSystem(name) : levelOfCustom(item);
	return { id, role: { label: name === undefined ? id : labelOf(name, system), level, custom: !system } };
}

function levelOfSystem(name: string | undefined): RoleLevel {
	return (name !== undefined && Object.hasOwn(prebuilt, name) ? prebuilt[name] : undefined) ?? "unknown";
}

function levelOfCustom(item: unknown): RoleLevel {
	const privileges = objectsOrNone(at(item, "rolePrivileges"))?.map((one) => word(one.privilegeName));
	if (privileges?.some((name) => name !== undefined && powers.test(name))) return "privileged";
	return privileges?.every((name) => name !== undefined) ? "limited" : "unknown";
}

/** `_USER_MANAGEMENT_ADMIN_ROLE` → `User Management Admin`; Google's name of the first of all is `Seed Admin`. */
export function labelOf(name: string, system: boolean): string {
	if (!system || !/^_[A-Z_]+_ROLE$/.test(name)) return name;
	if (name === "_SEED_ADMIN_ROLE") return "Super Admin";
	const words = name.slice(1, -"_ROLE".length).toLowerCase().split("_");
	return words.map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}`).join(" ");
}
