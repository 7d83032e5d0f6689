import type { Reader } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { accounts } from "./read-accounts.js";
import { activity } from "./read-activity.js";
import { appAssignments } from "./read-app-assignments.js";
import { apps } from "./read-apps.js";
import { authenticators } from "./read-authenticators.js";
import { credentials } from "./read-credentials.js";
import { groupRules, groups } from "./read-groups.js";
import { memberships } from "./read-memberships.js";
import { risks } from "./read-risks.js";
import { roleAssignments } from "./read-roles.js";
import { settings } from "./read-settings.js";

export const readers: Reader<OktaConnection>[] = [
	accounts,
	groups,
	groupRules,
	memberships,
	roleAssignments,
	settings,
	apps,
	appAssignments,
	credentials,
	risks,
	authenticators,
	activity,
];

/** Every scope that reading needs. */
export const readScopes: string[] = [...new Set(readers.flatMap((reader) => reader.scopes))].sort();
