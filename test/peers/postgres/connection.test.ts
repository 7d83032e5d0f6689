import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { StoreError } from "../../../src/store/errors.js";
import { begin, bodiesAt, finish, journalDraft, request, scanOf } from "../../../src/store/fixture.test-suite.js";
import { openStore } from "../../../src/store/open.js";
import { type Cluster, canary, missing, startCluster } from "./cluster.js";
import { type Line, startProxy } from "./proxy.js";

const encoded = encodeURIComponent(canary);

/** The one sentence; the password is in nothing that the error holds. */
async function refusal(work: Promise<unknown>): Promise<string> {
	const error: unknown = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(StoreError);
	const { message, stack } = error as StoreError;
	const all = [message, stack, JSON.stringify(error), String((error as StoreError).cause)].join("\n");
	for (const secret of [canary, encoded, "cAnary", "wr0ng"]) expect(all).not.toContain(secret);
	expect(message).not.toMatch(/\n/);
	return message;
}

describe.skipIf(missing() !== null)("connecting to a real PostgreSQL", () => {
	let plain: Cluster;
	let tls: Cluster;
	beforeAll(async () => {
		[plain, tls] = await Promise.all([startCluster(), startCluster({ ssl: true })]);
	});
	afterAll(() => Promise.all([plain?.close(), tls?.close()]));
	afterEach(() => {
		for (const name of ["PGPASSWORD", "PGPASSFILE"]) delete process.env[name];
	});
	const at = (cluster: Cluster, password: string | null, rest = "/postgres", host = "127.0.0.1") =>
		openStore(`postgres://keelson${password === null ? "" : `:${encodeURIComponent(password)}`}@${host}:${cluster.port}${rest}`);

	it("names what is wrong, and never the password", async () => {
		expect(await refusal(openStore(`postgres://keelson:${encoded}@127.0.0.1:1/postgres`))).toMatch(
			/127\.0\.0\.1:1\/postgres: the server can't be reached \(ECONNREFUSED\)/,
		);
		expect(await refusal(openStore(`postgres://keelson:${encoded}@nowhere.invalid/postgres?sslmode=require`))).toMatch(/no host of this name/);
		expect(await refusal(openStore(`postgres://keelson:${encoded}@/postgres?host=/nowhere`))).toMatch(/URL|can't be reached/);
		expect(await refusal(at(plain, `${canary}wr0ng`))).toMatch(/refuses this user and password/);
		expect(await refusal(at(plain, canary, "/gone"))).toMatch(/no database of this name/);
		expect(await refusal(openStore(`postgres://nobody:${encoded}@127.0.0.1:${plain.port}/postgres`))).toMatch(/refuses this user and password/);
		expect(await refusal(at(plain, null))).toMatch(/asks for keelson's password and none was given/);
		expect(await refusal(at(plain, canary, "/postgres?sslmode=require"))).toMatch(/offers no TLS/);
		expect(await refusal(at(plain, canary, "/postgres?sslmode=verify-full"))).toMatch(/offers no TLS/);
	});

	it("gives up on a host that takes the connection and says nothing", async () => {
		const silent = createServer().listen(0, "127.0.0.1");
		await once(silent, "listening");
		const address = silent.address();
		const port = typeof address === "object" && address ? address.port : 0;
		expect(await refusal(openStore(`postgres://keelson:${encoded}@127.0.0.1:${port}/postgres?connect_timeout=0.3`))).toMatch(/no answer within 0\.3 s/);
		silent.close();
	});

	it("checks the server's certificate and name as sslmode says", async () => {
		const ca = `&sslrootcert=${tls.folder}/ca.pem`;
		expect(await refusal(at(tls, canary))).toMatch(/lets this user in neither from here nor this way.*sslmode=require/);
		expect(await refusal(at(tls, canary, "/postgres?sslmode=verify-full"))).toMatch(/certificate is not trusted \((UNABLE|SELF|DEPTH)/);
		expect(await refusal(at(tls, canary, `/postgres?sslmode=verify-full${ca}`))).toMatch(/certificate is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/);
		for (const rest of ["require", `verify-ca${ca}`]) await (await at(tls, canary, `/postgres?sslmode=${rest}`)).close();
		await (await at(tls, canary, `/postgres?sslmode=verify-full${ca}`, "localhost")).close();
	});

	it("takes the password from PGPASSWORD and from pgpass", async () => {
		process.env.PGPASSWORD = canary;
		await (await at(plain, null)).close();
		process.env.PGPASSWORD = `${canary}wr0ng`;
		expect(await refusal(at(plain, null))).toMatch(/refuses this user and password/);
		delete process.env.PGPASSWORD;
		process.env.PGPASSFILE = join(plain.folder, "pgpass");
		writeFileSync(process.env.PGPASSFILE, `127.0.0.1:*:*:keelson:${canary}\n`, { mode: 0o600 });
		await (await at(plain, null)).close();
		chmodSync(process.env.PGPASSFILE, 0o644);
		expect(await refusal(at(plain, null))).toMatch(/pgpass can be read by others/);
	});

	it("speaks through a Unix socket", async () => {
		const store = await openStore(`postgres:///postgres?host=${plain.folder}&port=${plain.port}&user=keelson&schema=by_socket`).catch(refusedWithout);
		expect(store).toBeNull();
		process.env.PGPASSWORD = canary;
		await (await openStore(`postgres:///postgres?host=${plain.folder}&port=${plain.port}&user=keelson&schema=by_socket`)).close();
	});

	const refusedWithout = (error: Error): null => {
		expect(error.message).toMatch(/none was given/);
		return null;
	};

	it("tells which right is missing, and needs none where the schema was made beforehand", async () => {
		const raw = await plain.raw();
		await raw.query(`CREATE ROLE limited LOGIN PASSWORD '${canary}'; CREATE SCHEMA prepared AUTHORIZATION limited`);
		const as = (rest: string) => openStore(`postgres://limited:${encoded}@127.0.0.1:${plain.port}/postgres?schema=${rest}`);
		expect(await refusal(as("other"))).toMatch(/give it CREATE on the database, or make the schema/);
		const store = await as("prepared");
		await scanOf(store, 10, { a: {} });
		await store.close();
		await raw.query("CREATE ROLE reader LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA prepared TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA prepared TO reader");
		const reader = await openStore(`postgres://reader:x@127.0.0.1:${plain.port}/postgres?schema=prepared`);
		expect(await reader.scans({})).toHaveLength(1);
		expect(await refusal(reader.appendJournal(journalDraft("t", "x")))).toMatch(/role may not do this/);
		await reader.close();
		await raw.end();
	});

	it("refuses a database that can't hold every text", async () => {
		const raw = await plain.raw();
		await raw.query("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
		await raw.end();
		expect(await refusal(at(plain, canary, "/latin"))).toMatch(/encoding is LATIN1; make one with the encoding UTF8/);
	});
});

describe.skipIf(missing() !== null)("a connection that breaks", () => {
	let cluster: Cluster;
	let proxy: Line;
	let schemas = 0;
	beforeAll(async () => {
		cluster = await startCluster();
	});
	afterAll(() => cluster?.close());
	beforeEach(async () => {
		proxy = await startProxy(cluster.port);
	});
	afterEach(() => proxy.close());
	const open = () => openStore(cluster.url(`broken_${schemas++}`).replace(`:${cluster.port}/`, `:${proxy.port}/`));

	it.each(["INSERT INTO current_records", 'insert into "requests"', "for no key update"])(
		"in the middle of a page (%s) is one sentence, and nothing of the page is stored",
		async (text) => {
			const store = await open();
			await scanOf(store, 5, { a: { v: 1 } });
			const scan = await begin(store, 10);
			await store.putRecords(scan, "accounts", [{ id: "a", body: { v: 1 } }], request(11));
			proxy.cutAt(text, true);
			const page = [
				{ id: "a", body: { v: 2 } },
				{ id: "b", body: { v: 2 } },
			];
			expect(await refusal(store.putRecords(scan, "accounts", page, request(12)))).toMatch(/connection was lost, and nothing of this step was stored/);
			expect(proxy.cuts()).toBe(1);
			expect(await bodiesAt(store, scan)).toEqual({ a: { v: 1 } });
			// The process lives and goes on with its scan.
			await store.putRecords(scan, "accounts", page, request(13));
			await finish(store, scan, "accounts");
			expect(await bodiesAt(store, await store.finishScan(scan, 14, 1))).toEqual({ a: { v: 2 }, b: { v: 2 } });
			await store.close();
		},
	);

	it.each([true, false])("while a journal entry is being stored says that nobody knows, and the chain holds (delivered: %s)", async (delivered) => {
		const store = await open();
		await store.appendJournal(journalDraft("t", "one"));
		proxy.cutAt("COMMIT\0", delivered);
		expect(await refusal(store.appendJournal(journalDraft("t", "two")))).toMatch(/whether it was is not known/);
		expect(proxy.cuts()).toBe(1);
		await store.appendJournal(journalDraft("t", "three"));
		expect((await store.journal({ tenant: "t" })).map(({ event }) => event)).toEqual(delivered ? ["one", "two", "three"] : ["one", "three"]);
		expect((await store.verifyJournal("t")).broken).toBeNull();
		await store.close();
	});

	it("while it lay idle is not noticed", async () => {
		const store = await open();
		await Promise.all([1, 2, 3, 4, 5].map(() => store.scans({})));
		proxy.cut();
		await store.appendJournal(journalDraft("t", "one"));
		await cluster.restart("immediate");
		await store.appendJournal(journalDraft("t", "two"));
		expect(await store.verifyJournal("t")).toEqual({ entries: 2, broken: null });
		await store.close();
	});

	it("because the server is gone is told by each call, until it is back", async () => {
		const store = await open();
		const scan = await scanOf(store, 10, { a: { v: 1 } });
		await proxy.close();
		expect(await refusal(store.appendJournal(journalDraft("t", "one")))).toMatch(/can't be reached \(ECONNREFUSED\)|connection was lost/);
		expect(await refusal(bodiesAt(store, scan))).toMatch(/can't be reached/);
		expect(await refusal(store.acquireLease("t", "me", 1, 1))).toMatch(/can't be reached/);
		await store.close();
		expect(await refusal(store.scans({}))).toMatch(/the store is closed/);
		await store.close();
	});
});
