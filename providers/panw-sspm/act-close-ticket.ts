import type { ActionSpec } from "../../src/provider/action.js";
import { ActionError, needed } from "../../src/provider/action-error.js";
import { HttpError } from "../../src/provider/http-error.js";
import { readBack } from "../../src/provider/read-back.js";
import { absent, assertWriting, chosen, factsOf, scene } from "./act-ticket.js";
import type { SspmConnection } from "./connection.js";
import { readRole, writeRole } from "./dialect.js";
import { ticketsPath } from "./tickets.js";

/** Unlinks a ticket: all that the vendor's DELETE does. The issue in Jira stays as it is. */
export const closeTicket: ActionSpec<SspmConnection> = {
	kind: "close-ticket",
	scopes: [readRole, writeRole],
	reversible: true,
	// No policy proposes it: it takes open-ticket back.
	operatorOnly: false,
	effect: "The ticket is unlinked from the configuration; the issue in Jira stays as it is, to be closed there. Taken back, a new issue is opened.",
	async inspect(connection, target) {
		const found = await scene(connection, target);
		if (!found) return absent;
		const meant = chosen(found, target);
		const elsewhere = meant === null && found.open?.includes(target.ticket ?? "");
		const refused = typeof meant === "string" ? meant : elsewhere ? `${target.ticket} was linked in the product itself: unlink it there` : null;
		return { exists: true, done: meant === null && refused === null, refused, facts: factsOf(found), request: found.live.request };
	},
	async perform(connection, target) {
		assertWriting(connection);
		const found = await scene(connection, target);
		if (!found) throw new ActionError("the vendor has no such configuration");
		const meant = chosen(found, target);
		if (typeof meant === "string") throw new ActionError(meant);
		const { live } = found;
		if (meant === null || !live.place) return live.request;
		const body = { id: meant.id, feature: meant.feature, resourceIds: [live.id] };
		try {
			return (await connection.send({ method: "DELETE", path: ticketsPath, params: { saasInstanceId: live.place.id }, body })).request;
		} catch (error) {
			// Gone already, by a repeat or by another hand.
			if (error instanceof HttpError && error.status === 404 && chosen((await scene(connection, target)) ?? found, target) === null) return error.request;
			throw error;
		}
	},
	verify: (connection, target) =>
		readBack(connection.config, async () => {
			const found = await scene(connection, target);
			const meant = found ? chosen(found, target) : null;
			const left = typeof meant === "string" ? meant : meant === null ? null : `${meant.key} is still linked`;
			return { holds: left === null, detail: left ?? "it is linked no more", request: found?.live.request ?? null };
		}),
	inverse: (target) => ({ kind: "open-ticket", target: { setting: needed(target, "setting") } }),
};
