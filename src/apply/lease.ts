import { randomBytes } from "node:crypto";
import type { Millis } from "../model/known.js";
import type { Lease, Store } from "../store/store.js";

/** The tenant's write lock while it is held, renewed by itself. */
export interface HeldLease {
	token: number;
	/** Renews now. False: the lease is lost, and nothing may be written any more. */
	hold(): Promise<boolean>;
	/** How long it surely lasts if it is not renewed again, in milliseconds; 0 = it is lost or over. Asks nobody. */
	left(): Millis;
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

/**
 * How far apart the clocks of two machines may be that share a store, in milliseconds. Nobody takes a lease over before it has been over for that
 * long by their own clock, so the one who held it has stopped by then by theirs.
 */
export const clockMargin: Millis = 30_000;

/** A call is not begun when the lease lasts for less than this, in milliseconds: the vendor's answer is waited for while it lasts. */
export const leastForACall: Millis = 10_000;

/** Takes the lease, or says who has it and until when. */
export async function takeLease(input: LeaseInput): Promise<HeldLease | { heldBy: string; until: Millis | null }> {
	const { store, tenant, now, ttl } = input;
	// The store gives a lease again to its own holder: two runs must never have one name.
	const holder = `${input.holder} (run ${randomBytes(4).toString("hex")})`;
	const began = moment(now);
	// Judged by a clock that is late by the margin; the lease itself ends a `ttl` from now.
	const taken = await store.acquireLease(tenant, holder, began.wall - clockMargin, ttl + clockMargin);
	if (!taken) {
		const other = (await store.currentLease?.(tenant, began.wall - clockMargin)) ?? null;
		return { heldBy: other?.holder ?? "another run", until: other ? other.expires + clockMargin : null };
	}
	let lease: Lease | null = taken;
	let renewed = began;
	let pending: Promise<boolean> | null = null;
	const gone = new AbortController();
	async function renew(): Promise<boolean> {
		if (!lease) return false;
		const at = moment(now);
		try {
			lease = await store.renewLease(lease, at.wall, ttl);
		} catch {
			// A store that can't be asked is no proof of a lock.
			lease = null;
		}
		if (lease) renewed = at;
		else gone.abort(new Error("the lease was lost to another run"));
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
		left() {
			if (!lease) return 0;
			const at = moment(now);
			// The wall clock goes on while the machine sleeps, the other one when the wall clock is set back: whichever went further counts.
			return Math.max(0, ttl - Math.max(at.wall - renewed.wall, at.steady - renewed.steady));
		},
		lost: gone.signal,
		async release() {
			clearInterval(timer);
			await pending;
			if (lease) await store.releaseLease(lease);
			lease = null;
		},
	};
}

function moment(now: () => Millis): { wall: Millis; steady: Millis } {
	return { wall: now(), steady: performance.now() };
}
