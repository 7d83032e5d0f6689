import { createHash } from "node:crypto";
import { Kysely, PostgresDialect, type PostgresPool, type PostgresQueryResult, sql } from "kysely";
import pg from "pg";
import { StoreError } from "../errors.js";
import { connectFailure, isLost, lockTimeout, workFailure } from "./failures.js";
import type { Tables } from "./tables.js";
import type { PostgresPlace } from "./url.js";

/** One transaction. */
export type Tx = Kysely<Tables>;

/** A few connections to one schema of one database. */
export interface Database {
	place: PostgresPlace;
	/** Runs in one transaction; rolls back when `work` throws. Durable when it resolves. `work` may be run again, after a deadlock: it must leave nothing behind but in the database. */
	write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
	/** Runs several reads on one and the same state of the database. */
	read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

/** A process whose machine is gone holds its locks no longer than its lease, milliseconds: its connection may look alive for hours. */
const idleTimeout = 60_000;
/** No statement of ours takes this long, milliseconds; a server that has gone silent does. */
const statementTimeout = 600_000;

export function openDatabase(place: PostgresPlace): Database {
	const pool = poolOf(place);
	const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connections(place, pool) }) });
	let closing: Promise<void> | null = null;
	const attempt = async <T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
		for (let tries = 1; ; tries++) {
			if (closing) throw new StoreError(`${place.label}: the store is closed`);
			try {
				return await kysely.connection().execute((connection) => inTransaction(place, connection, begin, work));
			} catch (error) {
				if (!(error instanceof Undone)) throw error;
				// A connection that broke while it lay idle is told at the first word, and has done nothing: the next one is new.
				const again = (error.stage === "begin" && isLost(error.reason)) || isDeadlock(error.reason);
				if (!again || tries === maxTries) throw workFailure(place, error.reason, error.stage);
			}
		}
	};
	return {
		place,
		write: (work) => attempt(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${durable}; ${local(place.schema)}`, work),
		read: (work) => attempt(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${local(place.schema)}`, work),
		close: () => {
			closing ??= kysely.destroy().then(() => (pool.ended ? undefined : pool.end()));
			return closing;
		},
	};
}

/** One more than there are connections that may all have broken while they lay idle. */
const maxConnections = 5;
const maxTries = maxConnections + 1;

/** Waits until nobody else holds what is named, and keeps it until the transaction ends. */
export async function lock(tx: Tx, place: PostgresPlace, what: string): Promise<void> {
	const key = createHash("sha256").update(`keelson\0${place.schema}\0${what}`).digest().readBigInt64BE();
	await sql`SELECT pg_advisory_xact_lock(${key}::bigint)`.execute(tx);
}

/** Whoever set the server or the role to answer before the disk has it (https://www.postgresql.org/docs/current/wal-async-commit.html) did not mean the journal. Stronger settings stay. */
const durable = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

/**
 * Set in each transaction and nowhere else, so that a pooler which hands out connections by the transaction does no harm. Every statement is
 * written for look-ups by index, and a new table has no statistics yet from which the planner could see that.
 */
function local(schema: string): string {
	const settings = [
		`search_path TO "${schema}", pg_temp`,
		`lock_timeout TO ${lockTimeout}`,
		`statement_timeout TO ${statementTimeout}`,
		`idle_in_transaction_session_timeout TO ${idleTimeout}`,
		"jit TO off",
		"enable_seqscan TO off",
		"enable_hashjoin TO off",
		"enable_mergejoin TO off",
	];
	return settings.map((setting) => `SET LOCAL ${setting}`).join("; ");
}

type Stage = "begin" | "work" | "commit";

class Undone extends Error {
	constructor(
		readonly reason: unknown,
		readonly stage: Stage,
	) {
		super("undone");
	}
}

async function inTransaction<T>(place: PostgresPlace, connection: Tx, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
	const say = (text: string) => sql.raw<{ command?: string }>(text).execute(connection);
	let stage: Stage = "begin";
	try {
		await say(begin);
		stage = "work";
		const result = await work(connection);
		stage = "commit";
		const { rows } = await say("COMMIT");
		if (rows[0]?.command === "ROLLBACK") throw new StoreError(`${place.label}: the database took this step back instead of storing it`);
		return result;
	} catch (error) {
		if (!isLost(error)) await say("ROLLBACK").catch(() => {});
		throw new Undone(error, stage);
	}
}

function isDeadlock(reason: unknown): boolean {
	return reason instanceof Error && "code" in reason && (reason.code === "40P01" || reason.code === "40001");
}

/** The pool as Kysely wants it, with sentences for what goes wrong, and without connections that a query was lost on. */
function connections(place: PostgresPlace, pool: pg.Pool): PostgresPool {
	return {
		async connect() {
			const client = await pool.connect().catch((error: unknown) => {
				throw connectFailure(place, error);
			});
			let lost = false;
			const query = async (text: string, values: readonly unknown[]): Promise<PostgresQueryResult<never>> => {
				try {
					return (await client.query(text, [...values])) as unknown as PostgresQueryResult<never>;
				} catch (error) {
					lost ||= isLost(error);
					throw error;
				}
			};
			return { query: query as never, release: () => client.release(lost) };
		},
		end: () => pool.end(),
	};
}

function poolOf(place: PostgresPlace): pg.Pool {
	const pool = new pg.Pool({
		host: place.host,
		port: place.port,
		user: place.user,
		database: place.database,
		// As a function, so that the driver does not go looking for one by itself.
		password: async () => place.password ?? "",
		ssl: place.ssl,
		application_name: place.applicationName,
		connectionTimeoutMillis: place.connectTimeout,
		query_timeout: statementTimeout + 10_000,
		keepAlive: true,
		keepAliveInitialDelayMillis: 10_000,
		max: maxConnections,
		types: {
			// int8 holds times, numbers of rows and counts, all far below 2^53.
			getTypeParser: ((oid: number, format: "text") =>
				oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
		},
	});
	// A connection that breaks is told by the query that it breaks; one that lay idle is not missed.
	pool.on("error", () => {});
	pool.on("connect", (client) => client.on("error", () => {}));
	return pool;
}
