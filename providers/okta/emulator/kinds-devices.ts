import { type Call, noContent, ok, type Reply, type Route, route } from "./call.js";
import { apiError } from "./errors.js";
import { type Kind, objectAt, type Raw, show } from "./kinds.js";
import { afterOf, limitOf, linked, pageOf } from "./paging.js";
import { link, renderUser, stored } from "./render.js";
import { compile, type Dialect } from "./search.js";
import { logEvent, target } from "./syslog.js";
import { drop, iso, put, sortedKeys, type Tenant } from "./tenant.js";
import { liveUserAt } from "./users-find.js";

const SEARCH: Dialect = {
	operators: ["eq", "sw", "co", "pr", "gt", "ge", "lt", "le"],
	attributes: ["id", "status", "lastUpdated", "profile."],
	code: "E0000031",
	maxLength: 2000,
};

/** From which status each move leads to which. */
const MOVES = {
	activate: { from: ["CREATED", "DEACTIVATED"], to: "ACTIVE" },
	deactivate: { from: ["ACTIVE", "CREATED", "SUSPENDED"], to: "DEACTIVATED" },
	suspend: { from: ["ACTIVE"], to: "SUSPENDED" },
	unsuspend: { from: ["SUSPENDED"], to: "ACTIVE" },
} as const;

function render(tenant: Tenant, device: Raw): Raw {
	const path = `/api/v1/devices/${String(device.id)}`;
	const moves = Object.entries(MOVES).filter(([, move]) => move.from.some((status) => status === device.status));
	const links = {
		self: link(tenant, path, "GET", "PUT", "DELETE"),
		users: link(tenant, `${path}/users`, "GET"),
		...Object.fromEntries(moves.map(([name]) => [name, link(tenant, `${path}/lifecycle/${name}`, "POST")])),
	};
	return { ...stored(tenant, device), _links: links };
}

const DEVICES: Kind = {
	base: "/api/v1/devices",
	resource: "devices",
	type: "Device",
	id: "deviceId",
	of: (t) => t.state.devices,
	allow: ["GET", "DELETE"],
	render,
};

/** Users of a device, with the management and screen lock the device reports. */
function usersOf(tenant: Tenant, deviceId: string): { userId: string; user: Raw; created: unknown; managementStatus: string; screenLockType: string }[] {
	const device = tenant.state.devices?.get(deviceId);
	return [...(tenant.state.userDevices ?? [])].flatMap(([userId, ids]) => {
		const user = tenant.state.users.get(userId);
		if (!user || !ids.includes(deviceId)) return [];
		return [{ userId, user: renderUser(tenant, user, false), created: device?.created, managementStatus: "NOT_MANAGED", screenLockType: "BIOMETRIC" }];
	});
}

function list(call: Call): Reply {
	const { tenant, query } = call;
	const devices = tenant.state.devices ?? new Map<string, Raw>();
	const search = compile(query.get("search"), SEARCH);
	const expand = query.get("expand");
	const page = pageOf(sortedKeys(devices), afterOf(call), limitOf(call, 200, 200), (id) => {
		const device = devices.get(id);
		return device && (!search || search(device)) ? device : undefined;
	});
	return linked(call, page, (device) => {
		if (expand !== "user" && expand !== "userSummary") return render(tenant, device);
		const users = usersOf(tenant, String(device.id)).map(({ userId, ...rest }) =>
			expand === "user" ? rest : { ...rest, user: { id: userId, realmId: null, profile: rest.user.profile } },
		);
		return { ...render(tenant, device), _embedded: { users: stored(tenant, users) } };
	});
}

function listUsers(call: Call): Reply {
	const device = objectAt(call, DEVICES);
	const items = usersOf(call.tenant, device.id).map(({ userId: _, ...rest }) => rest);
	return { status: 200, list: { items } };
}

function move(call: Call, name: keyof typeof MOVES): Reply {
	const { tenant } = call;
	const device = objectAt(call, DEVICES);
	const { from, to } = MOVES[name];
	if (!from.some((status) => status === device.status))
		throw apiError("E0000001", "status", [`status: A device that is ${String(device.status)} can't be ${to}.`]);
	const devices = tenant.state.devices;
	if (devices) put(tenant, devices, device.id, { ...device, status: to, lastUpdated: iso(tenant.now()) });
	if (to === "DEACTIVATED") unlink(tenant, device.id);
	logEvent(tenant, call, `device.lifecycle.${name}`, `Device ${name}`, [
		target(device.id, "Device", (device.profile as { displayName?: string })?.displayName),
	]);
	return noContent();
}

/** A deactivated device loses its users. */
function unlink(tenant: Tenant, deviceId: string): void {
	const all = tenant.state.userDevices;
	if (!all) return;
	for (const [userId, ids] of all) {
		if (!ids.includes(deviceId)) continue;
		put(
			tenant,
			all,
			userId,
			ids.filter((id) => id !== deviceId),
		);
	}
}

function remove(call: Call): Reply {
	const { tenant } = call;
	const device = objectAt(call, DEVICES);
	if (device.status !== "DEACTIVATED") throw apiError("E0000001", "status", ["status: Only a deactivated device can be deleted."]);
	if (tenant.state.devices) drop(tenant, tenant.state.devices, device.id);
	logEvent(tenant, call, "device.lifecycle.delete", "Device delete", [target(device.id, "Device", (device.profile as { displayName?: string })?.displayName)]);
	return noContent();
}

function listOfUser(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const items = (tenant.state.userDevices?.get(user.id) ?? []).flatMap((id) => {
		const device = tenant.state.devices?.get(id);
		return device ? [{ created: device.created, deviceUserId: user.id, device: render(tenant, device) }] : [];
	});
	return { status: 200, list: { items } };
}

const one = "/api/v1/devices/{deviceId}";

export const deviceRoutes: Route[] = [
	route("GET", "/api/v1/devices", "devices", list),
	route("GET", one, "devices", (call) => ok(show(call.tenant, DEVICES, objectAt(call, DEVICES)))),
	route("DELETE", one, "devices", remove),
	route("GET", `${one}/users`, "devices", listUsers),
	...(["activate", "deactivate", "suspend", "unsuspend"] as const).map((name) =>
		route("POST", `${one}/lifecycle/${name}`, "devices", (call) => move(call, name)),
	),
	route("GET", "/api/v1/users/{userId}/devices", "users", listOfUser),
];
