import type { PolicySubject } from "./types.js";

/** What a first policy for that kind of subject asks; every one of its examples passes. */
interface Draft {
	title: string;
	cause: string;
	params?: string;
	where: string;
	pass: string;
	message: string;
	remediation: string;
	/** Examples by outcome, as YAML of the subject. */
	fine: string;
	fail: string;
	unknown: string;
	apart: string;
}

const days = "{ type: integer, default: 90, minimum: 1, description: days it may lie unused }";

const drafts = {
	account: {
		title: "Accounts of people are in use",
		cause: "dormancy",
		params: days,
		where: "account.enabled && account.kind == 'human'",
		pass: "account.lastActivity != null && account.lastActivity > now - days(params.days)",
		message: "{account.login} is unused; last sign-in: {account.lastActivity}",
		remediation: "[notify, suspend-account]",
		fine: "{ enabled: true, kind: human, login: ana, lastActivity: 2025-12-25 }",
		fail: "{ enabled: true, kind: human, login: ana, lastActivity: 2025-06-01 }",
		unknown: "{ enabled: true, kind: human, login: ana }",
		apart: "{ enabled: false, kind: human, login: ana, lastActivity: 2025-06-01 }",
	},
	person: {
		title: "People who left hold no privilege",
		cause: "lifecycle",
		where: "person.leaver",
		pass: "person.privileged == false",
		message: "{person.name} has left and still holds {person.privilegedRoles}",
		remediation: "[remove-privileged-role]",
		fine: "{ name: Ana, leaver: true, privileged: false }",
		fail: "{ name: Ana, leaver: true, privileged: true, privilegedRoles: ['okta: Super Administrator'] }",
		unknown: "{ name: Ana, leaver: true }",
		apart: "{ name: Ana, leaver: false, privileged: true }",
	},
	credential: {
		title: "Credentials are in use",
		cause: "credentials",
		params: days,
		where: "credential.active",
		pass: "credential.lastUsed != null && credential.lastUsed > now - days(params.days)",
		message: "{credential.name} is unused; last use: {credential.lastUsed}",
		remediation: "[notify, revoke-credential]",
		fine: "{ active: true, name: export, lastUsed: 2025-12-25 }",
		fail: "{ active: true, name: export, lastUsed: 2025-06-01 }",
		unknown: "{ active: true, name: export }",
		apart: "{ active: false, name: export, lastUsed: 2025-06-01 }",
	},
	device: {
		title: "Managed devices are encrypted",
		cause: "devices",
		where: "device.enabled && device.managed",
		pass: "device.encrypted",
		message: "{device.name} is not encrypted; used by {device.ownerLogins}",
		remediation: "[notify]",
		fine: "{ enabled: true, managed: true, name: laptop, encrypted: true }",
		fail: "{ enabled: true, managed: true, name: laptop, encrypted: false, ownerLogins: [ana] }",
		unknown: "{ enabled: true, managed: true, name: laptop }",
		apart: "{ enabled: true, managed: false, name: laptop, encrypted: false }",
	},
	group: {
		title: "Groups that give privilege are small",
		cause: "privilege",
		params: "{ type: integer, default: 10, minimum: 0, description: members such a group may have }",
		where: "group.privileged",
		pass: "group.memberCount <= params.members",
		message: "{group.name} gives {group.roles} to {group.memberCount} accounts",
		remediation: "[remove-group-member]",
		fine: "{ privileged: true, name: admins, memberCount: 3 }",
		fail: "{ privileged: true, name: admins, memberCount: 11, roles: [Help Desk Administrator] }",
		unknown: "{ privileged: true, name: admins }",
		apart: "{ privileged: false, name: staff, memberCount: 800 }",
	},
	app: {
		title: "Apps in use have an owner",
		cause: "ownership",
		where: "app.active && app.nonHuman",
		pass: "app.owners != []",
		message: "nobody owns {app.name}",
		remediation: "[open-ticket]",
		fine: "{ active: true, nonHuman: true, name: sync, owners: [u1] }",
		fail: "{ active: true, nonHuman: true, name: sync, owners: [] }",
		unknown: "{ active: true, nonHuman: true, name: sync }",
		apart: "{ active: false, nonHuman: true, name: sync, owners: [] }",
	},
	setting: {
		title: "Sessions end within a working day",
		cause: "sessions",
		params: "{ type: integer, default: 720, minimum: 1, description: longest session in minutes }",
		where: "setting.active && setting.session != null",
		pass: "setting.session.maxLifetimeMinutes != null && setting.session.maxLifetimeMinutes <= params.minutes",
		message: "{setting.name} lets a session live for {setting.session.maxLifetimeMinutes} minutes",
		remediation: "[fix-setting]",
		fine: "{ active: true, name: default, session: { maxLifetimeMinutes: 480 } }",
		fail: "{ active: true, name: default, session: { maxLifetimeMinutes: 1440 } }",
		unknown: "{ active: true, name: default, session: {} }",
		apart: "{ active: true, name: zone, session: null }",
	},
	system: {
		title: "Systems have few top administrators",
		cause: "privilege",
		params: "{ type: integer, default: 4, minimum: 1, description: people who may hold a top role }",
		where: "system.hasTopRole",
		pass: "size(system.topAdmins) <= params.admins",
		message: "{system.name} has {size(system.topAdmins)} top administrators",
		remediation: "[remove-privileged-role]",
		fine: "{ hasTopRole: true, name: okta, topAdmins: [ana, leo] }",
		fail: "{ hasTopRole: true, name: okta, topAdmins: [a, b, c, d, e] }",
		unknown: "{ hasTopRole: true, name: okta }",
		apart: "{ hasTopRole: false, name: hr, topAdmins: [] }",
	},
	managed: {
		title: "What is declared with authority is live as declared",
		cause: "drift",
		where: "managed.mode == 'authoritative'",
		pass: "managed.differs == false",
		message: "{managed.name} is not as declared: {managed.summary}",
		remediation: "[fix-setting]",
		fine: "{ mode: authoritative, name: admins, differs: false }",
		fail: "{ mode: authoritative, name: admins, differs: true, summary: one member more }",
		unknown: "{ mode: authoritative, name: admins }",
		apart: "{ mode: observe, name: admins, differs: true, summary: one member more }",
	},
} as const satisfies Record<PolicySubject, Draft>;

/** Ids as the schema of policy files takes them. */
export const policyIdPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The text of a new policy file: a policy that can be run as it is, to be rewritten piece by piece. */
export function policyTemplate(id: string, kind: PolicySubject): string {
	const draft: Draft = drafts[kind];
	const param = /params\.(\w+)/.exec(draft.pass)?.[1];
	return `# yaml-language-server: $schema=https://keelson.dev/schema/policy.json
# Findings and exemptions name the id: it never changes.
id: ${id}
# What holds when all is well.
title: ${draft.title}
severity: medium
# Findings of one cause weigh less together.
cause: ${draft.cause}
for: ${kind}
${draft.params === undefined || param === undefined ? "" : `params:\n  ${param}: ${draft.params}\n`}# Whom it applies to.
where: ${draft.where}
# What must be true of them.
pass: ${draft.pass}
message: ${JSON.stringify(draft.message)}
why: Say here what an attacker, or chance, makes of the gap.
remediation: ${draft.remediation}
# A field that is left out is unknown. Give an example for each outcome, and one at each boundary.
tests:
  - name: as it should be
    ${kind}: ${draft.fine}
    expect: pass
  - name: the gap
    ${kind}: ${draft.fail}
    expect: fail
  - name: "unknown: the field was not read"
    ${kind}: ${draft.unknown}
    expect: unknown
  - name: nothing that it asks about
    ${kind}: ${draft.apart}
    expect: not-applicable
`;
}
