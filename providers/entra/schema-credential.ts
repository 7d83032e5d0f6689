import type { Millis } from "../../src/model/known.js";
import type { CredentialRecord } from "../../src/model/objects.js";
import { at, type Decoded, date, identified, known, object, stamp, texts, word } from "./schema.js";

/** The app that a credential belongs to, as it is kept, and where the credential stands at the vendor. */
export interface Holder {
	/** Id of the app record. */
	app: string;
	name: string;
	/** `applications/<id>` or `servicePrincipals/<id>`. */
	at: string;
}

/** An entry of `passwordCredentials` or `keyCredentials`: the text of a secret is in no answer but that of its making. */
export function decodeSecret(item: unknown, holder: Holder, list: "passwordCredentials" | "keyCredentials", used?: Millis): Decoded<CredentialRecord> {
	const raw = object(item);
	const key = word(raw?.keyId);
	if (!raw || key === undefined) return { bad: `a credential of ${holder.name} has no keyId`, id: holder.app };
	const kind = list === "passwordCredentials" ? "app-secret" : "certificate";
	return {
		ok: known<CredentialRecord>({
			id: `${holder.at}/${list}/${key}`,
			kind,
			name: `${holder.name}: ${word(raw.displayName) ?? (kind === "certificate" ? "certificate" : "secret")}`,
			owner: holder.app,
			created: stamp(raw.startDateTime),
			lastUsed: used,
			expires: date(raw.endDateTime),
			active: true,
		}),
	};
}

/** A trust in tokens of another issuer: it holds no secret and has no end. */
export function decodeFederated(item: unknown, holder: Holder): Decoded<CredentialRecord> {
	const found = identified(item, "federated credential");
	if ("bad" in found) return found;
	const subject = word(found.raw.subject);
	return {
		ok: known<CredentialRecord>({
			id: `${holder.at}/federatedIdentityCredentials/${found.id}`,
			kind: "federated-credential",
			name: `${holder.name}: ${word(found.raw.name) ?? found.id}${subject === undefined ? "" : ` (${word(found.raw.issuer) ?? "?"} ${subject})`}`,
			owner: holder.app,
			expires: null,
			active: true,
		}),
	};
}

/** Delegated permissions: of one user, or of everybody (`AllPrincipals`), and then they are the app's. */
export function decodeGrant(item: unknown, names: ReadonlyMap<string, string>): Decoded<CredentialRecord> {
	const found = identified(item, "permission grant");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const [client, resource, consent, principal] = [word(raw.clientId), word(raw.resourceId), word(raw.consentType), word(raw.principalId)];
	if (client === undefined || (consent === "Principal" && principal === undefined)) return { bad: "a permission grant names no client or user", id };
	const scope = raw.scope === null ? "" : raw.scope;
	const where = resource === undefined ? "" : ` on ${names.get(resource) ?? resource}`;
	return {
		ok: known<CredentialRecord>({
			id: `oauth2PermissionGrants/${id}`,
			kind: "oauth-grant",
			name: `${names.get(client) ?? client}: delegated permissions${where}${consent === "Principal" ? " of one user" : ""}`,
			owner: consent === "Principal" ? principal : client,
			...(consent === "Principal" && { app: client }),
			expires: null,
			scopes: typeof scope === "string" ? scope.split(" ").filter((one) => one !== "") : undefined,
			active: true,
		}),
	};
}

/** An application permission: `GET /servicePrincipals/{id}/appRoleAssignedTo` item; null where no app holds it. */
export function decodeAppRole(item: unknown, resource: { id: string; name: string; roles: ReadonlyMap<string, string> }): Decoded<CredentialRecord | null> {
	const found = identified(item, "app role assignment");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const [principal, role, type] = [word(raw.principalId), word(raw.appRoleId), word(raw.principalType)];
	if (type === undefined) return { bad: "an app role assignment does not tell what kind of principal holds it", id };
	if (type !== "ServicePrincipal") return { ok: null };
	if (principal === undefined || role === undefined) return { bad: "an app role assignment names no principal or role", id };
	const scope = resource.roles.get(role) ?? role;
	return {
		ok: known<CredentialRecord>({
			id: `servicePrincipals/${principal}/appRoleAssignments/${id}`,
			kind: "oauth-grant",
			name: `${word(raw.principalDisplayName) ?? principal}: ${scope} on ${resource.name}`,
			owner: principal,
			created: stamp(raw.createdDateTime),
			expires: null,
			scopes: [scope],
			active: true,
		}),
	};
}

/** Names of a resource's application permissions by their ids; empty where it has none. */
export function applicationRoles(value: unknown): Map<string, string> {
	const roles = new Map<string, string>();
	for (const role of Array.isArray(value) ? value : []) {
		const [id, name] = [word(at(role, "id")), word(at(role, "value"))];
		if (id !== undefined && texts(at(role, "allowedMemberTypes"))?.includes("Application")) roles.set(id, name ?? id);
	}
	return roles;
}
