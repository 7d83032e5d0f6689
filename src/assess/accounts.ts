import type { Account, AccountRecord, GroupHeld, RoleHeld, VendorRisk } from "../model/account.js";
import type { KnownList } from "../model/known.js";
import type { GroupRecord, MembershipRecord } from "../model/objects.js";
import type { ActivityBody, AuthenticatorsBody, RequestRef } from "../model/snapshot.js";
import { type Links, nowhereElse } from "./link-systems.js";
import { outerGroups } from "./nesting.js";
import type { PeopleRules } from "./people.js";
import { holds, isPrivileged, type RoleIndex, rolesOf } from "./roles.js";
import type { Snapshot } from "./snapshot.js";

/** An account ready to be judged, with the requests its facts came from. */
export interface JudgedAccount {
	account: Account;
	requests: {
		accounts: RequestRef;
		authenticators: RequestRef | null;
		risks: RequestRef | null;
		roleAssignments: RequestRef | null;
		/** The log's, where it told of a newer sign-in than the account itself. */
		activity: RequestRef | null;
	};
}

export interface AccountsInput {
	snapshot: Snapshot;
	roles: RoleIndex;
	people: PeopleRules;
	/** Who stands behind the accounts, over all systems; absent: nothing is linked. */
	links?: Links | null;
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
	const activity = new Cursor(snapshot.records<ActivityBody>("activity"));
	const risks = new Cursor(snapshot.records<VendorRisk>("risks"));
	const unreadAuthenticators = snapshot.unseen("authenticators");
	const unreadRisks = snapshot.unseen("risks");
	for await (const batch of snapshot.records<AccountRecord>("accounts")) {
		const judged: JudgedAccount[] = [];
		for (const record of batch) {
			if (!authenticators.reaches(record.id)) await authenticators.advance(record.id);
			if (!activity.reaches(record.id)) await activity.advance(record.id);
			if (!risks.reaches(record.id)) await risks.advance(record.id);
			const risk = risks.at(record.id);
			const enrolled = authenticators.at(record.id);
			const seen = activity.at(record.id);
			const account = unseen.has(record.id)
				? unread(snapshot, record.id, record.body.login)
				: Object.assign(record.body as Account, identity(snapshot, record.id));
			if (!unseen.has(record.id)) {
				if (enrolled && !unreadAuthenticators.has(record.id)) account.authenticators = enrolled.body.items;
				if (risk && !unreadRisks.has(record.id)) account.risk = risk.body;
				const held = rolesOf(roles.ofAccount, record.id, roles.partial);
				account.roles = held;
				account.privileged = holds(held, ["top", "privileged"]);
				account.topPrivileged = holds(held, ["top"]);
				account.privilegedRoles = privilegedLabels(held);
				if (groups) account.groups = groups.of(record.id);
			}
			const newer = seen !== undefined && isNewer(seen.body, account.lastActivity);
			if (newer) {
				account.lastActivity = seen.body.at;
				account.activitySignal = seen.body.signal;
			}
			people.apply(account, now);
			input.links?.apply(account);
			judged.push({
				account,
				requests: {
					accounts: record.request,
					authenticators: enrolled?.request ?? null,
					risks: risk?.request ?? null,
					roleAssignments: roles.request.get(record.id) ?? null,
					activity: newer ? seen.request : null,
				},
			});
		}
		yield judged;
	}
}

function privilegedLabels(held: KnownList<RoleHeld>): KnownList<string> {
	if (held.length === 0 && !held.partial) return noLabels;
	const labels: KnownList<string> = [...new Set(held.filter(isPrivileged).map((role) => role.label))];
	if (held.partial || held.some((role) => role.level === "unknown")) labels.partial = true;
	return labels;
}

/** Shared by all that hold no role: nearly everybody. */
const noLabels: KnownList<string> = Object.freeze([]) as never[];

/**
 * Whether the log knows of a sign-in after the account's own last one, or of one where the account says never.
 * Where the account does not say, the log's time is only "then or later", which would make an account look idle that is not: it stays unknown.
 */
function isNewer(seen: ActivityBody, own: Account["lastActivity"]): boolean {
	return own !== undefined && (own === null || seen.at > own);
}

function identity(snapshot: Snapshot, id: string) {
	const { system, provider } = snapshot.scan;
	return {
		id,
		key: `${system}/${id}`,
		system,
		provider,
		kind: "unknown",
		kindReason: "",
		external: undefined,
		breakGlass: false,
		workersKnown: false,
		linked: false,
		activityElsewhere: nowhereElse,
	} as const;
}

/** An account that a broken-off list did not name again: it keeps its name for people, and nothing else is believed of it. */
function unread(snapshot: Snapshot, id: string, login: string | undefined): Account {
	return { ...identity(snapshot, id), login, status: undefined, enabled: undefined, activityElsewhere: undefined };
}

async function groupsByAccount(snapshot: Snapshot): Promise<{ of(id: string): KnownList<GroupHeld> }> {
	const names = await snapshot.all<GroupRecord>("groups");
	const byAccount = new Map<string, KnownList<GroupHeld>>();
	const partial = !snapshot.complete("memberships");
	const unseen = snapshot.unseen("memberships");
	const nested: MembershipRecord[] = [];
	for await (const batch of snapshot.records<MembershipRecord>("memberships"))
		for (const { id, body } of batch) {
			if (unseen.has(id)) continue;
			if (body.memberType === "group") {
				nested.push(body);
				continue;
			}
			const held: GroupHeld = { id: body.group, name: names.get(body.group)?.body.name ?? body.group, source: body.source };
			const list = byAccount.get(body.account);
			if (list) list.push(held);
			else byAccount.set(body.account, [held]);
		}
	const outer = nested.length > 0 ? outerGroups(nested) : null;
	return {
		of(id) {
			const own = byAccount.get(id) ?? [];
			const list: KnownList<GroupHeld> = outer ? withOuter(own, outer, (group) => names.get(group)?.body.name ?? group) : own;
			if (partial) list.partial = true;
			return list;
		},
	};
}

/** The groups and those around them, each once; the account's own come first. */
export function withOuter(own: GroupHeld[], outer: ReturnType<typeof outerGroups>, name: (group: string) => string): KnownList<GroupHeld> {
	const all = new Map(own.map((held) => [held.id, held]));
	for (const { id } of own)
		for (const { group, through, source } of outer(id)) if (!all.has(group)) all.set(group, { id: group, name: name(group), source, through });
	return [...all.values()];
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
	/** Whether `at` can answer from what is read: one waits once a batch, and not once an account. */
	reaches(id: string): boolean {
		const last = this.#batch.at(-1);
		return this.#done || (last !== undefined && last.id >= id);
	}
	async advance(id: string): Promise<void> {
		while (!this.reaches(id)) {
			const next = await this.#batches.next();
			this.#batch = next.done ? [] : next.value;
			this.#at = 0;
			this.#done = next.done ?? false;
		}
	}
	at(id: string): T | undefined {
		for (;;) {
			const record = this.#batch[this.#at];
			if (record === undefined || record.id > id) return undefined;
			if (record.id === id) return record;
			this.#at++;
		}
	}
}
