import { addRole } from "./act-add-role.js";
import { resetAuthenticators } from "./act-authenticators.js";
import { revokeCredential, revokeGrants } from "./act-credentials.js";
import { guarded, type OktaAction } from "./act-guard.js";
import { lifecycleActions } from "./act-lifecycle.js";
import { memberActions } from "./act-members.js";
import { removeRole } from "./act-remove-role.js";
import { endSessions } from "./act-sessions.js";
import { updateSetting } from "./act-setting.js";

/** All that Keelson changes in an Okta org. */
export const actions: OktaAction[] = [
	...lifecycleActions,
	endSessions,
	removeRole,
	addRole,
	...memberActions,
	revokeCredential,
	revokeGrants,
	resetAuthenticators,
	updateSetting,
].map(guarded);

/** Every scope that changing needs, reading back included. */
export const actScopes: string[] = [...new Set(actions.flatMap((action) => action.scopes))].sort();
