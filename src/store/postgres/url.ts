import { userInfo } from "node:os";
import { StoreError } from "../errors.js";
import { passwordFromFile } from "./pgpass.js";
import { type Tls, tlsOf } from "./tls.js";

/** Where a Postgres store is, from its URL and, for what that leaves out, the variables that every Postgres client knows. */
export interface PostgresPlace {
	/** For people; holds neither user nor password. */
	label: string;
	schema: string;
	host: string;
	port: number;
	user: string;
	/** Undefined: none was given, by URL, `PGPASSWORD` or `~/.pgpass`. */
	password: string | undefined;
	database: string;
	ssl: Tls;
	applicationName: string;
	/** Milliseconds. */
	connectTimeout: number;
}

const parameters = ["schema", "host", "port", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "connect_timeout"] as const;
type Parameter = (typeof parameters)[number];

/**
 * @throws StoreError for a URL that isn't whole or asks for what this store doesn't know. No message repeats what may be part of a password.
 */
export function readPostgresUrl(location: string, options: { baseDir: string; env: Record<string, string | undefined> }): PostgresPlace {
	const url = parse(location);
	const given = readParameters(url);
	const env = (name: string): string | null => options.env[name] || null;
	const host = given.host ?? (decoded(url.hostname.replace(/^\[|\]$/g, "")) || env("PGHOST") || "localhost");
	if (host.includes(",")) throw new StoreError("store: the URL names several hosts; name the one that is written to");
	const port = Number(given.port ?? (url.port || env("PGPORT") || 5432));
	if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new StoreError("store: the URL's port is no number between 1 and 65535");
	const user = given.user ?? (decoded(url.username) || env("PGUSER") || userInfo().username);
	const database = decoded(url.pathname.slice(1)) || env("PGDATABASE") || user;
	const schema = given.schema ?? "keelson";
	if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith("pg_"))
		throw new StoreError("store: the URL's schema is not a name of small letters, digits and _, or begins with pg_");
	const timeout = Number(given.connect_timeout ?? env("PGCONNECT_TIMEOUT") ?? 15);
	if (!Number.isFinite(timeout) || timeout <= 0) throw new StoreError("store: the URL's connect_timeout is no number of seconds");
	return {
		label: `postgres ${host.startsWith("/") ? `${host}:${port}` : `${host.includes(":") ? `[${host}]` : host}:${port}`}/${database}`,
		schema,
		host,
		port,
		user,
		password: decoded(url.password) || env("PGPASSWORD") || passwordFromFile({ host, port, database, user }, options.env),
		database,
		ssl: tlsOf(
			{
				sslmode: given.sslmode ?? env("PGSSLMODE"),
				sslrootcert: given.sslrootcert ?? env("PGSSLROOTCERT"),
				sslcert: given.sslcert ?? env("PGSSLCERT"),
				sslkey: given.sslkey ?? env("PGSSLKEY"),
			},
			host,
			options.baseDir,
		),
		applicationName: given.application_name ?? "keelson",
		connectTimeout: timeout * 1000,
	};
}

const mend = "write postgres://<user>@<host>/<database>, with what is special in a URL (@ : / ? # %) percent-encoded in the password";

function parse(location: string): URL {
	const url = URL.canParse(location) ? new URL(location) : null;
	if (!url) throw new StoreError(`store: this is no URL of a Postgres database; ${mend}`);
	// A password with / ? or # in it ends the host too early, and its beginning would stand in errors as the port.
	const rest = `${url.pathname}${url.search}`;
	if (url.hash !== "" || rest.includes("@")) throw new StoreError(`store: the Postgres URL can't be told apart into its parts; ${mend}`);
	return url;
}

function readParameters(url: URL): Partial<Record<Parameter, string>> {
	const given: Partial<Record<Parameter, string>> = {};
	for (const [name, value] of url.searchParams) {
		const known = parameters.find((parameter) => parameter === name);
		if (name === "password") throw new StoreError("store: the URL must not hold `password` as a parameter; give it by PGPASSWORD or in ~/.pgpass");
		if (!known) throw new StoreError(`store: the Postgres URL has a parameter that is not known here; known are ${parameters.join(", ")}`);
		if (value !== "") given[known] = value;
	}
	return given;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw new StoreError(`store: the Postgres URL holds a % that begins no percent-encoding; ${mend}`);
	}
}
