import type { Account, AccountKind } from "../model/account.js";
import type { KindRule, PinnedLogin, Stack } from "../stack/stack.js";

/** A compiled CEL condition over `account`: true, false, or undefined for unknown. */
export type Condition = (account: Account, now: number) => boolean | undefined;

/** What the stack file says of people in one system, ready to be asked for every account. */
export interface PeopleRules {
	/** Sets kind, external, breakGlass and leaver in place. */
	apply(account: Account, now: number): void;
	/** Declared entries of this system that were not found, or whose id and login disagree. Call after every account was seen. */
	problems(): PeopleProblem[];
}

export interface PeopleProblem {
	/** Path in the stack file: `people.breakGlass.0`. */
	path: string;
	message: string;
	/** Such an entry guards somebody: while it can't be resolved, nothing is written. */
	blocksWrites: boolean;
}

interface Watched {
	entry: PinnedLogin;
	guards: boolean;
	seen: Account[];
}

export function peopleRules(stack: Stack, system: string, compile: (text: string) => Condition): PeopleRules {
	const watched: Watched[] = [];
	const byId = new Map<string, Watched[]>();
	const byLogin = new Map<string, Watched[]>();
	const watch = (entry: PinnedLogin, guards: boolean): Watched | null => {
		if (entry.system !== system) return null;
		const item: Watched = { entry, guards, seen: [] };
		watched.push(item);
		if (entry.id) add(byId, entry.id, item);
		add(byLogin, entry.login.toLowerCase(), item);
		return item;
	};
	const breakGlass = stack.people.breakGlass.map((entry) => watch(entry, true)).filter((item) => item !== null);
	for (const entry of stack.remediation.guardrails.protect) watch(entry, true);
	for (const link of stack.people.links) for (const entry of link.accounts) watch(entry, false);
	for (const exemption of stack.exemptions) if ("login" in exemption.subject) watch(exemption.subject, true);
	const kinds: { kind: AccountKind; rule: KindRule; test: Condition }[] = [];
	for (const [kind, rules] of [
		["service", stack.people.service],
		["shared", stack.people.shared],
		["agent", stack.people.agent],
	] as const)
		for (const rule of rules) kinds.push({ kind, rule, test: matcher(rule, watch, compile) });
	const external = stack.people.external.map((rule) => matcher(rule, watch, compile));
	const leavers = stack.people.leavers.map((rule) => matcher(rule, watch, compile));

	return {
		apply(account, now) {
			for (const item of byId.get(account.id) ?? []) item.seen.push(account);
			if (account.login) for (const item of byLogin.get(account.login.toLowerCase()) ?? []) if (item.entry.id !== account.id) item.seen.push(account);
			account.breakGlass = breakGlass.some((item) => matches(item.entry, account));
			const named = kinds.find(({ test }) => test(account, now) === true);
			const undecided = named ? undefined : kinds.find(({ test }) => test(account, now) === undefined);
			account.kind = named?.kind ?? (undecided ? "unknown" : "human");
			account.kindReason = named?.rule.reason ?? (undecided ? `unknown whether: ${undecided.rule.reason}` : "no rule of the stack file says otherwise");
			// Without a rule, the vendor's own word counts; with both, either is enough.
			account.external = account.guest === true || any(external, account, now);
			if (leavers.length > 0) account.leaver = any(leavers, account, now);
		},
		problems: () => watched.flatMap((item) => problemOf(item)),
	};
}

/** An entry without a pinned id is found by its login; with one, by the id alone. */
export function matches(entry: PinnedLogin, account: { id: string; login?: string | undefined }): boolean {
	return entry.id ? entry.id === account.id : entry.login.toLowerCase() === account.login?.toLowerCase();
}

function matcher(rule: KindRule, watch: (entry: PinnedLogin, guards: boolean) => Watched | null, compile: (text: string) => Condition): Condition {
	if (rule.where !== null) return compile(rule.where);
	const entry = rule.login;
	if (!entry) return () => false;
	watch(entry, false);
	return (account) => account.system === entry.system && matches(entry, account);
}

function any(tests: Condition[], account: Account, now: number): boolean | undefined {
	let unknown = false;
	for (const test of tests) {
		const result = test(account, now);
		if (result === true) return true;
		if (result === undefined) unknown = true;
	}
	return unknown ? undefined : false;
}

function problemOf({ entry, guards, seen }: Watched): PeopleProblem[] {
	const problem = (message: string): PeopleProblem[] => [{ path: entry.path, message, blocksWrites: guards }];
	const name = `${entry.system}/${entry.login}`;
	if (entry.id === null) {
		if (seen.length === 0) return problem(`${name} was not found in ${entry.system}; check the spelling`);
		if (seen.length > 1) return problem(`${name} is ambiguous: ${seen.map((account) => account.id).join(", ")}; pin the id`);
		return problem(`${name} has no pinned id; run keelson pin`);
	}
	const holder = seen.find((account) => account.id === entry.id);
	if (!holder) return problem(`${name} is pinned to ${entry.id}, which was not found in ${entry.system}`);
	if (holder.login === undefined) return problem(`the login of ${entry.id} could not be read, so ${name} can't be confirmed`);
	if (holder.login.toLowerCase() !== entry.login.toLowerCase()) return problem(`${name} is pinned to ${entry.id}, whose login is ${holder.login}`);
	return [];
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
	const list = map.get(key);
	if (list) list.push(value);
	else map.set(key, [value]);
}
