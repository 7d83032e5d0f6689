import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";
import { StoreError } from "../errors.js";
import { migrations } from "./schema.js";

/** One open connection. Everything here is synchronous: a transaction cannot be left half done by an `await` inside it. */
export interface Database {
	file: string;
	/** The prepared statement of this text, prepared once. */
	sql(text: string): StatementSyncInstance;
	/** Runs in one transaction that no other process can interleave with; rolls back when `work` throws. */
	write<T>(work: () => T): T;
	/** Runs several reads on one and the same state of the file. */
	read<T>(work: () => T): T;
	/** Rewrites the file without what was deleted, and empties the write-ahead log. */
	compact(): void;
	close(): void;
}

/** How long another process may hold the file before we give up, milliseconds. */
const busyTimeout = 15_000;

/** "keel" in ASCII: tells our files from other SQLite files (https://www.sqlite.org/pragma.html#pragma_application_id). */
const applicationId = 0x6b65656c;

export function openDatabase(file: string): Database {
	const memory = file === ":memory:";
	return named(file, () => {
		if (!memory) createPrivate(file);
		const connection = new DatabaseSync(file, { timeout: busyTimeout, enableForeignKeyConstraints: true });
		try {
			const database = wrap(file, connection);
			checkOurs(database);
			if (!memory) connection.exec("PRAGMA journal_mode = WAL");
			// FULL: in WAL mode the default syncs only at checkpoints, and a power cut could take back a journal entry whose change was already made at the vendor.
			connection.exec("PRAGMA synchronous = FULL");
			// 64 MB of page cache, and a checkpoint every 16 MB instead of 4: a first scan writes a few hundred MB.
			connection.exec("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4096; PRAGMA temp_store = MEMORY");
			migrate(database, connection);
			return database;
		} catch (error) {
			connection.close();
			throw error;
		}
	});
}

function wrap(file: string, connection: DatabaseSyncInstance): Database {
	const statements = new Map<string, StatementSyncInstance>();
	const transaction = <T>(begin: string, work: () => T): T =>
		named(file, () => {
			connection.exec(begin);
			try {
				const result = work();
				connection.exec("COMMIT");
				return result;
			} catch (error) {
				// SQLite has already rolled back on some errors (a full disk).
				if (connection.isTransaction) connection.exec("ROLLBACK");
				throw error;
			}
		});
	return {
		file,
		sql(text) {
			let statement = statements.get(text);
			if (!statement) {
				statement = named(file, () => connection.prepare(text));
				statements.set(text, statement);
			}
			return statement;
		},
		write: (work) => transaction("BEGIN IMMEDIATE", work),
		read: (work) => transaction("BEGIN", work),
		compact() {
			named(file, () => connection.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
		},
		close() {
			statements.clear();
			if (connection.isOpen) connection.close();
		},
	};
}

/** Accounts, roles and gaps are nobody else's business: the file is its owner's only. SQLite gives `-wal` and `-shm` the same mode. */
function createPrivate(file: string): void {
	try {
		mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
		closeSync(openSync(file, "a", 0o600));
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : error;
		throw new StoreError(`${file}: cannot be created or written (${code}); choose another path in \`store:\``);
	}
}

function checkOurs(database: Database): void {
	const { application_id: id }: { application_id: number } = database.sql("PRAGMA application_id").get();
	const { tables }: { tables: number } = database.sql("SELECT count(*) AS tables FROM sqlite_schema").get();
	if (id !== applicationId && tables > 0)
		throw new StoreError(`${database.file}: is an SQLite file that Keelson did not make; choose another path in \`store:\``);
}

function migrate(database: Database, connection: DatabaseSyncInstance): void {
	const version = () => {
		const row: { version: number } = database.sql("SELECT coalesce(max(version), 0) AS version FROM schema_version").get();
		if (row.version > migrations.length)
			throw new StoreError(
				`${database.file}: was written by a newer version of Keelson (schema ${row.version}, this version knows ${migrations.length}); use that version`,
			);
		return row.version;
	};
	const known: { n: number } = database.sql("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'schema_version'").get();
	if (known.n > 0 && version() === migrations.length) return;
	database.write(() => {
		connection.exec(`PRAGMA application_id = ${applicationId}`);
		connection.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL)");
		for (let next = version(); next < migrations.length; next++) {
			connection.exec(migrations[next] ?? "");
			database.sql("INSERT INTO schema_version (version, applied) VALUES (?, ?)").run(next + 1, Date.now());
		}
	});
}

/** Gives the driver's errors that a user can mend their sentence; others pass as they are. */
function named<T>(file: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		const code = error instanceof Error && "sqliteCodeName" in error ? String(error.sqliteCodeName) : "";
		const sentence = sentences[code];
		if (sentence) throw new StoreError(`${file}: ${sentence}`);
		if (error instanceof Error && error.message === "database is not open") throw new StoreError(`${file}: the store is closed`);
		throw error;
	}
}

const sentences: Record<string, string | undefined> = {
	SQLITE_BUSY: `another process has held the store for more than ${busyTimeout / 1000} s; wait for it or end it`,
	SQLITE_FULL: "the disk is full",
	SQLITE_READONLY: "the store cannot be written; its file or folder is read-only",
	SQLITE_CANTOPEN: "the store cannot be opened",
	SQLITE_NOTADB: "is not a Keelson store; choose another path in `store:`",
	SQLITE_CORRUPT: "the store is damaged; restore it from a backup, or move it away and scan again",
	SQLITE_IOERR: "the disk cannot be read or written",
};
