import type { CollectionName, CoverageReason } from "../../src/model/snapshot.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import { signInMark } from "./buckets.js";
import type { EntraConnection } from "./connection.js";
import { tenantEstimate } from "./doctor-size.js";
import { one } from "./read.js";
import { at } from "./schema.js";
import { mendOf } from "./token-errors.js";

/** Clocks further apart make signed assertions fail. Milliseconds. */
const skewLimit = 5 * 60_000;

/** The cheapest call that shows whether a collection can be read. */
const probes: { collection: CollectionName; path: string; query?: Record<string, string | number> }[] = [
	{ collection: "accounts", path: "/v1.0/users", query: { $select: "id", $top: 1 } },
	{ collection: "activity", path: `/v1.0/users${signInMark}`, query: { $select: "id,signInActivity", $top: 1 } },
	{ collection: "groups", path: "/v1.0/groups", query: { $select: "id", $top: 1 } },
	{ collection: "roleAssignments", path: "/v1.0/roleManagement/directory/roleDefinitions" },
	{ collection: "roleAssignments", path: "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances" },
	{ collection: "settings", path: "/v1.0/policies/authorizationPolicy" },
	{ collection: "settings", path: "/v1.0/identity/conditionalAccess/namedLocations" },
	{ collection: "settings", path: "/v1.0/domains" },
	{ collection: "settings", path: "/v1.0/subscribedSkus" },
	{ collection: "settings", path: "/v1.0/security/secureScores", query: { $top: 1 } },
	{ collection: "apps", path: "/v1.0/servicePrincipals", query: { $select: "id", $top: 1 } },
	{ collection: "risks", path: "/v1.0/identityProtection/riskyUsers", query: { $top: 1 } },
	{ collection: "risks", path: "/v1.0/identityProtection/riskDetections", query: { $top: 1 } },
	{ collection: "devices", path: "/v1.0/devices", query: { $select: "id", $top: 1 } },
	{ collection: "authenticators", path: "/v1.0/reports/authenticationMethods/userRegistrationDetails", query: { $top: 1 } },
];

/** Checks credential, permissions, licence and clock; changes nothing. */
export async function doctor(connection: EntraConnection): Promise<DoctorReport> {
	const { http, config } = connection;
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const checks: DoctorCheck[] = [];
	let scopes: string[] | null;
	try {
		scopes = await http.scopes();
		checks.push({ name: "credential", ok: true, detail: `app ${http.clientId} signs in to tenant ${http.tenantId}` });
	} catch (error) {
		if (!(error instanceof HttpError)) throw error;
		if (http.unreached() !== null) return unreached(connection);
		checks.push({ name: "credential", ok: false, detail: error.message, mend: mendOf(error, where) });
		return { ok: false, checks, clockSkew: http.clockSkew(), scopes: null, unknowns: [], canWrite: null, estimate: null };
	}
	const unknowns: DoctorReport["unknowns"] = [];
	for (const probe of probes) {
		const answer = await one(connection, { method: "GET", path: probe.path, ...(probe.query && { query: probe.query }) }, config.signal);
		if (http.unreached() !== null) return unreached(connection);
		if ("error" in answer && answer.error.status === 401) {
			const mend = `check that systems.${config.system}.url and authority of ${where} are of the same cloud, and this machine's clock`;
			const refused = { name: "credential", ok: false, detail: `Microsoft gives a token and Graph refuses it: ${answer.error.message}`, mend };
			return { ok: false, checks: [refused], clockSkew: http.clockSkew(), scopes, unknowns: [], canWrite: canWrite(scopes), estimate: null };
		}
		if ("error" in answer) unknowns.push({ collection: probe.collection, reason: reasonOf(answer.error) });
		else if (probe.collection === "accounts" && !isFilled(answer.body)) unknowns.push({ collection: "accounts", reason: noUsers });
	}
	checks.push(permissionCheck(unknowns), licenceCheck(unknowns), answerCheck(unknowns), clockCheck(http.clockSkew()), writeCheck(scopes, config.purpose));
	return {
		ok: checks.every((check) => check.ok),
		checks,
		clockSkew: http.clockSkew(),
		scopes,
		unknowns,
		canWrite: canWrite(scopes),
		estimate: await tenantEstimate(connection),
	};
}

const noUsers: CoverageReason = { cause: "floor", detail: "the list of users is empty, which no tenant's is: this credential sees none" };

function isFilled(body: unknown): boolean {
	const value = at(body, "value");
	return Array.isArray(value) && value.length > 0;
}

function unreached({ http, config }: EntraConnection): DoctorReport {
	const mend = `check systems.${config.system}.url and authority in the stack file, the network and the proxy`;
	const rest = ["credential", "permissions", "licence", "answers", "clock", "writes"];
	const checks: DoctorCheck[] = [
		{ name: "address", ok: false, detail: `no answer from ${config.url}: ${http.unreached()}`, mend },
		...rest.map((name) => ({ name, ok: false, detail: "not checked: no answer" })),
	];
	return { ok: false, unreached: true, checks, clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null };
}

function permissionCheck(unknowns: DoctorReport["unknowns"]): DoctorCheck {
	const refused = unknowns.filter(({ reason }) => reason.cause === "scope" || reason.cause === "role");
	if (refused.length === 0) return { name: "permissions", ok: true, detail: "every collection may be read" };
	const names = [...new Set(refused.map(({ reason }) => reason.scope ?? reason.detail))].join(", ");
	return {
		name: "permissions",
		ok: false,
		detail: `not granted: ${names}`,
		mend: "add them to the app registration as application permissions, and grant admin consent",
	};
}

/** A tenant without a paid licence is nothing wrong: what it can't tell stays unknown. */
function licenceCheck(unknowns: DoctorReport["unknowns"]): DoctorCheck {
	const missing = [...new Set(unknowns.filter(({ reason }) => reason.cause === "licence").map(({ collection }) => collection))];
	if (missing.length === 0) return { name: "licence", ok: true, detail: "everything that is read is licensed" };
	return { name: "licence", ok: true, detail: `without a licence for Entra ID P1 or P2 in this tenant, a part stays unknown of: ${missing.join(", ")}` };
}

function answerCheck(unknowns: DoctorReport["unknowns"]): DoctorCheck {
	const others = unknowns.filter(({ reason }) => !["scope", "role", "licence"].includes(reason.cause));
	if (others.length === 0) return { name: "answers", ok: true, detail: "no call failed" };
	return {
		name: "answers",
		ok: false,
		detail: others.map(({ reason }) => reason.detail).join("; "),
		mend: "try again later; look at the service's health in the Microsoft 365 admin center",
	};
}

function clockCheck(skew: number | null): DoctorCheck {
	if (skew === null) return { name: "clock", ok: true, detail: "Microsoft's clock was not seen" };
	const seconds = Math.round(skew / 1000);
	if (Math.abs(skew) <= skewLimit) return { name: "clock", ok: true, detail: `${seconds} s from Microsoft's` };
	const detail = `this machine's clock is ${Math.abs(seconds)} s ${skew > 0 ? "behind" : "ahead of"} Microsoft's`;
	return { name: "clock", ok: false, detail, mend: "set the clock, by NTP" };
}

const writing = /(ReadWrite|\.Manage|EnableDisableAccount|RevokeSessions|DeleteRestore|\.Send|FullControl)/;

function canWrite(scopes: string[] | null): boolean | null {
	return scopes === null ? null : scopes.some((scope) => writing.test(scope));
}

function writeCheck(scopes: string[] | null, purpose: "read" | "act"): DoctorCheck {
	const some = scopes?.filter((scope) => writing.test(scope)) ?? [];
	if (purpose === "act")
		return { name: "writes", ok: true, detail: scopes === null ? "the token does not tell what it may write" : `may write: ${some.join(", ") || "nothing"}` };
	if (scopes === null) return { name: "writes", ok: true, detail: "the token does not tell whether it can write" };
	if (some.length === 0) return { name: "writes", ok: true, detail: "the reading credential has no permission that writes" };
	const mend = "remove these permissions from the app registration under auth";
	return { name: "writes", ok: false, detail: `the reading credential can write: ${some.join(", ")}`, mend };
}
