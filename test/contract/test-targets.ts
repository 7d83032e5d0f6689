import type { AccountRecord } from "../../src/model/account.js";
import type { AppRecord, CredentialRecord, MembershipRecord, RoleAssignmentRecord, SettingRecord } from "../../src/model/objects.js";
import type { AuthenticatorsBody, CollectionName } from "../../src/model/snapshot.js";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import type { Scanned } from "./test-tenant.js";

/** Targets on which an action of that kind can be tried, most likely ones first, from what was read and nothing else. */
export async function targetsFor(kind: ActionKind, read: Scanned): Promise<ActionTarget[]> {
	const all = async <T>(collection: CollectionName): Promise<T[]> =>
		read.scan.coverage.some((one) => one.collection === collection) ? (await read.records(collection)).map(({ body }) => body as T) : [];
	const roles = await all<RoleAssignmentRecord>("roleAssignments");
	const administrators = new Set(roles.map(({ principal }) => principal));
	const accounts = [...(await read.accounts()).values()].filter(({ id }) => !administrators.has(id));
	const able = accounts.filter(({ enabled }) => enabled !== false);
	const others = accounts.filter(({ enabled }) => enabled === false);
	switch (kind) {
		case "update-setting":
			return [];
		case "remove-role":
			return roles
				.filter(({ principalType }) => principalType === "account")
				.map(({ id, principal, role, scope }) => ({ account: principal, assignment: id, role, ...(scope ? { scope } : {}) }));
		case "add-role":
			return roles.flatMap(({ role, scope }) => able.slice(0, 3).map(({ id }) => ({ account: id, role, ...(scope ? { scope } : {}) })));
		case "remove-group-member":
			return memberships(await all<MembershipRecord>("memberships")).map(({ group, account }) => ({ group, account }));
		case "add-group-member": {
			const held = memberships(await all<MembershipRecord>("memberships"));
			const groups = [...new Set(held.map(({ group }) => group))];
			return groups.flatMap((group) =>
				able.filter(({ id }) => !held.some((one) => one.group === group && one.account === id)).map(({ id }) => ({ group, account: id })),
			);
		}
		case "revoke-credential":
			return (await all<CredentialRecord>("credentials")).map(({ id, owner }) => ({
				credential: id,
				...(owner && accountIds(accounts).has(owner) ? { account: owner } : {}),
			}));
		case "delete-authenticator":
			return (await read.records("authenticators")).flatMap(({ id, body }) =>
				administrators.has(id) ? [] : (body as AuthenticatorsBody).items.map((item) => ({ account: id, authenticator: item.id })),
			);
		case "disable-app":
			return (await all<AppRecord>("apps")).filter(({ active }) => active).map(({ id }) => ({ app: id }));
		case "enable-app":
			return (await all<AppRecord>("apps")).filter(({ active }) => !active).map(({ id }) => ({ app: id }));
		case "open-ticket":
			return (await all<SettingRecord>("settings")).filter(({ verdict }) => verdict?.failing && !verdict.tickets?.length).map(({ id }) => ({ setting: id }));
		case "close-ticket":
			return (await all<SettingRecord>("settings")).flatMap(({ id, verdict }) => (verdict?.tickets ?? []).map((ticket) => ({ setting: id, ticket })));
		case "unsuspend-account":
		case "unlock-account":
		case "invite-account":
		case "delete-account":
			return [...others, ...able].map(({ id }) => ({ account: id }));
		default:
			return [...able, ...others].map(({ id }) => ({ account: id }));
	}
}

function accountIds(accounts: AccountRecord[]): Set<string> {
	return new Set(accounts.map(({ id }) => id));
}

function memberships(records: MembershipRecord[]): MembershipRecord[] {
	return records.filter(({ source, memberType }) => source === "direct" && memberType !== "group");
}
