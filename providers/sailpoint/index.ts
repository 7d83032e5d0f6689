import type { Provider } from "../../src/provider/provider.js";
import { actions } from "./actions.js";
import { configSchema } from "./config-schema.js";
import { connect } from "./connection.js";
import { estimate } from "./estimate.js";
import { readers } from "./readers.js";
import { privilegedSource } from "./roles.js";
import { settingSpecs } from "./settings.js";

/** SailPoint Identity Security Cloud (formerly IdentityNow). */
export const provider: Provider = {
	id: "sailpoint",
	title: "SailPoint Identity Security Cloud",
	configSchema,
	privilegedSource,
	readyStatuses: ["ACTIVE", "REGISTERED"],
	signInElsewhere: true,
	readers,
	actions,
	settings: settingSpecs,
	estimate,
	connect,
};
