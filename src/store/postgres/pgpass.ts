import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { StoreError } from "../errors.js";

export interface PassEntry {
	host: string;
	port: number;
	database: string;
	user: string;
}

/**
 * The password that `~/.pgpass` (or `PGPASSFILE`) has for this place, by its first line that fits: https://www.postgresql.org/docs/current/libpq-pgpass.html
 * @throws StoreError when it has one and others can read the file
 */
export function passwordFromFile(place: PassEntry, env: Record<string, string | undefined>): string | undefined {
	const file = env.PGPASSFILE || path.join(homedir(), ".pgpass");
	let text: string;
	let mode: number;
	try {
		text = readFileSync(file, "utf8");
		mode = statSync(file).mode;
	} catch {
		return undefined;
	}
	// A socket's folder is written as localhost.
	const wanted = [place.host.startsWith("/") ? "localhost" : place.host, String(place.port), place.database, place.user];
	for (const line of text.split(/\r?\n/)) {
		if (line.startsWith("#")) continue;
		const fields = fieldsOf(line);
		const password = fields[4];
		if (password === undefined || !wanted.every((value, index) => fields[index] === "*" || unescaped(fields[index] ?? "") === value)) continue;
		if (process.platform !== "win32" && (mode & 0o077) !== 0) throw new StoreError(`store: ${file} can be read by others, and is not used; chmod 600 ${file}`);
		return unescaped(password);
	}
	return undefined;
}

function fieldsOf(line: string): string[] {
	return line.match(/(?:\\.|[^:\\])+|(?<=:|^)(?=:|$)/g) ?? [];
}

function unescaped(field: string): string {
	return field.replace(/\\(.)/g, "$1");
}
