import type { LinkEvidence } from "../model/person.js";
import { addressed, type Candidates, certain, type LinkAccount, type LinkWorker, numberNode, numbersOf } from "./candidates.js";

/** More accounts of one system than one person has: a number that they share is a filler where no worker has it, and may be one where somebody has. */
const manyAccounts = 4;

/** Every worker with the own number. A number that several personnel systems give to different people is nobody's. */
export function workerLinks(workers: LinkWorker[]): LinkEvidence[] {
	const numbers = byNumber(workers);
	return workers
		.filter(({ id }) => ambiguous(numbers.get(id)) === null)
		.map(({ key, id, system }) => ({ from: key, to: numberNode(id), kind: "worker-number", detail: `worker ${id} of ${system}`, confidence: 1 }));
}

/** Links by the personnel number that accounts carry. */
export function numberLinks(accounts: LinkAccount[], workers: LinkWorker[]): Candidates {
	const numbers = byNumber(workers);
	const near = new Map(workers.map(({ id }) => [nearly(id), id]));
	const found: Candidates = { links: [], conflicts: [] };
	const carried = new Map<string, { account: LinkAccount; field: string }[]>();
	for (const account of accounts) {
		const all = numbersOf(account);
		const values = [...new Set(all.map(({ value }) => value))];
		// One of them is wrong, and it can't be said which.
		if (values.length > 1) found.conflicts.push({ keys: [account.key], why: `it carries several personnel numbers: ${values.join(", ")}` });
		else
			for (const { field, value } of all) {
				const held = carried.get(value);
				if (held) held.push({ account, field });
				else carried.set(value, [{ account, field }]);
			}
	}
	for (const [value, held] of carried) {
		const keys = held.map(({ account }) => account.key);
		const several = ambiguous(numbers.get(value));
		if (several) found.conflicts.push({ keys, why: `${value} is a worker of ${several}, and it can't be said which of them is meant` });
		if (!numbers.has(value)) {
			const other = near.get(nearly(value));
			if (other !== undefined)
				found.conflicts.push({ keys, why: `its personnel number is ${value}, and the personnel file has ${other}: one of them may be written wrongly` });
			const most = mostOfOneSystem(held.map(({ account }) => account.system));
			if (most > manyAccounts) found.conflicts.push({ keys, why: `${most} accounts of one system carry the personnel number ${value}, which no worker has` });
			if (most > manyAccounts) continue;
		}
		if (several) continue;
		// Accounts of machines carry the number of whoever answers for them.
		const people = mostOfOneSystem(held.filter(({ account }) => !account.impersonal).map(({ account }) => account.system));
		if (people > manyAccounts) found.conflicts.push({ keys, why: `${people} accounts of one system carry the personnel number ${value}` });
		const confidence = people > manyAccounts ? addressed.told : certain["worker-number"];
		for (const { account, field } of held)
			found.links.push({ from: account.key, to: numberNode(value), kind: "worker-number", detail: `${field} ${value}`, confidence });
	}
	return found;
}

function byNumber(workers: LinkWorker[]): Map<string, LinkWorker[]> {
	const found = new Map<string, LinkWorker[]>();
	for (const worker of workers) found.set(worker.id, [...(found.get(worker.id) ?? []), worker]);
	return found;
}

/** The systems that give one number to people of whom it can't be said that they are one; null: there are no such. */
function ambiguous(workers: LinkWorker[] = []): string | null {
	const [first, ...rest] = workers;
	const one = rest.every(({ email }) => email?.toLowerCase() !== undefined && email.toLowerCase() === first?.email?.toLowerCase());
	return one ? null : workers.map(({ system }) => system).join(" and of ");
}

/** What spreadsheets make of a number: leading zeros lost, an apostrophe or `.0` added, other case. */
function nearly(value: string): string {
	return value
		.replace(/\.0+$/, "")
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]/gu, "")
		.replace(/^0+/, "");
}

function mostOfOneSystem(systems: string[]): number {
	const count = new Map<string, number>();
	for (const system of systems) count.set(system, (count.get(system) ?? 0) + 1);
	return Math.max(0, ...count.values());
}
