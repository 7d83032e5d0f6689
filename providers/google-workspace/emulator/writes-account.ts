import type { Call, Reply } from "../../../src/emulate/call.js";
import { noContent, ok, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { duplicate, invalid, legacy, notFound, required } from "./errors.js";
import { currentGroup, currentUser } from "./find.js";
import { etag } from "./ids.js";
import type { Operation } from "./rights.js";
import { checkCustomer } from "./routes-roles.js";
import { showPhoto } from "./show.js";
import type { Tenant } from "./types.js";
import { sentBody, taken } from "./writes-users.js";

const base = "/admin/directory/v1";
const type = "DOMAIN_SETTINGS";
const customerFields = ["alternateEmail", "language", "phoneNumber", "postalAddress"];

/** Writes on the account itself, its domains, the aliases of groups and the photos of users. */
export function accountWrites(tenant: Tenant): Operation[] {
	const { state, world } = tenant;
	const route = (method: string, path: string, scope: string, privilege: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: base + path,
		needs: { service: "admin.googleapis.com", scopes: [scope], privilege },
		handler,
	});
	const account = (method: string, path: string, handler: (call: Call<Grant>) => Reply) =>
		route(method, path, path.startsWith("/customers") ? "admin.directory.customer" : "admin.directory.domain", "DOMAIN_MANAGEMENT", (call) => {
			checkCustomer(tenant, call);
			return handler(call);
		});
	const created = () => ({ verified: false, creationTime: String(world.now()) });
	const free = (name: string) => {
		if (!/^[^\s@]+\.[^\s@]+$/.test(name)) throw invalid("Invalid Input: domainName");
		if (state.domains.has(name) || state.domainAliases.has(name)) throw duplicate();
	};

	function editCustomer(call: Call<Grant>): Reply {
		const sent = Object.entries(sentBody(call)).filter(([name]) => customerFields.includes(name));
		const before = { ...state.customer };
		world.undo(() => Object.assign(state.customer, before));
		Object.assign(state.customer, Object.fromEntries(sent));
		changed(tenant, call, type, "CHANGE_ORGANIZATION_NAME", { DOMAIN_NAME: state.customer.customerDomain });
		return ok({ kind: "admin#directory#customer", etag: etag(state.customer.id, tenant.version), ...state.customer });
	}

	function addDomain(call: Call<Grant>): Reply {
		const domainName = String(sentBody(call).domainName ?? "").toLowerCase();
		if (domainName === "") throw required("Required field: domainName");
		free(domainName);
		const made = { domainName, isPrimary: false, ...created() };
		world.put(state.domains, domainName, made);
		changed(tenant, call, type, "ADD_SECONDARY_DOMAIN", { DOMAIN_NAME: domainName });
		return ok({ kind: "admin#directory#domain", etag: etag(domainName, 1), ...made });
	}

	function removeDomain(call: Call<Grant>): Reply {
		const name = param(call, "domainName");
		const found = state.domains.get(name);
		if (!found) throw legacy(404, "notFound", "Domain not found.");
		const held = [...state.users.values()].some(({ body, deleted }) => deleted === null && body.primaryEmail.endsWith(`@${name}`));
		if (found.isPrimary || held) throw legacy(412, "conditionNotMet", "Domain cannot be deleted while it is in use.");
		world.drop(state.domains, name);
		changed(tenant, call, type, "REMOVE_SECONDARY_DOMAIN", { DOMAIN_NAME: name });
		return noContent();
	}

	function addDomainAlias(call: Call<Grant>): Reply {
		const sent = sentBody(call);
		const [domainAliasName, parentDomainName] = [sent.domainAliasName, sent.parentDomainName].map((value) => String(value ?? "").toLowerCase());
		if (!domainAliasName || !parentDomainName) throw required("Required field: domainAliasName");
		if (!state.domains.has(parentDomainName)) throw legacy(404, "notFound", "Domain not found.");
		free(domainAliasName);
		const made = { domainAliasName, parentDomainName, ...created() };
		world.put(state.domainAliases, domainAliasName, made);
		changed(tenant, call, type, "ADD_DOMAIN_ALIAS", { DOMAIN_NAME: parentDomainName, DOMAIN_ALIAS: domainAliasName });
		return ok({ kind: "admin#directory#domainAlias", etag: etag(domainAliasName, 1), ...made });
	}

	function removeDomainAlias(call: Call<Grant>): Reply {
		const name = param(call, "domainAliasName");
		if (!world.drop(state.domainAliases, name)) throw legacy(404, "notFound", "Domain alias not found.");
		changed(tenant, call, type, "REMOVE_DOMAIN_ALIAS", { DOMAIN_ALIAS: name });
		return noContent();
	}

	function setGroupAliases(call: Call<Grant>, aliases: string[]): void {
		const group = currentGroup(tenant, param(call, "groupKey"));
		const { aliases: _, ...body } = group.body;
		world.put(state.groups, group.id, { ...group, body: { ...body, ...(aliases.length > 0 && { aliases }) }, version: group.version + 1 });
		changed(tenant, call, "GROUP_SETTINGS", "CHANGE_GROUP_SETTING", { GROUP_EMAIL: group.body.email });
	}

	function addGroupAlias(call: Call<Grant>): Reply {
		const { id, body } = currentGroup(tenant, param(call, "groupKey"));
		const alias = String(sentBody(call).alias ?? "").toLowerCase();
		if (!alias.includes("@")) throw invalid("Invalid Input: resource.alias");
		if (taken(tenant, alias)) throw duplicate();
		setGroupAliases(call, [...(body.aliases ?? []), alias]);
		return ok({ kind: "admin#directory#alias", id, etag: etag(alias, 1), primaryEmail: body.email, alias });
	}

	function removeGroupAlias(call: Call<Grant>): Reply {
		const { aliases = [] } = currentGroup(tenant, param(call, "groupKey")).body;
		const left = (aliases ?? []).filter((one) => one !== param(call, "alias").toLowerCase());
		if (left.length === (aliases ?? []).length) throw notFound("alias");
		setGroupAliases(call, left);
		return noContent();
	}

	function setPhoto(call: Call<Grant>, photo: string | undefined): Reply {
		const person = currentUser(tenant, param(call, "userKey"));
		const { photo: old, ...rest } = person;
		if (photo === undefined && old === undefined) throw notFound("photo");
		const next = { ...rest, ...(photo !== undefined && { photo }), version: person.version + 1 };
		world.put(state.users, person.id, next);
		changed(tenant, call, "USER_SETTINGS", photo === undefined ? "DELETE_PROFILE_PHOTO" : "UPDATE_PROFILE_PHOTO", { USER_EMAIL: person.body.primaryEmail });
		return photo === undefined ? noContent() : ok(showPhoto(next, photo));
	}

	function putPhoto(call: Call<Grant>): Reply {
		const { photoData } = sentBody(call);
		// Web-safe Base64; dots stand for padding in what the vendor itself sends.
		if (typeof photoData !== "string" || !/^[\w+/=*.-]+$/.test(photoData)) throw invalid("Invalid Input: photoData");
		return setPhoto(call, photoData);
	}

	const photo = "/users/{userKey}/photos/thumbnail";
	const user = "admin.directory.user";
	return [
		account("PUT", "/customers/{customerKey}", editCustomer),
		account("PATCH", "/customers/{customerKey}", editCustomer),
		account("POST", "/customer/{customer}/domains", addDomain),
		account("DELETE", "/customer/{customer}/domains/{domainName}", removeDomain),
		account("POST", "/customer/{customer}/domainaliases", addDomainAlias),
		account("DELETE", "/customer/{customer}/domainaliases/{domainAliasName}", removeDomainAlias),
		route("POST", "/groups/{groupKey}/aliases", "admin.directory.group", "GROUPS_UPDATE", addGroupAlias),
		route("DELETE", "/groups/{groupKey}/aliases/{alias}", "admin.directory.group", "GROUPS_UPDATE", removeGroupAlias),
		route("PUT", photo, user, "USERS_UPDATE", putPhoto),
		route("PATCH", photo, user, "USERS_UPDATE", putPhoto),
		route("DELETE", photo, user, "USERS_UPDATE", (call) => setPhoto(call, undefined)),
	];
}
