import type { Known } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import { at, texts, word } from "../../src/provider/decode.js";
import type { SspmConnection } from "./connection.js";
import { listed } from "./operators.js";
import { numberedPages } from "./paging.js";
import { type Losses, whole } from "./read.js";

/** A ticket of the identity calls. */
export interface Ticket {
	id: string;
	key: string;
	resources: string[];
	feature: string | undefined;
	integration: string | undefined;
}

/** Tickets of an instance; undefined where they were not read whole, which `lost` then tells. */
export async function ticketsOf(
	connection: SspmConnection,
	instance: string,
	lost: Losses,
	signal?: AbortSignal,
): Promise<{ tickets: Known<Ticket[]>; request: RequestRef | null }> {
	const request = { method: "GET" as const, path: "/sspm/identity/v1/{saasInstanceId}/tickets", params: { saasInstanceId: instance } };
	const { items, closed, request: from } = await whole(numberedPages(connection, request, { signal }), lost);
	const tickets: Ticket[] = [];
	for (const item of items) {
		const [id, key] = [word(at(item, "id")), word(at(item, "ticketKey"))];
		const said = at(item, "resourceIds");
		// A list in a text: the specification has it as one.
		const resources = typeof said === "string" ? listed(said) : texts(said);
		if (id === undefined || key === undefined || resources === undefined) {
			lost.add({ cause: "error", detail: `${from?.call}: a ticket has no id, key or resources` });
			return { tickets: undefined, request: from };
		}
		tickets.push({ id, key, resources, feature: word(at(item, "feature")), integration: word(at(item, "integrationId")) });
	}
	return { tickets: closed ? tickets : undefined, request: from };
}
