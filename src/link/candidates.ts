import type { AccountRecord } from "../model/account.js";
import type { Known, Millis } from "../model/known.js";
import type { WorkerRecord } from "../model/objects.js";
import type { LinkEvidence } from "../model/person.js";
import { day } from "../model/time.js";

/** An account as far as linking needs it. A fact that is not known may also be given as undefined: objects of one shape are smaller, and read faster. */
export interface LinkAccount extends Pick<AccountRecord, "id" | "login" | "enabled"> {
	key: string;
	system: string;
	provider: string;
	/** Used by several people or by none: its address says nothing of who stands behind it. */
	impersonal: boolean;
	email?: AccountRecord["email"] | undefined;
	aliases?: AccountRecord["aliases"] | undefined;
	emailVerified?: AccountRecord["emailVerified"] | undefined;
	employeeId?: AccountRecord["employeeId"] | undefined;
	links?: AccountRecord["links"] | undefined;
	created?: AccountRecord["created"] | undefined;
	statusChanged?: AccountRecord["statusChanged"] | undefined;
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
/** Characters. Ids of the vendors that Keelson reads have so many; a shorter one of a vendor that is not named may be anybody's. */
const longId = 16;
/** A verified address on both sides, and one for which nobody vouches. */
export const addressed = { verified: 0.9, told: 0.8 };

/** What is written into the field where there is no number. */
const noNumber = new Set([
	"",
	"na",
	"nan",
	"nil",
	"none",
	"null",
	"no",
	"tbd",
	"tbc",
	"unknown",
	"undefined",
	"pending",
	"contractor",
	"external",
	"guest",
	"test",
]);

function isNumber(value: string): boolean {
	const plain = value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
	return !noNumber.has(plain) && !/^(0+|x+)$/.test(plain);
}

/** The personnel numbers that an account carries. */
export function numbersOf(account: LinkAccount): { field: string; value: string }[] {
	const links = (account.links ?? []).filter(({ kind }) => kind === "worker").map(({ field, value }) => ({ field, value: value.trim() }));
	const own = account.employeeId?.trim();
	if (own && !links.some(({ value }) => value === own)) links.unshift({ field: "employeeId", value: own });
	return links.filter(({ value }) => isNumber(value));
}

export function addressesOf(account: Pick<LinkAccount, "login" | "email" | "aliases">): string[] {
	const found = new Set<string>();
	for (const address of [account.email, account.login, ...(account.aliases ?? [])]) if (address?.includes("@")) found.add(plainAddress(address));
	return [...found];
}

export function plainAddress(address: string): string {
	return address.trim().normalize("NFC").toLowerCase();
}

export interface Candidates {
	links: LinkEvidence[];
	/** Evidence of which it can't be said whose it is: who carries it, and why. */
	conflicts: { keys: string[]; why: string }[];
}

/** Links by ids that vendors never reuse. Where two enabled accounts of one system would be one by such an id, it is a filler or a mistake. */
export function idLinks(accounts: LinkAccount[]): Candidates {
	const found: Candidates = { links: [], conflicts: [] };
	anchorLinks(accounts, found);
	const byId = new Map<string, LinkAccount[]>();
	const named = new Set(accounts.flatMap((account) => (account.links ?? []).flatMap(({ kind, value }) => (kind === "account" ? value : []))));
	for (const account of accounts) if (named.has(account.id)) byId.set(account.id, [...(byId.get(account.id) ?? []), account]);
	const claims = new Map<LinkAccount, { account: LinkAccount; field: string }[]>();
	for (const account of accounts)
		for (const { kind, field, value, provider } of account.links ?? []) {
			if (kind !== "account" || (provider === undefined && value.length < longId)) continue;
			for (const other of byId.get(value) ?? []) {
				if (other.key === account.key || (provider !== undefined && other.provider !== provider)) continue;
				claims.set(other, [...(claims.get(other) ?? []), { account, field }]);
			}
		}
	for (const [other, held] of claims) {
		const many = enabledOfOneSystem(held.map(({ account }) => account));
		if (many) {
			const why = `${many.count} accounts of ${many.system} call ${other.id} of ${other.system} theirs`;
			found.conflicts.push({ keys: [other.key, ...held.map(({ account }) => account.key)], why });
			continue;
		}
		for (const { account, field } of held)
			found.links.push({
				from: account.key,
				to: other.key,
				kind: "account-id",
				detail: `${field} ${other.id} is the account's id in ${other.system}`,
				confidence: certain["account-id"],
			});
	}
	return found;
}

function anchorLinks(accounts: LinkAccount[], found: Candidates): void {
	const anchors = new Map<string, { account: LinkAccount; field: string }[]>();
	for (const account of accounts)
		for (const { kind, field, value } of account.links ?? [])
			if (kind === "source-anchor") anchors.set(value, [...(anchors.get(value) ?? []), { account, field }]);
	for (const [value, held] of anchors) {
		const [first, ...rest] = held;
		const many = enabledOfOneSystem(held.map(({ account }) => account));
		if (many) {
			const why = `${first?.field} ${value} is on ${many.count} accounts of ${many.system}`;
			found.conflicts.push({ keys: held.map(({ account }) => account.key), why });
			continue;
		}
		for (const { account, field } of rest)
			if (first && account.key !== first.account.key)
				found.links.push({
					from: first.account.key,
					to: account.key,
					kind: "source-anchor",
					detail: `${first.field} and ${field} are both ${value}`,
					confidence: certain["source-anchor"],
				});
	}
}

/** The system that has most of these accounts, where it has more than one; those that are disabled may have been made anew. */
function enabledOfOneSystem(accounts: LinkAccount[]): { system: string; count: number } | null {
	const keys = new Map<string, Set<string>>();
	for (const { key, system, enabled } of accounts) if (enabled !== false) keys.set(system, (keys.get(system) ?? new Set()).add(key));
	const [most] = [...keys].sort(([, a], [, b]) => b.size - a.size);
	return most && most[1].size > 1 ? { system: most[0], count: most[1].size } : null;
}

/** Links by address. An address may have been somebody else's before: times decide, and where they can't, nothing is linked. */
export function addressLinks(accounts: LinkAccount[], workers: LinkWorker[]): Candidates {
	const found: Candidates = { links: [], conflicts: [] };
	const holders = new Map<string, { accounts: LinkAccount[]; workers: LinkWorker[] }>();
	const of = (address: string) => {
		const one = holders.get(address) ?? { accounts: [], workers: [] };
		holders.set(address, one);
		return one;
	};
	for (const account of accounts)
		if (!account.impersonal && account.emailVerified !== false) for (const address of addressesOf(account)) of(address).accounts.push(account);
	for (const worker of workers) if (worker.email?.includes("@")) of(plainAddress(worker.email)).workers.push(worker);
	const byNumber = new Map(workers.map((worker) => [worker.id, worker]));
	for (const [address, held] of holders) {
		if (held.accounts.length + held.workers.length < 2) continue;
		for (const account of held.accounts) workerByAddress(address, account, held.workers, found);
		accountsByAddress(address, held.accounts, byNumber, found);
	}
	return found;
}

function workerByAddress(address: string, account: LinkAccount, workers: LinkWorker[], found: Candidates): void {
	const possible = workers.filter((worker) => couldBe(account.created, worker, workers.length > 1));
	const [one, another] = possible;
	if (one && !another)
		found.links.push({
			from: account.key,
			to: one.key,
			kind: "address",
			detail: `${address} is the work mail of worker ${one.id}`,
			confidence: confidenceOf(account, address),
		});
	else if (another && numbersOf(account).length === 0)
		found.conflicts.push({
			keys: [account.key],
			why: `${address} is the work mail of the workers ${possible.map(({ id }) => id).join(" and ")}, and nothing else tells whose account this is`,
		});
}

/** Undefined: the times are not known. Of who has not left: false. */
export function madeAfter(created: Millis | null | undefined, { status, ended }: Pick<LinkWorker, "status" | "ended">): Known<boolean> {
	if (status !== "terminated") return false;
	return typeof created === "number" && typeof ended === "number" ? created > ended + day : undefined;
}

/** An account that was made after somebody left is not theirs; nor, where others had the address, one from long before they came. */
function couldBe(created: Millis | null | undefined, { started, ended, status }: LinkWorker, shared: boolean): boolean {
	if (created === undefined || created === null) return true;
	if (madeAfter(created, { ended, status })) return false;
	return !(shared && typeof started === "number" && created < started - 90 * day);
}

function accountsByAddress(address: string, accounts: LinkAccount[], byNumber: Map<string, LinkWorker>, found: Candidates): void {
	for (const [at, account] of accounts.entries())
		for (const other of accounts.slice(at + 1)) {
			// Two accounts of one system with one address: an alias that was given on, or a second account. The address can't tell which.
			if (other.system === account.system || other.key === account.key) continue;
			const reused = reusedAfter(account, other, byNumber) ?? reusedAfter(other, account, byNumber);
			if (reused) found.conflicts.push({ keys: [account.key, other.key], why: `${address}: ${reused}` });
			else {
				const confidence = Math.min(confidenceOf(account, address), confidenceOf(other, address));
				found.links.push({ from: account.key, to: other.key, kind: "address", detail: `both carry ${address}`, confidence });
			}
		}
}

/** The younger account began after the older one, or the worker whose number it carries, had ended. */
function reusedAfter(older: LinkAccount, younger: LinkAccount, byNumber: Map<string, LinkWorker>): string | null {
	const [number, another] = numbersOf(older);
	const worker = number && !another ? byNumber.get(number.value) : undefined;
	if (worker && madeAfter(younger.created, worker))
		return `the account in ${younger.system} was made after worker ${worker.id} had left, whose number another account with that address carries: it may have been given on`;
	if (older.enabled !== false || typeof older.statusChanged !== "number" || typeof younger.created !== "number") return null;
	if (younger.created <= older.statusChanged) return null;
	return `the account in ${younger.system} was made after the one in ${older.system} had ended: the address may have been given on`;
}

/** Aliases are handed to whoever takes over the mail of somebody who left. */
function confidenceOf({ emailVerified, email, login }: LinkAccount, address: string): number {
	if (!emailVerified) return addressed.told;
	return [email, login].some((own) => own?.includes("@") && plainAddress(own) === address) ? addressed.verified : addressed.told;
}
