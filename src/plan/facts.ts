import { joinAccounts } from "../assess/accounts.js";
import { type Condition, peopleRules } from "../assess/people.js";
import { indexRoles } from "../assess/roles.js";
import { openSnapshot, type Snapshot } from "../assess/snapshot.js";
import type { Account, GroupHeld } from "../model/account.js";
import type { KnownList } from "../model/known.js";
import type { AppRecord, CredentialRecord, GroupRecord, MembershipRecord, SettingRecord } from "../model/objects.js";
import type { Scan } from "../model/snapshot.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";

/** What plans and proofs need to know of one system, from one scan: the accounts asked for and every administrator, whole. */
export interface SystemFacts {
	system: string;
	scan: Scan;
	snapshot: Snapshot;
	/** Accounts asked for, holders of a role, emergency accounts. What a broken-off list did not name again has no status. */
	accounts: Map<string, Account>;
	/** Record id `<group>/<account>`, of the accounts above. */
	memberships: Map<string, MembershipRecord>;
	groupNames: Map<string, string>;
	credentials: Map<string, CredentialRecord>;
	/** Those that the scan read. */
	settings: SettingRecord[];
	settingsPartial: boolean;
	/** Client and app ids of Keelson's own credentials. */
	own: ReadonlySet<string>;
}

export interface FactsInput {
	store: Store;
	stack: Stack;
	compile(text: string): Condition;
	scan: Scan;
	/** Account ids that must be there. */
	wanted: ReadonlySet<string>;
}

export async function loadFacts(input: FactsInput): Promise<SystemFacts> {
	const { store, stack, scan, wanted } = input;
	const snapshot = openSnapshot(store, scan);
	const roles = await indexRoles(snapshot);
	const people = peopleRules(stack, scan.system, input.compile);
	const accounts = new Map<string, Account>();
	for await (const batch of joinAccounts({ snapshot, roles, people, withGroups: false, now: scan.finished ?? scan.started }))
		for (const { account } of batch) if (wanted.has(account.id) || account.breakGlass || (account.roles?.length ?? 0) > 0) accounts.set(account.id, account);
	const groupNames = new Map<string, string>();
	for await (const batch of snapshot.records<GroupRecord>("groups")) for (const { id, body } of batch) groupNames.set(id, body.name);
	const credentials = await seen<CredentialRecord>(snapshot, "credentials");
	const settings = await seen<SettingRecord>(snapshot, "settings");
	return {
		system: scan.system,
		scan,
		snapshot,
		accounts,
		memberships: await joinGroups(snapshot, accounts, groupNames),
		groupNames,
		credentials,
		settings: [...settings.values()],
		settingsPartial: !snapshot.complete("settings"),
		own: await ownIds(stack, snapshot),
	};
}

async function seen<T>(snapshot: Snapshot, collection: "credentials" | "settings"): Promise<Map<string, T>> {
	const unseen = snapshot.unseen(collection);
	const found = new Map<string, T>();
	for await (const batch of snapshot.records<T>(collection)) for (const { id, body } of batch) if (!unseen.has(id)) found.set(id, body);
	return found;
}

/** Gives the accounts their groups, in one pass over the memberships. */
async function joinGroups(snapshot: Snapshot, accounts: Map<string, Account>, names: Map<string, string>): Promise<Map<string, MembershipRecord>> {
	const memberships = new Map<string, MembershipRecord>();
	const groups = new Map<string, KnownList<GroupHeld>>();
	const partial = !snapshot.complete("memberships");
	const unseen = snapshot.unseen("memberships");
	for (const id of accounts.keys()) groups.set(id, partial ? Object.assign([], { partial: true as const }) : []);
	for await (const batch of snapshot.records<MembershipRecord>("memberships"))
		for (const { id, body } of batch) {
			const held = groups.get(body.account);
			if (!held || unseen.has(id)) continue;
			memberships.set(`${body.group}/${body.account}`, body);
			held.push({ id: body.group, name: names.get(body.group) ?? body.group, source: body.source });
		}
	for (const account of accounts.values()) if (account.status !== undefined) account.groups = groups.get(account.id) ?? [];
	return memberships;
}

/** The ids by which the vendor knows Keelson's own two clients, and their apps. */
async function ownIds(stack: Stack, snapshot: Snapshot): Promise<Set<string>> {
	const declared = stack.systems[snapshot.scan.system];
	const clients = new Set([declared?.auth.clientId, declared?.act?.clientId].filter((id) => typeof id === "string"));
	const own = new Set<string>(clients);
	for await (const batch of snapshot.records<AppRecord>("apps")) for (const { id, body } of batch) if (body.clientId && clients.has(body.clientId)) own.add(id);
	return own;
}
