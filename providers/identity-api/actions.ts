import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionKind, ActionSpec, ActionTarget, Inspection } from "../../src/provider/action.js";
import { ActionError, needed } from "../../src/provider/action-error.js";
import { at, object } from "../../src/provider/decode.js";
import type { HttpAnswer } from "../../src/provider/http.js";
import { cleanText, HttpError } from "../../src/provider/http-error.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import type { IdentityConnection } from "./connection.js";
import { readScope, writeScope } from "./dialect.js";
import { type Live, liveIdentity } from "./live.js";
import type { Filters } from "./paging.js";
import { askedFor, tenancy } from "./read-accounts.js";
import type { WireAction } from "./wire.js";

interface Move extends Pick<ActionSpec, "effect" | "operatorOnly"> {
	kind: ActionKind;
	call: WireAction;
	/** For the API's own log. */
	label: string;
	/** Status that the change leads to; null = it shows nowhere. */
	to: string | null;
}

const moves: Move[] = [
	{
		kind: "expire-password",
		call: "force-password-reset",
		label: "expire the password",
		to: "password_reset_required",
		operatorOnly: false,
		effect: "A new password must be set at the next sign-in; sessions go on until they are ended.",
	},
	{
		kind: "end-sessions",
		call: "revoke-sessions",
		label: "end sessions",
		to: null,
		operatorOnly: false,
		effect: "Sessions that the API knows end; those that apps keep themselves live on until they expire there.",
	},
	{
		kind: "suspend-account",
		call: "disable",
		label: "suspend the account",
		to: "disabled",
		operatorOnly: true,
		effect: "Nobody signs in with the identity any more. The API has no call that enables it again: that is done where the identity lives.",
	},
];

const absent: Inspection = { exists: false, done: false, refused: "the API has no such identity", facts: {}, request: null };

/** All that Keelson changes by this API. */
export const actions: ActionSpec<IdentityConnection>[] = moves.map((move) => ({
	kind: move.kind,
	scopes: [writeScope, readScope],
	reversible: false,
	operatorOnly: move.operatorOnly,
	effect: move.effect,
	...(move.to !== null && { leadsTo: [move.to] }),
	refusesStatus: (status) => refusal(move, status),
	async inspect(connection, target) {
		const live = await liveIdentity(connection, needed(target, "account"));
		if (!live) return absent;
		const { status } = live.account;
		const done = move.to !== null && status === move.to;
		const refused =
			notOurs(connection, live) ?? (done ? null : status === undefined ? "the API does not say what state the identity is in" : refusal(move, status));
		return { exists: true, done, refused, facts: factsOf(live), request: live.request };
	},
	async perform(connection, target, before) {
		const { config, client } = connection;
		if (config.purpose !== "act") throw new ActionError(`systems.${config.system}.auth only reads: changes need the credential under act`);
		const id = needed(target, "account");
		const request = { method: "POST" as const, path: `/v1/identity/{id}/${move.call}`, params: { id }, body: { reason: `keelson: ${move.label}` } };
		try {
			return accepted(await client.send(request), id);
		} catch (error) {
			// Refused because of the identity's state: the change may hold already, by a repeat or another hand.
			if (!(error instanceof HttpError) || (error.status !== 409 && error.status !== 422)) throw error;
			const seen = await readBack(config, look(connection, move, target, before), 2_000);
			if (move.to === null || !seen.holds || seen.proof !== "read-back") throw error;
			return error.request;
		}
	},
	verify: (connection, target, before) => readBack(connection.config, look(connection, move, target, before)),
	inverse: () => null,
}));

function refusal(move: Move, status: string): string | null {
	if (status !== "disabled" || move.kind === "suspend-account") return null;
	return move.kind === "end-sessions" ? null : "the identity is disabled: nobody signs in with it";
}

/** With a tenant or a provider in the stack file, only identities that are said to be of it are changed. */
function notOurs(connection: IdentityConnection, { account }: Live): string | null {
	const whose = tenancy(connection, account);
	if (whose === "ours") return null;
	const { tenantId, provider } = account.profile ?? {};
	const named = [typeof tenantId === "string" && `tenant ${cleanText(tenantId)}`, typeof provider === "string" && `provider ${cleanText(provider)}`];
	const told = whose === "foreign" ? `it belongs to ${named.filter(Boolean).join(" and ")}` : "the API does not say whose identity it is";
	return `${told}, and the stack file asks for those ${askedFor(connection)}`;
}

/** What a proxy or another server answers is no word of the API's; an answer without a body can be. */
function accepted({ body, request }: HttpAnswer, id: string): RequestRef {
	if (body === null) return request;
	const named = at(body, "data", "id") ?? at(body, "id");
	if (object(body) !== null && (named === undefined || named === id)) return request;
	const what = object(body) === null ? "no answer of the Identity API" : "of another identity";
	throw new ActionError(`${request.call}: the answer is ${what}: whether the change was made is not known`, true);
}

function factsOf({ account }: Live): Record<string, unknown> {
	const { provider, tenantId, privileged, mfaEnrolled } = account.profile ?? {};
	return {
		...(account.status !== undefined && { status: account.status }),
		...(provider !== undefined && { provider }),
		...(tenantId !== undefined && { tenantId }),
		...(privileged !== undefined && { privileged }),
		...(mfaEnrolled !== undefined && { mfaEnrolled }),
	};
}

/** One look at whether the change shows. The contract names no status words, so one that nobody knows can be what the API calls it. */
function look(connection: IdentityConnection, move: Move, target: ActionTarget, before: Inspection | undefined): () => Promise<Look> {
	const like: Filters = {
		...(typeof before?.facts.provider === "string" && { provider: before.facts.provider }),
		...(typeof before?.facts.tenantId === "string" && { tenant_id: before.facts.tenantId }),
		...(typeof before?.facts.privileged === "boolean" && { privileged: String(before.facts.privileged) }),
		...(typeof before?.facts.mfaEnrolled === "boolean" && { mfa_enrolled: String(before.facts.mfaEnrolled) }),
	};
	return async () => {
		const live = await liveIdentity(connection, needed(target, "account"), like);
		if (!live) return { holds: false, detail: "the API has no such identity", request: null };
		const { status, enabled } = live.account;
		const { request } = live;
		if (move.to === null) return { holds: true, proof: "accepted", detail: "the API accepted it and shows no sessions: nothing more can be seen", request };
		if (status === move.to) return { holds: true, detail: `its status is ${status}`, request };
		const told = before?.facts.status;
		if (status !== undefined && enabled === undefined && status !== "locked" && told !== undefined && told !== status)
			return {
				holds: true,
				proof: "accepted",
				detail: `the API accepted it, and the status went from ${String(told)} to ${status}, a word that is not known here`,
				request,
			};
		return { holds: false, detail: status === undefined ? "the API does not say its status" : `its status is ${status}`, request };
	};
}
