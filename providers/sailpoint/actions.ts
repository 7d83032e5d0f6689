import { deleteIdentity } from "./act-delete.js";
import { guarded, type SailPointAction } from "./act-guard.js";
import { processingActions } from "./act-processing.js";
import { registrationActions } from "./act-registration.js";
import { sourceAccountActions } from "./act-source-accounts.js";

/** All that Keelson changes in Identity Security Cloud. */
export const actions: SailPointAction[] = [...sourceAccountActions, ...registrationActions, ...processingActions, deleteIdentity].map(guarded);

/** Every scope that changing needs, reading back included. */
export const actScopes: string[] = [...new Set(actions.flatMap((action) => action.scopes))].sort();
