import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { StoreError } from "../errors.js";
import { openStore } from "../open.js";
import { readPostgresUrl } from "./url.js";

const folder = mkdtempSync(join(tmpdir(), "keelson-url-"));
writeFileSync(join(folder, "ca.pem"), "the authority");
afterAll(() => rmSync(folder, { recursive: true }));

const read = (url: string, env: Record<string, string> = {}) => readPostgresUrl(url, { baseDir: folder, env });
const secret = "Canary77";

function refusal(url: string): string {
	try {
		read(url);
	} catch (error) {
		expect(error).toBeInstanceOf(StoreError);
		return (error as Error).message;
	}
	throw new Error(`${url} was taken`);
}

describe("the URL of a Postgres store", () => {
	it("tells host, database, user and schema, and keeps the password out of its label", () => {
		const place = read(`postgres://me:p%40ss%2F${secret}@db.example:6000/keel?schema=acme&sslmode=disable&connect_timeout=3&application_name=ci`);
		expect(place).toMatchObject({ host: "db.example", port: 6000, user: "me", password: `p@ss/${secret}`, database: "keel", schema: "acme", ssl: false });
		expect(place).toMatchObject({ label: "postgres db.example:6000/keel", connectTimeout: 3000, applicationName: "ci" });
	});

	it("takes what it leaves out from the environment, as every client of Postgres does", () => {
		const env = { PGHOST: "db", PGPORT: "6001", PGUSER: "ana", PGDATABASE: "d", PGPASSWORD: secret, PGSSLMODE: "disable" };
		expect(read("postgres://", env)).toMatchObject({ host: "db", port: 6001, user: "ana", database: "d", password: secret, schema: "keelson", ssl: false });
		expect(read("postgres://bob@localhost/x", { PGPASSWORD: secret })).toMatchObject({ user: "bob", database: "x", password: secret });
		expect(read("postgresql://localhost", {})).toMatchObject({ user: userInfo().username, database: userInfo().username, password: undefined, port: 5432 });
	});

	it("finds the password in a pgpass file, by the first line that fits", () => {
		const lines = ["# db:*:*:*:no", "db:5433:*:*:no", "other:*:*:*:no", "db:*:a\\:b:me:one\\:two\\\\", "db:*:*:*:later", "localhost:*:*:*:socket", ""];
		writeFileSync(join(folder, "pgpass"), lines.join("\n"), { mode: 0o600 });
		const found = (url: string) => read(url, { PGPASSFILE: join(folder, "pgpass"), PGSSLMODE: "disable" }).password;
		expect(found("postgres://me@db/a%3Ab")).toBe("one:two\\");
		expect(found("postgres://me@db/other")).toBe("later");
		expect(read("postgres:///d?host=/run/x", { PGPASSFILE: join(folder, "pgpass") }).password).toBe("socket");
		expect(found("postgres://me@nowhere/d")).toBeUndefined();
		expect(found("postgres://me:own@db/d")).toBe("own");
	});

	it("finds Unix sockets and IPv6 addresses", () => {
		expect(read("postgres:///d?host=/run/postgresql&user=me")).toMatchObject({
			host: "/run/postgresql",
			user: "me",
			label: "postgres /run/postgresql:5432/d",
			ssl: false,
		});
		expect(read("postgres://%2Frun%2Fpg/d")).toMatchObject({ host: "/run/pg" });
		expect(read("postgres://[::1]:77/d")).toMatchObject({ host: "::1", label: "postgres [::1]:77/d", ssl: false });
	});

	it("asks for a checked certificate wherever the server is another machine", () => {
		expect(read("postgres://db.example/d").ssl).toEqual({ rejectUnauthorized: true });
		expect(read("postgres://db.example/d?sslmode=verify-full&sslrootcert=ca.pem").ssl).toEqual({ rejectUnauthorized: true, ca: "the authority" });
		expect(read("postgres://db.example/d?sslmode=require").ssl).toMatchObject({ rejectUnauthorized: false });
		expect(read("postgres://db.example/d?sslmode=require&sslrootcert=ca.pem").ssl).toMatchObject({ rejectUnauthorized: true });
		expect(read("postgres://db.example/d?sslmode=verify-ca&sslrootcert=system").ssl).toMatchObject({ rejectUnauthorized: true });
		for (const host of ["localhost", "127.0.0.1", "127.9.9.9"]) expect(read(`postgres://${host}/d`).ssl).toBe(false);
	});

	it.each([
		["a slash in the password", `postgres://me:12/${secret}@db/d`, "percent-encoded"],
		["a slash after what looks like a port", `postgres://me:1234/${secret}@db/d`, "percent-encoded"],
		["a question mark in it", `postgres://me:12?${secret}@db/d`, "percent-encoded"],
		["a hash in it", `postgres://me:12#${secret}@db/d`, "percent-encoded"],
		["a percent sign in it", `postgres://me:%zz${secret}@db/d`, "percent-encoding"],
		["a password as a parameter", `postgres://me@db/d?password=${secret}`, "PGPASSWORD"],
		["a parameter that isn't known", `postgres://me@db/d?pass=${secret}`, "not known here; known are schema"],
		["no URL", `postgres://me:${secret}@:::/d`, "no URL of a Postgres database"],
		["several hosts", `postgres://me:${secret}@a,b/d`, "several hosts"],
		["a schema that is none", `postgres://me:${secret}@a/d?schema=x"y`, "schema is not a name"],
		["a schema of the server's", `postgres://me:${secret}@a/d?schema=pg_temp`, "schema is not a name"],
		["a mode that may fall back to clear text", `postgres://me:${secret}@a/d?sslmode=prefer`, "in clear"],
		["a mode that is none", `postgres://me:${secret}@a/d?sslmode=${secret}`, "none of disable, require"],
		["TLS on a socket", `postgres:///d?host=/run/x&sslmode=require`, "no TLS"],
		["a certificate that isn't there", `postgres://me:${secret}@a/d?sslrootcert=gone.pem`, "gone.pem, the URL's sslrootcert, can't be read (ENOENT)"],
		["a port that is none", `postgres://me:${secret}@a/d?port=${secret}`, "port is no number"],
		["a timeout that is none", `postgres://me:${secret}@a/d?connect_timeout=${secret}`, "connect_timeout is no number"],
	])("refuses %s, and says nothing of the password", (_, url, message) => {
		const said = refusal(url);
		expect(said).toContain(message);
		expect(said).not.toContain(secret);
		expect(said).not.toContain("12");
	});
});

it("a server that can't be reached is one sentence without the password", async () => {
	const error = await openStore(`postgres://me:${secret}@127.0.0.1:1/d`).catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(StoreError);
	expect(String(error)).toMatch(/postgres 127\.0\.0\.1:1\/d: the server can't be reached \(ECONNREFUSED\)/);
	expect(JSON.stringify(error) + (error as Error).stack).not.toContain(secret);
});
