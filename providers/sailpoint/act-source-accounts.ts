import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionKind, ActionTarget, Inspection } from "../../src/provider/action.js";
import { ActionError, needed, type SailPointAction } from "./act-guard.js";
import { absent, identityFacts, liveIdentity } from "./act-identity.js";
import { type Look, readBack } from "./act-read-back.js";
import { follow } from "./act-tasks.js";
import type { SailPointConnection } from "./connection.js";
import { isGone, one, whole } from "./read.js";
import { at, word } from "./schema.js";
import { decodeSource, decodeSourceAccount, type Source, type SourceAccount } from "./schema-source.js";

/** A change of the source accounts of one identity, by a call for each. */
interface Change extends Pick<SailPointAction, "kind" | "reversible" | "operatorOnly" | "effect"> {
	/** Last part of the path. */
	call: "disable" | "enable" | "unlock";
	/** The account is so already; undefined = can't be said. */
	holds(account: SourceAccount): boolean | undefined;
	/** The source's connector can do it; undefined = can't be said. */
	able(source: Source): boolean | undefined;
	inverse: ActionKind | null;
}

const which =
	"every account that the identity has in sources, save authoritative ones and those whose connector can't do it; or, where `app` names a source or `credential` accounts of sources (ids, joined by commas), these alone";

const changes: Change[] = [
	{
		kind: "suspend-account",
		call: "disable",
		holds: ({ disabled }) => disabled,
		able: ({ canEnable }) => canEnable,
		reversible: true,
		operatorOnly: true,
		effect: `Disables ${which}. The identity, its lifecycle state and its sign-in to Identity Security Cloud stay, and the next change of lifecycle state may enable them again.`,
		inverse: "unsuspend-account",
	},
	{
		kind: "unsuspend-account",
		call: "enable",
		holds: ({ disabled }) => (disabled === undefined ? undefined : !disabled),
		able: ({ canEnable }) => canEnable,
		reversible: true,
		operatorOnly: true,
		effect: `Enables ${which}.`,
		inverse: "suspend-account",
	},
	{
		kind: "unlock-account",
		call: "unlock",
		holds: ({ locked }) => (locked === undefined ? undefined : !locked),
		able: ({ canUnlock }) => canUnlock,
		reversible: false,
		operatorOnly: true,
		effect: `Unlocks ${which}. It does not unlock the identity's sign-in to Identity Security Cloud itself.`,
		inverse: null,
	},
];

interface Chosen {
	/** To be changed. */
	open: SourceAccount[];
	/** As they should be already. */
	settled: SourceAccount[];
	refused: string | null;
	request: RequestRef | null;
}

/** Which accounts of the identity the target means, read live. @throws HttpError, ActionError when they can't be read whole */
async function choose(connection: SailPointConnection, change: Change, target: ActionTarget): Promise<Chosen> {
	const identity = needed(target, "account");
	const query = { filters: `identityId eq ${JSON.stringify(identity)}`, sorters: "id" };
	const found = await whole(connection, { path: "/v2026/accounts", query }, connection.config.signal);
	if (found.end.error) throw found.end.error;
	if (!found.end.closed || found.quarantined.length > 0) throw new ActionError("the identity's accounts could not be read to the end");
	const decoded = found.items.map((item) => {
		const one = decodeSourceAccount(item);
		if ("bad" in one) throw new ActionError(`an account of the identity can't be understood: ${one.bad}`);
		return one.ok;
	});
	// The filter is the vendor's; that an account is this identity's is looked at again.
	const own = decoded.filter((account) => account.identity === identity && account.system !== true);
	const wanted = target.credential?.split(",").map((id) => id.trim());
	const stranger = wanted?.find((id) => !own.some((account) => account.id === id));
	if (stranger !== undefined) return nothing(`the identity has no account ${stranger}`, found.request);
	const named = own.filter(({ id, source }) => (wanted === undefined || wanted.includes(id)) && (target.app === undefined || source === target.app));
	const sources = await Promise.all([...new Set(named.map(({ source }) => source))].map((id) => sourceOf(connection, id)));
	const byId = new Map(sources.map((source) => [source.id, source]));
	const able = named.filter(({ source }) => byId.get(source)?.authoritative === false && change.able(byId.get(source) as Source) === true);
	const precise = wanted !== undefined || target.app !== undefined;
	const unable = named.find((account) => !able.includes(account));
	if (precise && unable) return nothing(why(change, byId.get(unable.source)), found.request);
	if (able.length === 0)
		return nothing(named.length === 0 ? "the identity has no such account in a source" : why(change, byId.get(named[0]?.source ?? "")), found.request);
	const unsure = able.find((account) => change.holds(account) === undefined);
	if (unsure) return nothing(`SailPoint does not say how account ${unsure.id} stands`, found.request);
	return {
		open: able.filter((account) => change.holds(account) === false),
		settled: able.filter((account) => change.holds(account) === true),
		refused: null,
		request: found.request,
	};
}

function past({ call }: Change): string {
	return call === "unlock" ? "unlocked" : `${call}d`;
}

function nothing(refused: string, request: RequestRef | null): Chosen {
	return { open: [], settled: [], refused, request };
}

function why({ call }: Change, source: Source | undefined): string {
	if (source?.authoritative !== false) return `source ${source?.name ?? "?"} is authoritative, or may be: its accounts are changed where people are managed`;
	return `the connector of source ${source.name} can't ${call} accounts`;
}

async function sourceOf(connection: SailPointConnection, id: string): Promise<Source> {
	const answer = await one(connection, { path: "/v2026/sources/{id}", params: { id } }, connection.config.signal);
	if ("error" in answer) throw answer.error;
	const source = decodeSource(answer.body);
	if ("bad" in source || source.ok.id !== id) throw new ActionError(`source ${id} can't be understood`);
	return source.ok;
}

async function liveAccount(connection: SailPointConnection, id: string): Promise<{ account: SourceAccount; request: RequestRef } | null> {
	const answer = await one(connection, { path: "/v2026/accounts/{id}", params: { id } }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	const account = decodeSourceAccount(answer.body);
	if ("bad" in account || account.ok.id !== id) throw new ActionError(`SailPoint answers to account ${id} with another object`);
	return { account: account.ok, request: answer.request };
}

/** Ids that a look before the change named. */
function idsOf(facts: Inspection["facts"] | undefined): string[] | null {
	const ids = facts?.accounts;
	return Array.isArray(ids) && ids.every((id) => typeof id === "string") ? ids : null;
}

/** Disable, enable and unlock accounts in sources. */
export const sourceAccountActions: SailPointAction[] = changes.map((change) => ({
	kind: change.kind,
	scopes: ["idn:accounts-state:manage", "idn:accounts:read", "idn:identity:read", "idn:sources:read", "idn:task-management:read"],
	reversible: change.reversible,
	operatorOnly: change.operatorOnly,
	effect: change.effect,
	async inspect(connection, target, interrupted) {
		const identity = await liveIdentity(connection, needed(target, "account"));
		if (!identity) return absent;
		const { open, settled, refused, request } = await choose(connection, change, target);
		const done = refused === null && open.length === 0;
		// What an interrupted call was about to change and is changed is its doing, and is taken back with the rest.
		const begun = idsOf(interrupted) ?? [];
		const made = settled.filter(({ id }) => begun.includes(id));
		const facts = {
			...identityFacts(identity),
			accounts: [...made, ...open].map(({ id }) => id),
			unchanged: settled.filter((account) => !made.includes(account)).map(({ id }) => id),
		};
		const halfDone = refused === null && !done && made.length > 0;
		return { exists: true, done, refused, facts, request, ...(halfDone && { halfDone }) };
	},
	async perform(connection, target, before) {
		const { open, refused, request } = await choose(connection, change, target);
		if (refused !== null) throw new ActionError(refused);
		const seen = idsOf(before?.facts);
		const more = seen && open.find(({ id }) => !seen.includes(id));
		if (more) throw new ActionError(`account ${more.id} was not there when it was looked at: look again`);
		let last = request;
		for (const [done, { id }] of open.entries()) {
			try {
				const answer = await connection.http.client.send({ method: "POST", path: `/v2026/accounts/{id}/${change.call}`, params: { id }, body: {} });
				last = answer.request;
				const task = word(at(answer.body, "id"));
				if (task !== undefined) await follow(connection, task);
			} catch (error) {
				// A refusal after the first account is not one of the whole change.
				if (done === 0 || connection.config.signal?.aborted) throw error;
				throw new ActionError(
					`${done} of ${open.length} accounts ${done === 1 ? "was" : "were"} ${past(change)} before account ${id}: ${(error as Error).message}`,
					true,
				);
			}
		}
		return last ?? { call: `POST /v2026/accounts/{id}/${change.call}`, requestId: null, at: connection.config.now() };
	},
	verify(connection, target, before) {
		return readBack(connection, async (): Promise<Look> => {
			const ids = idsOf(before.facts) ?? (await choose(connection, change, target)).open.map(({ id }) => id);
			let last: RequestRef | null = null;
			for (const id of ids) {
				const live = await liveAccount(connection, id);
				if (!live || change.holds(live.account) !== true)
					return {
						holds: false,
						detail: live ? `account ${id} is not ${past(change)}` : `account ${id} is gone`,
						request: live?.request ?? last,
					};
				last = live.request;
			}
			return {
				holds: true,
				detail: `${ids.length} accounts of sources read back: ${past(change)}`,
				request: last,
			};
		});
	},
	inverse(target, before) {
		const ids = idsOf(before.facts) ?? [];
		if (change.inverse === null || ids.length === 0) return null;
		return { kind: change.inverse, target: { account: needed(target, "account"), credential: ids.join(",") } };
	},
}));
