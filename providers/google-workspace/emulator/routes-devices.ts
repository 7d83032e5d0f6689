import type { Call, Reply } from "../../../src/emulate/call.js";
import { noContent, ok, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { invalid, legacy, modern, notFound } from "./errors.js";
import { etag } from "./ids.js";
import { body, byKey, page, sizeOf } from "./paging.js";
import type { Operation } from "./rights.js";
import { service } from "./routes-policies.js";
import { checkCustomer } from "./routes-roles.js";
import { oneOf } from "./routes-users.js";
import { directory } from "./scopes.js";
import type { MobileBody, Tenant } from "./types.js";
import { sentBody } from "./writes-users.js";

const actions = ["admin_remote_wipe", "admin_account_wipe", "approve", "block", "cancel_remote_wipe_then_activate", "cancel_remote_wipe_then_block"];
const base = "/admin/directory/v1/customer/{customerId}/devices";

/** Phones, Chrome OS devices, and the devices of Cloud Identity. */
export function deviceRoutes(tenant: Tenant): Operation[] {
	const { state, world } = tenant;
	const route = (method: string, path: string, scopes: readonly string[], handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: base + path,
		needs: { service: "admin.googleapis.com", scopes, privilege: method === "GET" ? "MANAGE_DEVICES_READ" : "MANAGE_DEVICES_ALL" },
		handler(call) {
			checkCustomer(tenant, call);
			return handler(call);
		},
	});
	const show = (device: MobileBody) => ({ kind: "admin#directory#mobiledevice", etag: etag(device.resourceId, device.status ?? ""), ...device });
	const of = (call: Call) => {
		const found = state.mobiles.get(param(call, "resourceId"));
		if (!found) throw notFound("resourceId");
		return found;
	};
	const noQuery = (call: Call) => {
		if (call.query.get("query")) throw invalid("Invalid Input: query");
	};
	return [
		route("GET", "/mobile", directory.mobile, (call) => {
			oneOf(call, "projection", ["BASIC", "FULL"]);
			const order = call.query.has("orderBy")
				? oneOf(call, "orderBy", ["deviceId", "email", "lastSync", "model", "name", "os", "status", "type"])
				: "resourceId";
			const descending = oneOf(call, "sortOrder", ["ASCENDING", "DESCENDING"]) === "DESCENDING";
			const fits = mobileQuery(call.query.get("query"));
			const rows = world
				.allSeen(state.mobiles)
				.filter(([, device]) => fits(device))
				.map(([id, device]) => [`${Object(device)[order]}\u0000${id}`, device] as const)
				.sort(byKey);
			if (descending) rows.reverse();
			const head = { kind: "admin#directory#mobiledevices", etag: etag("mobile", tenant.version) };
			return page(tenant, call, {
				rows,
				descending,
				size: sizeOf(call, "maxResults", 100, 100, "refuse"),
				show,
				wrap: body(head, "mobiledevices"),
				idKey: "resourceId",
			});
		}),
		route("GET", "/mobile/{resourceId}", directory.mobile, (call) => ok(show(of(call)))),
		route("DELETE", "/mobile/{resourceId}", ["admin.directory.device.mobile"], (call) => {
			const device = of(call);
			world.drop(state.mobiles, device.resourceId);
			changed(tenant, call, "MOBILE_SETTINGS", "MOBILE_DEVICE_DELETE", { USER_EMAIL: device.email?.[0] ?? "" });
			return noContent();
		}),
		route("POST", "/mobile/{resourceId}/action", ["admin.directory.device.mobile", "admin.directory.device.mobile.action"], (call) => {
			const device = of(call);
			const { action } = sentBody(call);
			if (!actions.includes(String(action))) throw invalid("Invalid Input: action");
			const status = action === "block" ? "BLOCKED" : String(action).includes("wipe") && !String(action).startsWith("cancel") ? "WIPING" : "APPROVED";
			world.put(state.mobiles, device.resourceId, { ...device, status });
			// Done when the device next comes for its mail.
			if (status === "WIPING") world.later(3_600_000, () => world.put(state.mobiles, device.resourceId, { ...device, status: "WIPED" }));
			changed(tenant, call, "MOBILE_SETTINGS", "ACTION_REQUESTED", { USER_EMAIL: device.email?.[0] ?? "", ACTION_TYPE: String(action) });
			return noContent();
		}),
		route("GET", "/chromeos", directory.chromeos, (call) => {
			noQuery(call);
			const size = sizeOf(call, "maxResults", 100, 300, "cut");
			const wrap = body({ kind: "admin#directory#chromeosdevices", etag: etag("chromeos", tenant.version) }, "chromeosdevices");
			return page(tenant, call, {
				rows: [...state.chromes].sort(byKey),
				size,
				show: (row) => ({ kind: "admin#directory#chromeosdevice", etag: etag(row.deviceId, 1), ...row }),
				wrap,
				idKey: "deviceId",
			});
		}),
		...cloudDevices(tenant),
	];
}

function mobileQuery(text: string | null): (device: MobileBody) => boolean {
	if (text === null || text === "") return () => true;
	const match = /^(email|status|os|type|model):(.+)$/.exec(text.trim());
	if (!match) throw legacy(400, "invalid", "Invalid Input: query", "global", { locationType: "parameter", location: "query" });
	return (device) =>
		[Object(device)[match[1] ?? ""]].flat().some((value) =>
			String(value)
				.toLowerCase()
				.startsWith((match[2] ?? "").replace(/\*$/, "").toLowerCase()),
		);
}

function cloudDevices(tenant: Tenant): Operation[] {
	const { state } = tenant;
	const get = (template: string, handler: (call: Call) => Reply): Operation => ({
		method: "GET",
		template,
		needs: { service, scopes: ["cloud-identity.devices", "cloud-identity.devices.readonly"], privilege: "MANAGE_DEVICES_READ" },
		handler(call) {
			const customer = call.query.get("customer");
			if (customer !== null && customer !== "customers/my_customer" && customer !== `customers/${state.customer.id}`)
				throw modern(400, "Request contains an invalid argument.");
			if (call.query.get("filter")) throw modern(400, "Request contains an invalid argument.");
			return handler(call);
		},
	});
	const of = (call: Call) => {
		const found = state.devices.get(`devices/${param(call, "devicesId")}`);
		if (!found) throw modern(404, "Requested entity was not found.");
		return found;
	};
	const userOf = ({ name, user, createTime, lastSyncTime }: ReturnType<typeof of>) => ({
		name: `${name}/deviceUsers/1`,
		userEmail: user,
		managementState: "APPROVED",
		createTime,
		firstSyncTime: createTime,
		lastSyncTime,
		passwordState: "PASSWORD_SET",
		compromisedState: "NOT_COMPROMISED",
	});
	return [
		get("/v1/devices", (call) => {
			const show = ({ user: _, ...device }: ReturnType<typeof of>) => device;
			return page(tenant, call, {
				rows: [...state.devices].sort(byKey),
				size: sizeOf(call, "pageSize", 20, 100, "cut"),
				show,
				wrap: body({}, "devices"),
				idKey: "name",
			});
		}),
		get("/v1/devices/{devicesId}", (call) => {
			const { user: _, ...device } = of(call);
			return ok(device);
		}),
		get("/v1/devices/{devicesId}/deviceUsers", (call) => {
			const all = param(call, "devicesId") === "-" ? [...state.devices.values()] : [of(call)];
			const rows = all.map((device) => [device.name, userOf(device)] as const).sort(byKey);
			return page(tenant, call, { rows, size: sizeOf(call, "pageSize", 5, 20, "cut"), show: (row) => row, wrap: body({}, "deviceUsers"), idKey: "name" });
		}),
		get("/v1/devices/{devicesId}/deviceUsers/{deviceUsersId}", (call) => {
			if (param(call, "deviceUsersId") !== "1") throw modern(404, "Requested entity was not found.");
			return ok(userOf(of(call)));
		}),
	];
}
