import { hash } from "../../../src/emulate/random.js";
import { stamp } from "./moment.js";
import { queryOf } from "./query.js";
import { rowsOf } from "./rows.js";
import { guid, type Raw } from "./state.js";
import { type GraphCall, raw, type Tenant, version } from "./tenant.js";

/** Sign-in logs are kept 30 days with a premium licence. */
const kept = 30 * 86_400_000;
const apps = [
	["00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online"],
	["c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"],
	["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"],
] as const;

/** Latest first: an interactive sign-in of everybody seen in the last month. In beta, service principals' when the filter asks for them. */
export function signInRows(tenant: Tenant, call: GraphCall): Raw[] {
	const since = tenant.world.now() - kept;
	const beta = version(call) === "beta";
	const asked = beta ? JSON.stringify(queryOf(call).filter) : "";
	if (beta && asked.includes("servicePrincipal")) return servicePrincipalSignIns(tenant, since);
	const rows = rowsOf(tenant, "users").flatMap((user) => {
		const activity = user.signInActivity as { lastSignInDateTime?: string | null } | undefined;
		const at = Date.parse(activity?.lastSignInDateTime ?? "");
		return Number.isNaN(at) || at < since ? [] : [signIn(tenant, user, at, beta)];
	});
	const written = rowsOf(tenant, "signIns");
	return [...written, ...rows].sort((a, b) => (String(a.createdDateTime) < String(b.createdDateTime) ? 1 : -1));
}

function shared(tenant: Tenant, key: string, at: number): Raw {
	const h = hash(key);
	const location = { city: "Lisbon", state: "Lisboa", countryOrRegion: "PT", geoCoordinates: { altitude: null, latitude: 38.7, longitude: -9.1 } };
	return {
		id: guid(tenant.state.seed, "sign-in", key, at),
		createdDateTime: stamp(at),
		correlationId: guid("correlation", key, at),
		conditionalAccessStatus: h % 3 === 0 ? "notApplied" : "success",
		ipAddress: `198.51.100.${1 + (h % 250)}`,
		location,
		riskDetail: "none",
		riskLevelAggregated: "none",
		riskLevelDuringSignIn: "none",
		riskState: "none",
		riskEventTypes: [],
		riskEventTypes_v2: [],
		status: { errorCode: 0, failureReason: "Other.", additionalDetails: null },
	};
}

function signIn(tenant: Tenant, user: Raw, at: number, beta: boolean): Raw {
	const id = String(user.id);
	const [appId, appDisplayName] = apps[hash(id) % apps.length] ?? apps[0];
	// An old protocol, by which no second factor can be asked for.
	const legacy = hash(id, 9) % 25 === 0;
	return {
		...shared(tenant, id, at),
		userId: id,
		userPrincipalName: String(user.userPrincipalName).toLowerCase(),
		userDisplayName: user.displayName ?? "",
		appId,
		appDisplayName,
		clientAppUsed: legacy ? "IMAP4" : hash(id, 8) % 4 === 0 ? "Mobile Apps and Desktop clients" : "Browser",
		isInteractive: true,
		resourceDisplayName: "Microsoft Graph",
		resourceId: "00000003-0000-0000-c000-000000000000",
		appliedConditionalAccessPolicies: [],
		deviceDetail: { deviceId: "", displayName: "", operatingSystem: "MacOs", browser: "Firefox", isCompliant: false, isManaged: false, trustType: "" },
		...(beta && { signInEventTypes: ["interactiveUser"] }),
	};
}

function servicePrincipalSignIns(tenant: Tenant, since: number): Raw[] {
	return rowsOf(tenant, "servicePrincipals").flatMap((row) => {
		const at = tenant.state.used.get(String(row.id));
		if (at === undefined || at < since) return [];
		const key = String(row.id);
		const who = {
			servicePrincipalId: key,
			servicePrincipalName: row.displayName,
			appId: row.appId,
			appDisplayName: row.displayName,
			userId: "",
			isInteractive: false,
		};
		return [raw({ ...shared(tenant, key, at), ...who, signInEventTypes: ["servicePrincipal"] })];
	});
}
