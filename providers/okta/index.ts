import type { Provider } from "../../src/provider/provider.js";
import { actions, actScopes } from "./actions.js";
import { changes } from "./changes.js";
import { configSchema } from "./config-schema.js";
import { connect } from "./connection.js";
import { desired } from "./desired.js";
import { estimate } from "./estimate.js";
import { pulumiPackage } from "./pulumi.js";
import { readers, readScopes } from "./readers.js";
import { privilegedSource } from "./roles.js";
import { settingSpecs } from "./settings.js";
import { surroundings } from "./surroundings.js";

/** Okta Workforce Identity, Classic and Identity Engine. */
export const provider: Provider = {
	id: "okta",
	title: "Okta",
	configSchema,
	pulumiPackage,
	desired,
	privilegedSource,
	// The Admin Console, with an app sign-in policy of its own in Identity Engine.
	adminApps: ["saasure"],
	readyStatuses: ["ACTIVE"],
	readers,
	actions,
	settings: settingSpecs,
	surroundings,
	estimate,
	changes,
	connect: (config) => connect(config, config.purpose === "act" ? actScopes : readScopes),
};
