import type { WorkerRecord } from "../../src/model/objects.js";
import type { CoverageReason, ReadRecord, StoredRecord } from "../../src/model/snapshot.js";
import { day } from "../../src/model/time.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import { columnsOf } from "./columns.js";
import type { HrConnection } from "./connection.js";
import { type Feed, FeedError, readFeed } from "./feed.js";
import { workerOf } from "./schema-worker.js";

const defaultShrink = 5;
export const defaultAge = 7;

/** So many depart on one day also where fewer than the limit's percent would: small companies. */
const fewDepartures = 3;

/**
 * Everybody in the feed. One that lost more of them than `maxShrink`, by rows or by what these say, or that is older than `maxAgeDays`, is refused:
 * nobody counts as gone, it changes nobody's status, and an old one tells of nobody whether they left.
 */
export const workers: Reader<HrConnection> = {
	collection: "workers",
	after: [],
	scopes: [],
	async *read(connection, context) {
		try {
			yield* pages(connection, context);
		} catch (error) {
			if (!(error instanceof FeedError)) throw error;
			yield { records: [], request: null, end: { closed: false, reasons: [{ cause: "error", detail: error.message }] } };
		}
	},
};

async function* pages({ options, folder, now }: HrConnection, context: ReadContext): AsyncIterable<ReadPage> {
	const feed = await readFeed(options.file, folder);
	const columns = columnsOf(feed.columns, options, feed.path);
	const request = { call: `file ${options.file}`, requestId: feed.digest, at: now() };
	const quarantined: NonNullable<ReadPage["quarantined"]> = feed.broken.map(({ line, why }) => ({ id: null, why: `line ${line} ${why}` }));
	const found = new Map<string, WorkerRecord | null>();
	for (const row of feed.rows) {
		const made = workerOf(row, columns, options, now());
		if ("bad" in made) quarantined.push({ id: null, why: `line ${row.line} ${made.bad}` });
		else if (found.has(made.ok.id)) {
			quarantined.push({ id: made.ok.id, why: `line ${row.line} repeats a personnel number: it can't be said which row holds` });
			found.set(made.ok.id, null);
		} else found.set(made.ok.id, made.ok);
	}
	const before = new Map<string, WorkerRecord>();
	for await (const record of context.previous("workers") as AsyncIterable<StoredRecord>) before.set(record.id, record.body as WorkerRecord);
	const kept = [...found.values()].filter((one) => one !== null);
	const percent = options.maxShrink ?? defaultShrink;
	const age = old(feed, options.maxAgeDays ?? defaultAge, now());
	const fewer = shrunk(kept.length, before.size, percent);
	const less = fewer.length > 0 ? fewer : departed(kept, before, percent);
	const records = kept.map((worker): ReadRecord => {
		const last = before.get(worker.id);
		// Since an old file was written, contracts were prolonged and people came back.
		const doubted = age.length > 0 || (less.length > 0 && worker.status !== last?.status);
		return { id: worker.id, body: moved(doubted ? { ...worker, status: undefined } : worker, last, now()) };
	});
	const reasons = [...age, ...less];
	yield { records, request, quarantined, end: { closed: reasons.length === 0, reasons } };
}

/** When the department, title or manager last changed, as far as it was seen. */
function moved(worker: WorkerRecord, before: WorkerRecord | undefined, now: number): WorkerRecord {
	if (!before) return worker;
	const other = (["department", "title", "manager"] as const).some(
		(field) => before[field] !== undefined && worker[field] !== undefined && before[field] !== worker[field],
	);
	const last = other ? now : before.moved;
	return last === undefined ? worker : { ...worker, moved: last };
}

function old({ modified, path }: Feed, days: number, now: number): CoverageReason[] {
	const age = Math.floor((now - modified) / day);
	return now - modified > days * day
		? [{ cause: "floor", detail: `${path} is ${age} days old, and ${days} are allowed (options.maxAgeDays): check that the export runs` }]
		: [];
}

function shrunk(got: number, had: number, percent: number): CoverageReason[] {
	if (had === 0 || got >= had - allowed(had, percent, 1)) return [];
	const detail = `the feed holds ${got} workers where the last one had ${had}, and ${percent} % fewer are allowed (options.maxShrink): check the export; if so many really went, scan once with a larger one`;
	return [{ cause: "floor", detail }];
}

/** A column that slipped makes leavers of people whose rows are all there. */
function departed(kept: WorkerRecord[], before: Map<string, WorkerRecord>, percent: number): CoverageReason[] {
	const had = [...before.values()].filter(({ status }) => status !== "terminated").length;
	const present = kept.filter(({ status }) => status !== "terminated").length;
	if (present >= had - allowed(had, percent, fewDepartures)) return [];
	const detail = `by the feed, ${had} workers were present and ${present} are, and ${percent} % fewer are allowed (options.maxShrink): check its statuses and dates; if so many really went, scan once with a larger one`;
	return [{ cause: "floor", detail }];
}

function allowed(had: number, percent: number, least: number): number {
	return percent === 0 ? 0 : Math.max(least, Math.floor((had * percent) / 100));
}
