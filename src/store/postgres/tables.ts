import type { GeneratedAlways } from "kysely";
import type { Finding } from "../../model/finding.js";
import type { CollectionName } from "../../model/snapshot.js";

/** The tables as the newest migration leaves them; see `schema.ts`. Times are milliseconds since 1970, UTC. */
export interface Tables {
	schema_version: { version: number; applied: number };
	owner: { one: boolean; tenant: string };
	scans: {
		id: GeneratedAlways<number>;
		system: string;
		provider: string;
		stack_digest: string;
		started: number;
		finished: number | null;
		interrupted: boolean;
		requests: number;
	};
	series: { id: GeneratedAlways<number>; system: string; collection: CollectionName };
	coverage: { series: number; scan: number; body: string | null; unseen: string | null; seen_at: number | null; whole: boolean };
	id_lists: { digest: string; ids: string };
	requests: { id: GeneratedAlways<number>; call: string; request_id: string | null; at: number };
	current_records: RecordTable;
	ended_records: RecordTable & { to_scan: number };
	record_reads: { series: number; key: string; scan: number; at: number };
	cursors: { system: string; name: string; value: string };
	pending_cursors: { scan: number; name: string; value: string };
	finding_saves: { system: string; save: number; at: number };
	findings: { id: string; system: string; state: Finding["state"]; since: number; first_seen: number; last_seen: number | null; body: string };
	trend: { id: GeneratedAlways<number>; tenant: string; at: number; body: string };
	journal: {
		tenant: string;
		seq: number;
		at: number;
		plan: string;
		action: string | null;
		event: string;
		data: string;
		previous: string;
		hash: string;
	};
	subject_keys: { tenant: string; subject: string; key: string };
	leases: { tenant: string; holder: string; token: number; expires: number };
}

interface RecordTable {
	row_id: GeneratedAlways<number>;
	series: number;
	key: string;
	long_id: string | null;
	from_scan: number;
	body: string;
	request: number;
}
