import type { Provider } from "../../src/provider/provider.js";
import { actions } from "./actions.js";
import { configSchema } from "./config-schema.js";
import { connect } from "./connection.js";
import { estimate } from "./estimate.js";
import { readers } from "./readers.js";

/** The generic Identity API: identities of several providers behind one address. */
export const provider: Provider = {
	id: "identity-api",
	title: "Identity API",
	configSchema,
	privilegedSource: "the API's own `privileged` of each identity; it does not say which of its roles makes it so",
	readyStatuses: ["active"],
	signInElsewhere: true,
	readers,
	actions,
	settings: [],
	estimate,
	connect,
};
