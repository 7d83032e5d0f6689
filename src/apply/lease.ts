import { randomBytes } from "node:crypto";
import type { Millis } from "../model/known.js";
import type { Lease, Store } from "../store/store.js";

/** The tenant's write lock while it is held, renewed by itself. */
export interface HeldLease {
	token: number;
	/** Renews now. False: the lease is lost, and nothing may be written any more. */
	hold(): Promise<boolean>;
	/** Aborted when the lease is lost. */
	lost: AbortSignal;
	release(): Promise<void>;
}

export interface LeaseInput {
	store: Store;
	tenant: string;
	/** For people: user, machine, process. */
	holder: string;
	now(): Millis;
	ttl: Millis;
}

/** Takes the lease, or says who has it and until when. */
export async function takeLease(input: LeaseInput): Promise<HeldLease | { heldBy: string; until: Millis | null }> {
	const { store, tenant, now, ttl } = input;
	// The store gives a lease again to its own holder: two runs must never have one name.
	const holder = `${input.holder} (run ${randomBytes(4).toString("hex")})`;
	const taken = await store.acquireLease(tenant, holder, now(), ttl);
	if (!taken) {
		const other = (await store.currentLease?.(tenant, now())) ?? null;
		return { heldBy: other?.holder ?? "another run", until: other?.expires ?? null };
	}
	let lease: Lease | null = taken;
	let pending: Promise<boolean> | null = null;
	const gone = new AbortController();
	async function renew(): Promise<boolean> {
		if (!lease) return false;
		try {
			lease = await store.renewLease(lease, now(), ttl);
		} catch {
			// A store that can't be asked is no proof of a lock.
			lease = null;
		}
		if (!lease) gone.abort(new Error("the lease was lost to another run"));
		return lease !== null;
	}
	const hold = (): Promise<boolean> => {
		pending ??= renew().finally(() => {
			pending = null;
		});
		return pending;
	};
	const timer = setInterval(() => void hold(), ttl / 3);
	timer.unref();
	return {
		token: taken.token,
		hold,
		lost: gone.signal,
		async release() {
			clearInterval(timer);
			await pending;
			if (lease) await store.releaseLease(lease);
			lease = null;
		},
	};
}
