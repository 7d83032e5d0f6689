import { iso } from "../../../src/emulate/random.js";
import { etag, opaque } from "./ids.js";
import { once } from "./paging.js";
import type { GroupRow, Membership, Person, Tenant } from "./types.js";

/** How the vendor writes that a user never signed in. */
export const never = "1970-01-01T00:00:00.000Z";

interface Admins {
	top: Set<string>;
	limited: Set<string>;
}

/** Who holds roles directly: the flags of a user say nothing of roles through groups. */
export function admins(tenant: Tenant): Admins {
	return once(tenant, "admins", () => {
		const found: Admins = { top: new Set(), limited: new Set() };
		for (const [, { assignedTo, roleId }] of tenant.world.allSeen(tenant.state.assignments)) {
			(tenant.state.roles.get(roleId)?.isSuperAdminRole ? found.top : found.limited).add(assignedTo);
		}
		return found;
	});
}

/** A user as an administrator sees it. `custom`: names of the schemas to show, `all`, or none. */
export function showUser(tenant: Tenant, person: Person, custom: readonly string[] | "all" | null = null): Record<string, unknown> {
	const { body, id, deleted, lastLogin, created, photo } = person;
	const { top, limited } = admins(tenant);
	const schemas = custom === null ? [] : Object.entries(person.customSchemas ?? {}).filter(([name]) => custom === "all" || custom.includes(name));
	return {
		kind: "admin#directory#user",
		id,
		etag: etag(id, `${person.version}/${top.has(id)}/${limited.has(id)}`),
		...body,
		...(photo !== undefined && { thumbnailPhotoUrl: photoUrl(id), thumbnailPhotoEtag: etag(`photo/${id}`, photo) }),
		isAdmin: top.has(id),
		isDelegatedAdmin: !top.has(id) && limited.has(id),
		lastLoginTime: lastLogin === null ? never : iso(lastLogin),
		creationTime: iso(created),
		...(deleted !== null && { deletionTime: iso(deleted) }),
		customerId: tenant.state.customer.id,
		...(schemas.length > 0 && { customSchemas: Object.fromEntries(schemas) }),
	};
}

const photoUrl = (id: string): string => `https://lh3.googleusercontent.com/a-/${opaque(`photo/${id}`)}=s96-c`;

export function showPhoto({ id, body }: Person, photoData: string): Record<string, unknown> {
	return {
		kind: "admin#directory#user#photo",
		id,
		etag: etag(`photo/${id}`, photoData),
		primaryEmail: body.primaryEmail,
		mimeType: "image/jpeg",
		width: 96,
		height: 96,
		photoData,
	};
}

/** What everybody in the organisation may see. */
export function showPublic(tenant: Tenant, person: Person): Record<string, unknown> {
	const { id, body, photo } = person;
	const { primaryEmail, name, emails, organizations, phones } = body;
	return {
		kind: "admin#directory#user",
		id,
		etag: etag(id, person.version),
		primaryEmail,
		name,
		...(emails && { emails }),
		...(organizations && { organizations }),
		...(phones && { phones }),
		...(photo !== undefined && { thumbnailPhotoUrl: photoUrl(id) }),
		customerId: tenant.state.customer.id,
	};
}

export function showGroup(tenant: Tenant, group: GroupRow): Record<string, unknown> {
	const seen = tenant.world.knobs.lagMs > 0 ? tenant.world.allSeen(group.members).length : group.members.size;
	return { kind: "admin#directory#group", id: group.id, etag: etag(group.id, `${group.version}/${seen}`), ...group.body, directMembersCount: String(seen) };
}

/** `single`: a get also tells how mail is delivered; a list doesn't. */
export function showMember(member: Membership, single = false): Record<string, unknown> {
	return {
		kind: "admin#directory#member",
		etag: etag(`member/${member.id}${member.email}`, `${member.role}/${member.delivery}`),
		...(member.id !== "" && { id: member.id }),
		...(member.email !== undefined && { email: member.email }),
		role: member.role,
		type: member.type,
		...(member.status !== undefined && { status: member.status }),
		...(single && { delivery_settings: member.delivery }),
	};
}
