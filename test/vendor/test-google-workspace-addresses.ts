import type { EmulatedWorkspace } from "../../providers/google-workspace/emulator.js";

type Json = Record<string, unknown>;
type Get = (path: string) => Promise<{ status: number; body: Json }>;

/** Values tried for each parameter of a path. */
const most = 6;

/** Where an item's name in a path stands, by the parameter's name. */
const keys: Record<string, string> = {
	codeId: "codeId",
	clientId: "clientId",
	memberKey: "id",
	roleId: "roleId",
	roleAssignmentId: "roleAssignmentId",
	domainName: "domainName",
	domainAliasName: "domainAliasName",
	schemaKey: "schemaName",
	resourceId: "resourceId",
	alertId: "alertId",
	applicationId: "id",
	dataTransferId: "id",
};

/** Finds the addresses of a path template: its parameters from the tenant's state or from the list above, with queries that shape the answer. */
export function makeAddresses(tenant: EmulatedWorkspace, get: Get): (template: string) => Promise<string[]> {
	const { state } = tenant;
	const customer = state.customer.id;
	const present = [...state.users.values()].filter(({ deleted }) => deleted === null);
	const people = [
		...present.slice(0, most),
		...present.filter(({ body }) => body.suspended).slice(0, 2),
		...present.filter(({ body }) => body.archived || body.isGuestUser).slice(0, 2),
		...present.filter(({ apps }) => apps > 0).slice(0, 2),
		...present.filter(({ appPasswords }) => appPasswords > 0).slice(0, 2),
		...present.filter(({ photo }) => photo).slice(0, 2),
	].map(({ id }) => id);
	const groups = [...state.groups.values()];
	const groupIds = [...groups.slice(0, 12), ...groups.filter(({ dynamic, security }) => dynamic !== null || security)].map(({ id }) => id);
	const day = new Date(tenant.now() - 4 * 86_400_000).toISOString().slice(0, 10);
	const fixed: Record<string, string[]> = {
		userKey: people,
		groupKey: groupIds,
		groupsId: groupIds,
		customer: ["my_customer", customer],
		customerId: ["my_customer"],
		customerKey: ["my_customer"],
		applicationName: ["admin", "login", "token", "user_accounts"],
		date: [day],
		groupUniqueId: groups.slice(0, most).map(({ body }) => body.email),
		productId: ["Google-Apps", "101034"],
	};
	const lists = (path: string): string[] => {
		if (path.endsWith("/users") && path.startsWith("/admin/directory")) {
			const base = `${path}?customer=my_customer`;
			return [base, `${base}&maxResults=2`, `${base}&projection=full`, `${base}&showDeleted=true`, `${base}&viewType=domain_public`];
		}
		if (path === "/admin/directory/v1/groups") return [`${path}?customer=my_customer`, `${path}?customer=my_customer&maxResults=2`];
		if (path.endsWith("/orgunits")) return [`${path}?type=allIncludingParent`, path];
		if (path.endsWith("/members")) return [path, `${path}?maxResults=1`, `${path}?includeDerivedMembership=true`];
		if (path.startsWith("/groups/v1/")) return [`${path}?alt=json`];
		if (path.startsWith("/apps/licensing") && path.endsWith("/users")) return [`${path}?customerId=${customer}`, `${path}?customerId=${customer}&maxResults=1`];
		if (path === "/v1/groups") return [`${path}?parent=customers/${customer}`, `${path}?parent=customers/${customer}&view=FULL&pageSize=1`];
		if (path === "/v1/groups:search")
			return ["BASIC", "FULL"].map((view) => `${path}?view=${view}&query=${encodeURIComponent(`parent == 'customers/${customer}'`)}`);
		if (path === "/v1/groups:lookup") return [`${path}?groupKey.id=${groups[0]?.body.email}`];
		if (path.endsWith("/memberships")) return [path, `${path}?view=FULL&pageSize=1`];
		if (/:checkTransitiveMembership$/.test(path)) return [`${path}?query=${encodeURIComponent(`member_key_id == '${present[0]?.body.primaryEmail}'`)}`];
		if (/:searchTransitiveGroups$/.test(path)) return [`${path}?query=${encodeURIComponent(`member_key_id == '${present[0]?.body.primaryEmail}'`)}`];
		if (/(roleassignments|roles|mobile|chromeos)$/.test(path)) return [path, `${path}?maxResults=1`];
		if (/^\/v1\/(policies|devices|inbound\w+)$/.test(path)) return [path, `${path}?pageSize=1`];
		return [path];
	};
	const itemsOf = async (path: string): Promise<Json[]> => {
		const { status, body } = await get(lists(path)[0] ?? path);
		return status === 200 ? ((Object.values(body).find(Array.isArray) ?? []) as Json[]) : [];
	};
	const named = async (name: string, parent: string): Promise<string[]> => {
		if (parent.endsWith("/hasMember")) return people.slice(0, 1);
		if (name === "orgunitsId" || name === "+orgunitsId")
			return (await itemsOf(parent)).map((item) => String(item.orgUnitPath).slice(1) || String(item.orgUnitId));
		if (name === "skuId" || (name === "userId" && parent.includes("/product/")))
			return [...state.licenses.values()]
				.filter(({ productId, skuId }) => parent.includes(`/${productId}/`) && (name === "skuId" || parent.includes(`/${skuId}/`)))
				.slice(0, 3)
				.map((one) => (name === "skuId" ? one.skuId : one.userId));
		if (name === "userKey" && parent.startsWith("/admin/reports")) return ["all", ...people.slice(0, 1)];
		if (name === "devicesId" || (name.endsWith("sId") && !fixed[name])) return (await itemsOf(parent)).map((item) => String(item.name).split("/").at(-1) ?? "");
		const key = keys[name];
		if (key === undefined) return fixed[name] ?? [];
		return (await itemsOf(parent)).flatMap((item) => (item[key] === undefined ? [] : [String(item[key])]));
	};
	return async (template) => {
		let found = [""];
		for (const part of template.split("/").slice(1)) {
			const next: string[] = [];
			for (const address of found) {
				const name = /^\{(.+)\}$/.exec(part)?.[1];
				if (name === undefined) next.push(`${address}/${part}`);
				else for (const value of (await named(name, address)).slice(0, 20)) next.push(`${address}/${encodeURIComponent(value)}`);
			}
			found = next;
		}
		found = [...new Set(found)];
		if (template.endsWith("/photos/thumbnail")) return found.filter((path) => state.users.get(path.split("/")[5] ?? "")?.photo);
		if (template.endsWith("memberships:lookup")) {
			const all = await Promise.all(
				found.map(async (path) => {
					const [first] = await itemsOf(path.replace(/:lookup$/, ""));
					const key = (first?.preferredMemberKey as { id?: string } | undefined)?.id;
					return key === undefined ? [] : [`${path}?memberKey.id=${encodeURIComponent(key)}`];
				}),
			);
			return all.flat();
		}
		return found.flatMap(lists);
	};
}
