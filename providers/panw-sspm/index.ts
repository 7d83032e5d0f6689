import type { Provider } from "../../src/provider/provider.js";
import { actions } from "./actions.js";
import { configSchema } from "./config-schema.js";
import { connect } from "./connection.js";
import { estimate } from "./estimate.js";
import { readers } from "./readers.js";

/** Palo Alto Networks SaaS Security Posture Management: what it says of the apps that it watches. */
export const provider: Provider = {
	id: "panw-sspm",
	title: "Palo Alto Networks SSPM",
	configSchema,
	privilegedSource: "the vendor's own `isElevated` of each account; it does not say which of its roles makes it so",
	readers,
	actions,
	settings: [],
	statusless: true,
	signInElsewhere: true,
	estimate,
	connect,
};
