import { badQuery, badRequest } from "./errors.js";
import type { Kind } from "./kinds.js";
import type { Raw } from "./state.js";
import type { GraphCall } from "./tenant.js";

/** The body of a write, an object. */
export function bodyOf(call: GraphCall): Raw {
	const { body } = call;
	if (body === undefined) throw badQuery("Empty Payload. JSON content expected.");
	if (typeof body !== "object" || body === null || Array.isArray(body) || body instanceof URLSearchParams)
		throw badQuery("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");
	return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith("@odata.context")));
}

const flags = new Set([
	"accountEnabled",
	"isEnabled",
	"securityEnabled",
	"mailEnabled",
	"appRoleAssignmentRequired",
	"allowedToUseSSPR",
	"blockMsolPowerShell",
	"showInAddressList",
	"isAssignableToRole",
]);

/** Refuses properties that a type doesn't have, or of another type than it has. */
export function checkBody(body: Raw, kind: Kind, readOnly: readonly string[] = []): void {
	for (const [name, value] of Object.entries(body)) {
		if (name.startsWith("@odata.")) continue;
		if (!(name in kind.unset))
			throw badQuery(`The property '${name}' does not exist on type '${kind.type}'. Make sure to only use property names that are defined by the type.`);
		if (readOnly.includes(name)) throw badRequest(`Property '${name}' is read-only and cannot be set.`);
		if (flags.has(name) && value !== null && typeof value !== "boolean")
			throw badQuery(`Cannot convert the literal '${String(value)}' to the expected type 'Edm.Boolean'.`);
	}
}

/** A text of the body. */
export function textOf(body: Raw, name: string): string {
	const value = body[name];
	if (typeof value !== "string" || value === "") throw badRequest(`A value is required for property '${name}' of resource.`);
	return value;
}

/** The id at the end of an `@odata.id` address. */
export function referenceOf(body: Raw): string {
	const address = body["@odata.id"];
	const id = typeof address === "string" ? /([0-9a-fA-F-]{36})\/?$/.exec(address)?.[1] : undefined;
	if (!id) throw badRequest("Invalid URL format specified in @odata.id.");
	return id.toLowerCase();
}
