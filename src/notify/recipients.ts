import { type Links, linkSystems, sureEnough } from "../assess/link-systems.js";
import type { Condition } from "../assess/people.js";
import type { AccountRecord } from "../model/account.js";
import type { Scan } from "../model/snapshot.js";
import type { NotifyRole } from "../stack/notify.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { isAddress } from "./mail.js";

/** Where somebody can be reached, or why nobody can. */
export type Recipient = { address: string } | { why: string };

/** Finds who is to be told of an account, by its immutable id. */
export interface Recipients {
	of(system: string, account: string, role: NotifyRole): Promise<Recipient>;
}

/** Reads the newest scans. Addresses come from the personnel system where the link to it is sure, else from the account itself. */
export async function openRecipients(input: { store: Store; stack: Stack; compile(text: string): Condition }): Promise<Recipients> {
	const { store, stack } = input;
	const scans: Scan[] = [];
	for (const system of Object.keys(stack.systems)) scans.push(...(await store.scans({ system, limit: 1 })));
	const links = scans.length > 0 ? await linkSystems({ ...input, scans }) : null;
	return {
		async of(system, id, role) {
			const scan = scans.find((one) => one.system === system);
			const record = scan && (await store.record(scan, "accounts", id));
			if (!record) return { why: "the newest scan does not have the account" };
			const worker = links ? workerOf(`${system}/${id}`, links) : null;
			if (role === "manager") return managerOf(worker, links);
			return usable(worker?.record.email, own(record.body as AccountRecord));
		},
	};
}

interface Found {
	key: string;
	record: NonNullable<ReturnType<Links["worker"]>>;
}

/** A link in doubt would tell one person of another's account. */
function workerOf(key: string, links: Links): Found | null {
	const person = links.linked.personOf.get(key);
	if (!person?.worker || links.linked.conflicts.has(key) || links.confidenceOf(key, person) < sureEnough) return null;
	const record = links.worker(person.worker);
	return record ? { key: person.worker, record } : null;
}

function managerOf(worker: Found | null, links: Links | null): Recipient {
	if (!worker) return { why: "it is not known for sure who in the personnel system it belongs to, so nobody knows the manager" };
	const { manager } = worker.record;
	if (!manager) return { why: manager === null ? "the personnel system has no manager for them" : "the personnel system does not tell the manager" };
	const above = links?.worker(`${worker.key.slice(0, worker.key.lastIndexOf("/"))}/${manager}`);
	if (!above || above.status === "terminated" || above.status === undefined) return { why: "the manager has left, or can't be read" };
	return usable(above.email);
}

/** A login of another form than an address is none. */
function own({ email, login }: AccountRecord): string | undefined {
	return email ?? login;
}

function usable(...addresses: (string | null | undefined)[]): Recipient {
	const address = addresses.find((one) => typeof one === "string" && isAddress(one));
	return address ? { address } : { why: "no usable mail address is known" };
}
