import type { CredentialRecord } from "../../src/model/objects.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import { at, count, word } from "../../src/provider/decode.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { tokenPages } from "./paging.js";
import { decodeAll, type Losses, whole } from "./read.js";
import { accountsByMail, mailKey } from "./read-derived.js";
import { decodeGrant, grantId, plugins } from "./read-plugins.js";

/**
 * What third-party apps were allowed: by an administrator for all, or by single users, which is asked for user by user.
 * A user's app that no user names stays the app's own.
 */
export async function* grants(connection: SspmConnection, context: ReadContext, lost: Losses): AsyncGenerator<ReadPage> {
	const personal = new Map<string, unknown>();
	for await (const page of plugins(connection, context, lost)) {
		const shared = page.items.filter((item) => word(at(item, "level")) !== "USER" || word(at(item, "id")) === undefined);
		for (const item of page.items) if (!shared.includes(item)) personal.set(keyOf(item), item);
		yield { ...decodeAll(shared, decodeGrant, ({ id }) => id), request: page.request, gone: page.gone.map(grantId) };
	}
	if (personal.size === 0) return;
	const held = new Set<string>();
	yield* ofUsers(connection, context, personal, held, lost);
	const others = [...personal].filter(([key]) => !held.has(key)).map(([, item]) => item);
	yield { ...decodeAll(others, decodeGrant, ({ id }) => id), request: null };
}

/** One request a user, within the budget for single accounts. */
async function* ofUsers(
	connection: SspmConnection,
	context: ReadContext,
	personal: ReadonlyMap<string, unknown>,
	held: Set<string>,
	lost: Losses,
): AsyncGenerator<ReadPage> {
	const { signal, budget } = context;
	const { items } = await whole(tokenPages(connection, { method: "GET", path: "/sspm/api/v1/plugin-users" }, { signal }), lost);
	const users = items.filter((user) => count(at(user, "user_level_plugins_count")) !== 0);
	const most = budget.perAccountRequests ?? users.length;
	if (users.length > most)
		lost.add({ cause: "budget", detail: `third-party apps of ${users.length - most} of ${users.length} users were not asked for: it takes one request each` });
	const owners = await accountsByMail(context);
	for (const [done, user] of users.slice(0, most).entries()) {
		const id = word(at(user, "id"));
		if (id === undefined) {
			lost.add({ cause: "quarantine", detail: "a user of third-party apps has no id" });
			continue;
		}
		const request = { method: "GET" as const, path: "/sspm/api/v1/plugin-users/{id}/plugins", params: { id } };
		const list = await whole(tokenPages(connection, request, { id: "third_party_app_id", signal }), lost);
		const records: ReadRecord[] = [];
		for (const item of list.items) {
			const key = keyOf(item);
			const plugin = decodeGrant(personal.get(key));
			if ("bad" in plugin) {
				lost.add({ cause: "error", detail: "a user has a third-party app that the list of third-party apps does not have" });
				continue;
			}
			held.add(key);
			const owner = owners.get(mailKey(word(at(item, "app_id")) ?? "", word(at(user, "email")) ?? ""));
			const { owner: app, ...rest } = plugin.ok;
			const body: CredentialRecord = { ...rest, id: `${plugin.ok.id}/${id}`, app: app ?? null, ...(owner && { owner }) };
			records.push({ id: body.id, body });
		}
		yield { records, request: list.request };
		context.progress(done + 1, users.length);
	}
}

function keyOf(item: unknown): string {
	return `${word(at(item, "app_id"))}\n${word(at(item, "third_party_app_id"))}`;
}
