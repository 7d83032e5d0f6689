/**
 * Ordered: entry n brings a store of version n to version n + 1. An entry that has been released is never edited.
 *
 * `current` holds what is true now, `ended` what no longer is, so that reading the newest scan never passes over history.
 * A record of scan s: `from_scan <= s`, and `s < to_scan` where it has ended. Scan ids grow over all systems.
 */
export const migrations: readonly string[] = [
	`
	CREATE TABLE scans (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		system TEXT NOT NULL,
		provider TEXT NOT NULL,
		stack_digest TEXT NOT NULL,
		started INTEGER NOT NULL,
		finished INTEGER,
		interrupted INTEGER NOT NULL DEFAULT 0,
		requests INTEGER NOT NULL DEFAULT 0
	);
	CREATE INDEX scans_system ON scans (system, id);

	-- One collection of one system.
	CREATE TABLE series (
		id INTEGER PRIMARY KEY,
		system TEXT NOT NULL,
		collection TEXT NOT NULL,
		UNIQUE (system, collection)
	);

	-- body NULL: begun, not finished. unseen: digest of a list of ids. seen_at: since when what the scan saw is known to hold.
	-- whole: every record was delivered by the vendor in this very scan.
	CREATE TABLE coverage (
		series INTEGER NOT NULL REFERENCES series,
		scan INTEGER NOT NULL REFERENCES scans,
		body TEXT,
		unseen TEXT REFERENCES id_lists,
		seen_at INTEGER,
		whole INTEGER NOT NULL DEFAULT 0,
		PRIMARY KEY (series, scan)
	) WITHOUT ROWID;
	CREATE INDEX coverage_scan ON coverage (scan);

	-- Shared by digest: a collection that stays unreadable names the same ids scan after scan.
	CREATE TABLE id_lists (digest TEXT PRIMARY KEY, ids TEXT NOT NULL) WITHOUT ROWID;

	CREATE TABLE requests (
		id INTEGER PRIMARY KEY,
		call TEXT NOT NULL,
		request_id TEXT,
		at INTEGER NOT NULL
	);

	CREATE TABLE current (
		row INTEGER PRIMARY KEY,
		series INTEGER NOT NULL REFERENCES series,
		id TEXT NOT NULL,
		from_scan INTEGER NOT NULL,
		body TEXT NOT NULL,
		request INTEGER NOT NULL REFERENCES requests
	);
	CREATE UNIQUE INDEX current_id ON current (series, id);

	CREATE TABLE ended (
		row INTEGER PRIMARY KEY,
		series INTEGER NOT NULL REFERENCES series,
		id TEXT NOT NULL,
		from_scan INTEGER NOT NULL,
		to_scan INTEGER NOT NULL,
		body TEXT NOT NULL,
		request INTEGER NOT NULL REFERENCES requests
	);
	CREATE UNIQUE INDEX ended_id ON ended (series, id, from_scan, to_scan);
	CREATE INDEX ended_scan ON ended (series, to_scan, id);

	-- Unchanged values that the vendor delivered again in a scan that did not read the whole collection.
	CREATE TABLE reads (
		series INTEGER NOT NULL REFERENCES series,
		id TEXT NOT NULL,
		scan INTEGER NOT NULL REFERENCES scans,
		at INTEGER NOT NULL,
		PRIMARY KEY (series, id, scan)
	) WITHOUT ROWID;

	CREATE TABLE cursors (system TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (system, name)) WITHOUT ROWID;
	CREATE TABLE pending_cursors (
		scan INTEGER NOT NULL REFERENCES scans,
		name TEXT NOT NULL,
		value TEXT NOT NULL,
		PRIMARY KEY (scan, name)
	) WITHOUT ROWID;

	-- Saves are numbered for each system; since = the save that opened the finding. last_seen NULL: seen by the newest save.
	CREATE TABLE finding_saves (system TEXT PRIMARY KEY, save INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
	CREATE TABLE findings (
		id TEXT PRIMARY KEY,
		system TEXT NOT NULL,
		state TEXT NOT NULL,
		since INTEGER NOT NULL,
		first_seen INTEGER NOT NULL,
		last_seen INTEGER,
		body TEXT NOT NULL
	) WITHOUT ROWID;
	CREATE INDEX findings_system ON findings (system);

	CREATE TABLE trend (row INTEGER PRIMARY KEY, tenant TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL);
	CREATE INDEX trend_at ON trend (tenant, at);

	CREATE TABLE journal (
		tenant TEXT NOT NULL,
		seq INTEGER NOT NULL,
		at INTEGER NOT NULL,
		plan TEXT NOT NULL,
		action TEXT,
		event TEXT NOT NULL,
		data TEXT NOT NULL,
		previous TEXT NOT NULL,
		hash TEXT NOT NULL,
		PRIMARY KEY (tenant, seq)
	) WITHOUT ROWID;
	CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
	CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

	CREATE TABLE leases (tenant TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
	`,
	`
	-- Whoever deletes a row takes a person's names out of the journal for good.
	CREATE TABLE subject_keys (tenant TEXT NOT NULL, subject TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (tenant, subject)) WITHOUT ROWID;
	`,
];
