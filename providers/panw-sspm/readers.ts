import type { Reader } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { accounts } from "./read-accounts.js";
import { activity } from "./read-activity.js";
import { apps } from "./read-apps.js";
import { credentials } from "./read-credentials.js";
import { roleAssignments } from "./read-derived.js";
import { settings } from "./read-settings.js";

export const readers: Reader<SspmConnection>[] = [accounts, roleAssignments, settings, apps, credentials, activity];
