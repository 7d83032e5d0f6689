import type { Account } from "../model/account.js";
import type { Problem } from "../model/assessment.js";
import type { SubjectKind } from "../model/finding.js";
import type { CredentialRecord, DeviceRecord } from "../model/objects.js";
import type { Scan } from "../model/snapshot.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { type AccountRun, runAccounts } from "./account-run.js";
import type { AssessInput } from "./assess.js";
import { devices } from "./devices.js";
import type { Exemptions } from "./exemptions.js";
import { type Judge, judge } from "./judge.js";
import type { Links } from "./link-systems.js";
import { judgeManaged } from "./managed-run.js";
import { apps, credentials, groups, type JudgedObject, settings } from "./objects.js";
import { peopleRules } from "./people.js";
import { indexRoles } from "./roles.js";
import { openSnapshot, type Snapshot } from "./snapshot.js";
import { systemView } from "./system.js";
import { plainWeight } from "./tally.js";

export interface SystemRunInput extends AssessInput {
	scan: Scan;
	book: Judge;
	exempt: Exemptions;
	links: Links | null;
	met?(account: Account): void;
}

export interface SystemRun {
	scan: Scan;
	snapshot: Snapshot;
	accounts: AccountRun;
	problems: Problem[];
}

/** Judges everything of one system: accounts first, since the rest is joined with them. */
export async function assessSystem(input: SystemRunInput): Promise<SystemRun> {
	const { stack, scan, book, exempt } = input;
	const snapshot = openSnapshot(input.store, scan);
	const now = scan.finished ?? scan.started;
	const roles = await indexRoles(snapshot);
	const people = peopleRules(stack, scan.system, input.compile);
	const of = (kind: SubjectKind) => input.policies.filter((policy) => policy.policy.for === kind);
	const accounts = await runAccounts({
		snapshot,
		roles,
		people,
		links: input.links,
		...(input.met && { met: input.met }),
		policies: of("account"),
		book,
		exempt,
		now,
		wanted: await ownersOf(snapshot),
	});
	const judgeAll = async <T extends object>(policies: CompiledPolicy[], load: () => Promise<JudgedObject<T>[]>) => {
		if (policies.length === 0) return;
		for (const one of await load())
			for (const policy of policies)
				judge(book, policy, { subject: one.subject, ref: one.ref, system: scan.system, weight: plainWeight, request: () => one.request }, exempt, now);
	};
	await judgeAll(of("setting"), () => settings(snapshot));
	await judgeAll(of("group"), () =>
		groups(
			snapshot,
			roles,
			of("group").some((policy) => book.fields.get(policy.policy.id)?.includes("memberCount")),
		),
	);
	await judgeAll(of("credential"), () => credentials(snapshot, accounts.owners));
	await judgeAll(of("device"), () => devices(snapshot, accounts.owners));
	await judgeAll(of("app"), () => apps(snapshot, roles));
	await judgeAll(of("system"), () => systemView({ store: input.store, stack, snapshot, accounts, roles }));
	const unpinned = await judgeManaged({ ...input, snapshot, roles, kinds: input.settingKinds?.get(scan.system) ?? [], now, policies: of("managed") });
	const problems = people.problems().map(({ path, message, blocksWrites }) => ({ path, line: stack.positions.get(path)?.line ?? null, message, blocksWrites }));
	return { scan, snapshot, accounts, problems: [...problems, ...unpinned] };
}

/** Accounts that credentials and devices name as owners. */
async function ownersOf(snapshot: Snapshot): Promise<Set<string>> {
	const owners = new Set<string>();
	for await (const batch of snapshot.records<CredentialRecord>("credentials")) for (const { body } of batch) if (body.owner) owners.add(body.owner);
	for await (const batch of snapshot.records<DeviceRecord>("devices")) for (const { body } of batch) for (const owner of body.owners ?? []) owners.add(owner);
	return owners;
}
