import type { KnownList } from "../model/known.js";
import type { BreakGlassView, SettingRecord, SettingView, System } from "../model/objects.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import type { AccountRun } from "./account-run.js";
import type { JudgedObject } from "./objects.js";
import { matches } from "./people.js";
import type { RoleIndex } from "./roles.js";
import type { Snapshot } from "./snapshot.js";

/** Scans looked back over for the last whole read. */
const lookBack = 50;

/** The tenant as one subject. */
export async function systemView(input: {
	store: Store;
	stack: Stack;
	snapshot: Snapshot;
	accounts: AccountRun;
	roles: RoleIndex;
}): Promise<JudgedObject<System>[]> {
	const { stack, snapshot, accounts } = input;
	const { scan } = snapshot;
	const scans = await input.store.scans({ system: scan.system, asOf: scan.finished ?? scan.started, limit: lookBack });
	const full = scans.find((past) => past.coverage.every((coverage) => coverage.state === "complete"));
	const topAdmins = accounts.topAdmins.map((account) => account.login ?? account.id).sort();
	const subject: System = {
		key: scan.system,
		system: scan.system,
		provider: scan.provider,
		name: scan.system,
		...known("hasTopRole", hasTopRole(snapshot, input.roles)),
		topAdmins: accounts.adminsPartial ? Object.assign(topAdmins, { partial: true as const }) : topAdmins,
		breakGlass: stack.people.breakGlass
			.filter((entry) => entry.system === scan.system)
			.map((entry) => breakGlassView(entry, accounts, snapshot.complete("accounts"))),
		settings: await settingsOf(snapshot),
		lastFullRead: full ? (full.finished ?? full.started) : null,
		incompleteCollections: scan.coverage.filter((coverage) => coverage.state !== "complete").map((coverage) => coverage.collection),
	};
	const request = { call: "derived", requestId: null, at: scan.finished ?? scan.started };
	return [{ subject, ref: { kind: "system", key: scan.system, label: scan.system }, request }];
}

/** A system that reads no roles at all, such as a personnel file, knows none. */
function hasTopRole({ scan }: Snapshot, { ofAccount, ofGroup, ofClient, partial }: RoleIndex): boolean | undefined {
	if (!scan.coverage.some(({ collection }) => collection === "roleAssignments")) return false;
	const top = [ofAccount, ofGroup, ofClient].some((map) => [...map.values()].some((roles) => roles.some(({ level }) => level === "top")));
	return top || (partial ? undefined : false);
}

/** A setting that a broken-off list did not name again is left out: the list is partial then, and nothing is believed of it. */
async function settingsOf(snapshot: Snapshot): Promise<KnownList<SettingView>> {
	const unseen = snapshot.unseen("settings");
	const settings: KnownList<SettingView> = [];
	for await (const batch of snapshot.records<SettingRecord>("settings"))
		for (const { id, body } of batch) if (!unseen.has(id)) settings.push({ kind: body.kind, name: body.name, active: body.active });
	if (!snapshot.complete("settings")) settings.partial = true;
	return settings;
}

function breakGlassView(entry: Stack["people"]["breakGlass"][number], accounts: AccountRun, whole: boolean): BreakGlassView {
	const account = accounts.breakGlass.find((judged) => matches(entry, judged.account))?.account;
	// One that a broken-off list did not name may be there all the same.
	if (!account) return { login: entry.login, ...(whole && { found: false }) };
	const strong = account.authenticators?.some((authenticator) => authenticator.strength === "phishing-resistant");
	return {
		login: entry.login,
		...known("found", account.login === undefined ? undefined : account.login.toLowerCase() === entry.login.toLowerCase()),
		...known("enabled", account.enabled),
		...known("topPrivileged", account.topPrivileged),
		...known("credentialProvider", account.credentialProvider),
		...known("lastActivity", account.lastActivity),
		...known("phishingResistant", strong || !account.authenticators?.partial ? strong : undefined),
	};
}

function known<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
	return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
