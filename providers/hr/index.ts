import type { Provider } from "../../src/provider/provider.js";
import { configSchema } from "./config-schema.js";
import { connect } from "./connection.js";
import { workers } from "./read-workers.js";

/** A personnel system's export: who works here, since when, until when. Read only. */
export const provider: Provider = {
	id: "hr",
	title: "Personnel file",
	configSchema,
	privilegedSource: "a personnel file holds no privileges",
	readers: [workers],
	actions: [],
	settings: [],
	estimate: () => [],
	connect,
};
