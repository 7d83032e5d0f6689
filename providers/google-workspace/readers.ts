import type { Reader } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { accounts } from "./read-accounts.js";
import { activity } from "./read-activity.js";
import { authenticators } from "./read-authenticators.js";
import { apps, credentials } from "./read-credentials.js";
import { devices } from "./read-devices.js";
import { groupRules, groups } from "./read-groups.js";
import { memberships } from "./read-memberships.js";
import { roleAssignments } from "./read-roles.js";
import { settings } from "./read-settings.js";

export const readers: Reader<GoogleConnection>[] = [
	accounts,
	groups,
	groupRules,
	memberships,
	roleAssignments,
	settings,
	apps,
	credentials,
	devices,
	authenticators,
	activity,
];
