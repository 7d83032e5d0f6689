import type { Account, AccountRecord, GroupHeld } from "../model/account.js";
import type { KnownList } from "../model/known.js";
import type { GroupRecord, MembershipRecord } from "../model/objects.js";
import type { AuthenticatorsBody, RequestRef } from "../model/snapshot.js";
import type { PeopleRules } from "./people.js";
import { holds, isPrivileged, type RoleIndex, rolesOf } from "./roles.js";
import type { Snapshot } from "./snapshot.js";

/** An account ready to be judged, with the requests its facts came from. */
export interface JudgedAccount {
	account: Account;
	requests: { accounts: RequestRef; authenticators: RequestRef | null; roleAssignments: RequestRef | null };
}

export interface AccountsInput {
	snapshot: Snapshot;
	roles: RoleIndex;
	people: PeopleRules;
	/** Group memberships are joined only when a policy asks for them: they are the largest collection. */
	withGroups: boolean;
	now: number;
}

/** Streams the accounts of one system in id order, in batches, each joined with its authenticators, roles and groups. */
export async function* joinAccounts(input: AccountsInput): AsyncIterable<JudgedAccount[]> {
	const { snapshot, roles, people, now } = input;
	const groups = input.withGroups ? await groupsByAccount(snapshot) : null;
	const unseen = snapshot.unseen("accounts");
	const authenticators = new Cursor(snapshot.records<AuthenticatorsBody>("authenticators"));
	const unreadAuthenticators = snapshot.unseen("authenticators");
	for await (const batch of snapshot.records<AccountRecord>("accounts")) {
		const judged: JudgedAccount[] = [];
		for (const record of batch) {
			const enrolled = await authenticators.at(record.id);
			const account = unseen.has(record.id)
				? unread(snapshot, record.id, record.body.login)
				: ({ ...record.body, ...identity(snapshot, record.id) } as Account);
			if (!unseen.has(record.id)) {
				if (enrolled && !unreadAuthenticators.has(record.id)) account.authenticators = enrolled.body.items;
				const held = rolesOf(roles.ofAccount, record.id, roles.partial);
				account.roles = held;
				account.privileged = holds(held, ["top", "privileged"]);
				account.topPrivileged = holds(held, ["top"]);
				const labels: KnownList<string> = [...new Set(held.filter(isPrivileged).map((role) => role.label))];
				if (held.partial || held.some((role) => role.level === "unknown")) labels.partial = true;
				account.privilegedRoles = labels;
				if (groups) account.groups = groups.of(record.id);
			}
			people.apply(account, now);
			judged.push({
				account,
				requests: { accounts: record.request, authenticators: enrolled?.request ?? null, roleAssignments: roles.request.get(record.id) ?? null },
			});
		}
		yield judged;
	}
}

function identity(snapshot: Snapshot, id: string) {
	const { system, provider } = snapshot.scan;
	return { id, key: `${system}/${id}`, system, provider, kind: "unknown", kindReason: "", external: undefined, breakGlass: false } as const;
}

/** An account that a broken-off list did not name again: it keeps its name for people, and nothing else is believed of it. */
function unread(snapshot: Snapshot, id: string, login: string | undefined): Account {
	return { ...identity(snapshot, id), login, status: undefined, enabled: undefined };
}

async function groupsByAccount(snapshot: Snapshot): Promise<{ of(id: string): KnownList<GroupHeld> }> {
	const names = await snapshot.all<GroupRecord>("groups");
	const byAccount = new Map<string, KnownList<GroupHeld>>();
	const partial = !snapshot.complete("memberships");
	const unseen = snapshot.unseen("memberships");
	for await (const batch of snapshot.records<MembershipRecord>("memberships"))
		for (const { id, body } of batch) {
			if (unseen.has(id)) continue;
			const held: GroupHeld = { id: body.group, name: names.get(body.group)?.body.name ?? body.group, source: body.source };
			const list = byAccount.get(body.account);
			if (list) list.push(held);
			else byAccount.set(body.account, [held]);
		}
	return {
		of(id) {
			const list = byAccount.get(id) ?? [];
			if (partial) list.partial = true;
			return list;
		},
	};
}

/** Walks batches in id order, answering for ids asked in the same order: a merge join without a map of everything. */
class Cursor<T extends { id: string }> {
	#batches: AsyncIterator<T[]>;
	#batch: T[] = [];
	#at = 0;
	#done = false;
	constructor(batches: AsyncIterable<T[]>) {
		this.#batches = batches[Symbol.asyncIterator]();
	}
	async at(id: string): Promise<T | undefined> {
		while (!this.#done) {
			const record = this.#batch[this.#at];
			if (record === undefined) {
				const next = await this.#batches.next();
				this.#batch = next.done ? [] : next.value;
				this.#at = 0;
				this.#done = next.done ?? false;
				continue;
			}
			if (record.id === id) return record;
			if (record.id > id) return undefined;
			this.#at++;
		}
		return undefined;
	}
}
