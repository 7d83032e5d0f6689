import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { parse } from "csv-parse/sync";
import type { Millis } from "../../src/model/known.js";

/** One row, its cells by the feed's own column names. */
export interface Row {
	/** In the file, from 1; of a JSON list: the place in it. */
	line: number;
	cells: Record<string, unknown>;
}

export interface Feed {
	path: string;
	rows: Row[];
	/** Every column that some row has. */
	columns: string[];
	/** Rows that could not be taken apart. */
	broken: { line: number; why: string }[];
	modified: Millis;
	/** SHA-256 of the bytes, its beginning: tells one delivery of the feed from another. */
	digest: string;
}

/** Why the feed can't be read; one sentence with the mend. */
export class FeedError extends Error {
	override readonly name = "FeedError";
}

const maxBytes = 512 * 1024 * 1024;

/**
 * Reads the whole feed: CSV (RFC 4180) or TSV with a head line, or JSON: a list, or an object that holds one (`Report_Entry` of a Workday report,
 * `d.results` of OData, `workers`, `value`, `data`).
 * @throws FeedError
 */
export async function readFeed(file: string, folder: string): Promise<Feed> {
	const path = isAbsolute(file) ? file : resolve(folder, file);
	const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
		throw new FeedError(error.code === "ENOENT" ? `there is no file ${path}: check options.file` : `${path} can't be read (${error.code}): check its rights`);
	});
	if (!facts.isFile()) throw new FeedError(`${path} is no file: name the feed itself in options.file`);
	if (facts.size > maxBytes) throw new FeedError(`${path} is larger than 512 MB: a feed of workers is far smaller; check what is exported`);
	const bytes = await readFile(path);
	const text = decoded(bytes, path);
	if (text.trim() === "") throw new FeedError(`${path} is empty: check that the export ran`);
	const content = path.endsWith(".json") ? jsonRows(text, path) : separatedRows(text, path.endsWith(".tsv") ? ["\t"] : [",", ";"], path);
	return { path, ...content, modified: facts.mtimeMs, digest: createHash("sha256").update(bytes).digest("hex").slice(0, 16) };
}

function decoded(bytes: Buffer, path: string): string {
	const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch {
		throw new FeedError(`${path} is not ${encoding.toUpperCase()}: export it as UTF-8, so that no name is garbled`);
	}
}

type Content = Pick<Feed, "rows" | "columns" | "broken">;

function separatedRows(text: string, delimiters: string[], path: string): Content {
	const broken: Feed["broken"] = [];
	let records: { record: string[]; info: { lines: number } }[];
	const [head = ""] = text.split(/\r?\n/, 1);
	// A head line has no quoted delimiters in practice; the one that parts it most often is meant.
	const delimiter = delimiters.reduce((a, b) => (head.split(b).length > head.split(a).length ? b : a));
	try {
		records = parse(text, { delimiter, bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true }) as unknown as typeof records;
	} catch (error) {
		throw new FeedError(`${path} can't be taken apart: ${(error as Error).message.split("\n")[0]}; export it again as CSV with quoted fields`);
	}
	const columns = records.shift()?.record ?? [];
	const twice = columns.find((name, at) => name !== "" && columns.indexOf(name) !== at);
	if (twice !== undefined) throw new FeedError(`${path} has two columns ${JSON.stringify(twice)}: it can't be said which of them is meant`);
	const rows = records.flatMap(({ record, info }): Row[] => {
		if (record.length === columns.length) return [{ line: info.lines, cells: Object.fromEntries(columns.map((name, at) => [name, record[at]])) }];
		broken.push({ line: info.lines, why: `has ${record.length} fields where the head line has ${columns.length}` });
		return [];
	});
	return { rows, columns, broken };
}

function jsonRows(text: string, path: string): Content {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new FeedError(`${path} is not JSON, or breaks off: ${(error as Error).message}`);
	}
	const more = partOf(value);
	if (more !== null) throw new FeedError(`${path} holds only a part of the workers (${more}): export all of them into one file`);
	const list = listIn(value);
	if (!list) throw new FeedError(`${path} holds no list of workers: write a JSON list, or an object with workers, Report_Entry, value, data or d.results`);
	const broken: Feed["broken"] = [];
	const rows = list.flatMap((item, at): Row[] => {
		if (typeof item === "object" && item !== null && !Array.isArray(item)) return [{ line: at + 1, cells: item as Record<string, unknown> }];
		broken.push({ line: at + 1, why: "is no object" });
		return [];
	});
	return { rows, columns: [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))], broken };
}

/** Keys that say where a list goes on, that it does, and how long all of it is; in small letters without anything between words. */
const goesOn = new Set(["next", "nextlink", "nextpagetoken", "odatanextlink", "nexturl"]);
const saysMore = new Set(["hasmore", "hasnext", "hasnextpage", "morerecords"]);
const counts = new Set(["total", "totalcount", "totalresults", "totalrecords", "count", "odatacount"]);

/** The key by which an answer says that it is a page of a longer list; null: none does. Read as a whole, half a feed looks like many leavers. */
function partOf(value: unknown, length = listIn(value)?.length ?? 0, depth = 0): string | null {
	if (typeof value !== "object" || value === null || Array.isArray(value) || depth > 2) return null;
	for (const [key, inner] of Object.entries(value)) {
		const plain = key.toLowerCase().replace(/[^a-z]/g, "");
		if (typeof inner === "string" && inner !== "" && goesOn.has(plain)) return key;
		if (inner === true && saysMore.has(plain)) return key;
		if (counts.has(plain) && Number(inner) > length) return key;
		const deeper = partOf(inner, length, depth + 1);
		if (deeper !== null) return deeper;
	}
	return null;
}

function listIn(value: unknown): unknown[] | null {
	if (Array.isArray(value)) return value;
	if (typeof value !== "object" || value === null) return null;
	for (const key of ["workers", "Report_Entry", "value", "data", "results"]) {
		const inner: unknown = Reflect.get(value, key);
		if (Array.isArray(inner)) return inner;
	}
	return "d" in value ? listIn(value.d) : null;
}
