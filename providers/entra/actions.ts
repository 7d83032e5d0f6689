import { accountActions } from "./act-account.js";
import { addRole } from "./act-add-role.js";
import { appActions } from "./act-apps.js";
import { deleteAuthenticator } from "./act-authenticators.js";
import { revokeCredential } from "./act-credentials.js";
import { type EntraAction, guarded } from "./act-guard.js";
import { memberActions } from "./act-members.js";
import { removeRole } from "./act-roles.js";
import { endSessions } from "./act-sessions.js";
import { updateSetting } from "./act-setting.js";

/** All that Keelson changes in a tenant. */
export const actions: EntraAction[] = [
	...accountActions,
	endSessions,
	removeRole,
	addRole,
	...memberActions,
	revokeCredential,
	deleteAuthenticator,
	...appActions,
	updateSetting,
].map(guarded);
