import { acmePresence } from "../../../src/emulate/acme-presence.js";
import { day } from "../../../src/emulate/random.js";
import { acmeIdentityId, acmeOwner } from "./acme-people.js";
import { addEntitlement, idOf } from "./build.js";
import { addCampaign, addProfile, addRole, assign, grant } from "./build-access.js";
import type { Entitlement, Source, State } from "./state.js";

/** What people of Acme hold: groups, administrators' rights, roles, and the reviews of them. */
export function addAcmeAccess(state: State, sources: { okta: Source; entra: Source; google: Source }, now: number): void {
	const { okta, entra, google } = sources;
	const owner = acmeIdentityId(acmeOwner);
	const everyone = addEntitlement(state, okta, "Everyone", now);
	const admins = addEntitlement(state, okta, "Super Administrators", now, { level: "HIGH", description: "All rights in Okta", parent: everyone.id, owner });
	const payroll = addEntitlement(state, okta, "Payroll Approvers", now, { level: "MEDIUM" });
	const global = addEntitlement(state, entra, "Global Administrator", now, { level: "HIGH", requestable: false });
	const limited = addEntitlement(state, entra, "User Administrator", now, { level: "MEDIUM" });
	const superAdmin = addEntitlement(state, google, "Super Admin", now, { level: "HIGH", requestable: false });
	const people = [...state.identities.values()];
	const departments = new Map<string, Entitlement>();
	for (const { attributes } of people) {
		const name = String(attributes.department);
		if (!departments.has(name)) departments.set(name, addEntitlement(state, okta, `${name} Team`, now));
	}
	for (const account of state.accounts.values()) {
		if (account.sourceId !== okta.id) continue;
		const identity = state.identities.get(account.identityId ?? "");
		const department = departments.get(String(identity?.attributes.department));
		grant(account, everyone);
		if (department && !account.disabled) grant(account, department);
		if (["ana.lopez", "leo.fischer", "tom.becker", "left.already"].includes(identity?.alias ?? "")) grant(account, admins);
		// Approves payments and books them: left over from an earlier job in the department.
		if (["dana.cole", "greta.lind", "elsa.stein"].includes(identity?.alias ?? "")) grant(account, payroll);
	}
	grantAdmins(state, entra, "directory", { top: global, limited }, now);
	grantAdmins(state, google, "suite", { top: superAdmin, limited: superAdmin }, now);

	const basics = addProfile(state, "Basic Access", owner, [everyone], now);
	const adminProfile = addProfile(state, "Identity Administration", owner, [admins], now);
	const finance = addProfile(state, "Finance Applications", acmeIdentityId("greta.lind"), [payroll], now);
	addProfile(state, "Directory Administration", acmeIdentityId("tom.becker"), [global, limited], now);
	const employees = addRole(state, "All Employees", owner, [basics], now, { criteria: { attribute: "employeeType", operation: "EQUALS", value: "Employee" } });
	const financeRole = addRole(state, "Finance", acmeIdentityId("dana.cole"), [finance], now, {
		criteria: { attribute: "department", operation: "EQUALS", value: "Finance" },
	});
	const identityRole = addRole(state, "Identity Administrators", acmeIdentityId("ana.lopez"), [adminProfile], now, { requestable: true });
	// Nobody's since its owner left the company and was deleted.
	addRole(state, "Legacy Auditors", null, [], now, { enabled: false });
	for (const identity of people) {
		if (identity.attributes.employeeType === "Employee" && identity.status !== "DISABLED") assign(state, employees, identity, now);
		if (identity.attributes.department === "Finance" && identity.status !== "DISABLED") assign(state, financeRole, identity, now);
	}
	const request = (key: string, over: Parameters<typeof assign>[4]) => {
		const identity = state.identities.get(acmeIdentityId(key));
		if (identity) assign(state, identityRole, identity, now, { assigner: acmeIdentityId("ana.lopez"), ...over });
	};
	request("leo.fischer", {});
	request("left.already", { added: now - 900 * day });
	request("kim.novak", { added: now - 5 * day, remove: now + 25 * day });
	request("nina.osei", { added: now - day, start: now + 6 * day });
	const heads = people.filter(({ isManager }) => isManager);
	addCampaign(state, "Quarterly access review", "ACTIVE", heads, now);
	addCampaign(state, "Last year's access review", "SIGNED", heads, now);
	addCampaign(state, "Next access review", "STAGED", heads.slice(0, 2), now);
	const task = idOf("acme/task", "aggregation");
	const target = { id: okta.id, type: "APPLICATION", name: okta.name } as const;
	const about = {
		id: task,
		uniqueName: "Okta account aggregation",
		description: "Reads all accounts",
		kind: "CLOUD_ACCOUNT_AGGREGATION",
		launcher: "system",
		target,
	};
	state.tasks.set(task, { ...about, created: now - day / 2, completed: now - day / 2 + 90_000, status: "SUCCESS", message: null });
	const failed = idOf("acme/task", "google");
	const where = { ...about, id: failed, uniqueName: "Google Workspace account aggregation", target: { ...target, id: google.id, name: google.name } };
	state.tasks.set(failed, { ...where, created: now - day / 3, completed: now - day / 3 + 5000, status: "ERROR", message: "The source did not answer." });
}

function grantAdmins(state: State, source: Source, column: "directory" | "suite", rights: { top: Entitlement; limited: Entitlement }, now: number): void {
	for (const { login, admin } of acmePresence(column, now)) {
		const account = state.accounts.get(idOf("account", `${source.id}/${login}`));
		if (account && admin !== null) grant(account, rights[admin]);
	}
}
