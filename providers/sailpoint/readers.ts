import type { Reader } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import { accounts } from "./read-accounts.js";
import { apps, credentials } from "./read-apps.js";
import { groups } from "./read-groups.js";
import { memberships } from "./read-memberships.js";
import { roleAssignments } from "./read-roles.js";
import { settings } from "./read-settings.js";

export const readers: Reader<SailPointConnection>[] = [accounts, groups, memberships, roleAssignments, settings, apps, credentials];

/** Every scope that reading needs. */
export const readScopes: string[] = [...new Set(readers.flatMap((reader) => reader.scopes))].sort();
