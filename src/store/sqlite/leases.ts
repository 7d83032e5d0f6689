import type { Millis } from "../../model/known.js";
import type { Lease } from "../store.js";
import type { Database } from "./database.js";

export function acquireLease(database: Database, tenant: string, holder: string, now: Millis, ttl: Millis): Lease | null {
	return database.write(() => {
		const held: Lease | undefined = database.sql("SELECT tenant, holder, token, expires FROM leases WHERE tenant = ?").get(tenant);
		if (held && held.holder !== holder && held.expires > now) return null;
		// The same holder gets a new token as well: whatever it began under the old one is fenced off.
		const lease = { tenant, holder, token: (held?.token ?? 0) + 1, expires: now + ttl };
		database.sql("INSERT OR REPLACE INTO leases (tenant, holder, token, expires) VALUES (?, ?, ?, ?)").run(tenant, holder, lease.token, lease.expires);
		return lease;
	});
}

export function renewLease(database: Database, lease: Lease, now: Millis, ttl: Millis): Lease | null {
	return database.write(() => {
		const { changes } = database
			.sql("UPDATE leases SET expires = ? WHERE tenant = ? AND token = ? AND holder = ? AND expires > ?")
			.run(now + ttl, lease.tenant, lease.token, lease.holder, now);
		return changes === 0 ? null : { ...lease, expires: now + ttl };
	});
}

/** The row stays, for its token: the next holder's must be greater. Releasing a lease that was lost changes nothing. */
export function releaseLease(database: Database, lease: Lease): void {
	database.write(() => {
		database.sql("UPDATE leases SET holder = '', expires = 0 WHERE tenant = ? AND token = ? AND holder = ?").run(lease.tenant, lease.token, lease.holder);
	});
}

export function currentLease(database: Database, tenant: string, now: Millis): Lease | null {
	const held: Lease | undefined = database.sql("SELECT tenant, holder, token, expires FROM leases WHERE tenant = ?").get(tenant);
	return held && held.expires > now ? { ...held } : null;
}
