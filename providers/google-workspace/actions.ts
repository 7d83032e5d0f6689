import { type GoogleAction, guarded } from "./act-guard.js";
import { lifecycleActions } from "./act-lifecycle.js";
import { memberActions } from "./act-members.js";
import { addRole, removeRole } from "./act-roles.js";
import { endSessions, resetAuthenticators, revokeCredential } from "./act-security.js";
import { updateSetting } from "./act-setting.js";

/** All that Keelson changes in a Google Workspace tenant. */
export const actions: GoogleAction[] = [
	...lifecycleActions,
	endSessions,
	revokeCredential,
	removeRole,
	addRole,
	...memberActions,
	resetAuthenticators,
	updateSetting,
].map(guarded);

/** Every scope that changing needs, reading back included. */
export const actScopes: string[] = [...new Set(actions.flatMap((action) => action.scopes))].sort();
