import { bodyOf, type Call, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandText, type Raw } from "./kinds.js";
import { link } from "./render.js";

import { drop, iso, newId, put, type Tenant } from "./tenant.js";

/** Okta's own profile properties: name, title, and where it differs from an optional text. */
const BASE: [name: string, title: string, more?: Raw][] = [
	["login", "Username", { required: true, minLength: 5, maxLength: 100 }],
	["firstName", "First name", { required: true, minLength: 1, maxLength: 50 }],
	["lastName", "Last name", { required: true, minLength: 1, maxLength: 50 }],
	["email", "Primary email", { required: true, format: "email", minLength: 5, maxLength: 100 }],
	...(
		"middleName:Middle name,honorificPrefix:Honorific prefix,honorificSuffix:Honorific suffix,title:Title,displayName:Display name,nickName:Nickname," +
		"profileUrl:Profile Url,secondEmail:Secondary email,mobilePhone:Mobile phone,primaryPhone:Primary phone,streetAddress:Street address,city:City," +
		"state:State,zipCode:Zip code,countryCode:Country code,postalAddress:Postal Address,preferredLanguage:Preferred language,locale:Locale," +
		"timezone:Time zone,userType:User type,employeeNumber:Employee number,costCenter:Cost center,organization:Organization,division:Division," +
		"department:Department,managerId:ManagerId,manager:Manager"
	)
		.split(",")
		.map((pair): [string, string] => [pair.split(":")[0] ?? "", pair.split(":")[1] ?? ""]),
];

const permissions = [{ principal: "SELF", action: "READ_ONLY" }];

function baseProperties(): Raw {
	return Object.fromEntries(
		BASE.map(([name, title, more]) => [name, { title, type: "string", mutability: "READ_WRITE", scope: "NONE", permissions, ...more }]),
	);
}

/** The id users of the org carry, which is that of the default type. */
function defaultTypeId(tenant: Tenant): string {
	for (const user of tenant.state.users.values()) if (user.type?.id) return user.type.id;
	return "otyEmulatorDefault00";
}

function defaultType(tenant: Tenant): Raw & { id: string } {
	const created = String(tenant.state.org.created ?? iso(0));
	const by = { createdBy: "sprEmulator000000000", lastUpdatedBy: "sprEmulator000000000", created, lastUpdated: created };
	const words = { displayName: "User", name: "user", description: "Okta user profile template with default permission settings" };
	return { id: defaultTypeId(tenant), ...words, ...by, default: true };
}

function types(tenant: Tenant): Map<string, Raw> {
	const first = defaultType(tenant);
	return new Map([[first.id, first], ...(tenant.state.userTypes ?? [])]);
}

function typeAt(call: Call): Raw & { id: string } {
	const given = param(call, "typeId");
	const id = given === "default" ? defaultTypeId(call.tenant) : given;
	const type = types(call.tenant).get(id);
	if (!type) throw notFound(given, "UserType");
	return { ...type, id };
}

/** Id of the schema of a type, and back. */
const schemaId = (typeId: string): string => `osc${typeId.slice(3)}`;

function renderType(tenant: Tenant, type: Raw): Raw {
	const id = String(type.id);
	const schema = link(tenant, `/api/v1/meta/schemas/user/${schemaId(id)}`, "GET", "POST");
	return { ...type, _links: { self: link(tenant, `/api/v1/meta/types/user/${id}`, "GET", "POST", "PUT", "DELETE"), schema: { ...schema, rel: "schema" } } };
}

function listTypes(call: Call): Reply {
	return { status: 200, list: { items: [...types(call.tenant).values()].map((type) => renderType(call.tenant, type)) } };
}

function save(call: Call, type: Raw & { id: string }): Reply {
	const { tenant } = call;
	tenant.state.userTypes ??= new Map();
	put(tenant, tenant.state.userTypes, type.id, type);
	return ok(renderType(tenant, type));
}

/** Besides the default one an org has nine types at most. */
function createType(call: Call): Reply {
	const { tenant } = call;
	const body = bodyOf(call);
	const name = demandText(body, "name", 150);
	if (!/^[A-Za-z]\w*$/.test(name)) throw invalid("name", "Must start with a letter and contain only letters, digits and underscores");
	const all = [...types(tenant).values()];
	if (all.some((type) => type.name === name)) throw invalid("name", "A user type with this name already exists");
	if (all.length >= 10) throw apiError("E0000001", "name", ["name: The org has the most user types it may have."]);
	const now = iso(tenant.now());
	const by = call.caller.userId ?? call.caller.clientId ?? "okta.system";
	const description = typeof body.description === "string" ? { description: body.description } : {};
	const dates = { created: now, createdBy: by, lastUpdated: now, lastUpdatedBy: by };
	return save(call, { id: newId("oty"), name, displayName: demandText(body, "displayName", 150), ...description, ...dates, default: false });
}

function changeType(call: Call): Reply {
	const before = typeAt(call);
	const body = bodyOf(call);
	if (body.name !== undefined && body.name !== before.name) throw invalid("name", "The name of a user type can't be changed");
	const displayName = call.method === "PUT" || body.displayName !== undefined ? demandText(body, "displayName", 150) : before.displayName;
	const description = typeof body.description === "string" ? { description: body.description } : {};
	return save(call, { ...before, displayName, ...description, lastUpdated: iso(call.tenant.now()) });
}

function deleteType(call: Call): Reply {
	const { tenant } = call;
	const type = typeAt(call);
	if (type.default === true) throw apiError("E0000006");
	for (const user of tenant.state.users.values()) if (user.type?.id === type.id) throw apiError("E0000001", "id", ["id: The user type is assigned to users."]);
	if (tenant.state.userTypes) drop(tenant, tenant.state.userTypes, type.id);
	return noContent();
}

function schemaAt(call: Call): { type: Raw & { id: string }; id: string } {
	const given = param(call, "schemaId");
	const type = [...types(call.tenant).values()].find((one) => given === schemaId(String(one.id)) || (given === "default" && one.default === true));
	if (!type) throw notFound(given, "Schema");
	return { type: { ...type, id: String(type.id) }, id: schemaId(String(type.id)) };
}

/** Stored are the custom properties and what was changed of Okta's own. */
function renderSchema(call: Call): Raw {
	const { tenant } = call;
	const { type, id } = schemaAt(call);
	const stored = tenant.state.userSchemas?.get(id);
	const custom = (isRecord(stored?.custom) ? stored.custom : {}) as Raw;
	const changed = (isRecord(stored?.base) ? stored.base : {}) as Raw;
	const base = Object.fromEntries(
		Object.entries(baseProperties()).map(([name, value]) => [name, { ...(value as Raw), ...(changed[name] as Raw | undefined) }]),
	);
	const required = (properties: Raw): string[] => Object.keys(properties).filter((name) => (properties[name] as Raw).required === true);
	return {
		id: `${tenant.url}/meta/schemas/user/${id}`,
		$schema: "http://json-schema.org/draft-04/schema#",
		name: String(type.name),
		title: String(type.displayName),
		created: type.created,
		lastUpdated: stored?.lastUpdated ?? type.lastUpdated,
		definitions: {
			base: { id: "#base", type: "object", properties: base, required: required(base) },
			custom: { id: "#custom", type: "object", properties: custom, required: required(custom) },
		},
		type: "object",
		properties: { profile: { allOf: [{ $ref: "#/definitions/custom" }, { $ref: "#/definitions/base" }] } },
		_links: { self: link(tenant, `/api/v1/meta/schemas/user/${id}`), type: link(tenant, `/api/v1/meta/types/user/${type.id}`) },
	};
}

/** POST merges; a property set to null is taken out. Okta's own stay. */
function changeSchema(call: Call): Reply {
	const { tenant } = call;
	const { id } = schemaAt(call);
	const { definitions } = bodyOf(call);
	const given = (name: string): Raw => {
		const part = isRecord(definitions) ? definitions[name] : undefined;
		return isRecord(part) && isRecord(part.properties) ? part.properties : {};
	};
	const before = tenant.state.userSchemas?.get(id);
	const custom: Raw = { ...(isRecord(before?.custom) ? before.custom : {}) };
	const own = baseProperties();
	for (const [name, property] of Object.entries(given("custom"))) {
		if (name in own) throw invalid(name, "A custom property can't have the name of a base property");
		if (property === null) delete custom[name];
		else if (!isRecord(property) || typeof property.type !== "string" || typeof property.title !== "string")
			throw invalid(name, "A property needs a title and a type");
		else custom[name] = { mutability: "READ_WRITE", scope: "NONE", permissions, ...property };
	}
	const base: Raw = { ...(isRecord(before?.base) ? before.base : {}) };
	for (const [name, property] of Object.entries(given("base"))) {
		if (!(name in own) || property === null) throw invalid(name, "A base property can't be added or removed");
		base[name] = { ...(base[name] as Raw | undefined), ...(property as Raw) };
	}
	tenant.state.userSchemas ??= new Map();
	put(tenant, tenant.state.userSchemas, id, { custom, base, lastUpdated: iso(tenant.now()) });
	return ok(renderSchema(call));
}

const meta = "/api/v1/meta/types/user";
const one = `${meta}/{typeId}`;
const schema = "/api/v1/meta/schemas/user/{schemaId}";

export const schemaRoutes: Route[] = [
	route("GET", meta, "userTypes", listTypes),
	route("POST", meta, "userTypes", createType),
	route("GET", one, "userTypes", (call) => ok(renderType(call.tenant, typeAt(call)))),
	route("POST", one, "userTypes", changeType),
	route("PUT", one, "userTypes", changeType),
	route("DELETE", one, "userTypes", deleteType),
	route("GET", schema, "schemas", (call) => ok(renderSchema(call))),
	route("POST", schema, "schemas", changeSchema),
];
