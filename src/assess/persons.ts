import type { LinkedPerson } from "../link/link.js";
import type { Account, Authenticator } from "../model/account.js";
import type { KnownList } from "../model/known.js";
import type { Person, PersonAccount, WayIn } from "../model/person.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { Exemptions } from "./exemptions.js";
import { type Judge, judge } from "./judge.js";
import { type Links, sureEnough } from "./link-systems.js";
import { plainWeight } from "./tally.js";

/** The system that findings on persons are told under: persons are of none. No system can be named so. */
export const peopleSystem = "people";

/** What is kept of an account until all of its person's are there. */
interface Met {
	account: PersonAccount;
	signal: string | null | undefined;
	topPrivileged: boolean | undefined;
	roles: KnownList<string> | undefined;
	/** Undefined where it can't be read. */
	login: string | undefined;
	/** The strongest factor of the way in here. Null: nobody signs in here directly; undefined: it can't be said. */
	way: WayIn["strength"] | null | undefined;
	name: string | null;
	breakGlass: boolean;
}

/** Collects accounts as they are judged, and gives the persons once all systems are through. */
export function gatherPersons(links: Links): { met(account: Account): void; persons(): Iterable<Person> } {
	const byKey = new Map<string, Met>();
	/** Accounts of machines and of several people: they carry a person's number, and are no way in of that person. */
	const impersonal = new Set<string>();
	return {
		met(account) {
			if (account.kind === "human" || account.kind === "unknown" || account.breakGlass) byKey.set(account.key, keep(account));
			else impersonal.add(account.key);
		},
		/** Made one by one as they are asked for: a person is much larger than what is kept of the accounts. */
		*persons() {
			for (const person of links.linked.persons) {
				const met = person.accounts.flatMap((key) => byKey.get(key) ?? []);
				const missed = person.accounts.some((key) => !byKey.has(key) && !impersonal.has(key));
				if (met.length > 0) yield personOf(person, met, missed, links);
			}
		},
	};
}

function keep(account: Account): Met {
	const { key, system, provider, login = account.id, enabled, credentialProvider, privileged, lastActivity } = account;
	const direct =
		credentialProvider === undefined || credentialProvider === "unknown" ? undefined : credentialProvider !== "federated" && credentialProvider !== "social";
	return {
		account: { key, system, provider, login, enabled, direct, privileged, ...(lastActivity !== undefined && { lastActivity }) },
		signal: account.activitySignal,
		topPrivileged: account.topPrivileged,
		roles: account.privilegedRoles,
		login: account.login,
		way: wayIn(account, direct),
		name: account.displayName ?? null,
		breakGlass: account.breakGlass,
	};
}

function wayIn({ enabled, authenticators }: Account, direct: boolean | undefined): WayIn["strength"] | null | undefined {
	if (enabled === false || direct === false) return null;
	if (enabled === undefined || direct === undefined) return undefined;
	return strongestOf(authenticators);
}

function waysOf({ account: { key, system }, login = key, way }: Met): WayIn[] {
	if (!way) return [];
	const beyond = way === "password" ? "with a password alone: no second factor is enrolled there" : `with a ${way} factor`;
	return [{ account: key, system, login, strength: way, path: `${login} signs in at ${system} directly, ${beyond}` }];
}

const rank: WayIn["strength"][] = ["password", "unknown", "weak", "strong", "phishing-resistant"];

function strongestOf(factors: KnownList<Authenticator> | undefined): WayIn["strength"] | undefined {
	if (factors === undefined) return undefined;
	const usable = factors.filter(({ recoveryOnly }) => !recoveryOnly).map(({ strength }) => strength);
	const best = usable.reduce<WayIn["strength"]>((a, b) => (rank.indexOf(b) > rank.indexOf(a) ? b : a), "password");
	// A list that may lack some tells at least what it holds, and nothing less can be said.
	return factors.partial && best === "password" ? undefined : best;
}

function personOf(person: LinkedPerson, met: Met[], missed: boolean, links: Links): Person {
	const gap = links.partial || missed;
	const list = <T>(items: T[], partial = gap): KnownList<T> => (partial ? Object.assign(items, { partial: true as const }) : items);
	const any = (facts: (boolean | undefined)[]): boolean | undefined => (facts.includes(true) ? true : facts.includes(undefined) || gap ? undefined : false);
	const record = person.worker === null ? undefined : links.worker(person.worker);
	const worker = links.held(person, person.confidence);
	const ways = met.flatMap(waysOf);
	const vague = gap || met.some(({ way }) => way === undefined);
	const weakest = ways.length === 0 ? null : ways.reduce((a, b) => (rank.indexOf(b.strength) < rank.indexOf(a.strength) ? b : a));
	const strongest = ways.map(({ strength }) => strength).reduce((a, b) => (rank.indexOf(b) > rank.indexOf(a) ? b : a), "password");
	const privileged = any(met.map(({ account }) => account.privileged));
	const topPrivileged = any(met.map((one) => one.topPrivileged));
	return {
		key: person.worker ?? person.accounts[0] ?? "",
		system: peopleSystem,
		name: record?.displayName ?? met.find(({ name }) => name !== null)?.name ?? met[0]?.account.login ?? "",
		...(worker !== undefined && { worker }),
		...leaverOf(person, worker, links),
		accounts: list(met.map(({ account }) => account)),
		systems: list([...new Set(met.flatMap(({ account }) => (account.enabled === false ? [] : account.system)))]),
		confidence: person.confidence,
		evidence: person.evidence.filter(({ kind, confidence }) => kind !== "worker-number" || confidence < 1),
		...activityOf(met, gap),
		lastSeen: met.reduce<number | null>((newest, { account }) => (account.lastActivity == null ? newest : Math.max(newest ?? 0, account.lastActivity)), null),
		...(privileged !== undefined && { privileged }),
		...(topPrivileged !== undefined && { topPrivileged }),
		privilegedRoles: list(
			met.flatMap(({ account, roles }) => (roles ?? []).map((role) => `${account.system}: ${role}`)),
			gap || met.some(({ roles }) => roles === undefined || roles.partial),
		),
		topPrivilegedIn: list(
			[...new Set(met.flatMap(({ account, topPrivileged: top }) => (top ? account.system : [])))],
			gap || met.some((one) => one.topPrivileged === undefined),
		),
		ways: list(ways, vague),
		// Nothing is weaker than a password alone; anything else may be.
		...(weakest?.strength === "password" || !vague ? { weakest } : {}),
		...(strongest === "phishing-resistant" || !vague ? { strongest } : {}),
		breakGlass: met.some((one) => one.breakGlass),
	};
}

/** As of accounts: only evidence that is sure and that nothing contradicts makes somebody a leaver. */
function leaverOf(person: LinkedPerson, worker: Person["worker"], { linked, confidenceOf }: Links): Pick<Person, "leaver"> {
	if (worker?.status === undefined) return {};
	if (worker.status !== "terminated") return { leaver: false };
	const doubted = person.accounts.some((key) => linked.conflicts.has(key) || confidenceOf(key, person) < sureEnough);
	return doubted ? {} : { leaver: true };
}

/** The newest anywhere. An account whose last sign-in is not known may have a newer one. */
function activityOf(met: Met[], gap: boolean): Pick<Person, "lastActivity" | "activitySignal"> {
	if (gap || met.some(({ account }) => account.lastActivity === undefined)) return {};
	const newest = met.reduce((a, b) => ((b.account.lastActivity ?? -1) > (a.account.lastActivity ?? -1) ? b : a));
	const at = newest.account.lastActivity;
	return at === null || at === undefined
		? { lastActivity: null, activitySignal: null }
		: { lastActivity: at, activitySignal: `${newest.account.system}: ${newest.signal ?? "?"}` };
}

export function judgePersons(
	persons: Iterable<Person>,
	{ policies, book, exempt, at }: { policies: CompiledPolicy[]; book: Judge; exempt: Exemptions; at: number },
): void {
	for (const person of persons)
		for (const policy of policies) {
			const ref = { kind: "person" as const, key: person.key, label: person.name };
			judge(book, policy, { subject: person, ref, system: peopleSystem, weight: plainWeight, request: () => null, breakGlass: person.breakGlass }, exempt, at);
		}
}
