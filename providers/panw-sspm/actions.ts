import type { ActionSpec } from "../../src/provider/action.js";
import type { SspmConnection } from "./connection.js";

export const actions: ActionSpec<SspmConnection>[] = [];
