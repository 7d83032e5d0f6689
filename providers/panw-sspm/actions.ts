import type { ActionSpec } from "../../src/provider/action.js";
import { closeTicket } from "./act-close-ticket.js";
import { endSessions } from "./act-sessions.js";
import { openTicket } from "./act-ticket.js";
import type { SspmConnection } from "./connection.js";

/** All that Keelson changes through this product. In the apps themselves the API can't change anything. */
export const actions: ActionSpec<SspmConnection>[] = [openTicket, closeTicket, endSessions];
