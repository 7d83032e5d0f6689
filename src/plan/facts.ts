import { joinAccounts, withOuter } from "../assess/accounts.js";
import { outerGroups } from "../assess/nesting.js";
import { type Condition, peopleRules } from "../assess/people.js";
import { indexRoles } from "../assess/roles.js";
import { openSnapshot, type Snapshot } from "../assess/snapshot.js";
import type { Account, GroupHeld } from "../model/account.js";
import type { KnownList } from "../model/known.js";
import type { AppRecord, CredentialRecord, GroupRecord, MembershipRecord, SettingRecord } from "../model/objects.js";
import type { Scan } from "../model/snapshot.js";
import type { Provider } from "../provider/provider.js";
import type { SettingReach } from "../provider/setting.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { type GroupMembers, membersOf, reachOf } from "./reach.js";

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
	/** Of the groups that were asked for, as a whole or as those that a setting is for. */
	members: Map<string, GroupMembers>;
	/** Whom the settings asked for are for; one that can't be said is missing. */
	reach: Map<string, SettingReach>;
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
	/** Group ids whose members must be there, with their accounts. */
	groups?: ReadonlySet<string>;
	/** Setting ids of which it must be said whom they are for. */
	aims?: ReadonlySet<string>;
	provider?: Provider | undefined;
}

export async function loadFacts(input: FactsInput): Promise<SystemFacts> {
	const { store, stack, scan } = input;
	const snapshot = openSnapshot(store, scan);
	const settings = [...(await seen<SettingRecord>(snapshot, "settings")).values()];
	const reach = reaches(settings, input);
	const members = new Map<string, GroupMembers>();
	for (const group of input.groups ?? []) members.set(group, await membersOf(snapshot, group));
	const wanted = new Set([...input.wanted, ...[...members.values()].flatMap((found) => [...(found ?? [])])]);
	const aimedAt = [...reach.values()].flatMap((who) => (who === "everyone" ? [] : who.groups));
	for (const group of new Set(aimedAt)) if (!members.has(group)) members.set(group, await membersOf(snapshot, group));
	const roles = await indexRoles(snapshot);
	const people = peopleRules(stack, scan.system, input.compile);
	const accounts = new Map<string, Account>();
	for await (const batch of joinAccounts({ snapshot, roles, people, withGroups: false, now: scan.finished ?? scan.started }))
		for (const { account } of batch) if (wanted.has(account.id) || account.breakGlass || (account.roles?.length ?? 0) > 0) accounts.set(account.id, account);
	const groupNames = new Map<string, string>();
	for await (const batch of snapshot.records<GroupRecord>("groups")) for (const { id, body } of batch) groupNames.set(id, body.name);
	const credentials = await seen<CredentialRecord>(snapshot, "credentials");
	return {
		system: scan.system,
		scan,
		snapshot,
		accounts,
		memberships: await joinGroups(snapshot, accounts, groupNames),
		groupNames,
		credentials,
		settings,
		settingsPartial: !snapshot.complete("settings"),
		members,
		reach,
		own: await ownIds(stack, snapshot),
	};
}

function reaches(settings: SettingRecord[], { aims, provider }: FactsInput): Map<string, SettingReach> {
	const found = new Map<string, SettingReach>();
	for (const record of settings) {
		const reach = provider && aims?.has(record.id) ? reachOf(record, settings, provider) : undefined;
		if (reach !== undefined) found.set(record.id, reach);
	}
	return found;
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
	const nested: MembershipRecord[] = [];
	for await (const batch of snapshot.records<MembershipRecord>("memberships"))
		for (const { id, body } of batch) {
			if (body.memberType === "group" && !unseen.has(id)) nested.push(body);
			const held = groups.get(body.account);
			if (!held || unseen.has(id)) continue;
			memberships.set(`${body.group}/${body.account}`, body);
			held.push({ id: body.group, name: names.get(body.group) ?? body.group, source: body.source });
		}
	const outer = nested.length > 0 ? outerGroups(nested) : null;
	for (const account of accounts.values()) {
		const own = groups.get(account.id) ?? [];
		const all = outer
			? Object.assign(
					withOuter(own, outer, (group) => names.get(group) ?? group),
					partial ? { partial: true as const } : {},
				)
			: own;
		if (account.status !== undefined) account.groups = all;
	}
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
