import type { CollectionName } from "../../src/model/snapshot.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { DoctorCheck, DoctorReport } from "../../src/provider/provider.js";
import { actScopes } from "./actions.js";
import { identities } from "./address.js";
import { covers, type TokenHolder } from "./auth.js";
import type { SailPointConnection } from "./connection.js";
import { estimate } from "./estimate.js";
import { one } from "./read.js";
import { readers, readScopes } from "./readers.js";

/** Clocks further apart than this make changes be missed and deadlines be judged wrongly. Milliseconds. */
const skewLimit = 5 * 60_000;

/** The cheapest call that shows whether a collection can be read. */
const probes: { collection: CollectionName; path: string; query?: Record<string, string | number | boolean> }[] = [
	{ collection: "groups", path: "/v2026/roles", query: { limit: 1, count: true } },
	{ collection: "groups", path: "/v2026/access-profiles", query: { limit: 1 } },
	{ collection: "settings", path: "/v2026/accounts", query: { limit: 1 } },
	{ collection: "settings", path: "/v2026/campaigns", query: { limit: 1 } },
	{ collection: "settings", path: "/v2026/entitlements", query: { limit: 1 } },
	{ collection: "apps", path: "/v2026/sources", query: { limit: 1, count: true } },
	{ collection: "apps", path: "/v2026/oauth-clients" },
	{ collection: "credentials", path: "/v2026/personal-access-tokens" },
];

/** Checks what the credential can do, without changing anything: about a dozen small requests. */
export async function doctor(connection: SailPointConnection): Promise<DoctorReport> {
	const { http, config } = connection;
	let holder: TokenHolder;
	try {
		holder = await http.holder();
	} catch (error) {
		if (!(error instanceof HttpError)) throw error;
		return http.unreached() !== null ? unreachedReport(connection) : refusedReport(connection, error);
	}
	const checks: DoctorCheck[] = [
		{
			name: "credential",
			ok: true,
			detail: holder.identity ? "SailPoint gives a token for an identity's personal access token" : "SailPoint gives a token for an API client",
		},
	];
	checks.push(tenantCheck(config.url, holder.org));
	const unknowns: DoctorReport["unknowns"] = [];
	const counts = { accounts: 0, groups: 0, apps: 0 };
	const first = await one(connection, { path: identities(connection), query: { limit: 1, count: true, defaultFilter: "NONE" } }, config.signal);
	if ("error" in first) unknowns.push({ collection: "accounts", reason: reasonOf(first.error) });
	else counts.accounts = total(first.headers);
	if ("headers" in first && counts.accounts === 0)
		unknowns.push({
			collection: "accounts",
			reason: { cause: "floor", detail: "the list of identities is empty, which no tenant's is: this credential sees none" },
		});
	if (holder.identity !== null) {
		const own = await one(connection, { path: "/v2026/auth-users/{id}", params: { id: holder.identity } }, config.signal);
		if ("error" in own) unknowns.push({ collection: "roleAssignments", reason: reasonOf(own.error) });
	}
	for (const probe of probes) {
		const answer = await one(connection, { path: probe.path, ...(probe.query && { query: probe.query }) }, config.signal);
		if ("error" in answer) unknowns.push({ collection: probe.collection, reason: reasonOf(answer.error) });
		else if (probe.path.endsWith("/roles")) counts.groups = total(answer.headers);
		else if (probe.path.endsWith("/sources")) counts.apps = total(answer.headers);
	}
	for (const reader of readers)
		if (unknowns.some(({ collection }) => collection === "groups") && reader.collection === "memberships")
			unknowns.push({ collection: "memberships", reason: { cause: "depends", detail: "roles can't be read, and with them who holds them" } });
	const skew = http.client.clockSkew();
	checks.push(scopeCheck(holder, config.purpose), levelCheck(holder, unknowns), clockCheck(skew), writeCheck(holder, config.purpose));
	return { ok: checks.every(({ ok }) => ok), checks, clockSkew: skew, scopes: holder.scopes, unknowns, canWrite: canWrite(holder), estimate: sized(counts) };
}

function total(headers: Headers): number {
	return Number(headers.get("x-total-count") ?? 0) || 0;
}

function sized({ accounts, groups, apps }: { accounts: number; groups: number; apps: number }): DoctorReport["estimate"] {
	if (accounts === 0) return null;
	const planned = estimate({ accounts, groups, apps, memberships: accounts, administrators: 0 });
	const requests = planned.reduce((sum, one) => sum + one.requests, 0);
	const seconds = Math.round(planned.reduce((sum, one) => sum + one.requests / one.perSecond, 0));
	return {
		requests,
		seconds,
		detail: `${accounts} identities, ${groups} roles, ${apps} sources; ${accounts} of the requests are for user levels, one an identity`,
	};
}

function refusedReport({ http, config }: SailPointConnection, error: HttpError): DoctorReport {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const mend =
		error.status === 404
			? `check systems.${config.system}.url: it is the tenant's API, https://<tenant>.api.identitynow.com`
			: `check ${where} in the stack file, and that it was made in the tenant of systems.${config.system}.url; a personal access token may have been deleted or have expired`;
	const checks: DoctorCheck[] = [{ name: "credential", ok: false, detail: error.message, mend }];
	return { ok: false, checks, clockSkew: http.client.clockSkew(), scopes: null, unknowns: [], canWrite: null, estimate: null };
}

/** Where nothing answers, nothing else can be said. */
function unreachedReport({ http, config }: SailPointConnection): DoctorReport {
	const mend = `check systems.${config.system}.url in the stack file, the network and the proxy`;
	const checks: DoctorCheck[] = [
		{ name: "address", ok: false, detail: `no answer from ${config.url}: ${http.unreached()}`, mend },
		...["credential", "scopes", "user level", "clock", "writes"].map((name) => ({ name, ok: false, detail: "not checked: no answer" })),
	];
	return { ok: false, unreached: true, checks, clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null };
}

/** The token names its tenant; on the vendor's own hosts the address does too. */
function tenantCheck(url: string, org: string | null): DoctorCheck {
	const named = /^([^.]+)\.api\.identitynow(?:-demo)?\.com$/.exec(new URL(url).hostname)?.[1];
	if (named === undefined || org === null || named === org)
		return { name: "tenant", ok: true, detail: org === null ? "the token does not name its tenant" : `the token is for ${org}` };
	return {
		name: "tenant",
		ok: false,
		detail: `the token is for ${org}, and the address is that of ${named}`,
		mend: "give the address of the tenant that the token was made in",
	};
}

function scopeCheck({ scopes }: TokenHolder, purpose: "read" | "act"): DoctorCheck {
	if (scopes === null) return { name: "scopes", ok: true, detail: "the token does not tell its scopes" };
	const missing = (purpose === "act" ? actScopes : readScopes).filter((scope) => !covers(scopes, scope));
	if (missing.length === 0) return { name: "scopes", ok: true, detail: "all that are needed" };
	return { name: "scopes", ok: false, detail: `not granted: ${missing.join(", ")}`, mend: "make a new personal access token with these scopes added" };
}

function levelCheck({ identity, levels }: TokenHolder, unknowns: DoctorReport["unknowns"]): DoctorCheck {
	const name = "user level";
	if (identity === null)
		return {
			name,
			ok: false,
			detail: "an API client has no user level, and SailPoint lets only users read identities, user levels and reviews",
			mend: "use a personal access token of an administrator",
		};
	const refused = unknowns.filter(({ reason }) => reason.cause !== "scope");
	const has = levels === null ? "" : ` (it has ${levels.join(", ")})`;
	if (refused.length === 0) return { name, ok: true, detail: `every collection answers${has}` };
	const names = [...new Set(refused.map(({ collection }) => collection))].join(", ");
	return {
		name,
		ok: false,
		detail: `cannot be read: ${names}${has}; ${refused.map(({ reason }) => reason.detail).join("; ")}`,
		mend: "use a token of an identity with the level ORG_ADMIN",
	};
}

function clockCheck(skew: number | null): DoctorCheck {
	if (skew === null) return { name: "clock", ok: true, detail: "SailPoint's clock was not seen" };
	const seconds = Math.round(skew / 1000);
	if (Math.abs(skew) <= skewLimit) return { name: "clock", ok: true, detail: `${seconds} s from SailPoint's` };
	return {
		name: "clock",
		ok: false,
		detail: `this machine's clock is ${Math.abs(seconds)} s ${skew > 0 ? "behind" : "ahead of"} SailPoint's`,
		mend: "set the clock, by NTP",
	};
}

/** The only scope that the vendor has for reading how accounts are used. */
const readsInSpite = "idn:identity-history:manage";

function writing({ scopes }: TokenHolder): string[] {
	return scopes?.filter((scope) => scope !== readsInSpite && (scope === "sp:scopes:all" || /:(manage|write|update|process|user-invite)$/.test(scope))) ?? [];
}

function canWrite(holder: TokenHolder): boolean | null {
	return holder.scopes === null ? null : writing(holder).length > 0;
}

function writeCheck(holder: TokenHolder, purpose: "read" | "act"): DoctorCheck {
	const name = "writes";
	const scopes = writing(holder);
	if (purpose === "act") return { name, ok: true, detail: `may write: ${scopes.join(", ") || "nothing that is known"}` };
	if (holder.scopes === null) return { name, ok: true, detail: "whether the reading credential can write is not told" };
	if (scopes.length === 0) return { name, ok: true, detail: "the reading credential cannot write" };
	return {
		name,
		ok: false,
		detail: `the reading credential can write: ${scopes.join(", ")}`,
		mend: "make a personal access token under auth with read scopes alone",
	};
}
