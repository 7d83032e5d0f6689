import { at, count, word } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { type HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole, writeRole } from "./dialect.js";
import { estimate } from "./estimate.js";
import { countedList, losses, one } from "./read.js";
import { countIn } from "./read-idps.js";
import { activityPages } from "./read-saas-activity.js";
import { readers } from "./readers.js";
import { ticketing } from "./ticketing.js";

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
	const refused: { part: Part; error: HttpError }[] = [];
	for (const part of parts) {
		// A part that is down is met again in a scan: two tries are enough to know.
		const answer = await one(connection, { ...part.request, attempts: 2 }, config.signal);
		const unreached = connection.unreached();
		if (unreached !== null) return unreachedReport(connection, unreached);
		if ("error" in answer) {
			refused.push({ part, error: answer.error });
			for (const collection of part.collections) unknowns.push({ collection, reason: reasonOf(answer.error) });
			if (isCredential(answer.error)) break;
			continue;
		}
		const items = at(answer.body, "items");
		const total = count(at(answer.body, "total")) ?? (Array.isArray(items) ? items.length : 0);
		totals[part.name] = total;
		if (!Array.isArray(items))
			checks.push({ name: part.name, ok: false, detail: `${part.request.path}: the answer is not a list`, mend: `check systems.${config.system}.url` });
		else if (items.length === 0 && part.name === "SSPM")
			checks.push({ name: part.name, ok: false, detail: "no app is watched", mend: `check ${block}.tsgId: the tenant must have apps under SaaS posture` });
		else checks.push({ name: part.name, ok: true, detail: `${total} ${part.what}` });
	}
	const wrong = refused.find(({ error }) => isCredential(error));
	if (wrong) {
		// One wrong credential is one line, not one a part.
		for (const { collection } of readers)
			if (!unknowns.some((known) => known.collection === collection)) unknowns.push({ collection, reason: reasonOf(wrong.error) });
		checks.unshift(refusal(wrong.part, wrong.error, block));
	} else {
		checks.unshift({ name: "credential", ok: true, detail: "the token endpoint takes the client secret" });
		const [first] = refused;
		if (first && refused.length === parts.length && refused.every(({ error }) => error.status === 403))
			checks.push({ ...refusal(first.part, first.error, block), name: "access" });
		else checks.push(...refused.map(({ part, error }) => refusal(part, error, block)));
	}
	const size = "IDENTITY" in totals ? await sizeOf(connection) : { accounts: 0, signIns: 0 };
	const skew = client.clockSkew();
	checks.push(clockCheck(skew), { name: "writes", ok: true, detail: writesDetail(connection) }, ...(await ticketingCheck(connection, unknowns.length > 0)));
	const planned = totals.SSPM === undefined ? [] : estimate({ ...size, apps: totals.SSPM, activityPages: activityPages(config.options) });
	const requests = planned.reduce((sum, one) => sum + one.requests, 0);
	const seconds = Math.ceil(planned.reduce((sum, one) => sum + one.requests / one.perSecond, 0));
	return {
		ok: checks.every(({ ok }) => ok),
		checks,
		clockSkew: skew,
		scopes: null,
		unknowns,
		canWrite: null,
		estimate: planned[0]
			? { requests, seconds, detail: `${totals.SSPM} apps, ${size.accounts} accounts, ${size.signIns} sign-ins; ${planned[0].source}` }
			: null,
	};
}

/** Accounts over all instances and sign-ins over all identity providers, as far as the vendor counts them. */
async function sizeOf(connection: SspmConnection): Promise<{ accounts: number; signIns: number }> {
	const sum = async (list: string, key: string, path: string): Promise<number> => {
		const all = await countedList(connection, { method: "GET", path: list }, losses(), connection.config.signal);
		let found = 0;
		for (const item of all?.items ?? []) {
			const id = word(at(item, key));
			if (id === undefined) continue;
			const answer = await one(connection, { method: "GET", path, params: { [key]: id } }, connection.config.signal);
			found += ("body" in answer && countIn(answer.body)) || 0;
		}
		return found;
	};
	const root = "/sspm/identity/v1";
	return {
		accounts: await sum(`${root}/saas_instances`, "saasInstanceId", `${root}/saas_instances/{saasInstanceId}/saas_accounts/count`),
		signIns: await sum(`${root}/idps`, "idpId", `${root}/idps/{idpId}/mfa_activity/count`),
	};
}

function writesDetail({ config }: SspmConnection): string {
	const role = config.purpose === "act" ? `it needs the role ${writeRole}` : `give this one ${readRole} and nothing else`;
	return `the API does not tell what a service account may change: ${role}`;
}

/** Where tickets go, where the stack file says it: an integration, project or issue type that is not there is better known before it is needed. */
async function ticketingCheck(connection: SspmConnection, blind: boolean): Promise<DoctorCheck[]> {
	const { config } = connection;
	if (blind || config.options.ticketing === undefined) return [];
	const found = await ticketing(connection, []);
	if (typeof found === "string") return [{ name: "tickets", ok: false, detail: found, mend: `put systems.${config.system}.options.ticketing right` }];
	return [{ name: "tickets", ok: true, detail: `they are opened in Jira project ${found.project}` }];
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
