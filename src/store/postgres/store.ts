import type { Store } from "../store.js";
import { finishCollection } from "./coverage.js";
import { openDatabase } from "./database.js";
import { eraseSubject, prune } from "./erase.js";
import { listFindings, saveFindings } from "./findings.js";
import { appendJournal, readJournal, verifyJournal } from "./journal.js";
import { acquireLease, currentLease, releaseLease, renewLease } from "./leases.js";
import { claim, migrate } from "./migrate.js";
import { countRecords, getRecord, recordHistory, recordSpans, streamRecords } from "./records-read.js";
import { confirmRecords, putRecords, removeRecords } from "./records-write.js";
import type { RunningScans } from "./running.js";
import { beginScan, finishScan, getCursor, listScans, setCursor } from "./scans.js";
import { readTrend, saveTrend } from "./trend.js";
import type { PostgresPlace } from "./url.js";

/**
 * The store in one schema of a Postgres database, which several processes on several machines may have open. With `tenant`, the schema is that stack's alone.
 * @throws StoreError when the database can't be reached or used
 */
export async function openPostgresStore(place: PostgresPlace, tenant?: string): Promise<Store> {
	const database = openDatabase(place);
	const running: RunningScans = new Map();
	try {
		await migrate(database);
		if (tenant !== undefined) await claim(database, tenant);
	} catch (error) {
		await database.close();
		throw error;
	}
	return {
		beginScan: (input) => beginScan(database, running, input),
		putRecords: (scan, collection, records, request) => putRecords(database, running, scan, collection, records, request),
		confirmRecords: (scan, collection, ids, at) => confirmRecords(database, running, scan, collection, ids, at),
		removeRecords: (scan, collection, ids) => removeRecords(database, running, scan, collection, ids),
		finishCollection: (scan, coverage, how) => finishCollection(database, running, scan, coverage, how),
		finishScan: (scan, finished, requests) => finishScan(database, running, scan, finished, requests),
		scans: (filter) => listScans(database, filter),
		records: (scan, collection, prefix) => streamRecords(database, scan, collection, prefix),
		record: (scan, collection, id) => getRecord(database, scan, collection, id),
		countRecords: (scan, collection) => countRecords(database, scan, collection),
		history: (system, collection, id) => recordHistory(database, system, collection, id),
		spans: (system, collection, part) => recordSpans(database, system, collection, part),
		cursor: (system, name) => getCursor(database, system, name),
		setCursor: (scan, name, value) => setCursor(database, running, scan, name, value),
		saveFindings: async (at, systems, findings, keep) => saveFindings(database, at, systems, findings, keep),
		findings: (filter) => listFindings(database, filter),
		saveTrend: (point) => saveTrend(database, point),
		trend: (tenantName, limit) => readTrend(database, tenantName, limit),
		appendJournal: (entry) => appendJournal(database, entry),
		journal: (filter) => readJournal(database, filter),
		verifyJournal: (tenantName) => verifyJournal(database, tenantName),
		erase: (input) => eraseSubject(database, input),
		prune: (input) => prune(database, input),
		acquireLease: (tenantName, holder, now, ttl) => acquireLease(database, tenantName, holder, now, ttl),
		renewLease: (lease, now, ttl) => renewLease(database, lease, now, ttl),
		releaseLease: (lease) => releaseLease(database, lease),
		currentLease: (tenantName, now) => currentLease(database, tenantName, now),
		close: () => database.close(),
	};
}
