import type { Known, Millis } from "../../src/model/known.js";
import type { WorkerRecord } from "../../src/model/objects.js";
import { day } from "../../src/model/time.js";
import type { Columns } from "./columns.js";
import type { Column, HrOptions } from "./config-schema.js";
import type { Row } from "./feed.js";

type Status = NonNullable<WorkerRecord["status"]>;

/**
 * What words mean everywhere. Left out are those that systems use in two senses: `T` is terminated in one table of SuccessFactors and active in
 * another, `F` on furlough and inactive (https://userapps.support.sap.com/sap/support/knowledge/en/3375924).
 */
const words: Record<string, Status> = {
	active: "active",
	a: "active",
	employed: "active",
	current: "active",
	leave: "leave",
	onleave: "leave",
	loa: "leave",
	leaveofabsence: "leave",
	paidleave: "leave",
	unpaidleave: "leave",
	furlough: "leave",
	suspended: "leave",
	terminated: "terminated",
	left: "terminated",
	former: "terminated",
	retired: "terminated",
	prehire: "pre-hire",
	preboarding: "pre-hire",
	onboarding: "pre-hire",
	pending: "pre-hire",
	future: "pre-hire",
};

/** One row as a worker, or why it can't be believed. `now` decides what an end or a first day means today. */
export function workerOf(row: Row, columns: Columns, options: HrOptions, now: Millis): { ok: WorkerRecord } | { bad: string } {
	const cell = (column: Column): unknown => (columns[column] === null ? undefined : row.cells[columns[column]]);
	const id = text(cell("id"));
	if (!id) return { bad: "has no personnel number" };
	if (/[\s/]/.test(id)) return { bad: "has a personnel number with a blank or a slash in it" };
	// Two numbers may have become one, and leading zeros are lost.
	if (/^\d+(?:[.,]\d+)?E[+-]?\d+$|^\d+\.0+$/i.test(id)) return { bad: `has a personnel number as a spreadsheet writes it (${id}): export the column as text` };
	const [started, ended] = [dayOf(cell("started")), dayOf(cell("ended"))];
	if (started === "bad" || ended === "bad") return { bad: `has a date that is not written as 2026-01-31` };
	const has = (column: Column) => columns[column] !== null;
	const lastMoment = ended === null ? null : ended + day - 1;
	const [firstName, lastName] = [text(cell("firstName")), text(cell("lastName"))];
	const status = statusOf(text(cell("status")), started, lastMoment, options, now);
	return {
		ok: {
			id,
			...(has("firstName") && { firstName }),
			...(has("lastName") && { lastName }),
			...(has("firstName") || has("lastName") ? { displayName: [firstName, lastName].filter(Boolean).join(" ") || null } : {}),
			...(has("email") && { email: text(cell("email"))?.toLowerCase() ?? null }),
			// SuccessFactors writes NO_MANAGER for who has none.
			...(has("manager") && { manager: text(cell("manager"))?.replace(/^NO_MANAGER$/, "") || null }),
			...(has("department") && { department: text(cell("department")) }),
			...(has("title") && { title: text(cell("title")) }),
			...(has("type") && { type: typeOf(text(cell("type"))) }),
			status,
			...(has("started") && { started }),
			...(has("ended") && { ended: lastMoment }),
		},
	};
}

/** The word, unless a date says otherwise today: feeds carry hires and departures before they take effect. */
function statusOf(word: string | null, started: Millis | null, ended: Millis | null, { statuses = {} }: HrOptions, now: Millis): Known<Status> {
	const plain = word?.toLowerCase().replace(/[\s_-]/g, "") ?? "";
	const said = word !== null && Object.hasOwn(statuses, word) ? statuses[word] : Object.hasOwn(words, plain) ? words[plain] : undefined;
	// Gone in most systems, and away for a time in others: a last day that is over decides.
	if (said === undefined && plain === "inactive" && ended !== null && ended + day / 2 < now && (started === null || started <= ended)) return "terminated";
	if (said === undefined) return undefined;
	// Back again: the end is that of an earlier employment.
	if (started !== null && ended !== null && ended < started && said !== "terminated") return started > now ? "pre-hire" : said;
	// The day is over everywhere when it is over at UTC−12.
	if (ended !== null && ended + day / 2 < now) return "terminated";
	if (said === "terminated") return ended === null ? "terminated" : "active";
	if (started !== null && started > now) return "pre-hire";
	return said;
}

function typeOf(word: string | null): NonNullable<WorkerRecord["type"]> {
	if (word === null) return "unknown";
	if (/conting|contract|extern|freelanc|temp|consult|vendor/i.test(word)) return "contingent";
	return /employ|regular|perman|intern|staff/i.test(word) ? "employee" : "unknown";
}

function text(value: unknown): string | null {
	if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
	return typeof value === "string" && value.trim() !== "" ? value.trim().normalize("NFC") : null;
}

/** Midnight UTC of a calendar day: `2026-01-31`, an RFC 3339 time, or `/Date(1492098664000)/` of OData v2. */
function dayOf(value: unknown): Millis | null | "bad" {
	const written = text(value);
	if (written === null) return value === undefined || value === null || value === "" ? null : "bad";
	const odata = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/.exec(written);
	const parts = /^(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?$/.exec(written);
	const [year, month, date] = (parts ?? []).slice(1).map(Number) as [number, number, number];
	const at = odata ? Math.floor(Number(odata[1]) / day) * day : parts ? new Date(0).setUTCFullYear(year, month - 1, date) : Number.NaN;
	const real = new Date(at);
	if (Number.isNaN(real.getTime()) || (parts && (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== date))) return "bad";
	// What systems write that can't leave a date out: their first day, or their last.
	return real.getUTCFullYear() <= 1900 || real.getUTCFullYear() >= 9999 ? null : at;
}
