import { day } from "../../src/model/time.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import { columnsOf } from "./columns.js";
import type { HrConnection } from "./connection.js";
import { FeedError, readFeed } from "./feed.js";
import { defaultAge } from "./read-workers.js";
import { workerOf } from "./schema-worker.js";

/** Whether the feed is there, fresh and understood. */
export async function doctor({ options, folder, now }: HrConnection): Promise<DoctorReport> {
	const checks: DoctorCheck[] = [];
	const report = (): DoctorReport => ({
		ok: checks.every(({ ok }) => ok),
		checks,
		clockSkew: null,
		scopes: null,
		unknowns: checks.every(({ ok }) => ok) ? [] : [{ collection: "workers", reason: { cause: "error", detail: checks.find(({ ok }) => !ok)?.detail ?? "" } }],
		canWrite: false,
		estimate: { requests: 0, seconds: 0, detail: "a file on this machine" },
	});
	try {
		const feed = await readFeed(options.file, folder);
		checks.push({ name: "feed", ok: true, detail: `${feed.path}: ${feed.rows.length} rows` });
		const columns = columnsOf(feed.columns, options, feed.path);
		const found = Object.entries(columns).flatMap(([column, name]) => (name === null ? [] : [`${column} = ${name}`]));
		checks.push({ name: "columns", ok: true, detail: found.join(", ") });
		const age = now() - feed.modified;
		const limit = options.maxAgeDays ?? defaultAge;
		const days = `${Math.floor(age / day)} days old`;
		checks.push(
			age <= limit * day
				? { name: "age", ok: true, detail: days }
				: { name: "age", ok: false, detail: `${days}, and ${limit} are allowed`, mend: "check that the export runs, or raise options.maxAgeDays" },
		);
		const bad = feed.rows.map((row) => ({ row, made: workerOf(row, columns, options, now()) }));
		const broken = bad.find(({ made }) => "bad" in made);
		const vague = bad.find(({ made }) => "ok" in made && made.ok.status === undefined);
		if (feed.broken[0]) checks.push(rowCheck(`line ${feed.broken[0].line} ${feed.broken[0].why}`, "mend the export"));
		if (broken && "bad" in broken.made) checks.push(rowCheck(`line ${broken.row.line} ${broken.made.bad}`, "mend the row at its source"));
		if (vague) checks.push(rowCheck(`line ${vague.row.line} has a status nobody here knows`, "say what it means in options.statuses"));
	} catch (error) {
		if (!(error instanceof FeedError)) throw error;
		const [detail = "", mend] = error.message.split(/: (?=[a-z][^:]*$)/);
		checks.push({ name: "feed", ok: false, detail, mend: mend ?? "check options.file" });
	}
	return report();
}

function rowCheck(detail: string, mend: string): DoctorCheck {
	return { name: "rows", ok: false, detail, mend };
}
