import path from "node:path";
import { StoreError } from "./errors.js";
import type { Store } from "./store.js";

/**
 * Opens the store that a stack file names, and brings its schema up to date.
 * `sqlite:<path>` (relative to `baseDir`, else to the working folder) makes the file and its folder where they don't exist; `sqlite::memory:` lasts as long as the store is open.
 * `postgres://…` is a database that several machines share; `tenant`, the stack's name, keeps a second stack out of its schema.
 * @throws StoreError for a location of another kind, a file or database that cannot be used, and a schema newer than this version of Keelson.
 */
export async function openStore(location: string, options: { baseDir?: string; tenant?: string } = {}): Promise<Store> {
	const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(location)?.[0].toLowerCase();
	if (scheme === "postgres" || scheme === "postgresql") {
		const { readPostgresUrl } = await import("./postgres/url.js");
		const place = readPostgresUrl(location, { baseDir: options.baseDir ?? ".", env: process.env });
		const { openPostgresStore } = await import("./postgres/store.js");
		return openPostgresStore(place, options.tenant);
	}
	// The rest of the location is not shown: it may hold a password.
	if (scheme !== "sqlite")
		throw new StoreError(
			`store: ${scheme ? `\`${scheme}:\`` : "a location without a scheme"} is not a kind of store; write \`sqlite:<path>\`, for example \`sqlite:.keelson/store.db\`, or \`postgres://<user>@<host>/<database>\``,
		);
	const file = location.slice("sqlite:".length);
	if (file === "") throw new StoreError("store: `sqlite:` lacks the path of a file, for example `sqlite:.keelson/store.db`");
	const { openSqliteStore } = await import("./sqlite/store.js");
	return openSqliteStore(file === ":memory:" ? file : path.resolve(options.baseDir ?? ".", file));
}
