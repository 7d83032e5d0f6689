import type { CollectionName, CoverageReason } from "../../src/model/snapshot.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { estimate, sizes } from "./doctor-estimate.js";
import { one } from "./read.js";
import { scoped } from "./read-tally.js";
import { readers } from "./readers.js";

/** Clocks further apart than this make signed requests fail, and changes be missed. Milliseconds. */
const skewLimit = 60_000;

/** The cheapest call that shows whether a collection can be read. */
const probes: { collection: CollectionName; path: string; scope: string; query?: Record<string, string | number> }[] = [
	{ collection: "accounts", path: "/api/v1/users", scope: "okta.users.read", query: { limit: 1, search: "status pr" } },
	{ collection: "groups", path: "/api/v1/groups", scope: "okta.groups.read", query: { limit: 1 } },
	{ collection: "groupRules", path: "/api/v1/groups/rules", scope: "okta.groups.read", query: { limit: 1 } },
	{ collection: "roleAssignments", path: "/api/v1/iam/assignees/users", scope: "okta.roles.read", query: { limit: 1 } },
	{ collection: "settings", path: "/api/v1/policies", scope: "okta.policies.read", query: { type: "OKTA_SIGN_ON" } },
	{ collection: "settings", path: "/api/v1/org", scope: "okta.orgs.read" },
	{ collection: "apps", path: "/api/v1/apps", scope: "okta.apps.read", query: { limit: 1 } },
	{ collection: "credentials", path: "/api/v1/api-tokens", scope: "okta.apiTokens.read" },
	{ collection: "activity", path: "/api/v1/logs", scope: "okta.logs.read", query: { limit: 1 } },
];

/** Checks what the credential can do, without changing anything. A dozen small requests, and the lists of groups and apps. */
export async function doctor(connection: OktaConnection): Promise<DoctorReport> {
	const { http, config } = connection;
	const checks: DoctorCheck[] = [];
	let scopes: string[] | null;
	let missing: string[];
	try {
		scopes = await http.scopes();
		missing = await http.missingScopes();
		checks.push({
			name: "credential",
			ok: true,
			detail: config.credential.method === "ssws" ? "an API token is used: it has all rights of its owner" : "Okta gives a token",
		});
	} catch (error) {
		if (!(error instanceof HttpError)) throw error;
		if (http.unreached() !== null) return unreachedReport(connection);
		checks.push({
			name: "credential",
			ok: false,
			detail: error.message,
			mend: `check systems.${config.system}.${config.purpose === "act" ? "act" : "auth"} in the stack file`,
		});
		return { ok: false, checks, clockSkew: http.clockSkew(), scopes: null, unknowns: [], canWrite: null, estimate: null };
	}
	const unknowns = byScope(missing);
	let seesUsers = false;
	for (const probe of probes.filter((probe) => !missing.includes(probe.scope))) {
		const answer = await one(connection, { method: "GET", path: probe.path, ...(probe.query && { query: probe.query }) }, config.signal);
		if (http.unreached() !== null) return unreachedReport(connection);
		if ("error" in answer) unknowns.push({ collection: probe.collection, reason: scoped(answer.error, probe.scope) });
		else if (probe.collection === "accounts") seesUsers = Array.isArray(answer.body) && answer.body.length > 0;
	}
	if (!seesUsers && !unknowns.some(({ collection }) => collection === "accounts")) {
		unknowns.push({
			collection: "accounts",
			reason: { cause: "floor", detail: "the list of users is empty, which no org's is: the administrator's role of this credential sees none" },
		});
	}
	checks.push(scopeCheck(scopes, missing, config.credential.clientId), roleCheck(unknowns), clockCheck(http.clockSkew()), writeCheck(scopes, config.purpose));
	const size = await sizes(connection);
	return {
		ok: checks.every((check) => check.ok),
		checks,
		clockSkew: http.clockSkew(),
		scopes,
		unknowns,
		canWrite: canWrite(scopes),
		estimate: size && estimate(size, http.client.stats().buckets),
	};
}

/** Where nothing answers, nothing else can be said. */
function unreachedReport({ http, config }: OktaConnection): DoctorReport {
	const mend = `check systems.${config.system}.url in the stack file, the network and the proxy`;
	const rest = ["credential", "scopes", "administrator's role", "clock", "writes"];
	const checks: DoctorCheck[] = [
		{ name: "address", ok: false, detail: `no answer from ${config.url}: ${http.unreached()}`, mend },
		...rest.map((name) => ({ name, ok: false, detail: "not checked: no answer" })),
	];
	return { ok: false, unreached: true, checks, clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null };
}

function byScope(missing: string[]): DoctorReport["unknowns"] {
	return readers.flatMap((reader) =>
		reader.scopes
			.filter((scope) => missing.includes(scope))
			.map((scope): { collection: CollectionName; reason: CoverageReason } => ({
				collection: reader.collection,
				reason: { cause: "scope", detail: `the scope ${scope} is not granted`, scope },
			})),
	);
}

function scopeCheck(scopes: string[] | null, missing: string[], clientId: unknown): DoctorCheck {
	if (scopes === null) return { name: "scopes", ok: true, detail: "an API token has no scopes" };
	if (missing.length === 0) return { name: "scopes", ok: true, detail: `${scopes.length} scopes, all that are asked for` };
	return {
		name: "scopes",
		ok: false,
		detail: `not granted: ${missing.join(", ")}`,
		mend: `grant them in the Admin Console to app ${String(clientId)}, under Okta API Scopes`,
	};
}

function roleCheck(unknowns: DoctorReport["unknowns"]): DoctorCheck {
	const refused = unknowns.filter(({ reason }) => reason.cause !== "scope");
	if (refused.length === 0) return { name: "administrator's role", ok: true, detail: "every collection answers" };
	const names = [...new Set(refused.map(({ collection }) => collection))].join(", ");
	return {
		name: "administrator's role",
		ok: false,
		detail: `cannot be read: ${names}; ${refused.map(({ reason }) => reason.detail).join("; ")}`,
		mend: "give the app the Read-only Administrator role, and for API tokens a custom role that may view them",
	};
}

function clockCheck(skew: number | null): DoctorCheck {
	if (skew === null) return { name: "clock", ok: true, detail: "Okta's clock was not seen" };
	const seconds = Math.round(skew / 1000);
	if (Math.abs(skew) <= skewLimit) return { name: "clock", ok: true, detail: `${seconds} s from Okta's` };
	return {
		name: "clock",
		ok: false,
		detail: `this machine's clock is ${Math.abs(seconds)} s ${skew > 0 ? "behind" : "ahead of"} Okta's`,
		mend: "set the clock, by NTP",
	};
}

function canWrite(scopes: string[] | null): boolean | null {
	return scopes === null ? null : scopes.some((scope) => scope.endsWith(".manage"));
}

function writeCheck(scopes: string[] | null, purpose: "read" | "act"): DoctorCheck {
	const manages = scopes?.filter((scope) => scope.endsWith(".manage")) ?? [];
	if (purpose === "act")
		return { name: "writes", ok: true, detail: scopes === null ? "an API token writes what its owner may" : `may write: ${manages.join(", ") || "nothing"}` };
	if (scopes === null)
		return {
			name: "writes",
			ok: false,
			detail: "the reading credential is an API token, which writes whatever its owner may",
			mend: "use an API service app with read scopes",
		};
	if (manages.length > 0)
		return {
			name: "writes",
			ok: false,
			detail: `the reading credential can write: ${manages.join(", ")}`,
			mend: "revoke these scopes from the app under auth",
		};
	return { name: "writes", ok: true, detail: "the reading credential cannot write" };
}
