import type { Call, Reply } from "../../../src/emulate/call.js";
import { param } from "../../../src/emulate/call.js";
import { iso } from "../../../src/emulate/random.js";
import { activities } from "./activities.js";
import { invalid } from "./errors.js";
import { findUser } from "./find.js";
import { etag } from "./ids.js";
import { body, byKey, listKey, once, page, sizeOf } from "./paging.js";
import type { Operation } from "./rights.js";
import type { Activity, Person, Tenant } from "./types.js";
import { compare, customerParameters, selected, userParameters } from "./usage.js";

const day = 86_400_000;
/** Report days are those of UTC-8, the whole year. */
const pacific = 8 * 3_600_000;
const applications = [
	"access_transparency",
	"admin",
	"calendar",
	"chat",
	"chrome",
	"context_aware_access",
	"data_studio",
	"drive",
	"gcp",
	"gmail",
	"gplus",
	"groups",
	"groups_enterprise",
	"jamboard",
	"keep",
	"login",
	"meet",
	"mobile",
	"rules",
	"saml",
	"token",
	"user_accounts",
	"vault",
];

/** Audit activities and usage reports. */
export function reportRoutes(tenant: Tenant): Operation[] {
	const base = "/admin/reports/v1";
	const route = (template: string, scope: string, handler: (call: Call) => Reply): Operation => ({
		method: "GET",
		template: base + template,
		needs: { service: "admin.googleapis.com", scopes: [scope], privilege: "REPORTS_ACCESS" },
		handler(call) {
			const customer = call.query.get("customerId");
			// The alias that the Directory takes is refused here.
			if (customer !== null && customer !== "" && customer !== tenant.state.customer.id) throw invalid("Invalid customer id.");
			return handler(call);
		},
	});
	return [
		route("/activity/users/{userKey}/applications/{applicationName}", "admin.reports.audit.readonly", (call) => listActivities(tenant, call)),
		route("/usage/users/{userKey}/dates/{date}", "admin.reports.usage.readonly", (call) => userReport(tenant, call)),
		route("/usage/dates/{date}", "admin.reports.usage.readonly", (call) => {
			const date = dateOf(tenant, call);
			const parameters = selected(customerParameters(tenant), call.query.get("parameters"));
			const items = [
				{
					kind: "admin#reports#usageReport",
					date,
					etag: etag(`usage/${date}`, 1),
					entity: { type: "CUSTOMER", customerId: tenant.state.customer.id },
					parameters,
				},
			];
			const head = { kind: "admin#reports#usageReports", etag: etag(`usage/${date}`, tenant.version), ...warnings(tenant, date) };
			return { status: 200, list: { items, wrap: body(head, "usageReports"), idKey: "date" } };
		}),
	];
}

function listActivities(tenant: Tenant, call: Call): Reply {
	const { query } = call;
	const application = param(call, "applicationName");
	if (!applications.includes(application)) throw invalid(`Invalid value '${application}' for parameter applicationName.`);
	const size = sizeOf(call, "maxResults", 1000, 1000, "refuse");
	const now = tenant.world.now();
	const time = (name: string, otherwise: number): number => {
		const text = query.get(name);
		if (text === null || text === "") return otherwise;
		const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
		if (Number.isNaN(at)) throw invalid(`Invalid value '${text}' for parameter ${name}.`);
		return at;
	};
	const end = time("endTime", now);
	const start = time("startTime", 0);
	if (start > end) throw invalid("Start time can not be after end time.");
	if (start > now) throw invalid("Start time can not be in the future.");
	const userKey = param(call, "userKey");
	const user = userKey === "all" ? null : findUser(tenant, userKey).id;
	const event = query.get("eventName");
	const ip = query.get("actorIpAddress");
	const filters = query.get("filters");
	if (filters && !event) throw invalid("Filters need an event name.");
	const fits = filters ? compare(filters) : () => true;
	const rows = once(tenant, `${listKey(call)} ${query.has("endTime") ? "" : Math.floor(now / 60_000)}`, () =>
		activities(tenant, application)
			// Kept for 180 days.
			.filter(({ at }) => at >= Math.max(start, now - 180 * day) && at < end + (query.has("endTime") ? 0 : 1))
			.filter(({ actor, ipAddress }) => (user === null || actor.profileId === user) && (ip === null || ipAddress === ip))
			.filter(({ events }) => event === null || events.some(({ name, parameters }) => name === event && fits(parameters ?? [])))
			// Newest first.
			.map((one) => [`${iso(one.at)} ${one.qualifier}`, one] as const)
			.sort((a, b) => byKey(b, a)),
	);
	const head = { kind: "admin#reports#activities", etag: etag(`activities/${application}`, tenant.version) };
	return page(tenant, call, { rows, descending: true, size, show: (one) => showActivity(tenant, one), wrap: body(head, "items") });
}

function showActivity(tenant: Tenant, { at, qualifier, application, actor, ipAddress, events }: Activity): unknown {
	return {
		kind: "admin#reports#activity",
		id: { time: iso(at), uniqueQualifier: qualifier, applicationName: application, customerId: tenant.state.customer.id },
		etag: etag(qualifier, 1),
		actor,
		...(ipAddress !== undefined && { ipAddress, networkInfo: { ipAsn: [64_496], regionCode: "FI", subdivisionCode: "FI-18" } }),
		events,
	};
}

/** The day asked for. @throws Refusal 400 for one that is not there yet */
function dateOf(tenant: Tenant, call: Call): string {
	const date = param(call, "date");
	const at = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
	if (Number.isNaN(at)) throw invalid(`Invalid value '${date}' for parameter date.`);
	const newest = Date.parse(lastDay(tenant));
	if (at > newest) throw invalid(`Data for dates later than ${iso(newest).slice(0, 10)} is not yet available. Please check back later`);
	if (at < newest - 450 * day) throw invalid(`Data for dates earlier than ${iso(newest - 450 * day).slice(0, 10)} is no longer available.`);
	return date;
}

function lastDay(tenant: Tenant): string {
	return iso(tenant.world.now() - pacific - tenant.choices.reportLagDays * day).slice(0, 10);
}

function warnings(tenant: Tenant, date: string): Record<string, unknown> {
	if (!tenant.choices.partialReport || date !== lastDay(tenant)) return {};
	const data = [
		{ key: "date", value: date },
		{ key: "application", value: "accounts" },
	];
	return {
		warnings: [
			{
				code: "PARTIAL_DATA_AVAILABLE",
				message: `Data for date ${date} for application accounts is not available right now, please try again after a few hours.`,
				data,
			},
		],
	};
}

/** The user as it was at the end of the day: reports lag behind the Directory. */
function asOf(person: Person, until: number): Person {
	let found = person;
	while (found.before && found.before.until >= until) found = found.before.person;
	return found;
}

function userReport(tenant: Tenant, call: Call): Reply {
	const date = dateOf(tenant, call);
	const size = sizeOf(call, "maxResults", 1000, 1000, "refuse");
	const userKey = param(call, "userKey");
	const one = userKey === "all" ? null : findUser(tenant, userKey);
	// Who was made after the day isn't in its report.
	const until = Date.parse(`${date}T00:00:00Z`) + day + pacific;
	const filters = call.query.get("filters");
	const fits = filters ? compare(filters) : () => true;
	const partial = "warnings" in warnings(tenant, date);
	const unit = call.query.get("orgUnitID");
	const path = unit ? [...tenant.state.orgUnits.values()].find(({ orgUnitId }) => orgUnitId === unit)?.orgUnitPath : null;
	if (path === undefined) throw invalid("Invalid Input: orgUnitID");
	const rows = once(tenant, listKey(call), () =>
		[...tenant.state.users.values()]
			.map((person) => asOf(person, until))
			.filter((person) => person.deleted === null && person.created < until && (one === null || person.id === one.id))
			.filter((person) => path === null || person.body.orgUnitPath === path)
			.filter((person) => filters === null || fits(userParameters(person, until)))
			.map((person) => [person.id, person] as const)
			.sort(byKey),
	);
	const head = { kind: "admin#reports#usageReports", etag: etag(`usage/${date}`, tenant.version), ...warnings(tenant, date) };
	const show = (person: Person) => ({
		kind: "admin#reports#usageReport",
		date,
		etag: etag(`usage/${person.id}/${date}`, person.version),
		entity: { type: "USER", customerId: tenant.state.customer.id, userEmail: person.body.primaryEmail, profileId: person.id },
		parameters: selected(
			partial ? userParameters(person, until).filter(({ name }) => !name.startsWith("accounts:")) : userParameters(person, until),
			call.query.get("parameters"),
		),
	});
	return page(tenant, call, { rows, size, show, wrap: body(head, "usageReports"), idKey: "date" });
}
