import { at, count } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { estimate } from "./estimate.js";
import { readers } from "./readers.js";

/** Milliseconds. */
const skewLimit = 300_000;

interface Part {
	name: string;
	what: string;
	request: HttpRequest;
	collections: DoctorReport["unknowns"][number]["collection"][];
}

const parts: Part[] = [
	{ name: "SSPM", what: "watched apps", request: { method: "GET", path: "/sspm/api/v1/apps" }, collections: ["settings", "apps"] },
	{
		name: "THIRD_PARTY_APPS",
		what: "third-party apps",
		request: { method: "GET", path: "/sspm/api/v1/plugins", query: { limit: 1 } },
		collections: ["apps", "credentials"],
	},
	{
		name: "IDENTITY",
		what: "SaaS instances",
		request: { method: "GET", path: "/sspm/identity/v1/saas_instances" },
		collections: ["accounts", "roleAssignments", "credentials", "activity"],
	},
];

/** A few small requests; changes nothing. */
export async function doctor(connection: SspmConnection): Promise<DoctorReport> {
	const { config, client } = connection;
	const block = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const checks: DoctorCheck[] = [];
	const unknowns: DoctorReport["unknowns"] = [];
	const totals: Record<string, number> = {};
	for (const part of parts) {
		try {
			const { body } = await connection.send({ ...part.request, ...(config.signal && { signal: config.signal }) });
			if (checks.length === 0) checks.push({ name: "credential", ok: true, detail: "the token endpoint takes the client secret" });
			const items = at(body, "items");
			const total = count(at(body, "total")) ?? (Array.isArray(items) ? items.length : 0);
			totals[part.name] = total;
			if (!Array.isArray(items))
				checks.push({ name: part.name, ok: false, detail: `${part.request.path}: the answer is not a list`, mend: `check systems.${config.system}.url` });
			else if (total === 0 && part.name === "SSPM")
				checks.push({ name: part.name, ok: false, detail: "no app is watched", mend: `check ${block}.tsgId: the tenant must have apps under SaaS posture` });
			else checks.push({ name: part.name, ok: true, detail: `${total} ${part.what}` });
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			const unreached = connection.unreached();
			if (unreached !== null) return unreachedReport(connection, unreached);
			checks.push(refusal(part, error, block));
			for (const collection of part.collections) unknowns.push({ collection, reason: reasonOf(error) });
			// One wrong credential is one line, not three.
			if (isCredential(error)) {
				for (const { collection } of readers)
					if (!unknowns.some((one) => one.collection === collection)) unknowns.push({ collection, reason: reasonOf(error) });
				break;
			}
		}
	}
	const accounts = await accountTotal(connection).catch(() => 0);
	const skew = client.clockSkew();
	checks.push(clockCheck(skew), { name: "writes", ok: true, detail: "the API does not tell which roles a credential has" });
	const planned = totals.SSPM === undefined ? [] : estimate({ accounts, apps: totals.SSPM });
	const requests = planned.reduce((sum, one) => sum + one.requests, 0);
	const seconds = Math.ceil(planned.reduce((sum, one) => sum + one.requests / one.perSecond, 0));
	return {
		ok: checks.every(({ ok }) => ok),
		checks,
		clockSkew: skew,
		scopes: null,
		unknowns,
		canWrite: null,
		estimate: planned[0] ? { requests, seconds, detail: `${totals.SSPM} apps, ${accounts} accounts; ${planned[0].source}` } : null,
	};
}

/** Accounts over all instances, by the vendor's word. */
async function accountTotal(connection: SspmConnection): Promise<number> {
	const { body } = await connection.send({ method: "GET", path: "/sspm/identity/v1/saas_instances" });
	const items = at(body, "items");
	let sum = 0;
	for (const item of Array.isArray(items) ? items.slice(0, 20) : []) {
		const saasInstanceId = String(at(item, "saasInstanceId") ?? "");
		const path = "/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts";
		const answer = await connection.send({ method: "GET", path, params: { saasInstanceId }, query: { limit: 1, page: 0 } });
		sum += count(at(answer.body, "total")) ?? 0;
	}
	return sum;
}

/** The token endpoint refused, or the API does not take its token. */
function isCredential({ status, request }: HttpError): boolean {
	return status === 401 || request.call.startsWith("POST ");
}

function refusal({ name }: Part, error: HttpError, block: string): DoctorCheck {
	const { status, message } = error;
	if (isCredential(error)) return { name: "credential", ok: false, detail: message, mend: `check clientId, clientSecret and tsgId of ${block}` };
	if (status === 403)
		return { name, ok: false, detail: message, mend: `give the service account of ${block} the role ${readRole} in the tenant of tsgId, and check tsgId` };
	if (error.cause === "licence") return { name, ok: false, detail: message, mend: "activate the licence, or expect its collections to stay unknown" };
	if (status === 500) return { name, ok: false, detail: message, mend: "check that the tenant has the SSPM licence, and try again later" };
	return { name, ok: false, detail: message, mend: "try again later, and ask the vendor where it goes on" };
}

function clockCheck(skew: number | null): DoctorCheck {
	if (skew === null) return { name: "clock", ok: true, detail: "the API's clock was not seen" };
	const seconds = Math.round(Math.abs(skew) / 1000);
	if (Math.abs(skew) <= skewLimit) return { name: "clock", ok: true, detail: `${seconds} s from the API's` };
	const detail = `this machine's clock is ${seconds} s ${skew > 0 ? "behind" : "ahead of"} the API's`;
	return { name: "clock", ok: false, detail, mend: "set the clock, by NTP" };
}

/** Where nothing answers, nothing else can be said. */
function unreachedReport({ config }: SspmConnection, why: string): DoctorReport {
	const mend = `check systems.${config.system}.url in the stack file, the network and the proxy`;
	const checks: DoctorCheck[] = [
		{ name: "address", ok: false, detail: `no answer from ${config.url}: ${why}`, mend },
		...["credential", ...parts.map(({ name }) => name), "clock"].map((name) => ({ name, ok: false, detail: "not checked: no answer" })),
	];
	return { ok: false, unreached: true, checks, clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null };
}
