/**
 * Ordered: entry n brings a store of version n to version n + 1. An entry that has been released is never edited.
 * Each runs with the store's schema as its search path.
 *
 * `current_records` holds what is true now, `ended_records` what no longer is, so that reading the newest scan never passes over history.
 * A record of scan s: `from_scan <= s`, and `s < to_scan` where it has ended. Scan ids grow over all systems.
 * Bodies are text, not jsonb: jsonb refuses `\u0000`, and does not give back the bytes that were put in.
 */
export const migrations: readonly string[] = [
	`
	CREATE TABLE owner (one boolean PRIMARY KEY DEFAULT true CHECK (one), tenant text NOT NULL);
	CREATE TABLE scans (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		system text COLLATE "C" NOT NULL,
		provider text NOT NULL,
		stack_digest text NOT NULL,
		started bigint NOT NULL,
		finished bigint,
		interrupted boolean NOT NULL DEFAULT false,
		requests bigint NOT NULL DEFAULT 0
	);
	CREATE INDEX scans_system ON scans (system, id);
	-- One collection of one system.
	CREATE TABLE series (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		system text COLLATE "C" NOT NULL,
		collection text COLLATE "C" NOT NULL,
		UNIQUE (system, collection)
	);
	-- Shared by digest: a collection that stays unreadable names the same ids scan after scan.
	CREATE TABLE id_lists (digest text COLLATE "C" PRIMARY KEY, ids text NOT NULL);
	-- body NULL: begun, not finished. unseen: digest of a list of ids. seen_at: since when what the scan saw is known to hold.
	-- whole: every record was delivered by the vendor in this very scan.
	CREATE TABLE coverage (
		series bigint NOT NULL REFERENCES series,
		scan bigint NOT NULL REFERENCES scans,
		body text,
		unseen text COLLATE "C" REFERENCES id_lists,
		seen_at bigint,
		whole boolean NOT NULL DEFAULT false,
		PRIMARY KEY (series, scan)
	);
	CREATE INDEX coverage_scan ON coverage (scan);
	CREATE TABLE requests (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		call text NOT NULL,
		request_id text,
		at bigint NOT NULL
	);
	-- long_id: the whole id, where the key is a cut one.
	CREATE TABLE current_records (
		row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		series bigint NOT NULL REFERENCES series,
		key text COLLATE "C" NOT NULL,
		long_id text,
		from_scan bigint NOT NULL,
		body text NOT NULL,
		request bigint NOT NULL REFERENCES requests
	);
	CREATE UNIQUE INDEX current_key ON current_records (series, key);
	CREATE TABLE ended_records (
		row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		series bigint NOT NULL REFERENCES series,
		key text COLLATE "C" NOT NULL,
		long_id text,
		from_scan bigint NOT NULL,
		to_scan bigint NOT NULL,
		body text NOT NULL,
		request bigint NOT NULL REFERENCES requests
	);
	CREATE UNIQUE INDEX ended_key ON ended_records (series, key, from_scan, to_scan);
	CREATE INDEX ended_scan ON ended_records (series, to_scan, key);
	-- Unchanged values that the vendor delivered again in a scan that did not read the whole collection.
	CREATE TABLE record_reads (
		series bigint NOT NULL REFERENCES series,
		key text COLLATE "C" NOT NULL,
		scan bigint NOT NULL REFERENCES scans,
		at bigint NOT NULL,
		PRIMARY KEY (series, key, scan)
	);
	CREATE TABLE cursors (system text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, value text NOT NULL, PRIMARY KEY (system, name));
	CREATE TABLE pending_cursors (scan bigint NOT NULL REFERENCES scans, name text COLLATE "C" NOT NULL, value text NOT NULL, PRIMARY KEY (scan, name));
	-- Saves are numbered for each system; since = the save that opened the finding. last_seen NULL: seen by the newest save.
	CREATE TABLE finding_saves (system text COLLATE "C" PRIMARY KEY, save bigint NOT NULL, at bigint NOT NULL);
	CREATE TABLE findings (
		id text COLLATE "C" PRIMARY KEY,
		system text COLLATE "C" NOT NULL,
		state text NOT NULL,
		since bigint NOT NULL,
		first_seen bigint NOT NULL,
		last_seen bigint,
		body text NOT NULL
	);
	CREATE INDEX findings_system ON findings (system, id);
	CREATE TABLE trend (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant text COLLATE "C" NOT NULL, at bigint NOT NULL, body text NOT NULL);
	CREATE INDEX trend_at ON trend (tenant, at);
	CREATE TABLE journal (
		tenant text COLLATE "C" NOT NULL,
		seq bigint NOT NULL,
		at bigint NOT NULL,
		plan text NOT NULL,
		action text,
		event text NOT NULL,
		data text NOT NULL,
		previous text NOT NULL,
		hash text NOT NULL,
		PRIMARY KEY (tenant, seq)
	);
	CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
	CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT EXECUTE PROCEDURE journal_append_only();
	CREATE TABLE leases (tenant text COLLATE "C" PRIMARY KEY, holder text NOT NULL, token bigint NOT NULL, expires bigint NOT NULL);
	`,
	`
	-- Whoever deletes a row takes a person's names out of the journal for good.
	CREATE TABLE subject_keys (tenant text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, key text NOT NULL, PRIMARY KEY (tenant, subject));
	`,
];
