import { addOidcApp, addPlainApp, addSamlApp, assignGroup, assignUser } from "./gen-apps.js";
import type { AccessPolicies } from "./gen-default-policies.js";
import { idMaker, prefixes } from "./gen-ids.js";
import { day, random } from "./gen-random.js";
import type { TenantState } from "./state.js";

const labels = [
	"Code hosting",
	"Customer records",
	"Expenses",
	"Payroll",
	"Chat",
	"Tickets",
	"Wiki",
	"Design board",
	"Data warehouse",
	"Build farm",
	"Travel",
	"Contracts",
];

/** Apps people sign in to: the admin console, SAML, OIDC and bookmarks. Large apps are assigned by group; direct assignments are at most 500 an app. */
export function addGeneratedApps(
	state: TenantState,
	of: { seed: number | string; now: number; accessPolicies: AccessPolicies; admins: Set<string>; directoryApp: string; departmentGroups: string[] },
): void {
	const r = random(`${of.seed}/apps`);
	const next = idMaker(of.seed, prefixes.app);
	const created = of.now - 6 * 365 * day;
	const { admin, standard, lax } = of.accessPolicies;
	const userIds = [...state.users.keys()];

	const consoleId = next();
	addOidcApp(state, { id: consoleId, name: "saasure", label: "Okta Admin Console", created, accessPolicy: admin });
	for (const userId of of.admins) assign(state, consoleId, userId, of.now - 30 * day);
	addOidcApp(state, { id: next(), name: "okta_enduser", label: "Okta Dashboard", created, accessPolicy: standard, applicationType: "browser" });

	addPlainApp(state, {
		id: of.directoryApp,
		name: "active_directory",
		label: "corp.example",
		signOnMode: "BROWSER_PLUGIN",
		created,
		features: ["PROFILE_MASTERING"],
	});

	const count = Math.min(300, Math.max(4, Math.round(userIds.length / 40)));
	for (let i = 0; i < count; i++) {
		const id = next();
		const app = {
			id,
			label: `${labels[i % labels.length]} ${i + 1}`,
			created: created + r.int(2000) * day,
			accessPolicy: r.chance(0.15) ? lax : standard,
			active: r.chance(0.95),
		};
		if (i % 4 === 0) addOidcApp(state, app);
		else if (i % 4 === 3) addPlainApp(state, app);
		else addSamlApp(state, app);
		if (of.departmentGroups.length > 0) assignGroup(state, id, { groupId: r.pick(of.departmentGroups), at: of.now - 100 * day });
		for (let k = Math.min(500, Math.ceil(userIds.length / 50)); k > 0; k--) assign(state, id, r.pick(userIds), of.now - 9 * day - r.int(300) * day);
	}
}

function assign(state: TenantState, appId: string, userId: string, at: number): void {
	const user = state.users.get(userId);
	if (user && user.status !== "DEPROVISIONED") assignUser(state, appId, { userId, login: user.profile?.login ?? "", at });
}
