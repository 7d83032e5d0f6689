import { day, hash } from "../../../src/emulate/random.js";
import { providerId, uuid } from "./ids.js";
import type { Account, Instance } from "./types.js";

/** Somebody with an account in a SaaS application, in words of no vendor. Times in days before now. */
export interface Member {
	key: string;
	first: string;
	last: string;
	/** Null: the application has no address of it. */
	email: string | null;
	/** Personnel knows who stands behind it. */
	known: boolean;
	external: boolean;
	/** Signs in there and not through the identity provider. */
	local: boolean;
	admin: "top" | "limited" | null;
	use: "person" | "shared" | "service" | "emergency";
	seen: number | null;
	age: number;
	/** For what isn't human: who made it, and the days until its credential ends. */
	creator?: string;
	expiresIn?: number;
}

/** Roles by application type: those that can take it, those of limited administrators, those of everybody else. */
const roles: Readonly<Record<string, { top: string[]; limited: string[][]; plain: string[] }>> = {
	office365: { top: ["Global Administrator"], limited: [["User Administrator"], ["Exchange Administrator", "Teams Administrator"]], plain: [] },
	"google-workspace": { top: ["Super Admin"], limited: [["Groups Admin"], ["User Management Admin", "Help Desk Admin"]], plain: [] },
	slack: { top: ["Org Owner"], limited: [["Workspace Admin"], ["Workspace Owner", "Channels Admin"]], plain: ["Member"] },
	github: { top: ["owner"], limited: [["security_manager"], ["billing_manager", "security_manager"]], plain: ["member"] },
};
const otherRoles = {
	top: ["Administrator"],
	limited: [["Delegated Administrator"], ["Reports Administrator", "User Administrator"]],
	plain: ["Standard User"],
};

function rolesOf(type: string, member: Member): string[] {
	const { top, limited, plain } = roles[type] ?? otherRoles;
	if (member.admin === "top") return top;
	if (member.admin === "limited") return limited[hash(`${type}/${member.key}`, 23) % limited.length] ?? [];
	return member.external ? ["Guest"] : plain;
}

const kinds = { person: "USER", shared: "SHARED_MAILBOX", service: "SERVICE_ACCOUNT", emergency: "USER" } satisfies Record<Member["use"], string>;

/** The account of one member in one instance. */
export function accountOf(instance: Pick<Instance, "saasInstanceId" | "appType">, member: Member, now: number): Account {
	const { key, use, seen, age } = member;
	const human = use !== "service";
	const made = now - age * day;
	const rotated = human ? null : made + Math.floor(age / 3) * day;
	return {
		id: uuid(`${instance.saasInstanceId}/${key}`),
		saasProviderId: providerId(instance.appType, key),
		accountType: member.external ? "GUEST" : kinds[use],
		accountName: human ? `${member.first} ${member.last}` : key,
		email: human ? member.email : null,
		isLocal: member.local,
		isOrphaned: !member.known,
		isElevated: member.admin !== null,
		isNonHuman: !human,
		roles: rolesOf(instance.appType, member),
		creator: human ? null : (member.creator ?? null),
		linkedHumanAccounts: human || member.creator === undefined ? [] : [member.creator],
		saasProviderNhiName: human ? null : `${member.first} ${member.last}`,
		created: made,
		lastLogin: seen === null ? null : now - Math.floor(seen * day),
		lastModified: now - Math.min(age, hash(key, 29) % 90) * day,
		rotated,
		rotatedBy: rotated === null ? null : (member.creator ?? null),
		expires: human || member.expiresIn === undefined ? null : now + member.expiresIn * day,
		githubOrgName: instance.appType === "github" ? "acme-example" : null,
	};
}

/** A SaaS instance of an application with everybody's accounts. */
export function instanceOf(app: { app_id: string; type: string; name: string }, members: readonly Member[], now: number): Instance {
	const head = { saasInstanceId: uuid(`instance/${app.app_id}`), appType: app.type };
	const accounts = new Map<string, Account>();
	for (const member of members) {
		const account = accountOf(head, member, now);
		accounts.set(account.id, account);
	}
	return { ...head, displayName: app.name, appId: app.app_id, accounts };
}
