import type { LinkEvidence } from "../model/person.js";
import {
	addressed,
	addressesOf,
	addressLinks,
	type Candidates,
	certain,
	idLinks,
	type LinkAccount,
	type LinkWorker,
	madeAfter,
	numbersOf,
	plainAddress,
} from "./candidates.js";
import { type Groups, newGroups } from "./groups.js";
import { numberLinks, workerLinks } from "./numbers.js";

/** What the stack file says by hand: accounts of one person, or of different ones. Keys `<system>/<id>`. */
export interface ManualLink {
	accounts: string[];
	apart: boolean;
	reason: string;
	path: string;
}

export interface LinkInput {
	accounts: LinkAccount[];
	workers: LinkWorker[];
	manual: ManualLink[];
	/** What is known to contradict beforehand, by account keys. */
	conflicts?: Candidates["conflicts"];
}

export interface LinkedPerson {
	accounts: string[];
	/** Key of the worker; null: none is known. */
	worker: string | null;
	/** Why the accounts belong together. */
	evidence: LinkEvidence[];
	/** The least of the links' confidences; 1 for an account alone. */
	confidence: number;
}

export interface Linked {
	persons: LinkedPerson[];
	/** Account key → its person. */
	personOf: Map<string, LinkedPerson>;
	/** Account key → how sure its way to the worker is; 0: there is none. */
	confidenceOf: Map<string, number>;
	/** What speaks against each other, by account key. */
	conflicts: Map<string, string[]>;
}

/**
 * Accounts and workers → persons, the surest evidence first. Two personnel numbers are never put into one person, nor what the stack file
 * keeps apart: evidence that would do so is told as a conflict, and links nothing. A display name is no evidence.
 */
export function linkPersons({ accounts, workers, manual, conflicts: known = [] }: LinkInput): Linked {
	const groups = newGroups();
	const keys = new Set(accounts.map(({ key }) => key));
	const conflicts = new Map<string, string[]>();
	const conflict = (all: Iterable<string>, why: string) => {
		for (const key of all) if (keys.has(key)) conflicts.set(key, [...new Set([...(conflicts.get(key) ?? []), why])]);
	};
	for (const { accounts: keys, apart } of manual) if (apart) groups.keepApart(keys);
	const addresses = addressLinks(accounts, workers);
	const numbers = numberLinks(accounts, workers);
	const ids = idLinks(accounts);
	for (const { keys, why } of [...known, ...numbers.conflicts, ...ids.conflicts, ...addresses.conflicts]) conflict(keys, why);
	const links = [...manualLinks(manual), ...numbers.links, ...ids.links, ...addresses.links].sort(surestFirst);
	const evidence = workerLinks(workers);
	// A worker's own number is no matter of belief.
	for (const { from, to } of evidence) groups.union(from, to);
	let claimed = false;
	for (let at = 0; at < links.length; ) {
		const confidence = links[at]?.confidence;
		// An account keeps its number also where that could not be believed: no lesser evidence brings it to another.
		if (!claimed && (confidence ?? 0) < certain["worker-number"])
			for (const account of accounts)
				groups.claim(
					account.key,
					numbersOf(account).map(({ value }) => value),
				);
		claimed ||= (confidence ?? 0) < certain["worker-number"];
		const from = at;
		while (links[at]?.confidence === confidence) at++;
		const level = links.slice(from, at);
		const refused = groups.joinAll(level);
		for (const [index, link] of level.entries()) {
			const against = refused[index] ?? null;
			if (against === null) evidence.push(link);
			else conflict([link.from, link.to], `${link.detail}, but ${against}`);
		}
	}
	return collect(groups, evidence, { accounts, workers }, conflicts);
}

function manualLinks(manual: ManualLink[]): LinkEvidence[] {
	return manual
		.filter(({ apart }) => !apart)
		.flatMap(({ accounts: [first = "", ...rest], reason, path }) =>
			rest.map((to): LinkEvidence => ({ from: first, to, kind: "manual", detail: `the stack file says so (${path}): ${reason}`, confidence: certain.manual })),
		);
}

/** Equally sure ones in the order of their keys, so that the same tenant always gives the same persons. */
function surestFirst(a: LinkEvidence, b: LinkEvidence): number {
	return b.confidence - a.confidence || compare(a.from, b.from) || compare(a.to, b.to) || compare(a.detail, b.detail);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function collect(
	groups: Groups,
	evidence: LinkEvidence[],
	{ accounts, workers }: Pick<LinkInput, "accounts" | "workers">,
	conflicts: Map<string, string[]>,
): Linked {
	const byRoot = new Map<number, LinkedPerson>();
	const personOf = new Map<string, LinkedPerson>();
	const person = (root: number): LinkedPerson => {
		const one = byRoot.get(root) ?? { accounts: [], worker: null, evidence: [], confidence: 1 };
		byRoot.set(root, one);
		return one;
	};
	for (const key of [...new Set(accounts.map((account) => account.key))].sort()) {
		const one = person(groups.root(key));
		one.accounts.push(key);
		personOf.set(key, one);
	}
	// Whoever is in two personnel systems has left when both say so.
	for (const worker of [...workers.filter(({ status }) => status !== "terminated"), ...workers]) person(groups.root(worker.key)).worker ??= worker.key;
	const sure = new Map<string, number>();
	for (const link of evidence) {
		const one = person(groups.root(link.from));
		one.evidence.push(link);
		one.confidence = Math.min(one.confidence, link.confidence);
	}
	for (const one of byRoot.values()) {
		// A list that grew has room for many more; these are kept for every person.
		one.accounts = one.accounts.slice();
		one.evidence = one.evidence.slice();
		if (one.worker) spread(one, sure);
	}
	doubtLeavers(accounts, workers, { personOf, sure, conflicts });
	return { persons: [...byRoot.values()], personOf, confidenceOf: sure, conflicts };
}

/** Whoever could be locked out for somebody else's departure is not surely a leaver. */
function doubtLeavers(
	accounts: LinkAccount[],
	workers: LinkWorker[],
	{ personOf, sure, conflicts }: { personOf: Map<string, LinkedPerson>; sure: Map<string, number>; conflicts: Map<string, string[]> },
): void {
	const byKey = new Map(workers.map((worker) => [worker.key, worker]));
	const present = new Map(workers.flatMap((worker) => (worker.email && worker.status !== "terminated" ? [[plainAddress(worker.email), worker]] : [])));
	const contradict = (key: string, why: string) => conflicts.set(key, [...(conflicts.get(key) ?? []), why]);
	for (const account of accounts) {
		const { key, created } = account;
		const worker = byKey.get(personOf.get(key)?.worker ?? "");
		if (worker?.status !== "terminated") continue;
		const confidence = sure.get(key) ?? 0;
		const doubted = () => sure.set(key, Math.min(confidence, addressed.told));
		// By an address, only times that are known tell a leaver's account from a successor's.
		const later = madeAfter(created, worker);
		if (confidence < certain["account-id"] && later !== false) doubted();
		// Nor does a link by hand hold for whoever got the login afterwards.
		if (later === true && numbersOf(account).length === 0) {
			doubted();
			contradict(key, `worker ${worker.id} had left before the account was made, and it carries no personnel number of its own`);
		}
		const address = addressesOf(account).find((one) => present.has(one));
		const other = present.get(address ?? "");
		if (!other || confidence === certain.manual) continue;
		// Come back under another number, or an address that was given on.
		doubted();
		contradict(key, `worker ${worker.id} has left, but ${address} is the work mail of worker ${other.id}, who has not`);
	}
}

/** How sure the way from the worker to each account is: the weakest link of the strongest way. */
function spread({ worker, accounts, evidence }: LinkedPerson, sure: Map<string, number>): void {
	const reached = new Map<string, number>([[worker ?? "", 1]]);
	const raise = (node: string, confidence: number): boolean => {
		if (confidence <= (reached.get(node) ?? 0)) return false;
		reached.set(node, confidence);
		return true;
	};
	// Links come surest first, so that a few passes settle it; persons are small.
	for (let changed = true; changed; ) {
		changed = false;
		for (const { from, to, confidence } of evidence) {
			const there = raise(to, Math.min(reached.get(from) ?? 0, confidence));
			const back = raise(from, Math.min(reached.get(to) ?? 0, confidence));
			changed ||= there || back;
		}
	}
	for (const key of accounts) {
		const confidence = reached.get(key);
		if (confidence !== undefined) sure.set(key, confidence);
	}
}
