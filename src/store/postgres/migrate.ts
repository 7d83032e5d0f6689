import { sql } from "kysely";
import { StoreError } from "../errors.js";
import { type Database, lock, type Tx } from "./database.js";
import { migrations } from "./schema.js";

/**
 * Makes the schema where there is none, and brings an older one up to date; two processes do it one after the other. A store that is
 * up to date is only read.
 * @throws StoreError when the schema is a newer version's or not ours, and when the database stores another encoding than UTF-8
 */
export async function migrate(database: Database): Promise<void> {
	const { place } = database;
	const current = await database.read(async (tx) => {
		const { rows } = await sql<{ encoding: string }>`SELECT current_setting('server_encoding') AS encoding`.execute(tx);
		const encoding = rows[0]?.encoding;
		if (encoding !== "UTF8") throw new StoreError(`${place.label}: the database's encoding is ${encoding}; make one with the encoding UTF8`);
		return versionOf(database, tx);
	});
	if (current === migrations.length) return;
	await database.write(async (tx) => {
		await lock(tx, place, "migrate");
		const version = await versionOf(database, tx);
		if (version === null) {
			// Where the schema was made beforehand, the role needs no right on the database.
			await sql`CREATE SCHEMA ${sql.id(place.schema)}`.execute(tx);
		}
		await sql`CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, applied bigint NOT NULL)`.execute(tx);
		for (let next = version ?? 0; next < migrations.length; next++) {
			await sql.raw(migrations[next] ?? "").execute(tx);
			await tx
				.insertInto("schema_version")
				.values({ version: next + 1, applied: Date.now() })
				.execute();
		}
	});
}

/** Null: there is no such schema. */
async function versionOf({ place }: Database, tx: Tx): Promise<number | null> {
	const { rows } = await sql<{ tables: number; ours: boolean }>`
		SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = n.oid) AS tables,
			EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = n.oid AND relname = 'schema_version') AS ours
		FROM pg_namespace AS n WHERE nspname = ${place.schema}`.execute(tx);
	const found = rows[0];
	if (!found) return null;
	if (!found.ours && found.tables > 0)
		throw new StoreError(`${place.label}: the schema ${place.schema} holds tables that Keelson did not make; choose another with ?schema=<name>`);
	if (!found.ours) return 0;
	const row = await tx
		.selectFrom("schema_version")
		.select(({ fn }) => fn.max("version").as("version"))
		.executeTakeFirst();
	const version = row?.version ?? 0;
	if (version > migrations.length)
		throw new StoreError(
			`${place.label}: the schema ${place.schema} was written by a newer version of Keelson (schema ${version}, this version knows ${migrations.length}); use that version`,
		);
	return version;
}

/**
 * Two stacks in one schema would end each other's records, for both may name a system `okta`: the first one keeps it.
 * @throws StoreError when another stack has it
 */
export async function claim(database: Database, tenant: string): Promise<void> {
	const owner = (tx: Tx) => tx.selectFrom("owner").select("tenant").executeTakeFirst();
	const known =
		(await database.read(owner)) ??
		(await database.write(async (tx) => {
			await tx
				.insertInto("owner")
				.values({ one: true, tenant })
				.onConflict((conflict) => conflict.doNothing())
				.execute();
			return owner(tx);
		}));
	if (known && known.tenant !== tenant)
		throw new StoreError(
			`${database.place.label}: the schema ${database.place.schema} holds the store of the stack ${known.tenant}; give ${tenant} its own with ?schema=<name>`,
		);
}
