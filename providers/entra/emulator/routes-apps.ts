import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, reads, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf, checkBody, textOf } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { badRequest, notFound, refusal } from "./errors.js";
import { kinds, plain } from "./kinds.js";
import { answerList, answerOne, contextOf, type Listed } from "./list.js";
import { stamp } from "./moment.js";
import { bin } from "./routes-deleted.js";
import { rowOf } from "./rows.js";
import { newId } from "./server.js";
import type { Raw } from "./state.js";
import { type GraphCall, patch, type Tenant, tableMap } from "./tenant.js";
import { secretOf } from "./truth.js";

type AppTable = "applications" | "servicePrincipals";

const federated: Listed = {
	kind: plain("federatedIdentityCredential"),
	context: "federatedIdentityCredentials",
	filters: ["id", "name", "issuer", "subject"],
	page: { usual: 100, most: 999, over: "refuse" },
};

function theApp(tenant: Tenant, call: GraphCall, table: AppTable): Raw {
	const id = param(call, "id");
	const app = rowOf(tenant, table, id);
	if (!app) throw notFound(id);
	return app;
}

/** The row as it is now, not as a lagging read sees it: two writes in a row add up. */
function current(tenant: Tenant, table: AppTable, id: string): Raw {
	return tableMap(tenant, table).get(id) ?? {};
}

const list = (row: Raw, name: string): Raw[] => (row[name] ?? []) as Raw[];

function note(tenant: Tenant, call: GraphCall, table: AppTable, app: Raw, activity: string): void {
	const type = table === "applications" ? "Application" : "ServicePrincipal";
	audit(tenant, call, { activity, category: "ApplicationManagement", targets: [{ id: String(app.id), type, name: String(app.displayName) }] });
}

const renewed = (table: AppTable): string =>
	table === "applications" ? "Update application – Certificates and secrets management" : "Update service principal";

function addPassword(tenant: Tenant, call: GraphCall, table: AppTable) {
	const app = theApp(tenant, call, table);
	const id = String(app.id);
	const wanted = (bodyOf(call).passwordCredential ?? {}) as Raw;
	const keyId = newId(tenant, "secret");
	const now = tenant.world.now();
	const text = secretOf(tenant.state.seed, keyId);
	const made = {
		...{ customKeyIdentifier: null, displayName: wanted.displayName ?? null, hint: text.slice(0, 3), keyId, secretText: text },
		...{ startDateTime: wanted.startDateTime ?? stamp(now), endDateTime: wanted.endDateTime ?? stamp(now + 730 * 86_400_000) },
	};
	// The text is answered this once.
	patch(tenant, table, id, { passwordCredentials: [...list(current(tenant, table, id), "passwordCredentials"), { ...made, secretText: null }] });
	note(tenant, call, table, app, renewed(table));
	return ok({ "@odata.context": contextOf(call, "microsoft.graph.passwordCredential", null), ...made }, { Location: call.base });
}

function removePassword(tenant: Tenant, call: GraphCall, table: AppTable) {
	const app = theApp(tenant, call, table);
	const id = String(app.id);
	const keyId = textOf(bodyOf(call), "keyId").toLowerCase();
	const all = list(current(tenant, table, id), "passwordCredentials");
	if (!all.some((one) => one.keyId === keyId)) throw badRequest(`No password credential found with keyId '${keyId}'.`);
	patch(tenant, table, id, { passwordCredentials: all.filter((one) => one.keyId !== keyId) });
	note(tenant, call, table, app, renewed(table));
	return noContent();
}

function update(tenant: Tenant, call: GraphCall, table: AppTable) {
	const app = theApp(tenant, call, table);
	const id = String(app.id);
	const body = bodyOf(call);
	checkBody(body, table === "applications" ? kinds.application : kinds.servicePrincipal, [
		"id",
		"appId",
		"createdDateTime",
		"deletedDateTime",
		"publisherDomain",
		"appOwnerOrganizationId",
		"servicePrincipalType",
	]);
	const secrets = body.passwordCredentials as Raw[] | undefined;
	const had = list(current(tenant, table, id), "passwordCredentials").map((one) => one.keyId);
	// What is written replaces the list; new ones come by addPassword alone.
	if (secrets?.some((one) => !had.includes(one.keyId))) throw badRequest("New password credentials must be generated with service actions.");
	patch(tenant, table, id, secrets ? { ...body, passwordCredentials: secrets.map((one) => ({ ...one, secretText: null })) } : body);
	note(tenant, call, table, app, table === "applications" ? "Update application" : "Update service principal");
	return noContent();
}

function addFederated(tenant: Tenant, call: GraphCall) {
	const app = theApp(tenant, call, "applications");
	const id = String(app.id);
	const body = bodyOf(call);
	const [name, issuer, subject] = ["name", "issuer", "subject"].map((key) => textOf(body, key));
	const all = tenant.state.federated.get(id) ?? [];
	if (all.length >= 20) throw badRequest("The maximum number of federated identity credentials has been reached.");
	if (all.some((one) => one.name === name))
		throw refusal(409, "Request_MultipleObjectsWithSameKeyValue", `FederatedIdentityCredential with name ${name} already exists.`);
	const made = {
		id: newId(tenant, "federated"),
		name: name ?? "",
		issuer: issuer ?? "",
		subject: subject ?? "",
		description: (body.description ?? null) as string | null,
		audiences: (body.audiences ?? []) as string[],
	};
	tenant.world.put(tenant.state.federated, id, [...all, made]);
	note(tenant, call, "applications", app, "Update application");
	return { status: 201, body: { "@odata.context": contextOf(call, `applications('${id}')/federatedIdentityCredentials`, null, true), ...made } };
}

function removeFederated(tenant: Tenant, call: GraphCall) {
	const app = theApp(tenant, call, "applications");
	const all = tenant.state.federated.get(String(app.id)) ?? [];
	const wanted = param(call, "credential");
	if (!all.some((one) => one.id === wanted || one.name === wanted)) throw notFound(wanted);
	tenant.world.put(
		tenant.state.federated,
		String(app.id),
		all.filter((one) => one.id !== wanted && one.name !== wanted),
	);
	note(tenant, call, "applications", app, "Update application");
	return noContent();
}

function revokeAppRole(tenant: Tenant, call: GraphCall, end: "principalId" | "resourceId") {
	const id = String(theApp(tenant, call, "servicePrincipals").id);
	const assignment = param(call, "assignmentId");
	const found = rowOf(tenant, "appRoleAssignments", assignment);
	if (!found || found[end] !== id) throw notFound(assignment);
	tenant.world.drop(tableMap(tenant, "appRoleAssignments"), assignment.toLowerCase());
	audit(tenant, call, {
		activity: "Remove app role assignment from service principal",
		category: "ApplicationManagement",
		targets: [
			{ id: String(found.resourceId), type: "ServicePrincipal" },
			{ id: String(found.principalId), type: "ServicePrincipal" },
		],
	});
	return noContent();
}

function grantAppRole(tenant: Tenant, call: GraphCall) {
	const body = bodyOf(call);
	const [principalId, resourceId, appRoleId] = ["principalId", "resourceId", "appRoleId"].map((name) => textOf(body, name).toLowerCase());
	const [principal, resource] = [rowOf(tenant, "servicePrincipals", principalId ?? ""), rowOf(tenant, "servicePrincipals", resourceId ?? "")];
	if (!principal) throw notFound(principalId ?? "");
	if (!resource) throw notFound(resourceId ?? "");
	if (!list(resource, "appRoles").some((one) => one.id === appRoleId)) throw badRequest("Permission being assigned was not found on application");
	const rows = tableMap(tenant, "appRoleAssignments");
	if ([...rows.values()].some((row) => row.principalId === principalId && row.resourceId === resourceId && row.appRoleId === appRoleId))
		throw badRequest("Permission being assigned already exists on the object");
	const id = Buffer.from(newId(tenant, "app role").replaceAll("-", ""), "hex").toString("base64url");
	const made = {
		id,
		deletedDateTime: null,
		appRoleId,
		createdDateTime: stamp(tenant.world.now()),
		principalDisplayName: principal.displayName,
		principalId,
		principalType: "ServicePrincipal",
		resourceDisplayName: resource.displayName,
		resourceId,
	};
	tenant.world.put(rows, id.toLowerCase(), made);
	audit(tenant, call, {
		activity: "Add app role assignment to service principal",
		category: "ApplicationManagement",
		targets: [
			{ id: String(resourceId), type: "ServicePrincipal" },
			{ id: String(principalId), type: "ServicePrincipal" },
		],
	});
	return { status: 201, body: { "@odata.context": contextOf(call, "appRoleAssignments", null, true), ...made } };
}

export function appRoutes(tenant: Tenant): GraphRoute[] {
	const needs = directory(writes.apps);
	const shared = (["applications", "servicePrincipals"] as const).flatMap((table) => [
		...both("PATCH", `/${table}/{id}`, needs, (call) => update(tenant, call, table)),
		...both("DELETE", `/${table}/{id}`, needs, (call) => {
			const app = theApp(tenant, call, table);
			bin(tenant, call, table, String(app.id));
			// The application takes its service principal along, and doesn't bring it back.
			const principal = table === "applications" ? [...tenant.state.servicePrincipals.values()].find((one) => one.appId === app.appId) : undefined;
			if (principal) bin(tenant, call, "servicePrincipals", principal.id);
			return noContent();
		}),
		...both("POST", `/${table}/{id}/addPassword`, needs, (call) => addPassword(tenant, call, table)),
		...both("POST", `/${table}/{id}/removePassword`, needs, (call) => removePassword(tenant, call, table)),
		...both("POST", `/${table}/{id}/removeKey`, needs, (call) => {
			theApp(tenant, call, table);
			// A token signed by the key itself proves that the caller may; nobody but the application has it.
			if (typeof bodyOf(call).proof !== "string") throw badRequest("Missing required property 'proof'.");
			throw refusal(401, "Authentication_MissingOrMalformed", "Access Token missing or malformed.");
		}),
	]);
	const rowsOfFederated = (call: GraphCall): readonly Raw[] =>
		(tenant.world.seen(tenant.state.federated, String(theApp(tenant, call, "applications").id)) ?? []).map((one) => ({ ...one }));
	return [
		...shared,
		...both("GET", "/applications/{id}/federatedIdentityCredentials", directory(reads.apps), (call) =>
			answerList(tenant, call, { ...federated, context: `applications('${param(call, "id")}')/federatedIdentityCredentials` }, () => rowsOfFederated(call)),
		),
		...both("GET", "/applications/{id}/federatedIdentityCredentials/{credential}", directory(reads.apps), (call) => {
			const wanted = param(call, "credential");
			const found = rowsOfFederated(call).find((one) => one.id === wanted || one.name === wanted);
			if (!found) throw notFound(wanted);
			return answerOne(tenant, call, federated, found);
		}),
		...both("POST", "/applications/{id}/federatedIdentityCredentials", needs, (call) => addFederated(tenant, call)),
		...both("DELETE", "/applications/{id}/federatedIdentityCredentials/{credential}", needs, (call) => removeFederated(tenant, call)),
		...both("POST", "/servicePrincipals/{id}/appRoleAssignments", directory(writes.appRoles), (call) => grantAppRole(tenant, call)),
		...both("POST", "/servicePrincipals/{id}/appRoleAssignedTo", directory(writes.appRoles), (call) => grantAppRole(tenant, call)),
		...both("DELETE", "/servicePrincipals/{id}/appRoleAssignments/{assignmentId}", directory(writes.appRoles), (call) =>
			revokeAppRole(tenant, call, "principalId"),
		),
		...both("DELETE", "/servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}", directory(writes.appRoles), (call) =>
			revokeAppRole(tenant, call, "resourceId"),
		),
	];
}
