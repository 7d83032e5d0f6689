import { type Call, ok, param, type Reply, type Route } from "../../../src/emulate/call.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { catalogApp } from "./catalog.js";
import { badRequest, notFound } from "./errors.js";
import type { Fields } from "./find.js";
import { logoutRoutes } from "./logout.js";
import { type Activity, activityOf } from "./make-activity.js";
import { features, idpIn } from "./named.js";
import { matching, numberedPage, numberedRows } from "./paging.js";
import { csvReport } from "./reports.js";
import { instant, listText, sparse } from "./show.js";
import type { Idp, IdpPerson, Tenant } from "./types.js";

const idpTypes = ["okta", "azure", "office365", "google-workspace", "onelogin", "pingone"];

const activityFields: Fields<Activity> = {
	id: (row) => row.id,
	userId: (row) => row.person.userId,
	email: (row) => row.person.email,
	fullName: (row) => row.person.fullName,
	admin: (row) => row.person.admin,
	mfaStrength: (row) => row.strength,
	mfaFactors: (row) => row.factors,
	appType: (row) => row.appType,
	appId: (row) => row.appId,
	timestamp: (row) => row.at,
};
const personFields: Fields<IdpPerson> = {
	userId: (person) => person.userId,
	email: (person) => person.email,
	admin: (person) => person.admin,
};

/** Identity providers and their sign-in activity. There is no list of their accounts: a count, and a report by mail. */
export function idpRoutes(tenant: Tenant): Route<Needs, ServiceAccount>[] {
	const { state, world, choices } = tenant;
	const route = (method: string, rest: string, handler: Route<Needs, ServiceAccount>["handler"]): Route<Needs, ServiceAccount> => ({
		method,
		template: `/sspm/identity/v1${rest}`,
		needs: { area: "IDENTITY", write: method !== "GET" },
		handler,
	});
	const activity = (call: Call) => {
		const idp = idpIn(tenant, call);
		const apps = [...state.apps.values()];
		return { rows: () => [...activityOf(idp, apps, world.now())], fields: activityFields, show: (row: Activity) => shown(tenant, idp, row) };
	};
	const people = (call: Call) => {
		const idp = idpIn(tenant, call);
		return { rows: () => [...idp.people], fields: personFields, show: () => ({}) };
	};

	return [
		...logoutRoutes(tenant),
		route("GET", "/catalog/{appType}", (call) => catalogAnswer(call)),
		route("GET", "/idps", (call) => {
			const wanted = designatedIn(call);
			const all = world.allSeen(state.idps).flatMap(([, idp]) => (wanted === null || idp.designated === wanted ? [idp] : []));
			const items = all.map(({ displayName, idpId, appType }) => ({ displayName, idpId, appType }));
			return { status: 200, list: { items, wrap: (rows) => ({ total: items.length, items: rows }), idKey: "idpId" } };
		}),
		route("POST", "/idps", (call) => register(tenant, call)),
		route("GET", "/idps/{idpId}/feature_state", (call) => {
			const idp = idpIn(tenant, call);
			const feature = call.query.get("feature") ?? "ENROLLMENT";
			if (!features.includes(feature)) throw badRequest(call, `"feature" must be one of ${features.join(", ")}`);
			// A provider registered a moment ago was never scanned.
			if (idp.people.length === 0) return ok(sparse(choices, { status: "UNKNOWN", lastScannedAt: null }));
			return ok({ status: "OK", lastScannedAt: instant(choices, world.now() - 4 * 3_600_000) });
		}),
		route("GET", "/idps/{idpId}/idp_accounts/count", (call) => {
			const rows = matching(tenant, call, people(call));
			return ok({ total: rows.length, admin: rows.filter((person) => person.admin).length });
		}),
		route("POST", "/idps/{idpId}/idp_accounts/csv_report", (call) => {
			matching(tenant, call, people(call));
			return csvReport(tenant, call);
		}),
		route("GET", "/idps/{idpId}/mfa_activity", (call) => numberedPage(tenant, call, activity(call))),
		route("GET", "/idps/{idpId}/mfa_activity/count", (call) => {
			const rows = matching(tenant, call, activity(call));
			return ok({ total: rows.length, ...tally(rows.map((row) => row.strength)) });
		}),
		route("GET", "/idps/{idpId}/mfa_activity/count_by_app_type", (call) => {
			const counts = Object.entries(tally(matching(tenant, call, activity(call)).map((row) => row.appType)));
			return numberedRows(
				tenant,
				call,
				counts.map(([appType, count]) => ({ appType, count, iconAppType: appType })),
			);
		}),
		route("POST", "/idps/{idpId}/mfa_activity/csv_report", (call) => {
			matching(tenant, call, activity(call));
			return csvReport(tenant, call);
		}),
	];
}

function tally(words: string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
	return counts;
}

function designatedIn(call: Call): boolean | null {
	const text = call.query.get("designated");
	if (text === null || text === "") return null;
	if (text !== "true" && text !== "false") throw badRequest(call, '"designated" must be true or false');
	return text === "true";
}

function catalogAnswer(call: Call): Reply {
	const app = catalogApp(param(call, "appType"));
	const feature = call.query.get("feature");
	if (feature !== null && !features.includes(feature)) throw badRequest(call, `"feature" must be one of ${features.join(", ")}`);
	if (!app?.features.includes("IDENTITY")) throw notFound(call, "Application type has no identity features");
	const own = idpTypes.includes(app.name) ? features : features.slice(3);
	if (feature !== null && !own.includes(feature)) throw notFound(call, `Application type has no feature "${feature}"`);
	return ok({ appType: app.name, displayName: app.display_name, features: feature === null ? own : [feature] });
}

/** Everything is in the query; there is no body, and none comes back. */
function register(tenant: Tenant, call: Call): Reply {
	const idpId = call.query.get("idpId") ?? "";
	const appType = call.query.get("idpType") ?? "";
	if (idpId === "") throw badRequest(call, '"idpId" must not be blank');
	if (!idpTypes.includes(appType)) throw badRequest(call, `"idpType" must be one of ${idpTypes.join(", ")}`);
	const { state, world } = tenant;
	const before = state.idps.get(idpId);
	if (before && before.appType !== appType) throw badRequest(call, `The identity provider is one of type ${before.appType}`);
	const made = before ?? { idpId, displayName: catalogApp(appType)?.display_name ?? appType, appType, designated: false, people: [] };
	world.put(state.idps, idpId, { ...made, designated: designatedIn(call) ?? made.designated });
	tenant.version++;
	return { status: 201 };
}

function shown(tenant: Tenant, idp: Idp, row: Activity): Record<string, unknown> {
	const { choices } = tenant;
	const { person } = row;
	return sparse(choices, {
		id: row.id,
		tenant: tenant.name,
		userId: person.userId,
		email: person.email,
		fullName: person.fullName,
		admin: person.admin,
		idpId: idp.idpId,
		idpType: idp.appType,
		mfaStrength: row.strength,
		mfaFactors: listText(choices, row.factors),
		saasProviderMfaType: row.factors[1] === undefined ? null : `${idp.appType}_${row.factors[1].toLowerCase()}`,
		appType: row.appType,
		appId: row.appId,
		timestamp: instant(choices, row.at),
		ipAddress: row.ip,
		location: row.location,
		ticketKey: null,
		ticketUrl: null,
	});
}
