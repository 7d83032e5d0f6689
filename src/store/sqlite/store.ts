import type { Store } from "../store.js";
import { finishCollection } from "./coverage.js";
import { openDatabase } from "./database.js";
import { eraseSubject, prune } from "./erase.js";
import { listFindings, saveFindings } from "./findings.js";
import { appendJournal, readJournal, verifyJournal } from "./journal.js";
import { acquireLease, currentLease, releaseLease, renewLease } from "./leases.js";
import { countRecords, getRecord, recordHistory, recordSpans, streamRecords } from "./records-read.js";
import { confirmRecords, putRecords, removeRecords } from "./records-write.js";
import type { RunningScans } from "./running.js";
import { beginScan, finishScan, getCursor, listScans, setCursor } from "./scans.js";
import { readTrend, saveTrend } from "./trend.js";

/**
 * The store in one SQLite file (`:memory:` for none). Several processes may have it open.
 * @throws StoreError when the file cannot be used.
 */
export function openSqliteStore(file: string): Store {
	const database = openDatabase(file);
	const running: RunningScans = new Map();
	return {
		beginScan: async (input) => beginScan(database, running, input),
		putRecords: async (scan, collection, records, request) => putRecords(database, running, scan, collection, records, request),
		confirmRecords: async (scan, collection, ids, at) => confirmRecords(database, running, scan, collection, ids, at),
		removeRecords: async (scan, collection, ids) => removeRecords(database, running, scan, collection, ids),
		finishCollection: async (scan, coverage, how) => finishCollection(database, running, scan, coverage, how),
		finishScan: async (scan, finished, requests) => finishScan(database, running, scan, finished, requests),
		scans: async (filter) => listScans(database, filter),
		records: (scan, collection, prefix) => streamRecords(database, scan, collection, prefix),
		record: async (scan, collection, id) => getRecord(database, scan, collection, id),
		countRecords: async (scan, collection) => countRecords(database, scan, collection),
		history: async (system, collection, id) => recordHistory(database, system, collection, id),
		spans: async (system, collection, part) => recordSpans(database, system, collection, part),
		cursor: async (system, name) => getCursor(database, system, name),
		setCursor: async (scan, name, value) => setCursor(database, running, scan, name, value),
		saveFindings: async (at, systems, findings, keep) => saveFindings(database, at, systems, findings, keep),
		findings: async (filter) => listFindings(database, filter),
		saveTrend: async (point) => saveTrend(database, point),
		trend: async (tenant, limit) => readTrend(database, tenant, limit),
		appendJournal: async (entry) => appendJournal(database, entry),
		journal: async (filter) => readJournal(database, filter),
		verifyJournal: async (tenant) => verifyJournal(database, tenant),
		erase: async (input) => eraseSubject(database, input),
		prune: async (input) => prune(database, input),
		acquireLease: async (tenant, holder, now, ttl) => acquireLease(database, tenant, holder, now, ttl),
		renewLease: async (lease, now, ttl) => renewLease(database, lease, now, ttl),
		releaseLease: async (lease) => releaseLease(database, lease),
		currentLease: async (tenant, now) => currentLease(database, tenant, now),
		close: async () => database.close(),
	};
}
