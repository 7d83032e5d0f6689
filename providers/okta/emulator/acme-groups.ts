import { acmeCrowd } from "./acme-crowd.js";
import { acmeId, acmeUserId } from "./acme-ids.js";
import { acmeNamed } from "./acme-people.js";
import { acmeAdmins } from "./acme-people-admins.js";
import type { AcmePerson } from "./acme-person.js";
import { makeGroup, makeGroupRule } from "./gen-groups.js";
import { day } from "./gen-random.js";
import type { TenantState } from "./state.js";

export const acmePeople: readonly AcmePerson[] = [...acmeAdmins, ...acmeNamed, ...acmeCrowd];

/** Groups filled by hand: name → members. */
const byHand: Readonly<Record<string, readonly string[]>> = {
	// Ana and Leo are meant to be here; Kim was added by hand one night.
	"Super Admins": ["ana.lopez", "leo.fischer", "kim.novak"],
	"Break Glass": ["emergency-1", "emergency-2"],
	"Service Accounts": ["svc-deploy", "svc-hr-sync", "svc-backup", "svc-monitor", "agent-triage"],
	"Finance Approvers": ["dana.cole", "greta.lind", "left.finance"],
	"Payroll Editors": ["dana.cole", "remo.vidal"],
	"Production Access": ["marta.silva", "yuki.tan", "hassan.amadi", "amara.bello@partner.example"],
	"GitHub Developers": ["marta.silva", "yuki.tan", "mei.hoang", "quinn.ada", "hassan.amadi", "igor.simic@partner.example", "left.already"],
	"Project Zephyr": [],
	"VPN Users": ["ana.lopez", "leo.fischer", "nina.osei", "paul.ivers", "zoe.blanc", "left.already"],
};

/** Groups kept by a rule: name → expression and who it fits now. */
const byRule: Readonly<Record<string, { expression: string; fits: (p: AcmePerson) => boolean }>> = {
	Employees: { expression: 'user.userType=="Employee"', fits: (p) => (p.type ?? "Employee") === "Employee" },
	Contractors: { expression: 'user.userType=="Contractor"', fits: (p) => p.type === "Contractor" },
	// Whoever joins Support becomes an administrator by this rule.
	"Help Desk": {
		expression: 'user.department=="Support" and user.userType=="Employee"',
		fits: (p) => p.department === "Support" && (p.type ?? "Employee") === "Employee",
	},
	Engineering: { expression: 'user.department=="Engineering"', fits: (p) => p.department === "Engineering" },
	Finance: { expression: 'user.department=="Finance"', fits: (p) => p.department === "Finance" },
	Sales: { expression: 'user.department=="Sales"', fits: (p) => p.department === "Sales" },
	Marketing: { expression: 'user.department=="Marketing"', fits: (p) => p.department === "Marketing" },
};

/** Groups mirrored from Active Directory: only the directory changes them. */
const mirrored: Readonly<Record<string, (p: AcmePerson) => boolean>> = {
	"Domain Users": (p) => p.provider?.[0] === "ACTIVE_DIRECTORY",
	"File Share Finance": (p) => p.provider?.[0] === "ACTIVE_DIRECTORY" && p.department === "Finance",
};

/** Groups, memberships and rules of Acme. */
export function addAcmeGroups(state: TenantState, now: number): void {
	const founded = now - 2000 * day;
	const add = (name: string, members: string[], more: Partial<Parameters<typeof makeGroup>[0]> = {}): string => {
		const id = acmeId("group", name);
		state.groups.set(id, makeGroup({ id, name, created: founded, membershipUpdated: now - 60 * day, ...more }));
		if (more.type !== "BUILT_IN") state.members.set(id, new Set(members.map(acmeUserId)));
		return id;
	};
	add("Everyone", [], { type: "BUILT_IN", description: "All users in your organization" });
	add("Okta Administrators", [], { type: "BUILT_IN", description: "Okta manages this group, which contains all administrators in your organization." });
	for (const [name, members] of Object.entries(byHand))
		add(
			name,
			[...members],
			name === "Super Admins" ? { description: "Full control of the org. Members are agreed in git.", membershipUpdated: kimAdded(now) } : {},
		);
	for (const [name, { expression, fits }] of Object.entries(byRule)) {
		const id = add(name, fitting(fits), { membershipUpdated: now - 1.5 * day });
		const ruleId = acmeId("groupRule", name);
		state.groupRules.set(ruleId, makeGroupRule({ id: ruleId, name: `${name} by profile`, expression, groups: [id], created: founded + day }));
	}
	for (const [name, fits] of Object.entries(mirrored)) {
		const profile = {
			dn: `CN=${name},OU=Groups,DC=corp,DC=acme,DC=example`,
			samAccountName: name,
			windowsDomainQualifiedName: `CORP\\${name}`,
			groupType: "Security",
			groupScope: "Global",
		};
		add(name, fitting(fits), { type: "APP_GROUP", profile, source: acmeId("app", "Directory") });
	}
}

/** When Kim was added by hand: twelve days ago, at 02:13 UTC. */
export function kimAdded(now: number): number {
	return now - (now % day) - 12 * day + 133 * 60_000;
}

function fitting(fits: (p: AcmePerson) => boolean): string[] {
	return acmePeople.filter((p) => p.status !== "DEPROVISIONED" && p.status !== "STAGED" && fits(p)).map((p) => p.name);
}
