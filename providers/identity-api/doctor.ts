import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import type { IdentityConnection } from "./connection.js";
import { readScope } from "./dialect.js";
import { estimate } from "./estimate.js";
import { counted } from "./paging.js";
import { filtersOf } from "./read-accounts.js";
import { readers } from "./readers.js";

/** Milliseconds. */
const skewLimit = 300_000;

/** One small request; changes nothing. */
export async function doctor(connection: IdentityConnection): Promise<DoctorReport> {
	const { config, client, tenantId } = connection;
	const block = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const checks: DoctorCheck[] = [];
	const unknowns: DoctorReport["unknowns"] = [];
	let total: number | null = null;
	try {
		const found = await counted(connection, filtersOf(connection));
		total = found.total;
		checks.push({ name: "credential", ok: true, detail: "the API takes the token" });
		checks.push({ name: "permission", ok: true, detail: "identities can be read" });
		if (found.envelope === null) {
			const detail = "GET /v1/identity: the answer is no list of identities";
			checks.push({ name: "answer", ok: false, detail, mend: `check systems.${config.system}.url: it must end before /v1/identity` });
			unknowns.push(...all({ cause: "error", detail }));
		} else if (found.envelope.items.length === 0) {
			const detail = `the API lists no identity for ${tenantId === null ? "this token" : `tenant ${tenantId}`}`;
			const mend =
				tenantId === null
					? `take a token of the right tenant for ${block}.token`
					: `check systems.${config.system}.options.tenantId, and whose token ${block}.token is`;
			checks.push({ name: "tenant", ok: false, detail, mend });
			unknowns.push(...all({ cause: "floor", detail }));
		} else checks.push({ name: "tenant", ok: true, detail: tenantId === null ? "identities are listed" : `identities of ${tenantId} are listed` });
	} catch (error) {
		if (!(error instanceof HttpError)) throw error;
		const unreached = connection.unreached();
		if (unreached !== null) return unreachedReport(connection, unreached);
		checks.push(refusal(error, block, config.system));
		unknowns.push(...all(reasonOf(error)));
	}
	const skew = client.clockSkew();
	checks.push(clockCheck(skew), { name: "writes", ok: true, detail: "the API does not tell what a token may write" });
	const [planned] = total === null ? [] : estimate({ accounts: total });
	return {
		ok: checks.every(({ ok }) => ok),
		checks,
		clockSkew: skew,
		scopes: null,
		unknowns,
		canWrite: null,
		estimate: planned
			? { requests: planned.requests, seconds: Math.ceil(planned.requests / planned.perSecond), detail: `${total} identities; ${planned.source}` }
			: null,
	};
}

function all(reason: DoctorReport["unknowns"][number]["reason"]): DoctorReport["unknowns"] {
	return readers.map(({ collection }) => ({ collection, reason }));
}

function refusal(error: HttpError, block: string, system: string): DoctorCheck {
	switch (error.status) {
		case 401:
			return { name: "credential", ok: false, detail: error.message, mend: `put a token that is in force under ${block}.token` };
		case 403:
			return { name: "permission", ok: false, detail: error.message, mend: `give the token of ${block} the permission ${readScope}` };
		case 404:
			return { name: "answer", ok: false, detail: error.message, mend: `check systems.${system}.url: it must end before /v1/identity` };
		default:
			return { name: "answer", ok: false, detail: error.message, mend: "try again later, and ask the API's operator where it goes on" };
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
