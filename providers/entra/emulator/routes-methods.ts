import { noContent, ok, param } from "../../../src/emulate/call.js";
import { methods, reads, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { refusal } from "./errors.js";
import { contextOf } from "./list.js";
import { defaultMethod, methodsOf, methodTypes, registeredWords } from "./methods.js";
import { checkRank, theUser } from "./routes-users.js";
import type { Method } from "./state.js";
import type { GraphCall, Tenant } from "./tenant.js";

const reading = methods(reads.methods);
const writing = methods(writes.methods);
const gone = (id: string) => refusal(404, "resourceNotFound", `The authentication method '${id}' was not found.`);

const typeOf = (method: Method): string => method["@odata.type"].replace("#microsoft.graph.", "");

function listed(tenant: Tenant, call: GraphCall, type: string | null) {
	const user = theUser(tenant, call);
	const all = methodsOf(tenant, user).filter((method) => type === null || typeOf(method) === type);
	const name = `users('${user.id}')/authentication/${type === null ? "methods" : methodTypes[type]?.segment}`;
	const items = type === null ? all : all.map(({ "@odata.type": _, ...rest }) => rest);
	return { status: 200, list: { items, wrap: (value: unknown[]) => ({ "@odata.context": contextOf(call, name, null), value }) } };
}

function single(tenant: Tenant, call: GraphCall, type: string | null) {
	const user = theUser(tenant, call);
	const id = param(call, "methodId");
	const found = methodsOf(tenant, user).find((method) => method.id === id && (type === null || typeOf(method) === type));
	if (!found) throw gone(id);
	const name = `users('${user.id}')/authentication/${type === null ? "methods" : methodTypes[type]?.segment}`;
	return ok({ "@odata.context": contextOf(call, name, null, true), ...found });
}

function remove(tenant: Tenant, call: GraphCall, type: string) {
	const user = theUser(tenant, call);
	const own = String(user.id);
	const id = param(call, "methodId");
	const all = methodsOf(tenant, user);
	const found = all.find((method) => method.id === id && typeOf(method) === type);
	if (!found) throw gone(id);
	checkRank(tenant, call, own);
	const others = all.filter((method) => method.id !== id && !["passwordAuthenticationMethod", "emailAuthenticationMethod"].includes(typeOf(method)));
	// Known from microsoftgraph/microsoft-graph-docs-contrib#2913: the default goes last.
	if (defaultMethod(all) === id && others.length > 0)
		throw refusal(400, "badRequest", "Cannot delete default method with other methods configured. Please change default method before deletion.");
	tenant.world.put(
		tenant.state.methods,
		own,
		all.filter((method) => method.id !== id),
	);
	audit(tenant, call, {
		activity: "Admin deleted security info",
		category: "UserManagement",
		targets: [{ id: own, type: "User", name: String(user.displayName) }],
		service: "Authentication Methods",
	});
	return noContent();
}

export function methodRoutes(tenant: Tenant): GraphRoute[] {
	const typed = Object.entries(methodTypes).flatMap(([type, { segment }]) => [
		...both("GET", `/users/{id}/authentication/${segment}`, reading, (call) => listed(tenant, call, type)),
		...both("GET", `/users/{id}/authentication/${segment}/{methodId}`, reading, (call) => single(tenant, call, type)),
		...(type === "passwordAuthenticationMethod"
			? []
			: both("DELETE", `/users/{id}/authentication/${segment}/{methodId}`, writing, (call) => remove(tenant, call, type))),
	]);
	return [
		...typed,
		...both("GET", "/users/{id}/authentication/methods", reading, (call) => listed(tenant, call, null)),
		...both("GET", "/users/{id}/authentication/methods/{methodId}", reading, (call) => single(tenant, call, null)),
		// The application kind of this permission doesn't exist: somebody signed in has to ask.
		...both("POST", "/users/{id}/authentication/methods/{methodId}/resetPassword", writing, () => {
			throw refusal(403, "accessDenied", "Request Authorization failed");
		}),
		...both(
			"GET",
			"/users/{id}/authentication/signInPreferences",
			reading,
			(call) => {
				const words = registeredWords(tenant, String(theUser(tenant, call).id));
				const preferred = words.includes("microsoftAuthenticatorPush")
					? "push"
					: words.includes("softwareOneTimePasscode")
						? "oath"
						: words.includes("mobilePhone")
							? "sms"
							: null;
				return ok({
					"@odata.context": contextOf(call, "users/authentication/signInPreferences", null),
					isSystemPreferredAuthenticationMethodEnabled: true,
					userPreferredMethodForSecondaryAuthentication: preferred,
				});
			},
			"beta",
		),
		...both("POST", "/users/{id}/authentication/phoneMethods", writing, (call) => {
			const user = theUser(tenant, call);
			const { phoneNumber, phoneType } = bodyOf(call);
			if (typeof phoneNumber !== "string" || phoneType !== "mobile") throw refusal(400, "badRequest", "Invalid phone number or type.");
			const all = methodsOf(tenant, user);
			const made: Method = {
				"@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
				id: "3179e48a-750b-4051-897c-87b9720928f7",
				phoneNumber,
				phoneType,
				smsSignInState: "notAllowedByPolicy",
				createdDateTime: null,
			};
			if (all.some(({ id }) => id === made.id)) throw refusal(400, "badRequest", "A phone of this type is registered already.");
			tenant.world.put(tenant.state.methods, String(user.id), [...all, made]);
			return { status: 201, body: made };
		}),
	];
}
