import { makeToken } from "../../providers/google-workspace/emulator/lazy.js";
import type { EmulatedWorkspace } from "../../providers/google-workspace/emulator.js";

/** An operation of the documents, the address, which may depend on a write before, and what is sent. */
type Write = [operation: string, address: string | (() => string), body?: unknown];

const directory = "/admin/directory/v1";
const my = `${directory}/customer/my_customer`;

/** Every write once, in an order in which each can succeed. */
export function writesOf(tenant: EmulatedWorkspace): Write[] {
	const { state } = tenant;
	const privileged = new Set(tenant.truth().accounts.flatMap(({ id, privileged }) => (privileged ? [id] : [])));
	const plain = [...state.users.values()].filter(
		({ id, deleted, body }) => deleted === null && !body.suspended && !body.archived && body.isEnrolledIn2Sv && !privileged.has(id),
	);
	const [one, other, third] = plain;
	const group = [...state.groups.values()].find(({ dynamic, members }) => dynamic === null && [...members.values()].some(({ type }) => type === "USER"));
	const outsider = [...state.groups.values()].find(({ dynamic, id, members }) => dynamic === null && id !== group?.id && !members.has(one?.id ?? ""));
	const held = [...(group?.members.values() ?? [])].find(({ type }) => type === "USER");
	const domain = state.customer.customerDomain;
	const role = [...state.roles.values()].find(({ roleName }) => roleName === "_HELP_DESK_ADMIN_ROLE")?.roleId;
	const custom = [...state.roles.values()].find(({ roleName }) => roleName === "Security Auditor")?.roleId;
	const [assignment] = [...state.assignments.values()].filter(({ roleId }) => roleId !== role && !state.roles.get(roleId)?.isSuperAdminRole);
	if (!one || !other || !third || !group || !outsider || !held || !assignment || !role || !custom) throw new Error("the tenant lacks somebody to write on");
	Object.assign(one, { apps: 1, appPasswords: 1 });
	const grant = makeToken(one.id, "Board Planner", ["openid"]);
	state.tokens.set(one.id, [grant]);
	state.mobiles.set("phone", { resourceId: "phone", deviceId: "1", email: [one.body.primaryEmail], type: "ANDROID", status: "APPROVED" });
	const user = `${directory}/users/${one.id}`;
	const users = `${directory}/users/{userKey}`;
	const groups = `${directory}/groups/{groupKey}`;
	const licence = `/apps/licensing/v1/product/Google-Apps/sku/1010020020/user`;
	const licences = "/apps/licensing/v1/product/{productId}/sku/{skuId}/user";
	const settings = `/groups/v1/groups/${group.body.email}?alt=json`;
	const customer = `${directory}/customer/{customer}`;
	const unit = `${directory}/customer/{customerId}/orgunits`;
	return [
		[
			`POST ${directory}/users`,
			`${directory}/users`,
			{ primaryEmail: `fresh@${domain}`, name: { givenName: "F", familyName: "R" }, password: "a good long one" },
		],
		[`PUT ${users}`, user, { suspended: true }],
		[`PATCH ${users}`, user, { suspended: false, recoveryEmail: "me@mail.example" }],
		[`POST ${users}/aliases`, `${user}/aliases`, { alias: `two@${domain}` }],
		[`DELETE ${users}/aliases/{alias}`, `${user}/aliases/two@${domain}`],
		[`PUT ${users}/photos/thumbnail`, `${user}/photos/thumbnail`, { photoData: "AAAA" }],
		[`PATCH ${users}/photos/thumbnail`, `${user}/photos/thumbnail`, { photoData: "BBBB" }],
		[`DELETE ${users}/photos/thumbnail`, `${user}/photos/thumbnail`],
		[`POST ${users}/signOut`, `${user}/signOut`],
		[`POST ${users}/verificationCodes/generate`, `${user}/verificationCodes/generate`],
		[`POST ${users}/verificationCodes/invalidate`, `${user}/verificationCodes/invalidate`],
		[`POST ${users}/twoStepVerification/turnOff`, `${user}/twoStepVerification/turnOff`],
		[`DELETE ${users}/tokens/{clientId}`, `${user}/tokens/${grant.clientId}`],
		[`DELETE ${users}/asps/{codeId}`, `${user}/asps/0`],
		[`POST ${users}/makeAdmin`, `${user}/makeAdmin`, { status: true }],
		[`POST ${customer}/roleassignments`, `${my}/roleassignments`, { roleId: role, assignedTo: other.id, scopeType: "CUSTOMER" }],
		[`DELETE ${customer}/roleassignments/{roleAssignmentId}`, `${my}/roleassignments/${assignment.roleAssignmentId}`],
		[`POST ${customer}/roles`, `${my}/roles`, { roleName: "New", rolePrivileges: [{ privilegeName: "USERS_RETRIEVE", serviceId: "00haapch16h1ysv" }] }],
		[`PUT ${customer}/roles/{roleId}`, `${my}/roles/${custom}`, { roleName: "Auditor" }],
		[`PATCH ${customer}/roles/{roleId}`, `${my}/roles/${custom}`, { roleDescription: "Reads" }],
		[`POST ${directory}/groups`, `${directory}/groups`, { email: `new-group@${domain}`, name: "New" }],
		[`PUT ${groups}`, `${directory}/groups/${group.id}`, { name: "Renamed" }],
		[`PATCH ${groups}`, `${directory}/groups/${group.id}`, { description: "Told" }],
		[`POST ${groups}/aliases`, `${directory}/groups/${group.id}/aliases`, { alias: `other-name@${domain}` }],
		[`DELETE ${groups}/aliases/{alias}`, `${directory}/groups/${group.id}/aliases/other-name@${domain}`],
		[`POST ${groups}/members`, `${directory}/groups/${outsider.id}/members`, { id: one.id }],
		[`PUT ${groups}/members/{memberKey}`, `${directory}/groups/${outsider.id}/members/${one.id}`, { role: "MANAGER" }],
		[`PATCH ${groups}/members/{memberKey}`, `${directory}/groups/${outsider.id}/members/${one.id}`, { delivery_settings: "DIGEST" }],
		[`DELETE ${groups}/members/{memberKey}`, `${directory}/groups/${outsider.id}/members/${one.id}`],
		["DELETE /v1/groups/{groupsId}/memberships/{membershipsId}", `/v1/groups/${group.id}/memberships/${held.id}`],
		["PUT /groups/v1/groups/{groupUniqueId}", settings, { allowExternalMembers: "true" }],
		["PATCH /groups/v1/groups/{groupUniqueId}", settings, { whoCanJoin: "INVITED_CAN_JOIN", customReplyTo: `x@${domain}` }],
		[`DELETE ${groups}`, `${directory}/groups/${group.id}`],
		[`POST ${unit}`, `${my}/orgunits`, { name: "Annex", parentOrgUnitPath: "/" }],
		[`PUT ${unit}/{orgunitsId}`, `${my}/orgunits/Annex`, { name: "Annexe" }],
		[`PATCH ${unit}/{orgunitsId}`, `${my}/orgunits/Annexe`, { description: "Next door" }],
		[`DELETE ${unit}/{orgunitsId}`, `${my}/orgunits/Annexe`],
		[`PUT ${directory}/customers/{customerKey}`, `${directory}/customers/my_customer`, { language: "fi" }],
		[`PATCH ${directory}/customers/{customerKey}`, `${directory}/customers/my_customer`, { phoneNumber: "+358400000000" }],
		[`POST ${customer}/domains`, `${my}/domains`, { domainName: "third.example" }],
		[`POST ${customer}/domainaliases`, `${my}/domainaliases`, { domainAliasName: "alias.example", parentDomainName: domain }],
		[`DELETE ${customer}/domainaliases/{domainAliasName}`, `${my}/domainaliases/alias.example`],
		[`DELETE ${customer}/domains/{domainName}`, `${my}/domains/third.example`],
		[`POST ${directory}/customer/{customerId}/devices/mobile/{resourceId}/action`, `${my}/devices/mobile/phone/action`, { action: "admin_account_wipe" }],
		[`DELETE ${directory}/customer/{customerId}/devices/mobile/{resourceId}`, `${my}/devices/mobile/phone`],
		[`PUT ${licences}/{userId}`, `${licence}/${third.body.primaryEmail}`, { skuId: "1010020020" }],
		[`PATCH ${licences}/{userId}`, `${licence}/${third.body.primaryEmail}`, {}],
		[`DELETE ${licences}/{userId}`, `${licence}/${third.body.primaryEmail}`],
		[`POST ${licences}`, licence, { userId: third.body.primaryEmail }],
		["POST /admin/datatransfer/v1/transfers", "/admin/datatransfer/v1/transfers", { oldOwnerUserId: other.id, newOwnerUserId: third.id }],
		[`DELETE ${users}`, `${directory}/users/${other.id}`],
		[`POST ${users}/undelete`, `${directory}/users/${other.id}/undelete`, { orgUnitPath: "/" }],
		[`DELETE ${customer}/roles/{roleId}`, () => `${my}/roles/${[...state.roles.values()].find(({ roleName }) => roleName === "New")?.roleId}`],
	];
}
