import type { Call, Reply } from "../../../src/emulate/call.js";
import { isRecord } from "../../../src/emulate/spoil.js";
import { badInput } from "./errors.js";
import type { Tenant } from "./types.js";

/** The body as an object whose named fields are texts that aren't blank. @throws Refusal 400 */
export function textsIn(call: Call, names: readonly string[]): Record<string, string> {
	const body = call.body;
	if (!isRecord(body)) throw badInput(call, "Request body must be a JSON object");
	return Object.fromEntries(
		names.map((name) => {
			const value = body[name];
			if (typeof value !== "string" || value.trim() === "") throw badInput(call, `"${name}" must not be blank`);
			return [name, value];
		}),
	);
}

/** A list of texts in the body. @throws Refusal 400 */
export function listIn(call: Call, name: string): string[] {
	const value = isRecord(call.body) ? call.body[name] : undefined;
	if (!Array.isArray(value) || value.length === 0 || !value.every((one) => typeof one === "string" && one !== "")) {
		throw badInput(call, `"${name}" must be a list of at least one text`);
	}
	return value as string[];
}

/** A report is mailed to the address in the body, whoever that is: nothing comes back but 201. */
export function csvReport(tenant: Tenant, call: Call): Reply {
	const { userEmail = "", userFullName = "", service = "" } = textsIn(call, ["userFullName", "userEmail", "service"]);
	if (!userEmail.includes("@")) throw badInput(call, '"userEmail" must be an address');
	const { world, state } = tenant;
	world.put(state.reports, call.requestId, { path: call.path, userEmail, userFullName, service, at: world.now() });
	return { status: 201 };
}
