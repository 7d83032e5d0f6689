import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { Verification } from "../../src/provider/action.js";
import { ActionError, needed, type SailPointAction } from "./act-guard.js";
import { absent, experimental, identityFacts, liveIdentity } from "./act-identity.js";
import { pause } from "./act-read-back.js";
import { follow, rememberTask, taskOf } from "./act-tasks.js";
import { identities } from "./address.js";
import type { SailPointConnection } from "./connection.js";
import { at, word } from "./schema.js";

/** The two ways of having the vendor work an identity through. Neither leaves a state that says so: the task is the witness. */
interface Work extends Pick<SailPointAction, "kind" | "scopes" | "operatorOnly" | "effect"> {
	send(connection: SailPointConnection, id: string): Promise<{ body: unknown; request: RequestRef }>;
}

const works: Work[] = [
	{
		kind: "process-account",
		scopes: ["idn:identity:process", "idn:identity:read", "idn:task-management:read"],
		operatorOnly: true,
		effect:
			"Works the identity through now: attributes and lifecycle state are calculated anew, roles assigned AND REMOVED by their criteria, access that was not provisioned yet is provisioned, the manager looked up. SailPoint warns not to schedule this: it does the same by events and twice a day itself.",
		send: (connection, id) =>
			connection.http.client.send({ method: "POST", path: identities(connection, "/process"), headers: experimental, body: { identityIds: [id] } }),
	},
	{
		kind: "synchronize-account",
		scopes: ["idn:identity:read", "idn:task-management:read"],
		operatorOnly: false,
		effect: "Writes the identity's attributes to its accounts in sources that have attribute synchronisation; at most once in 10 seconds an identity.",
		async send(connection, id) {
			const sent = await itsTurn(connection, id);
			const path = identities(connection, "/{id}/synchronize-attributes");
			// Counted from the answer: when it arrived there is not known.
			return connection.http.client.send({ method: "POST", path, params: { id }, headers: experimental }).finally(sent);
		},
	},
];

/** Once in ten seconds an identity: https://developer.sailpoint.com/docs/api/v2026/synchronize-attributes-for-identity */
const between: Millis = 10_000;
const lastSent = new WeakMap<SailPointConnection, Map<string, Millis>>();

/** Waits until an identity may be synchronised again, as far as this connection has done so; others are told of by the vendor's 429. */
async function itsTurn(connection: SailPointConnection, id: string): Promise<() => void> {
	const { now } = connection.config;
	const known = lastSent.get(connection) ?? new Map<string, Millis>();
	const wait = (known.get(id) ?? -between) + between - now();
	// A clock that was set back must not make anybody wait for long.
	if (wait > 0) await pause(connection, Math.min(wait, between));
	return () => void lastSent.set(connection, known.set(id, now()));
}

/** Process and synchronise. */
export const processingActions: SailPointAction[] = works.map((work) => ({
	kind: work.kind,
	scopes: work.scopes,
	reversible: false,
	operatorOnly: work.operatorOnly,
	effect: work.effect,
	async inspect(connection, target) {
		const identity = await liveIdentity(connection, needed(target, "account"));
		if (!identity) return absent;
		return { exists: true, done: false, refused: null, facts: identityFacts(identity), request: identity.request };
	},
	async perform(connection, target) {
		const id = needed(target, "account");
		const answer = await work.send(connection, id);
		const task = word(at(answer.body, "id"));
		if (task === undefined) throw new ActionError("SailPoint took it and named no task: nothing can be said of its end", true);
		rememberTask(connection, `${work.kind} ${id}`, task);
		if (word(at(answer.body, "status")) === "ERROR") throw new ActionError(`SailPoint could not do it: job ${task} failed at once`, true);
		await follow(connection, task);
		return answer.request;
	},
	async verify(connection, target): Promise<Verification> {
		const { now } = connection.config;
		const task = taskOf(connection, `${work.kind} ${needed(target, "account")}`);
		if (task === undefined)
			return { holds: true, proof: "accepted", detail: "SailPoint accepted it; which task it became is not known here any more", at: now(), request: null };
		const { state, detail, request } = await follow(connection, task);
		if (state === "unknown") return { holds: true, proof: "accepted", detail: `SailPoint accepted it; ${detail}`, at: now(), request };
		return { holds: state === "done", proof: "log-event", detail, at: now(), request };
	},
	inverse: () => null,
}));
