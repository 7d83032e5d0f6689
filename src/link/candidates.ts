import type { AccountRecord } from "../model/account.js";
import type { Millis } from "../model/known.js";
import type { WorkerRecord } from "../model/objects.js";
import type { LinkEvidence } from "../model/person.js";

/** An account as far as linking needs it. */
export interface LinkAccount
	extends Pick<AccountRecord, "id" | "login" | "email" | "aliases" | "emailVerified" | "employeeId" | "links" | "created" | "enabled" | "statusChanged"> {
	key: string;
	system: string;
	provider: string;
	/** Used by several people or by none: its address says nothing of who stands behind it. */
	impersonal: boolean;
}

export interface LinkWorker extends Pick<WorkerRecord, "id" | "email" | "status" | "started" | "ended"> {
	key: string;
	system: string;
}

/** Node of a number that accounts carry, whether or not there is a worker of it. */
export function numberNode(number: string): string {
	return `#${number}`;
}

export const certain = { manual: 1, "worker-number": 0.99, "source-anchor": 0.98, "account-id": 0.98 } as const;
/** A verified address on both sides, and one for which nobody vouches. */
const addressed = { verified: 0.9, told: 0.8 };

/** The personnel numbers that an account carries. */
export function numbersOf(account: LinkAccount): { field: string; value: string }[] {
	const links = (account.links ?? []).filter(({ kind }) => kind === "worker").map(({ field, value }) => ({ field, value: value.trim() }));
	const own = account.employeeId?.trim();
	if (own && !links.some(({ value }) => value === own)) links.unshift({ field: "employeeId", value: own });
	return links.filter(({ value }) => value !== "");
}

export function addressesOf(account: Pick<LinkAccount, "login" | "email" | "aliases">): string[] {
	const all = [account.email, account.login, ...(account.aliases ?? [])];
	return [...new Set(all.flatMap((address) => (address?.includes("@") ? [address.trim().toLowerCase()] : [])))];
}

/** Links by ids that vendors never reuse. */
export function idLinks(accounts: LinkAccount[], workers: LinkWorker[]): LinkEvidence[] {
	const links: LinkEvidence[] = [];
	for (const worker of workers)
		links.push({ from: worker.key, to: numberNode(worker.id), kind: "worker-number", detail: `worker ${worker.id} of ${worker.system}`, confidence: 1 });
	const byId = new Map<string, LinkAccount[]>();
	for (const account of accounts) byId.set(account.id, [...(byId.get(account.id) ?? []), account]);
	const anchors = new Map<string, { account: LinkAccount; field: string }[]>();
	for (const account of accounts) {
		for (const { field, value } of numbersOf(account))
			links.push({ from: account.key, to: numberNode(value), kind: "worker-number", detail: `${field} ${value}`, confidence: certain["worker-number"] });
		for (const { kind, field, value, provider } of account.links ?? []) {
			if (kind === "source-anchor") anchors.set(value, [...(anchors.get(value) ?? []), { account, field }]);
			if (kind !== "account") continue;
			for (const other of byId.get(value) ?? []) {
				if (other.key === account.key || (provider !== undefined && other.provider !== provider)) continue;
				links.push({
					from: account.key,
					to: other.key,
					kind: "account-id",
					detail: `${field} ${value} is the account's id in ${other.system}`,
					confidence: certain["account-id"],
				});
			}
		}
	}
	for (const [value, held] of anchors) {
		const [first, ...rest] = held;
		for (const { account, field } of rest)
			if (first && account.key !== first.account.key)
				links.push({
					from: first.account.key,
					to: account.key,
					kind: "source-anchor",
					detail: `${first.field} and ${field} are both ${value}`,
					confidence: certain["source-anchor"],
				});
	}
	return links;
}

export interface AddressLinks {
	links: LinkEvidence[];
	/** Addresses of which it can't be said whose they are: who carries them, and why. */
	conflicts: { keys: string[]; why: string }[];
}

/** Links by address. An address may have been somebody else's before: times decide, and where they can't, nothing is linked. */
export function addressLinks(accounts: LinkAccount[], workers: LinkWorker[]): AddressLinks {
	const found: AddressLinks = { links: [], conflicts: [] };
	const holders = new Map<string, { accounts: LinkAccount[]; workers: LinkWorker[] }>();
	const of = (address: string) => {
		const one = holders.get(address) ?? { accounts: [], workers: [] };
		holders.set(address, one);
		return one;
	};
	for (const account of accounts)
		if (!account.impersonal && account.emailVerified !== false) for (const address of addressesOf(account)) of(address).accounts.push(account);
	for (const worker of workers) if (worker.email) of(worker.email.toLowerCase()).workers.push(worker);
	for (const [address, held] of holders) {
		if (held.accounts.length + held.workers.length < 2) continue;
		for (const account of held.accounts) workerByAddress(address, account, held.workers, found);
		accountsByAddress(address, held.accounts, found);
	}
	return found;
}

function workerByAddress(address: string, account: LinkAccount, workers: LinkWorker[], found: AddressLinks): void {
	const possible = workers.filter((worker) => couldBe(account.created, worker, workers.length > 1));
	const [one, another] = possible;
	if (one && !another)
		found.links.push({
			from: account.key,
			to: one.key,
			kind: "address",
			detail: `${address} is the work mail of worker ${one.id}`,
			confidence: confidenceOf(account),
		});
	else if (another && numbersOf(account).length === 0)
		found.conflicts.push({
			keys: [account.key],
			why: `${address} is the work mail of the workers ${possible.map(({ id }) => id).join(" and ")}, and nothing else tells whose account this is`,
		});
}

/** An account that was made after somebody left is not theirs; nor, where others had the address, one from long before they came. */
function couldBe(created: Millis | null | undefined, { started, ended, status }: LinkWorker, shared: boolean): boolean {
	const day = 86_400_000;
	if (created === undefined || created === null) return true;
	if (status === "terminated" && typeof ended === "number" && created > ended + day) return false;
	return !(shared && typeof started === "number" && created < started - 90 * day);
}

function accountsByAddress(address: string, accounts: LinkAccount[], found: AddressLinks): void {
	for (const [at, account] of accounts.entries())
		for (const other of accounts.slice(at + 1)) {
			// Two accounts of one system with one address: an alias that was given on, or a second account. The address can't tell which.
			if (other.system === account.system || other.key === account.key) continue;
			const reused = reusedAfter(account, other) ?? reusedAfter(other, account);
			if (reused) found.conflicts.push({ keys: [account.key, other.key], why: `${address}: ${reused}` });
			else {
				const confidence = Math.min(confidenceOf(account), confidenceOf(other));
				found.links.push({ from: account.key, to: other.key, kind: "address", detail: `both carry ${address}`, confidence });
			}
		}
}

/** The younger account began after the older one had ended. */
function reusedAfter(older: LinkAccount, younger: LinkAccount): string | null {
	if (older.enabled !== false || typeof older.statusChanged !== "number" || typeof younger.created !== "number") return null;
	if (younger.created <= older.statusChanged) return null;
	return `the account in ${younger.system} was made after the one in ${older.system} had ended: the address may have been given on`;
}

function confidenceOf({ emailVerified }: LinkAccount): number {
	return emailVerified ? addressed.verified : addressed.told;
}
