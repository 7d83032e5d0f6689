import { bodyOf, type Call, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandText, type Raw } from "./kinds.js";
import { option, setOption } from "./options.js";
import { link, stored } from "./render.js";
import { iso, type Tenant } from "./tenant.js";

/** What an administrator may change of the org's own record. */
const EDITABLE = [
	...["companyName", "website", "phoneNumber", "supportPhoneNumber", "endUserSupportHelpURL"],
	...["address1", "address2", "city", "state", "country", "postalCode"],
];

function getOrg(call: Call): Reply {
	return ok({ ...stored(call.tenant, call.tenant.state.org), _links: { preferences: link(call.tenant, "/api/v1/org/preferences") } });
}

/** POST merges, PUT empties what isn't given. */
function setOrg(call: Call): Reply {
	const { tenant, method } = call;
	const body = bodyOf(call);
	for (const name of EDITABLE) {
		if (body[name] !== undefined && body[name] !== null && typeof body[name] !== "string") throw invalid(name, "Must be a text");
	}
	if (method === "PUT") demandText(body, "companyName");
	const given = Object.fromEntries(EDITABLE.flatMap((name) => (name in body ? [[name, body[name]]] : method === "PUT" ? [[name, null]] : [])));
	const before = tenant.state.org;
	tenant.undo.push(() => {
		tenant.state.org = before;
	});
	tenant.state.org = { ...before, ...given, lastUpdated: iso(tenant.now()) };
	return getOrg(call);
}

const SUPPORT = "/api/v1/org/privacy/oktaSupport";
const HOUR_MS = 3_600_000;
/** A grant lasts eight hours, an extension a day. */
const GRANT_MS = 8 * HOUR_MS;
const EXTENSION_MS = 24 * HOUR_MS;

function support(tenant: Tenant): Raw {
	return option(tenant, "oktaSupport", { support: "DISABLED", expiration: null, caseNumber: null });
}

function getSupport(call: Call): Reply {
	const value = support(call.tenant);
	const links =
		value.support === "ENABLED"
			? { extend: link(call.tenant, `${SUPPORT}/extend`, "POST"), revoke: link(call.tenant, `${SUPPORT}/revoke`, "POST") }
			: { grant: link(call.tenant, `${SUPPORT}/grant`, "POST") };
	return ok({ ...value, _links: links });
}

function setSupport(call: Call, verb: "grant" | "extend" | "revoke"): Reply {
	const { tenant } = call;
	const before = support(tenant);
	if (verb === "extend" && before.support !== "ENABLED") throw apiError("E0000001", "oktaSupport", ["oktaSupport: Access is not granted."]);
	const until = verb === "grant" ? tenant.now() + GRANT_MS : Date.parse(String(before.expiration ?? iso(tenant.now()))) + EXTENSION_MS;
	const next = verb === "revoke" ? { support: "DISABLED", expiration: null } : { support: "ENABLED", expiration: iso(until) };
	setOption(call, "oktaSupport", next);
	return getSupport(call);
}

const CONTACTS = ["BILLING", "TECHNICAL"];

function listContacts(call: Call): Reply {
	const items = CONTACTS.map((contactType) => {
		const name = contactType.toLowerCase();
		return { contactType, _links: { [name]: link(call.tenant, `/api/v1/org/contacts/${name}`) } };
	});
	return { status: 200, list: { items } };
}

function contactType(call: Call): string {
	const type = param(call, "contactType").toUpperCase();
	if (!CONTACTS.includes(type)) throw notFound(type, "OrgContactType");
	return type;
}

/** Nobody named: the org's first user, as in a new org. */
function getContact(call: Call): Reply {
	const { tenant } = call;
	const type = contactType(call);
	const userId = option(tenant, `contact.${type}`, { userId: tenant.state.users.keys().next().value ?? null }).userId;
	if (typeof userId !== "string") throw notFound(type, "OrgContactUser");
	return ok({ userId, _links: { user: link(tenant, `/api/v1/users/${userId}`) } });
}

function setContact(call: Call): Reply {
	const type = contactType(call);
	const userId = demandText(bodyOf(call), "userId");
	if (!call.tenant.state.users.has(userId)) throw notFound(userId, "User");
	setOption(call, `contact.${type}`, { userId });
	return getContact(call);
}

const FOOTER = "/api/v1/org/preferences";
const COMMUNICATION = "/api/v1/org/privacy/oktaCommunication";

function preferences(call: Call): Reply {
	const links = { show: link(call.tenant, `${FOOTER}/showEndUserFooter`, "POST"), hide: link(call.tenant, `${FOOTER}/hideEndUserFooter`, "POST") };
	return ok({ ...option(call.tenant, "preferences", { showEndUserFooter: true }), _links: links });
}

function setFooter(call: Call, showEndUserFooter: boolean): Reply {
	setOption(call, "preferences", { showEndUserFooter });
	return preferences(call);
}

function communication(call: Call): Reply {
	const links = { optIn: link(call.tenant, `${COMMUNICATION}/optIn`, "POST"), optOut: link(call.tenant, `${COMMUNICATION}/optOut`, "POST") };
	return ok({ ...option(call.tenant, "oktaCommunication", { optOutEmailUsers: false }), _links: links });
}

function setCommunication(call: Call, optOutEmailUsers: boolean): Reply {
	setOption(call, "oktaCommunication", { optOutEmailUsers });
	return communication(call);
}

const org = "/api/v1/org";
const contact = `${org}/contacts/{contactType}`;

export const orgRoutes: Route[] = [
	route("GET", org, "orgs", getOrg),
	route("POST", org, "orgs", setOrg),
	route("PUT", org, "orgs", setOrg),
	route("GET", SUPPORT, "orgs", getSupport),
	...(["grant", "extend", "revoke"] as const).map((verb) => route("POST", `${SUPPORT}/${verb}`, "orgs", (call) => setSupport(call, verb))),
	route("GET", `${org}/contacts`, "orgs", listContacts),
	route("GET", contact, "orgs", getContact),
	route("PUT", contact, "orgs", setContact),
	route("GET", FOOTER, "orgs", preferences),
	route("POST", `${FOOTER}/showEndUserFooter`, "orgs", (call) => setFooter(call, true)),
	route("POST", `${FOOTER}/hideEndUserFooter`, "orgs", (call) => setFooter(call, false)),
	route("GET", COMMUNICATION, "orgs", communication),
	route("POST", `${COMMUNICATION}/optIn`, "orgs", (call) => setCommunication(call, false)),
	route("POST", `${COMMUNICATION}/optOut`, "orgs", (call) => setCommunication(call, true)),
];
