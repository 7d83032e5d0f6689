import type { Account, RoleHeld } from "../../src/model/account.js";
import type { Known } from "../../src/model/known.js";
import { at, object, texts } from "./schema.js";

/** Apps behind which a tenant is administered: a policy for other apps alone keeps no administrator out. Ids are the same in every tenant. */
const adminApps = new Set([
	"All",
	"MicrosoftAdminPortals",
	"Office365",
	"797f4846-ba00-4fd7-bf71-dba1f00a9f4f", // Windows Azure Service Management API
	"c44b4083-3bb0-49c1-b47d-974e53cbdf3c", // Azure portal
	"00000003-0000-0000-c000-000000000000", // Microsoft Graph
	"14d82eec-204b-4c2f-b7e8-296a70dab67e", // Microsoft Graph Command Line Tools
]);

/** Whether a Conditional Access policy is for a sign-in of this account, in a browser, to administer the tenant; undefined = it may be. */
export function applies(values: unknown, account: Account): Known<boolean> {
	const conditions = at(values, "conditions");
	if (object(conditions) === null) return undefined;
	return every([forUser(at(conditions, "users"), account), forApp(at(conditions, "applications")), otherwise(conditions, account)]);
}

function every(parts: Known<boolean>[]): Known<boolean> {
	if (parts.includes(false)) return false;
	return parts.includes(undefined) ? undefined : true;
}

function some(parts: Known<boolean>[]): Known<boolean> {
	if (parts.includes(true)) return true;
	return parts.includes(undefined) ? undefined : false;
}

function not(value: Known<boolean>): Known<boolean> {
	return value === undefined ? undefined : !value;
}

const listOf = (value: unknown): string[] | undefined => (value === undefined ? [] : texts(value));

function forUser(users: unknown, account: Account): Known<boolean> {
	if (object(users) === null) return undefined;
	return every([named(users, account, "include"), not(named(users, account, "exclude"))]);
}

function named(users: unknown, account: Account, which: "include" | "exclude"): Known<boolean> {
	const [ids, groups, roles] = [listOf(at(users, `${which}Users`)), listOf(at(users, `${which}Groups`)), listOf(at(users, `${which}Roles`))];
	const guests = object(at(users, `${which}GuestsOrExternalUsers`)) !== null || ids?.includes("GuestsOrExternalUsers");
	return some([
		ids === undefined ? undefined : ids.includes("All") || ids.includes(account.id),
		among(groups, account.groups, ({ id }) => id),
		// Held over the whole tenant and without an end it counts for certain. One that is eligible counts once it is active, one that ends does not later,
		// and one over an administrative unit does not count at all, or may.
		among(
			roles,
			account.roles?.filter(lasting),
			({ role }) => role,
			account.roles?.partial || account.roles?.some((held) => !lasting(held) && roles?.includes(held.role)),
		),
		guests && mayBeExternal(account) ? undefined : false,
	]);
}

function lasting({ assignment, scope, ends }: RoleHeld): boolean {
	return assignment === "active" && scope === null && ends === null;
}

/** Guests, and members who sign in from another tenant: those keep its mark in their name. */
function mayBeExternal({ guest, login }: Account): boolean {
	return guest !== false || /#EXT#/i.test(login ?? "#EXT#");
}

function among<T>(list: string[] | undefined, held: (T[] & { partial?: true }) | undefined, id: (one: T) => string, open?: boolean): Known<boolean> {
	if (list === undefined) return undefined;
	if (list.length === 0) return false;
	if (held?.some((one) => list.includes(id(one)))) return true;
	return held === undefined || held.partial || open ? undefined : false;
}

function forApp(applications: unknown): Known<boolean> {
	const [include, exclude] = [listOf(at(applications, "includeApplications")), listOf(at(applications, "excludeApplications"))];
	if (include === undefined || exclude === undefined) return undefined;
	// User actions and authentication contexts are asked for at other moments than a sign-in.
	if (!include.some((app) => adminApps.has(app))) return object(at(applications, "applicationFilter")) ? undefined : false;
	return include.includes("All") && exclude.length === 0 ? true : undefined;
}

/** Client, risk, place, platform, device: what hangs on the single sign-in can't be said. */
function otherwise(conditions: unknown, account: Account): Known<boolean> {
	const types = listOf(at(conditions, "clientAppTypes"));
	const browser = types === undefined ? undefined : types.length === 0 || types.includes("all") || types.includes("browser");
	const risks = listOf(at(conditions, "userRiskLevels"));
	const level = account.risk?.level;
	const atRisk = risks === undefined ? undefined : risks.length === 0 ? true : level === undefined || level === "unknown" ? undefined : risks.includes(level);
	const single = ["signInRiskLevels", "servicePrincipalRiskLevels", "insiderRiskLevels"].some((key) => {
		const value = at(conditions, key);
		return value !== undefined && value !== null && (!Array.isArray(value) || value.length > 0);
	});
	const bound = ["platforms", "locations", "devices", "clientApplications", "authenticationFlows"].some((key) => object(at(conditions, key)) !== null);
	return every([browser, atRisk, single || bound ? undefined : true]);
}
