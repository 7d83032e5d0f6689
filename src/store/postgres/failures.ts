import { StoreError } from "../errors.js";
import type { PostgresPlace } from "./url.js";

/** How long another process may hold what we need before we give up, milliseconds. */
export const lockTimeout = 15_000;

/** Whether the connection is gone, so that nothing more can be asked on it: SQLSTATE classes 08 and 57P (https://www.postgresql.org/docs/current/errcodes-appendix.html), and what the driver and the socket say. */
export function isLost(error: unknown): boolean {
	const { code, message } = facts(error);
	if (/^(08|57P)/.test(code) || socketCodes.has(code)) return true;
	return /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/.test(message);
}

const socketCodes = new Set(["ECONNRESET", "EPIPE", "ECONNREFUSED", "ECONNABORTED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"]);

/** The sentence for what went wrong while connecting. Errors of a password's making are told by their code alone. */
export function connectFailure(place: PostgresPlace, error: unknown): Error {
	if (error instanceof StoreError) return error;
	const { code, message } = facts(error);
	return new StoreError(`${place.label}: ${connectSentence(place, code, message)}`);
}

function connectSentence(place: PostgresPlace, code: string, message: string): string {
	if (message === "The server does not support SSL connections")
		return "the server offers no TLS; switch it on there, or write sslmode=disable where the network is trusted";
	if (tlsCodes.test(code))
		return `the server's certificate is not trusted (${code}); name its authority with sslrootcert=<file>, or write sslmode=require to encrypt without knowing who answers`;
	if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return `TLS with the server failed (${code})`;
	if (/client password must be/.test(message))
		return `the server asks for ${place.user}'s password and none was given; set PGPASSWORD, or write it into ~/.pgpass`;
	if (/timeout/i.test(message) || code === "ETIMEDOUT")
		return `no answer within ${place.connectTimeout / 1000} s; see whether host, port and firewall let you through`;
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `there is no host of this name (${code})`;
	if (code === "ENOENT" || socketCodes.has(code)) return `the server can't be reached (${code}); see whether it runs, and whether host and port are right`;
	return sentences[code] ?? (code === "28P01" ? "" : otherwise(code, message));
}

const tlsCodes = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

const sentences: Record<string, string | undefined> = {
	"28P01": "the server refuses this user and password; see PGPASSWORD, ~/.pgpass or the URL",
	"28000": "the server lets this user in neither from here nor this way (its pg_hba.conf); with sslmode=require it may",
	"3D000": "there is no database of this name; make it (createdb), or correct the URL",
	"42501": "the role may not do this; give it CREATE on the database, or make the schema and let the role own it",
	"53300": "the server has no connection left; end others, or raise max_connections",
	"53100": "the server's disk is full",
	"57P03": "the server is starting up or shutting down; try again",
	"25006": "the server or this role may only read; name the one that is written to",
	"0A000": "the server can't do this; it may be a read-only replica: name the one that is written to",
	"55P03": `another process has held the store for more than ${lockTimeout / 1000} s; wait for it or end it`,
	"57014": "the server stopped a statement that took too long (statement_timeout)",
	"42P01": "a table of the store is gone; restore the store from a backup",
};

/** The sentence for what went wrong in a transaction; other errors than the database's pass as they are. `stage`: how far it had come. */
export function workFailure(place: PostgresPlace, error: unknown, stage: "begin" | "work" | "commit"): Error {
	if (error instanceof StoreError || !(error instanceof Error)) return error instanceof Error ? error : new StoreError(`${place.label}: ${String(error)}`);
	if (isLost(error))
		return new StoreError(
			stage === "commit"
				? `${place.label}: the connection was lost while this step was being stored, and whether it was is not known; run the same command again`
				: `${place.label}: the connection was lost, and nothing of this step was stored; run the same command again`,
		);
	const { code, message } = facts(error);
	if (!/^[0-9A-Z]{5}$/.test(code)) return error;
	return new StoreError(`${place.label}: ${sentences[code] ?? otherwise(code, message)}`);
}

function otherwise(code: string, message: string): string {
	return `the database says: ${message}${code === "" ? "" : ` (${code})`}`;
}

function facts(error: unknown): { code: string; message: string } {
	// One address after the other was tried: what the last one said stands for all.
	const one = error instanceof AggregateError ? (error.errors.at(-1) as unknown) : error;
	if (!(one instanceof Error)) return { code: "", message: String(one) };
	return { code: "code" in one && typeof one.code === "string" ? one.code : "", message: one.message };
}
