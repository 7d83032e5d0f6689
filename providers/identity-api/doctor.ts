import { at, word } from "../../src/provider/decode.js";
import { cleanText, HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { ConnectConfig, DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import type { IdentityConnection } from "./connection.js";
import { readScope, writeScope } from "./dialect.js";
import { estimate } from "./estimate.js";
import { counted } from "./paging.js";
import { askedFor, filtersOf } from "./read-accounts.js";
import { readers } from "./readers.js";

/** Milliseconds. */
const skewLimit = 300_000;

/** One small request; changes nothing. */
export async function doctor(connection: IdentityConnection): Promise<DoctorReport> {
	const { config, client } = connection;
	const block = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const checks: DoctorCheck[] = [];
	const unknowns: DoctorReport["unknowns"] = [];
	let total: number | null = null;
	try {
		const found = await counted(connection, filtersOf(connection));
		total = found.total;
		checks.push({ name: "credential", ok: true, detail: "the API takes the token" });
		checks.push({ name: "permission", ok: true, detail: "identities can be read" });
		const check = found.envelope === null ? noList(config.system) : tenantCheck(connection, found.envelope.items, block);
		checks.push(check);
		if (found.envelope === null) unknowns.push(...all({ cause: "error", detail: check.detail }));
		else if (found.envelope.items.length === 0) unknowns.push(...all({ cause: "floor", detail: check.detail }));
	} catch (error) {
		if (!(error instanceof HttpError)) throw error;
		const unreached = connection.unreached();
		if (unreached !== null) return unreachedReport(connection, unreached);
		checks.push(refusal(error, connection, block));
		unknowns.push(...all(reasonOf(error)));
	}
	const skew = client.clockSkew();
	const { permissions } = connection.claims;
	const canWrite = permissions === null ? null : permissions.includes(writeScope);
	checks.push(clockCheck(skew), writesCheck(canWrite, config.purpose, block));
	const [planned] = total === null ? [] : estimate({ accounts: total });
	return {
		ok: checks.every(({ ok }) => ok),
		checks,
		clockSkew: skew,
		scopes: permissions,
		unknowns,
		canWrite: config.purpose === "read" ? canWrite : null,
		estimate: planned
			? { requests: planned.requests, seconds: Math.ceil(planned.requests / planned.perSecond), detail: `${total} identities; ${planned.source}` }
			: null,
	};
}

function all(reason: DoctorReport["unknowns"][number]["reason"]): DoctorReport["unknowns"] {
	return readers.map(({ collection }) => ({ collection, reason }));
}

function noList(system: string): DoctorCheck {
	const mend = `check systems.${system}.url: it must end before /v1/identity`;
	return { name: "answer", ok: false, detail: "GET /v1/identity: the answer is no list of identities", mend };
}

function tenantCheck(connection: IdentityConnection, items: unknown[], block: string): DoctorCheck {
	const { config, tenantId, onlyProvider } = connection;
	const fail = (detail: string, mend: string): DoctorCheck => ({ name: "tenant", ok: false, detail, mend });
	const whose = askedFor(connection);
	if (whose === "")
		return items.length > 0
			? { name: "tenant", ok: true, detail: "identities are listed" }
			: fail("the API lists no identity for this token", `take a token of the right tenant for ${block}.token`);
	const options = [tenantId !== null && "tenantId", onlyProvider !== null && "provider"]
		.filter(Boolean)
		.map((name) => `systems.${config.system}.options.${name}`);
	const mend = `check ${options.join(" and ")}, and whose token ${block}.token is`;
	if (items.length === 0) return fail(`the API lists no identity ${whose}`, mend);
	for (const [wanted, field] of [
		[tenantId, "tenant_id"],
		[onlyProvider, "provider"],
	] as const) {
		const other = items.map((item) => word(at(item, field))).find((told) => wanted !== null && told !== undefined && told !== wanted);
		if (other !== undefined) return fail(`asked for identities ${whose}, the API lists one of ${cleanText(other)}: it does not honour filter[${field}]`, mend);
	}
	return { name: "tenant", ok: true, detail: `identities ${whose} are listed` };
}

function writesCheck(canWrite: boolean | null, purpose: ConnectConfig["purpose"], block: string): DoctorCheck {
	const check = (ok: boolean, detail: string, mend?: string): DoctorCheck => ({ name: "writes", ok, detail, ...(mend !== undefined && { mend }) });
	if (canWrite === null) return check(true, "neither the API nor the token tells what it may write");
	if (purpose === "act") {
		const mend = `give the token of ${block} the permission ${writeScope}`;
		return canWrite ? check(true, "the token can write, as it must") : check(false, `the token does not hold ${writeScope}: no change can be made`, mend);
	}
	if (!canWrite) return check(true, "the reading credential cannot write");
	return check(false, `the reading credential holds ${writeScope}: it can write`, `take a token without ${writeScope} for ${block}.token`);
}

function refusal(error: HttpError, { config, claims, tenantId }: IdentityConnection, block: string): DoctorCheck {
	const fail = (name: string, mend: string, detail = error.message): DoctorCheck => ({ name, ok: false, detail, mend });
	const address = `check systems.${config.system}.url: it must end before /v1/identity`;
	switch (error.status) {
		case 401: {
			const past = claims.expires !== null && claims.expires <= config.now();
			const detail = past ? `${error.call}: 401: the token expired at ${new Date(claims.expires ?? 0).toISOString()}` : error.message;
			return fail("credential", `put a token that is in force under ${block}.token`, detail);
		}
		case 403:
			return fail("permission", `give the token of ${block} the permission ${readScope}`);
		case 404:
			return fail("answer", address);
		case 400:
		case 422:
			return fail("answer", tenantId === null ? address : `check systems.${config.system}.options.tenantId: it is written ten_…`);
		default:
			return fail("answer", "try again later, and ask the API's operator where it goes on");
	}
}

function clockCheck(skew: number | null): DoctorCheck {
	if (skew === null) return { name: "clock", ok: true, detail: "the API's clock was not seen" };
	const seconds = Math.round(Math.abs(skew) / 1000);
	if (Math.abs(skew) <= skewLimit) return { name: "clock", ok: true, detail: `${seconds} s from the API's` };
	return {
		name: "clock",
		ok: false,
		detail: `this machine's clock is ${seconds} s ${skew > 0 ? "behind" : "ahead of"} the API's`,
		mend: "set the clock, by NTP",
	};
}

/** Where nothing answers, nothing else can be said. */
function unreachedReport({ config }: IdentityConnection, why: string): DoctorReport {
	const mend = `check systems.${config.system}.url in the stack file, the network and the proxy`;
	const checks: DoctorCheck[] = [
		{ name: "address", ok: false, detail: `no answer from ${config.url}: ${why}`, mend },
		...["credential", "permission", "tenant", "clock"].map((name) => ({ name, ok: false, detail: "not checked: no answer" })),
	];
	return { ok: false, unreached: true, checks, clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null };
}
