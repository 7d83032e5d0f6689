import type { HttpRequest } from "../../src/provider/http.js";
import { ActionError, type EntraAction, needed } from "./act-guard.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import type { EntraConnection } from "./connection.js";
import { isGone, one, whole } from "./read.js";
import { at, word } from "./schema.js";

/** Where a credential stands, by the id that the reader gave it. */
type Place =
	| { is: "secret" | "certificate" | "federated"; at: "applications" | "servicePrincipals"; owner: string; id: string }
	| { is: "grant"; id: string }
	| { is: "app-role"; owner: string; id: string };

const kinds = { passwordCredentials: "secret", keyCredentials: "certificate", federatedIdentityCredentials: "federated" } as const;

function placeOf(credential: string): Place {
	const [first = "", owner = "", list = "", id = "", ...more] = credential.split("/");
	if (first === "oauth2PermissionGrants" && owner !== "" && list === "") return { is: "grant", id: owner };
	if (more.length === 0 && id !== "" && owner !== "") {
		if (first === "servicePrincipals" && list === "appRoleAssignments") return { is: "app-role", owner, id };
		if ((first === "applications" || first === "servicePrincipals") && Object.hasOwn(kinds, list))
			return { is: kinds[list as keyof typeof kinds], at: first, owner, id };
	}
	throw new ActionError(`${credential} is no id of a credential as Keelson keeps it`);
}

/** Whether it is gone. @throws HttpError when that can't be seen */
const look = (connection: EntraConnection, place: Place) => async (): Promise<Look> => {
	const { signal } = connection.config;
	if (place.is === "app-role") {
		const path = "/v1.0/servicePrincipals/{id}/appRoleAssignments";
		const { items, end, request } = await whole(connection, { method: "GET", path, params: { id: place.owner }, query: { $top: 999 } }, signal);
		if (isGone(end.error)) return { holds: true, detail: "the app is gone, and its permissions with it", request };
		if (end.error) throw end.error;
		const there = items.some((item) => word(at(item, "id")) === place.id) || !end.closed;
		return { holds: !there, detail: there ? "the permission is still there" : "the permission is gone", request };
	}
	const request: HttpRequest =
		place.is === "grant"
			? { method: "GET", path: "/v1.0/oauth2PermissionGrants/{id}", params: { id: place.id } }
			: { method: "GET", path: `/v1.0/${place.at}/{id}`, params: { id: place.owner }, query: { $select: "id,passwordCredentials,keyCredentials" } };
	const answer = await one(connection, request, signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return { holds: true, detail: "Entra has no such object any more", request: answer.error.request };
		throw answer.error;
	}
	if (place.is === "grant") return { holds: false, detail: "the grant is still there", request: answer.request };
	const list = at(answer.body, place.is === "certificate" ? "keyCredentials" : "passwordCredentials");
	if (!Array.isArray(list)) throw new ActionError("the app does not tell its credentials");
	const there = list.some((item) => word(at(item, "keyId")) === place.id);
	return { holds: !there, detail: there ? "the credential is still there" : "the credential is gone", request: answer.request };
};

function refusal({ is }: Place): string | null {
	if (is === "certificate") return "a certificate can't be revoked here: Entra asks for a proof signed with its key; remove it in the Entra admin center";
	return is === "federated" ? "a federated credential can't be revoked here: remove it in the Entra admin center" : null;
}

function removal(place: Place): HttpRequest {
	switch (place.is) {
		case "grant":
			return { method: "DELETE", path: "/v1.0/oauth2PermissionGrants/{id}", params: { id: place.id } };
		case "app-role":
			return { method: "DELETE", path: "/v1.0/servicePrincipals/{id}/appRoleAssignments/{assignmentId}", params: { id: place.owner, assignmentId: place.id } };
		case "secret":
			return { method: "POST", path: `/v1.0/${place.at}/{id}/removePassword`, params: { id: place.owner }, body: { keyId: place.id } };
		default:
			throw new ActionError(refusal(place) ?? "this credential can't be revoked");
	}
}

/** Secrets of apps, and what apps were granted. */
export const revokeCredential: EntraAction = {
	kind: "revoke-credential",
	scopes: ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Application.Read.All"],
	reversible: false,
	operatorOnly: false,
	effect:
		"The app secret, or the permission that the app was granted, is gone for good: what signs in or calls with it breaks. Access tokens that are out live on for up to an hour. Certificates and federated credentials are not revoked here.",
	async inspect(connection, target) {
		const place = placeOf(needed(target, "credential"));
		if (place.is === "federated") return { exists: true, done: false, refused: refusal(place), facts: {}, request: null };
		const { holds, request } = await look(connection, place)();
		return { exists: !holds, done: holds, refused: holds ? null : refusal(place), facts: {}, request };
	},
	perform(connection, target) {
		const place = placeOf(needed(target, "credential"));
		return sendOnce(connection, removal(place), look(connection, place));
	},
	verify: (connection, target) => readBack(connection, look(connection, placeOf(needed(target, "credential")))),
	inverse: () => null,
};
