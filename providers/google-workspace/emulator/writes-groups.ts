import type { Call, Reply } from "../../../src/emulate/call.js";
import { noContent, ok, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { duplicate, forbidden, invalid, legacy, notFound, required } from "./errors.js";
import { currentGroup, maybeUser } from "./find.js";
import { shortId, userId } from "./ids.js";
import type { Operation } from "./rights.js";
import { showGroup, showMember } from "./show.js";
import type { GroupRow, Membership, Tenant } from "./types.js";
import { checkMatch, sentBody, taken } from "./writes-users.js";

const base = "/admin/directory/v1/groups";
const type = "GROUP_SETTINGS";

/** Writes on groups and their members. */
export function groupWrites(tenant: Tenant): Operation[] {
	const { world, state } = tenant;
	const group = (method: string, path: string, privilege: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: base + path,
		needs: { service: "admin.googleapis.com", scopes: ["admin.directory.group"], privilege },
		handler,
	});
	const member = (method: string, path: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: `${base}/{groupKey}/members${path}`,
		needs: { service: "admin.googleapis.com", scopes: ["admin.directory.group", "admin.directory.group.member"], privilege: "GROUPS_UPDATE" },
		handler,
	});
	const of = (call: Call) => currentGroup(tenant, param(call, "groupKey"));
	const put = (row: GroupRow) => world.put(state.groups, row.id, { ...row, version: row.version + 1 });

	function update(call: Call<Grant>): Reply {
		const row = of(call);
		checkMatch(call, showGroup(tenant, row).etag);
		const { email, name, description } = sentBody(call);
		if (typeof email === "string" && email !== row.body.email && taken(tenant, email)) throw duplicate();
		const body = {
			...row.body,
			...(typeof email === "string" && { email: email.toLowerCase() }),
			...(typeof name === "string" && { name }),
			...(typeof description === "string" && { description }),
		};
		put({ ...row, body });
		changed(tenant, call, type, "CHANGE_GROUP_SETTING", { GROUP_EMAIL: row.body.email });
		return ok(showGroup(tenant, currentGroup(tenant, row.id)));
	}

	function insert(call: Call<Grant>): Reply {
		const { email, name, description } = sentBody(call);
		if (typeof email !== "string" || !email.includes("@")) throw required("Invalid Input: email");
		const address = email.toLowerCase();
		if (!state.domains.has(address.split("@")[1] ?? "")) throw legacy(404, "notFound", "Domain not found.");
		if (taken(tenant, address)) throw duplicate();
		const id = shortId(`${tenant.seed}/inserted/${address}/${tenant.version}`);
		const body = {
			email: address,
			name: typeof name === "string" ? name : (address.split("@")[0] ?? ""),
			description: String(description ?? ""),
			adminCreated: true,
			nonEditableAliases: [`${address}.test-google-a.com`],
		};
		put({ id, body, members: new Map(), settings: {}, dynamic: null, security: false, created: world.now(), version: 0 });
		changed(tenant, call, type, "CREATE_GROUP", { GROUP_EMAIL: address });
		return ok(showGroup(tenant, currentGroup(tenant, id)));
	}

	function remove(call: Call<Grant>): Reply {
		const row = of(call);
		world.drop(state.groups, row.id);
		for (const other of state.groups.values()) world.drop(other.members, row.id);
		changed(tenant, call, type, "DELETE_GROUP", { GROUP_EMAIL: row.body.email });
		return noContent();
	}

	function found(call: Call): [GroupRow, string, Membership] {
		const row = of(call);
		const key = param(call, "memberKey");
		const id = maybeUser(tenant, key)?.id;
		const entry = [...row.members].find(([, one]) => one.id === key || one.email === key.toLowerCase() || one.id === id);
		if (!entry) throw notFound("memberKey");
		return [row, ...entry];
	}

	// Members of a dynamic group come from its query alone.
	function refuseDynamic(row: GroupRow): void {
		if (row.dynamic !== null) throw forbidden();
	}

	function addMember(call: Call<Grant>): Reply {
		const row = of(call);
		refuseDynamic(row);
		const sent = sentBody(call);
		const key = String(sent.id ?? sent.email ?? "").toLowerCase();
		if (key === "") throw required("Missing required field: member");
		const role = roleOf(sent.role ?? "MEMBER");
		const user = maybeUser(tenant, key);
		const inner = [...state.groups.values()].find((one) => one.id === key || one.body.email === key);
		if (inner?.id === row.id) throw invalid("Invalid Input: memberKey");
		const outside = !user && !inner;
		if (outside && (!key.includes("@") || state.domains.has(key.split("@")[1] ?? ""))) throw notFound("memberKey");
		const id = user?.id ?? inner?.id ?? userId(`external/${key}`);
		if (row.members.has(id)) throw duplicate("Member already exists.");
		const email = user?.body.primaryEmail ?? inner?.body.email ?? key;
		const made: Membership = {
			id,
			email,
			type: user ? "USER" : inner ? "GROUP" : "EXTERNAL",
			role,
			...(!outside && { status: "ACTIVE" }),
			delivery: String(sent.delivery_settings ?? "ALL_MAIL"),
			created: world.now(),
			expires: null,
		};
		world.put(row.members, id, made);
		changed(tenant, call, type, "ADD_GROUP_MEMBER", { GROUP_EMAIL: row.body.email, USER_EMAIL: email });
		return ok(showMember(made));
	}

	function changeMember(call: Call<Grant>): Reply {
		const [row, key, old] = found(call);
		refuseDynamic(row);
		const sent = sentBody(call);
		const next = { ...old, role: roleOf(sent.role ?? old.role), delivery: String(sent.delivery_settings ?? old.delivery) };
		world.put(row.members, key, next);
		changed(tenant, call, type, "UPDATE_GROUP_MEMBER", { GROUP_EMAIL: row.body.email, USER_EMAIL: old.email ?? old.id, NEW_VALUE: next.role });
		return ok(showMember(next, true));
	}

	return [
		group("POST", "", "GROUPS_CREATE", insert),
		group("PUT", "/{groupKey}", "GROUPS_UPDATE", update),
		group("PATCH", "/{groupKey}", "GROUPS_UPDATE", update),
		group("DELETE", "/{groupKey}", "GROUPS_DELETE", remove),
		member("POST", "", addMember),
		member("PUT", "/{memberKey}", changeMember),
		member("PATCH", "/{memberKey}", changeMember),
		member("DELETE", "/{memberKey}", (call) => {
			const [row, key, old] = found(call);
			refuseDynamic(row);
			world.drop(row.members, key);
			changed(tenant, call, type, "REMOVE_GROUP_MEMBER", { GROUP_EMAIL: row.body.email, USER_EMAIL: old.email ?? old.id });
			return noContent();
		}),
	];
}

function roleOf(value: unknown): Membership["role"] {
	if (value !== "OWNER" && value !== "MANAGER" && value !== "MEMBER") throw invalid("Invalid Input: role");
	return value;
}
