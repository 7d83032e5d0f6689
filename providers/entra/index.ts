import type { Provider } from "../../src/provider/provider.js";
import { actions } from "./actions.js";
import { admission } from "./admission.js";
import { changes } from "./changes.js";
import { configSchema } from "./config-schema.js";
import { connect } from "./connection.js";
import { desired } from "./desired.js";
import { estimate } from "./estimate.js";
import { grantEnds } from "./grant-ends.js";
import { pulumiPackage } from "./pulumi.js";
import { readers } from "./readers.js";
import { privilegedSource } from "./roles.js";
import { statuses } from "./schema-account.js";
import { settingSpecs } from "./settings.js";

/** Microsoft Entra ID, by Microsoft Graph. */
export const provider: Provider = {
	id: "entra",
	title: "Microsoft Entra ID",
	configSchema,
	pulumiPackage,
	desired,
	privilegedSource,
	readyStatuses: [statuses.enabled],
	readers,
	actions,
	settings: settingSpecs,
	admission,
	estimate,
	changes,
	grantEnds,
	connect,
};
