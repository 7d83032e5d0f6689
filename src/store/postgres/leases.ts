import { sql } from "kysely";
import type { Millis } from "../../model/known.js";
import type { Lease } from "../store.js";
import type { Database } from "./database.js";
import { fromText, toText } from "./text.js";

/** One statement decides: of two processes that ask at once, the second waits for the first one's row and then sees it. */
export function acquireLease(database: Database, tenant: string, holder: string, now: Millis, ttl: Millis): Promise<Lease | null> {
	return database.write(async (tx) => {
		// The same holder gets a new token as well: whatever it began under the old one is fenced off.
		const { rows } = await sql<{ token: number }>`INSERT INTO leases AS held (tenant, holder, token, expires)
			VALUES (${toText(tenant)}, ${toText(holder)}, 1, ${now + ttl})
			ON CONFLICT (tenant) DO UPDATE SET holder = excluded.holder, token = held.token + 1, expires = excluded.expires
			WHERE held.holder = excluded.holder OR held.expires <= ${now} RETURNING token`.execute(tx);
		const token = rows[0]?.token;
		return token === undefined ? null : { tenant, holder, token, expires: now + ttl };
	});
}

export function renewLease(database: Database, lease: Lease, now: Millis, ttl: Millis): Promise<Lease | null> {
	return database.write(async (tx) => {
		const renewed = await tx
			.updateTable("leases")
			.set({ expires: now + ttl })
			.where("tenant", "=", toText(lease.tenant))
			.where("token", "=", lease.token)
			.where("holder", "=", toText(lease.holder))
			.where("expires", ">", now)
			.returning("token")
			.executeTakeFirst();
		return renewed ? { ...lease, expires: now + ttl } : null;
	});
}

/** The row stays, for its token: the next holder's must be greater. Releasing a lease that was lost changes nothing. */
export async function releaseLease(database: Database, lease: Lease): Promise<void> {
	await database.write((tx) =>
		tx
			.updateTable("leases")
			.set({ holder: "", expires: 0 })
			.where("tenant", "=", toText(lease.tenant))
			.where("token", "=", lease.token)
			.where("holder", "=", toText(lease.holder))
			.execute(),
	);
}

export function currentLease(database: Database, tenant: string, now: Millis): Promise<Lease | null> {
	return database.read(async (tx) => {
		const held = await tx.selectFrom("leases").select(["holder", "token", "expires"]).where("tenant", "=", toText(tenant)).executeTakeFirst();
		return held && held.expires > now ? { tenant, holder: fromText(held.holder), token: held.token, expires: held.expires } : null;
	});
}
