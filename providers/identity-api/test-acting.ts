import type { ActionKind, ActionSpec } from "../../src/provider/action.js";
import { actions } from "./actions.js";
import type { IdentityConnection } from "./connection.js";
import type { startIdentityApi } from "./emulator.js";
import { connectTo } from "./test-api.js";

export type Emulated = Awaited<ReturnType<typeof startIdentityApi>>;

export function action(kind: ActionKind): ActionSpec<IdentityConnection> {
	const found = actions.find((one) => one.kind === kind);
	if (!found) throw new Error(`no ${kind}`);
	return found;
}

/** A connection to an emulated server, on its clock. */
export function connectToEmulated(server: Emulated, purpose: "read" | "act", change: Partial<Parameters<typeof connectTo>[0]> = {}) {
	const { url, options = {} } = server.system;
	const credential = purpose === "read" ? server.system.auth : server.system.act;
	return connectTo({ url, options, credential, purpose, now: server.now, advance: server.advance, ...change });
}
