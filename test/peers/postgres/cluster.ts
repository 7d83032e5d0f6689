import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A PostgreSQL server of the tests' own, in a temporary folder, gone afterwards. */
export interface Cluster {
	port: number;
	/** The superuser's password: a canary, which must stand in no error. */
	password: string;
	folder: string;
	/** A store's URL; each schema is a store of its own. */
	url(schema?: string, more?: string): string;
	/** A connection past the store, as the superuser. */
	raw(): Promise<pg.Client>;
	/** Ends the server as a power cut would, or properly, and starts it again on the same port. */
	restart(how: "immediate" | "fast"): Promise<void>;
	close(): Promise<void>;
}

export const canary = "cAnary/p@ss#word?%41";

/** Where `initdb` and `postgres` are, or null. Debian keeps them out of PATH. */
export function serverBin(): string | null {
	const debian = "/usr/lib/postgresql";
	const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
	const folders = [process.env.KEELSON_POSTGRES_BIN ?? "", ...versions.map((version) => join(debian, version, "bin")), ...(process.env.PATH ?? "").split(":")];
	return folders.find((folder) => folder !== "" && existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres"))) ?? null;
}

/** Why these tests can't run here; null: they can. In CI they have to. */
export function missing(): string | null {
	if (serverBin() !== null) return null;
	const reason = "there is no PostgreSQL server here; apt-get install postgresql, or name its bin folder in KEELSON_POSTGRES_BIN";
	if (process.env.CI === "true") throw new Error(reason);
	console.warn(`Skipped: ${reason}.`);
	return reason;
}

/** `settings` are the server's; `ssl` makes certificates with openssl and demands TLS of every connection by TCP. */
export async function startCluster(options: { ssl?: boolean; settings?: Record<string, string>; encoding?: string } = {}): Promise<Cluster> {
	const bin = serverBin();
	if (bin === null) throw new Error("there is no PostgreSQL server here");
	const folder = mkdtempSync(join(tmpdir(), "keelson-pg-"));
	const data = join(folder, "data");
	writeFileSync(join(folder, "password"), canary);
	const as = serverUser();
	for (const path of [folder, join(folder, "password")]) if (as.uid !== undefined) chownSync(path, as.uid, as.gid ?? as.uid);
	chmodSync(folder, 0o755);
	const init = [
		"-D",
		data,
		"-U",
		"keelson",
		"-A",
		"scram-sha-256",
		`--pwfile=${join(folder, "password")}`,
		"-E",
		options.encoding ?? "UTF8",
		"--locale=C",
		"-N",
	];
	execFileSync(join(bin, "initdb"), init, { stdio: "pipe", cwd: folder, ...as });
	if (options.ssl) makeCertificates(data, folder, as);
	if (options.ssl) writeFileSync(join(data, "pg_hba.conf"), "local all all scram-sha-256\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
	const port = await freePort();
	// Power cuts are not what these tests cut: without fsync they take a tenth of the time.
	const settings = { fsync: "off", listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: folder, ...options.settings };
	const start = async (): Promise<ChildProcess> => {
		const server = spawn(join(bin, "postgres"), ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])], {
			stdio: "ignore",
			cwd: folder,
			...as,
		});
		await ready(folder, port);
		return server;
	};
	let server = await start();
	const stop = async (signal: "SIGQUIT" | "SIGINT"): Promise<void> => {
		if (server.exitCode !== null) return;
		const exit = once(server, "exit");
		server.kill(signal);
		await exit;
	};
	return {
		port,
		password: canary,
		folder,
		url: (schema = "keelson", more = "") => `postgres://keelson:${encodeURIComponent(canary)}@127.0.0.1:${port}/postgres?schema=${schema}${more}`,
		raw: () => connected(folder, port),
		async restart(how) {
			await stop(how === "immediate" ? "SIGQUIT" : "SIGINT");
			server = await start();
		},
		async close() {
			await stop("SIGQUIT");
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function connected(folder: string, port: number): Promise<pg.Client> {
	const client = new pg.Client({ host: folder, port, user: "keelson", password: canary, database: "postgres" });
	client.on("error", () => {});
	await client.connect();
	return client;
}

async function ready(folder: string, port: number): Promise<void> {
	for (let tries = 0; ; tries++) {
		try {
			await (await connected(folder, port)).end();
			return;
		} catch (error) {
			if (tries === 300) throw error;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }).trim());
	try {
		return { uid: id("-u"), gid: id("-g") };
	} catch {
		return { uid: 65_534, gid: 65_534 };
	}
}

/** `ca.pem` of an authority, and in `data` the server's key and certificate for `localhost` only. */
function makeCertificates(data: string, folder: string, as: { uid?: number; gid?: number }): void {
	const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
	openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem");
	openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", join(data, "server.key"), "-out", "server.csr");
	writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost\n");
	const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
	openssl("x509", "-req", "-in", "server.csr", ...signed, "-out", join(data, "server.crt"));
	chmodSync(join(data, "server.key"), 0o600);
	for (const file of ["server.key", "server.crt"]) if (as.uid !== undefined) chownSync(join(data, file), as.uid, as.gid ?? as.uid);
	writeFileSync(join(data, "postgresql.auto.conf"), "ssl = on\n", { flag: "a" });
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const port = typeof address === "object" && address ? address.port : 0;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
