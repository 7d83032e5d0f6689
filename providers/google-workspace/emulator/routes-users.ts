import type { Call } from "../../../src/emulate/call.js";
import { ok, param } from "../../../src/emulate/call.js";
import { hash } from "../../../src/emulate/random.js";
import { badValue, invalid, legacy, notFound } from "./errors.js";
import { findUser, restorable } from "./find.js";
import { etag } from "./ids.js";
import { asps, codes, tokens } from "./lazy.js";
import { body, byKey, listKey, once, page, sizeOf } from "./paging.js";
import type { Operation, Work } from "./rights.js";
import { directory } from "./scopes.js";
import { never, showPhoto, showPublic, showUser } from "./show.js";
import type { Person, Tenant } from "./types.js";
import { userQuery } from "./user-query.js";

const service = "admin.googleapis.com";
const base = "/admin/directory/v1/users";

/** Reads of users and of what belongs to one. */
export function userRoutes(tenant: Tenant): Operation[] {
	const get = (template: string, scopes: readonly string[], privilege: string, handler: Work): Operation => ({
		method: "GET",
		template: base + template,
		needs: { service, scopes, privilege },
		handler,
	});
	const of = (call: Call) => findUser(tenant, param(call, "userKey"));
	const kind = (name: string, person: Person) => ({ kind: `admin#directory#${name}`, etag: etag(`${name}/${person.id}`, tenant.version) });
	const whole = (name: string, person: Person, items: unknown[], key = "items") => ok({ ...kind(name, person), ...(items.length > 0 && { [key]: items }) });
	const security = directory.security;
	return [
		get("", directory.users, "USERS_RETRIEVE", (call) => list(tenant, call)),
		get("/{userKey}", directory.user, "USERS_RETRIEVE", (call) => ok(show(tenant, call, of(call)))),
		get("/{userKey}/aliases", directory.alias, "USERS_RETRIEVE", (call) => {
			const { id, body: user, version } = of(call);
			const items = (user.aliases ?? []).map((alias) => ({
				kind: "admin#directory#alias",
				id,
				etag: etag(alias, version),
				primaryEmail: user.primaryEmail,
				alias,
			}));
			return ok({ kind: "admin#directory#aliases", etag: etag(`aliases/${id}`, version), ...(items.length > 0 && { aliases: items }) });
		}),
		get("/{userKey}/asps", security, "USER_SECURITY_ALL", (call) => whole("aspList", of(call), asps(tenant, of(call)))),
		get("/{userKey}/asps/{codeId}", security, "USER_SECURITY_ALL", (call) => {
			const found = asps(tenant, of(call)).find(({ codeId }) => String(codeId) === param(call, "codeId"));
			if (!found) throw notFound("codeId");
			return ok(found);
		}),
		get("/{userKey}/tokens", security, "USER_SECURITY_ALL", (call) => whole("tokenList", of(call), tokens(tenant, of(call)))),
		get("/{userKey}/tokens/{clientId}", security, "USER_SECURITY_ALL", (call) => {
			const found = tokens(tenant, of(call)).find(({ clientId }) => clientId === param(call, "clientId"));
			if (!found) throw notFound("clientId");
			return ok(found);
		}),
		get("/{userKey}/verificationCodes", security, "USER_SECURITY_ALL", (call) => {
			const person = of(call);
			const items = codes(tenant, person).map((verificationCode) => ({
				kind: "admin#directory#verificationCode",
				userId: person.id,
				etag: etag(verificationCode, 1),
				verificationCode,
			}));
			return whole("verificationCodesList", person, items);
		}),
		get("/{userKey}/photos/thumbnail", directory.user, "USERS_RETRIEVE", (call) => {
			const person = of(call);
			if (person.photo === undefined) throw legacy(404, "notFound", "Resource Not Found: photo");
			return ok(showPhoto(person, person.photo));
		}),
	];
}

function show(tenant: Tenant, call: Call, person: Person): unknown {
	const view = oneOf(call, "viewType", ["admin_view", "domain_public"]);
	const projection = oneOf(call, "projection", ["basic", "custom", "full"]);
	if (view === "domain_public") return showPublic(tenant, person);
	const mask = call.query.get("customFieldMask");
	if (projection === "custom" && !mask) throw invalid("Invalid Input: customFieldMask");
	const { flippingLogins, missingFlags } = tenant.choices;
	const shown = showUser(tenant, person, projection === "full" ? "all" : projection === "custom" ? (mask ?? "").split(",") : null);
	if (flippingLogins && tenant.world.knobs.random() < 0.05) shown.lastLoginTime = never;
	if (missingFlags && hash(person.id, 8) % 10 === 0) for (const name of ["suspended", "archived"]) if (shown[name] === false) delete shown[name];
	return shown;
}

/** A parameter of fixed choice; without it the first. @throws Refusal 400 */
export function oneOf(call: Call, name: string, allowed: readonly string[]): string {
	const value = call.query.get(name) ?? allowed[0] ?? "";
	const found = allowed.find((one) => one.toLowerCase() === value.toLowerCase());
	if (found === undefined) throw badValue(value, name, allowed);
	return found;
}

function list(tenant: Tenant, call: Call) {
	const { query } = call;
	const size = sizeOf(call, "maxResults", 100, 500, "refuse");
	const customer = query.get("customer");
	const domain = query.get("domain");
	if (customer === null && domain === null) throw legacy(400, "badRequest", "Bad Request");
	if (customer !== null && customer !== "my_customer" && customer !== tenant.state.customer.id) throw legacy(400, "badRequest", "Bad Request");
	if (customer === null && domain !== null && !tenant.state.domains.has(domain)) throw legacy(404, "domainNotFound", "Domain not found.");
	const order = query.has("orderBy") ? oneOf(call, "orderBy", ["email", "familyName", "givenName"]) : "id";
	const descending = oneOf(call, "sortOrder", ["ASCENDING", "DESCENDING"]) === "DESCENDING" && order !== "id";
	const deleted = query.get("showDeleted") === "true";
	const oldest = deleted ? tenant.world.now() - restorable : 0;
	// The deleted go by themselves, a minute is near enough.
	const rows = once(tenant, `${listKey(call)} ${Math.floor(oldest / 60_000)} ${tenant.choices.staleIndex}`, () => {
		const text = query.get("query");
		const fits = text === null || text === "" ? () => true : userQuery(tenant, text);
		const kept: [string, Person][] = [];
		for (const [, person] of tenant.world.allSeen(tenant.state.users)) {
			if ((person.deleted !== null) !== deleted || (person.deleted !== null && person.deleted <= oldest)) continue;
			if (customer === null && !person.body.primaryEmail.endsWith(`@${domain}`)) continue;
			if (fits(person)) kept.push([sortKey(person, order), person]);
		}
		kept.sort(byKey);
		return descending ? kept.reverse() : kept;
	});
	const head = { kind: "admin#directory#users", etag: etag(`users/${call.query}`, tenant.version) };
	return page(tenant, call, { rows, descending, size, show: (person) => show(tenant, call, person), wrap: body(head, "users") });
}

function sortKey({ id, body: user }: Person, order: string): string {
	if (order === "email") return user.primaryEmail;
	const name = order === "familyName" ? user.name?.familyName : order === "givenName" ? user.name?.givenName : "";
	return `${(name ?? "").toLowerCase()}\u0000${id}`;
}
