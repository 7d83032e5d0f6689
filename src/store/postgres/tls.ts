import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { rootCertificates, type TlsOptions } from "node:tls";
import { StoreError } from "../errors.js";

/** What `tls.connect` is given; false: no TLS. */
export type Tls = false | (Pick<TlsOptions, "ca" | "cert" | "key" | "rejectUnauthorized"> & { checkServerIdentity?(): undefined });

/** The URL's TLS parameters, named as libpq names them (https://www.postgresql.org/docs/current/libpq-ssl.html). */
export interface TlsParameters {
	sslmode: string | null;
	sslrootcert: string | null;
	sslcert: string | null;
	sslkey: string | null;
}

/**
 * Without `sslmode` a server on this machine is spoken to in clear and every other by TLS with its certificate and name checked:
 * libpq's own default falls back to clear text whenever somebody on the way says that the server has no TLS.
 * @throws StoreError for a mode that protects nothing reliably, and for files that can't be read
 */
export function tlsOf({ sslmode, sslrootcert, sslcert, sslkey }: TlsParameters, host: string, baseDir: string): Tls {
	const mode = sslmode ?? (isLocal(host) ? "disable" : "verify-full");
	if (mode === "disable") return false;
	if (mode === "prefer" || mode === "allow")
		throw new StoreError(
			`store: sslmode=${mode} sends everything in clear when somebody on the way asks for it; write sslmode=verify-full, or disable where the network is trusted`,
		);
	if (mode !== "require" && mode !== "verify-ca" && mode !== "verify-full")
		throw new StoreError("store: the URL's sslmode is none of disable, require, verify-ca and verify-full");
	if (host.startsWith("/")) throw new StoreError("store: a Unix socket has no TLS; leave sslmode out of the URL");
	const file = (name: string, value: string): string => readPem(name, path.resolve(baseDir, value));
	const ca = sslrootcert === null ? null : sslrootcert === "system" ? [...rootCertificates] : file("sslrootcert", sslrootcert);
	return {
		// As with libpq, `require` with a root certificate is `verify-ca`.
		rejectUnauthorized: mode !== "require" || ca !== null,
		...(ca !== null && { ca }),
		...(sslcert !== null && { cert: file("sslcert", sslcert) }),
		...(sslkey !== null && { key: file("sslkey", sslkey) }),
		...(mode !== "verify-full" && { checkServerIdentity: () => undefined }),
	};
}

export function isLocal(host: string): boolean {
	return host.startsWith("/") || host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function readPem(name: string, file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : error;
		throw new StoreError(`store: ${file}, the URL's ${name}, can't be read (${code})`);
	}
}
