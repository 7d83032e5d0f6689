import type { CollectionName, CoverageReason } from "../../src/model/snapshot.js";
import { at } from "../../src/provider/decode.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import { actScopes } from "./actions.js";
import type { GoogleConnection } from "./connection.js";
import { measured } from "./doctor-estimate.js";
import { probes } from "./doctor-probes.js";
import { one, scoped } from "./read.js";
import { readers } from "./readers.js";
import { readScope, writeScope } from "./scopes.js";

/** Assertions are good for an hour and refused when they come from the future; further apart, changes are missed. Milliseconds. */
const skewLimit = 5 * 60_000;

/** Checks what the credential can do, without changing anything: a token for each scope, and a small request for each API. */
export async function doctor(connection: GoogleConnection): Promise<DoctorReport> {
	const { http, config } = connection;
	const wanted = config.purpose === "act" ? actScopes : [...new Set(readers.flatMap(({ scopes }) => scopes))].sort();
	const granted = new Set<string>();
	const refused = new Map<string, HttpError>();
	for (const scope of wanted) {
		const error = await tokenError(connection, scope);
		if (http.unreached() !== null) return unreachedReport(connection);
		if (!error) granted.add(scope);
		else refused.set(scope, error);
		// Any other refusal is the same for every scope.
		if (error && error.cause !== "scope") break;
	}
	const [first] = refused.values();
	if (first && granted.size === 0) return refusedReport(connection, first);
	const checks: DoctorCheck[] = [{ name: "credential", ok: true, detail: `Google gives tokens to ${http.signer.email} for ${http.signer.subject}` }];
	const missing = wanted.filter((scope) => !granted.has(scope));
	const unknowns = config.purpose === "act" ? [] : byScope(missing);
	for (const probe of probes(connection).filter(({ scope }) => granted.has(scope))) {
		const answer = await one(connection, probe.request, config.signal);
		if ("error" in answer) unknowns.push({ collection: probe.collection, reason: scoped(answer.error, probe.scope) });
		else if (probe.empty?.(answer.body))
			unknowns.push({ collection: probe.collection, reason: { cause: "floor", detail: `${answer.request.call} answers an empty list, which no tenant's is` } });
	}
	const writes = config.purpose === "read" ? await writingScopes(connection, granted) : { more: [], canWrite: true };
	checks.push(
		scopeCheck(connection, granted.size, missing),
		roleCheck(unknowns),
		await tenantCheck(connection),
		clockCheck(http.clockSkew()),
		writeCheck(config.purpose, writes.more),
	);
	const estimate = await measured(connection);
	return {
		ok: checks.every(({ ok }) => ok),
		checks,
		clockSkew: http.clockSkew(),
		scopes: [...granted, ...writes.more],
		unknowns,
		canWrite: writes.canWrite,
		estimate,
	};
}

async function tokenError({ http }: GoogleConnection, scope: string): Promise<HttpError | null> {
	try {
		await http.tokens.of(scope);
		return null;
	} catch (error) {
		if (error instanceof HttpError) return error;
		throw error;
	}
}

/** Where nothing answers, nothing else can be said. */
function unreachedReport({ http, config }: GoogleConnection): DoctorReport {
	const mend = `check systems.${config.system}.url in the stack file, the network and the proxy`;
	const rest = ["credential", "scopes", "administrator's role", "tenant", "clock", "writes"];
	const checks: DoctorCheck[] = [
		{ name: "address", ok: false, detail: `no answer: ${http.unreached()}`, mend },
		...rest.map((name) => ({ name, ok: false, detail: "not checked: no answer" })),
	];
	return { ok: false, unreached: true, checks, clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null };
}

function refusedReport({ http, config }: GoogleConnection, error: HttpError): DoctorReport {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const { subject, email, clientId } = http.signer;
	const undelegated = error.cause === "scope";
	const mend = undelegated
		? `in the Admin console, under Security, API controls, Domain-wide delegation, add client ${clientId ?? email} with the scopes that the provider's page lists`
		: error.call.endsWith(":signJwt")
			? signingMend(error, where, email)
			: `check key and subject of ${where}: ${subject} must be an active administrator, and the key not revoked`;
	const clock = clockCheck(http.clockSkew());
	const detail = undelegated ? `none of the scopes is delegated to ${clientId ?? email}` : error.message;
	const checks: DoctorCheck[] = [{ name: "credential", ok: false, detail, mend }, ...(clock.ok ? [] : [clock])];
	return { ok: false, checks, clockSkew: http.clockSkew(), scopes: undelegated ? [] : null, unknowns: [], canWrite: null, estimate: null };
}

/** Without a key, the caller's own token signs. https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt */
function signingMend({ status }: HttpError, where: string, email: string): string {
	if (status === 401) return `get a fresh access token for token of ${where}: it lives for an hour at most`;
	if (status === 404) return `check serviceAccount of ${where}: there is none of the name ${email}`;
	return `give whoever token of ${where} is for the role Service Account Token Creator on ${email}, and switch the IAM Credentials API on in its project`;
}

function byScope(missing: string[]): DoctorReport["unknowns"] {
	return readers.flatMap((reader) =>
		reader.scopes
			.filter((scope) => missing.includes(scope))
			.map((scope): { collection: CollectionName; reason: CoverageReason } => ({
				collection: reader.collection,
				reason: { cause: "scope", detail: `the scope ${scope} is not delegated`, scope },
			})),
	);
}

function scopeCheck({ http }: GoogleConnection, granted: number, missing: string[]): DoctorCheck {
	if (missing.length === 0) return { name: "scopes", ok: true, detail: `${granted} scopes, all that are asked for` };
	const mend = `add them in the Admin console, under Security, API controls, Domain-wide delegation, to client ${http.signer.clientId ?? http.signer.email}, letter by letter`;
	return { name: "scopes", ok: false, detail: `not delegated: ${missing.join(", ")}`, mend };
}

function roleCheck(unknowns: DoctorReport["unknowns"]): DoctorCheck {
	const refused = unknowns.filter(({ reason }) => reason.cause !== "scope");
	if (refused.length === 0) return { name: "administrator's role", ok: true, detail: "every API answers" };
	const names = [...new Set(refused.map(({ collection }) => collection))].join(", ");
	const off = refused.some(({ reason }) => reason.cause === "licence");
	const mend = off
		? "switch the API on in the service account's Google Cloud project, and API access in the Admin console"
		: "give the administrator that is acted as a role that may read it; roles and policies need a super administrator";
	return { name: "administrator's role", ok: false, detail: `cannot be read: ${names}; ${refused.map(({ reason }) => reason.detail).join("; ")}`, mend };
}

/** The administrator belongs to the customer that the stack file names. */
async function tenantCheck(connection: GoogleConnection): Promise<DoctorCheck> {
	const { customer, http, config } = connection;
	const request = {
		method: "GET" as const,
		path: "/admin/directory/v1/users/{userKey}",
		params: { userKey: http.signer.subject },
		query: { fields: "id,customerId" },
	};
	const me = await one(connection, request, config.signal);
	if ("error" in me) return { name: "tenant", ok: false, detail: me.error.message, mend: `check subject in the stack file and the scope ${readScope.users}` };
	const own = at(me.body, "customerId");
	if (customer === "my_customer" || own === customer) return { name: "tenant", ok: true, detail: `customer ${String(own)}` };
	return {
		name: "tenant",
		ok: false,
		detail: `${http.signer.subject} belongs to customer ${String(own)}, not to ${customer}`,
		mend: `set systems.${config.system}.options.customer to the customer that is meant`,
	};
}

function clockCheck(skew: number | null): DoctorCheck {
	if (skew === null) return { name: "clock", ok: true, detail: "Google's clock was not seen" };
	const seconds = Math.round(skew / 1000);
	if (Math.abs(skew) <= skewLimit) return { name: "clock", ok: true, detail: `${seconds} s from Google's` };
	return {
		name: "clock",
		ok: false,
		detail: `this machine's clock is ${Math.abs(seconds)} s ${skew > 0 ? "behind" : "ahead of"} Google's`,
		mend: "set the clock, by NTP",
	};
}

/** Scopes that nothing here reads with, asked for one by one: what is delegated can be had, and shows. */
async function writingScopes(connection: GoogleConnection, granted: Set<string>): Promise<{ more: string[]; canWrite: boolean }> {
	const more: string[] = [];
	for (const scope of [writeScope.users, writeScope.members, writeScope.roles]) if ((await tokenError(connection, scope)) === null) more.push(scope);
	return { more, canWrite: more.length > 0 || granted.has(readScope.security) || granted.has(readScope.groupSettings) };
}

function writeCheck(purpose: "read" | "act", more: string[]): DoctorCheck {
	if (purpose === "act") return { name: "writes", ok: true, detail: "may write what its scopes and its administrator's role allow" };
	if (more.length > 0)
		return {
			name: "writes",
			ok: false,
			detail: `the reading credential can write: ${more.join(", ")}`,
			mend: "take these scopes from the delegation of the client under auth",
		};
	const detail = `no scope beyond reading; ${readScope.security} and ${readScope.groupSettings} have no read-only twin and can be left out, at the price of grants, app passwords and group settings`;
	return { name: "writes", ok: true, detail };
}
