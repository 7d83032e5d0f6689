import type { Reader } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { accounts } from "./read-accounts.js";
import { activity } from "./read-activity.js";
import { apps } from "./read-apps.js";
import { authenticators } from "./read-authenticators.js";
import { credentials } from "./read-credentials.js";
import { devices } from "./read-devices.js";
import { groupRules, groups } from "./read-groups.js";
import { memberships } from "./read-memberships.js";
import { risks } from "./read-risks.js";
import { roleAssignments } from "./read-roles.js";
import { settings } from "./read-settings.js";

export const readers: Reader<EntraConnection>[] = [
	accounts,
	groups,
	groupRules,
	memberships,
	roleAssignments,
	settings,
	apps,
	credentials,
	risks,
	devices,
	authenticators,
	activity,
];
