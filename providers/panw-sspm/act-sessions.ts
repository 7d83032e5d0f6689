import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionSpec, Inspection } from "../../src/provider/action.js";
import { ActionError, needed } from "../../src/provider/action-error.js";
import { at, word } from "../../src/provider/decode.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import { assertWriting } from "./act-ticket.js";
import type { LogOut, SspmConnection } from "./connection.js";
import { readRole, writeRole } from "./dialect.js";
import { type Holder, holderOf } from "./find-account.js";
import { one } from "./read.js";

const path = "/sspm/identity/v1/idps/{idpId}/accounts/logout";

/** Milliseconds. The batch waits for the identity provider, of which nothing is documented. */
const batchBudget = 120_000;

const absent: Inspection = { exists: false, done: false, refused: "the vendor has no such account", facts: {}, request: null };

/** Logs a person out of the identity providers that the product may act on: an asynchronous batch, followed to its end. */
export const endSessions: ActionSpec<SspmConnection> = {
	kind: "end-sessions",
	scopes: [readRole, writeRole],
	reversible: false,
	operatorOnly: false,
	effect: "The account's person is logged out of the identity providers that the product has seen them sign in at. Sessions that apps keep themselves live on.",
	async inspect(connection, target) {
		const holder = await holderOf(connection, needed(target, "account"));
		if (!holder) return absent;
		const { account, places, request } = holder;
		const facts = { login: account.login ?? null, providers: places.map(({ idp }) => idp) };
		return { exists: true, done: false, refused: refusal(holder), facts, request };
	},
	async perform(connection, target) {
		assertWriting(connection);
		const id = needed(target, "account");
		const holder = await holderOf(connection, id);
		if (!holder) throw new ActionError("the vendor has no such account");
		const refused = refusal(holder);
		if (refused !== null) throw new ActionError(refused);
		const asked: LogOut[] = [];
		connection.batches.set(id, asked);
		let last = holder.request;
		for (const { idp, user } of holder.places) {
			const answer = await connection.send({ method: "POST", path, params: { idpId: idp }, body: { users: [user] } });
			asked.push({ idp, user, batch: batchIn(answer.body) });
			last = answer.request;
		}
		return last;
	},
	async verify(connection, target) {
		const id = needed(target, "account");
		// After a crash the batches' ids are lost, and the vendor tells of the last one only.
		const asked = connection.batches.get(id) ?? (await lastOnes(connection, id));
		if (asked.length === 0) return { holds: false, proof: "log-event", detail: "no log-out is known", at: connection.config.now(), request: null };
		return readBack(connection.config, () => lookAt(connection, asked), batchBudget);
	},
	inverse: () => null,
};

function refusal({ account, places }: Holder): string | null {
	if (places.length > 0) return null;
	if (!account.email) return "the account has no mail address, by which its person could be found at an identity provider";
	return "no identity provider that the product can log people out of has seen this person sign in";
}

async function lastOnes(connection: SspmConnection, id: string): Promise<LogOut[]> {
	const holder = await holderOf(connection, id);
	return (holder?.places ?? []).map(({ idp, user }) => ({ idp, user, batch: undefined }));
}

/** The answer has no documented body: the bare id, or an object with it. */
function batchIn(body: unknown): string | undefined {
	return word(body) ?? word(at(body, "batch_id")) ?? word(at(body, "batchId")) ?? word(at(body, "id"));
}

async function lookAt(connection: SspmConnection, asked: readonly LogOut[]): Promise<Look> {
	let request: RequestRef | null = null;
	let proof: NonNullable<Look["proof"]> = "log-event";
	for (const { idp, user, batch } of asked) {
		const query = batch === undefined ? {} : { batch_id: batch };
		const answer = await one(connection, { method: "GET", path, params: { idpId: idp }, query }, connection.config.signal);
		if ("error" in answer) {
			if (answer.error.status === 404) return { holds: false, proof, detail: "the vendor knows no such log-out", request: answer.error.request };
			throw answer.error;
		}
		request = answer.request;
		const state = stateOf(answer.body, user, batch !== undefined);
		if (state === "running") return { holds: false, proof, detail: "the log-out is under way", request };
		if (state === "failed") return { holds: false, final: true, proof, detail: "the identity provider did not log the person out", request };
		// Without the batch's id it may be an earlier log-out that ended well.
		if (state === "unsaid" && batch === undefined) return { holds: false, proof, detail: "the last log-out that the vendor tells of is another's", request };
		if (state === "unsaid" || batch === undefined) proof = "accepted";
	}
	const detail =
		proof === "accepted" ? "the vendor accepted it, and does not say for certain how it ended" : "the log-out ended well at every identity provider";
	return { holds: true, proof, detail, request };
}

/** The status has no documented body either: the word of a row about the user, or else of the batch. */
function stateOf(body: unknown, user: string, ours: boolean): "done" | "running" | "failed" | "unsaid" {
	const rows = [at(body, "users"), at(body, "items"), body].find(Array.isArray);
	const row = (rows ?? []).find((item) => [at(item, "user"), at(item, "userId"), at(item, "id"), at(item, "email")].includes(user));
	const told = word(at(row, "status")) ?? (ours ? (word(at(body, "status")) ?? word(body)) : undefined);
	if (told === undefined) return "unsaid";
	if (/fail|error|denied|reject|timed?_?out|unsuccess|incomplete/i.test(told)) return "failed";
	if (/pend|progress|run|queue|start|submit|accept/i.test(told)) return "running";
	return /success|complete|done|finish|logged_?out/i.test(told) ? "done" : "unsaid";
}
