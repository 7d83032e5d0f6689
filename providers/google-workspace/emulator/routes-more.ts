import type { Call, Reply } from "../../../src/emulate/call.js";
import { ok, param } from "../../../src/emulate/call.js";
import { iso } from "../../../src/emulate/random.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { duplicate, invalid, modern, notFound, required } from "./errors.js";
import { findUser } from "./find.js";
import { etag, opaque } from "./ids.js";
import { body, byKey, page, sizeOf } from "./paging.js";
import type { Operation } from "./rights.js";
import type { Alert, License, Tenant } from "./types.js";
import { sentBody } from "./writes-users.js";

/** Products and SKUs that the tenant has bought. */
export const skus: Record<string, { productId: string; productName: string; skuName: string }> = {
	"1010020020": { productId: "Google-Apps", productName: "Google Workspace", skuName: "Google Workspace Enterprise Plus" },
	"1010340001": { productId: "101034", productName: "Google Workspace Archived User", skuName: "Google Workspace Enterprise Plus - Archived User" },
};

/** Licences, alerts and transfers of data. */
export function moreRoutes(tenant: Tenant): Operation[] {
	return [...licenseRoutes(tenant), ...alertRoutes(tenant), ...transferRoutes(tenant)];
}

function licenseRoutes(tenant: Tenant): Operation[] {
	const { state, world } = tenant;
	const base = "/apps/licensing/v1/product/{productId}";
	const route = (method: string, path: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: base + path,
		needs: { service: "licensing.googleapis.com", scopes: ["apps.licensing"], privilege: "LICENSING" },
		handler,
	});
	const show = ({ productId, skuId, userId }: License) => ({
		kind: "licensing#licenseAssignment",
		etags: etag(`${skuId}/${userId}`, 1),
		productId,
		userId,
		selfLink: `https://licensing.googleapis.com/apps/licensing/v1/product/${productId}/sku/${skuId}/user/${userId}`,
		skuId,
		skuName: skus[skuId]?.skuName ?? "",
		productName: skus[skuId]?.productName ?? "",
	});
	const key = (sku: string, user: string) => `${sku}/${user}`;
	const userOf = (call: Call) => findUser(tenant, param(call, "userId")).body.primaryEmail;
	const one = (call: Call) => {
		const found = state.licenses.get(key(param(call, "skuId"), userOf(call)));
		if (!found || found.productId !== param(call, "productId")) throw notFound("licenseAssignment");
		return found;
	};
	function list(call: Call, sku: string | null): Reply {
		const customer = call.query.get("customerId");
		if (!customer) throw required("Required parameter: customerId");
		if (customer !== state.customer.id && !state.domains.has(customer)) throw invalid("Invalid value for: customerId");
		const product = param(call, "productId");
		if (!Object.values(skus).some(({ productId }) => productId === product)) throw invalid("Invalid value for: productId");
		const size = sizeOf(call, "maxResults", 100, 1000, "refuse");
		const rows = world
			.allSeen(state.licenses)
			.filter(([, licence]) => licence.productId === product && (sku === null || licence.skuId === sku))
			.sort(byKey);
		return page(tenant, call, {
			rows,
			size,
			show,
			wrap: body({ kind: "licensing#licenseAssignmentList", etag: etag("licences", tenant.version) }, "items"),
			idKey: "userId",
		});
	}
	function assign(call: Call<Grant>, userId: string, skuId: string, from: License | null): Reply {
		const productId = skus[skuId]?.productId;
		if (productId !== param(call, "productId")) throw invalid("Invalid value for: skuId");
		if (!from && [...state.licenses.values()].some((licence) => licence.userId === userId && licence.productId === productId))
			throw duplicate("User already has a license for the specified product and SKU");
		const made = { productId, skuId, userId };
		if (from) world.drop(state.licenses, key(from.skuId, userId));
		world.put(state.licenses, key(skuId, userId), made);
		changed(tenant, call, "LICENSES_SETTINGS", "USER_LICENSE_ASSIGNMENT", { USER_EMAIL: userId, NEW_VALUE: skuId });
		return ok(show(made));
	}
	const change = (call: Call<Grant>) => {
		const old = one(call);
		return assign(call, old.userId, String(sentBody(call).skuId ?? old.skuId), old);
	};
	return [
		route("GET", "/users", (call) => list(call, null)),
		route("GET", "/sku/{skuId}/users", (call) => list(call, param(call, "skuId"))),
		route("GET", "/sku/{skuId}/user/{userId}", (call) => ok(show(one(call)))),
		route("POST", "/sku/{skuId}/user", (call) =>
			assign(call, findUser(tenant, String(sentBody(call).userId ?? "")).body.primaryEmail, param(call, "skuId"), null),
		),
		route("PUT", "/sku/{skuId}/user/{userId}", change),
		route("PATCH", "/sku/{skuId}/user/{userId}", change),
		route("DELETE", "/sku/{skuId}/user/{userId}", (call) => {
			const old = one(call);
			world.drop(state.licenses, key(old.skuId, old.userId));
			changed(tenant, call, "LICENSES_SETTINGS", "USER_LICENSE_REVOKE", { USER_EMAIL: old.userId, OLD_VALUE: old.skuId });
			return ok({});
		}),
	];
}

function alertRoutes(tenant: Tenant): Operation[] {
	const { id } = tenant.state.customer;
	// Here the customer's id has lost its leading C.
	const customerId = id.slice(1);
	const route = (template: string, handler: (call: Call) => Reply): Operation => ({
		method: "GET",
		template,
		needs: { service: "alertcenter.googleapis.com", scopes: ["apps.alerts"], privilege: "SECURITY_CENTER_READ" },
		handler,
	});
	const show = ({ alertId, created, type, source, severity, status, data }: Alert) => ({
		customerId,
		alertId,
		createTime: iso(created),
		startTime: iso(created),
		type,
		source,
		data,
		securityInvestigationToolLink: `https://admin.google.com/ac/sc/investigation?alertId=${alertId}`,
		updateTime: iso(created),
		metadata: { customerId, alertId, status, severity, updateTime: iso(created), etag: etag(alertId, status) },
		etag: etag(alertId, created),
	});
	return [
		route("/v1beta1/alerts", (call) => {
			const descending = /^create_?time desc$/i.test(call.query.get("orderBy") ?? "");
			const fits = alertFilter(call.query.get("filter"));
			const rows = [...tenant.state.alerts.values()]
				.filter(fits)
				.map((alert) => [`${iso(alert.created)}/${alert.alertId}`, alert] as const)
				.sort(byKey);
			if (descending) rows.reverse();
			return page(tenant, call, { rows, descending, size: sizeOf(call, "pageSize", 50, 100, "cut"), show, wrap: body({}, "alerts"), idKey: "alertId" });
		}),
		route("/v1beta1/alerts/{alertId}", (call) => {
			const found = tenant.state.alerts.get(param(call, "alertId"));
			if (!found) throw modern(404, "Requested entity was not found.");
			return ok(show(found));
		}),
	];
}

/** `createTime` compared, `type` or `source` equal, joined by AND. @throws Refusal 400 */
function alertFilter(text: string | null): (alert: Alert) => boolean {
	if (text === null || text.trim() === "") return () => true;
	const tests = text.split(/\s+AND\s+/i).map((part) => {
		const match = /^\(?\s*(createTime|create_time|type|source)\s*(<=|>=|<|>|=)\s*"?([^"]*)"?\s*\)?$/.exec(part.trim());
		if (!match) throw modern(400, "Invalid filter.");
		const [, name = "", operator = "", value = ""] = match;
		if (name === "type" || name === "source") {
			if (operator !== "=") throw modern(400, "Invalid filter.");
			return (alert: Alert) => alert[name] === value;
		}
		const at = Date.parse(value);
		if (Number.isNaN(at)) throw modern(400, "Invalid filter.");
		return ({ created }: Alert) =>
			operator === "<"
				? created < at
				: operator === "<="
					? created <= at
					: operator === ">"
						? created > at
						: operator === ">="
							? created >= at
							: created === at;
	});
	return (alert) => tests.every((test) => test(alert));
}

const transferApps = [
	{
		kind: "admin#datatransfer#ApplicationResource",
		etag: etag("app", 1),
		id: "55656082996",
		name: "Drive and Docs",
		transferParams: [{ key: "PRIVACY_LEVEL", value: ["SHARED", "PRIVATE"] }],
	},
	{
		kind: "admin#datatransfer#ApplicationResource",
		etag: etag("app", 2),
		id: "435070579839",
		name: "Calendar",
		transferParams: [{ key: "RELEASE_RESOURCES", value: ["TRUE", "FALSE"] }],
	},
];

function transferRoutes(tenant: Tenant): Operation[] {
	const { state, world } = tenant;
	const base = "/admin/datatransfer/v1";
	const route = (method: string, path: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: base + path,
		needs: {
			service: "admin.googleapis.com",
			scopes: method === "GET" ? ["admin.datatransfer", "admin.datatransfer.readonly"] : ["admin.datatransfer"],
			privilege: "SUPER",
		},
		handler,
	});
	return [
		route("GET", "/applications", () => ({
			status: 200,
			list: { items: transferApps, wrap: body({ kind: "admin#datatransfer#applicationsList", etag: etag("apps", 1) }, "applications") },
		})),
		route("GET", "/applications/{applicationId}", (call) => {
			const found = transferApps.find(({ id }) => id === param(call, "applicationId"));
			if (!found) throw notFound("applicationId");
			return ok(found);
		}),
		route("GET", "/transfers", (call) =>
			page(tenant, call, {
				rows: [...state.transfers].sort(byKey),
				size: sizeOf(call, "maxResults", 100, 500, "refuse"),
				show: (row) => row,
				wrap: body({ kind: "admin#datatransfer#dataTransfersList", etag: etag("transfers", tenant.version) }, "dataTransfers"),
			}),
		),
		route("GET", "/transfers/{dataTransferId}", (call) => {
			const found = state.transfers.get(param(call, "dataTransferId"));
			if (!found) throw notFound("dataTransferId");
			return ok(found);
		}),
		route("POST", "/transfers", (call) => {
			const sent = sentBody(call);
			for (const name of ["oldOwnerUserId", "newOwnerUserId"]) if (!state.users.has(String(sent[name]))) throw invalid(`Invalid Input: ${name}`);
			const id = opaque(`transfer/${tenant.version}/${sent.oldOwnerUserId}`).slice(0, 20);
			const made = (status: string) => ({
				...sent,
				kind: "admin#datatransfer#DataTransfer",
				etag: etag(id, status),
				id,
				overallTransferStatusCode: status,
				requestTime: iso(world.now()),
			});
			world.put(state.transfers, id, made("inProgress"));
			// Carried out in the background.
			world.later(600_000, () => world.put(state.transfers, id, made("completed")));
			changed(tenant, call, "USER_SETTINGS", "CREATE_DATA_TRANSFER_REQUEST", { USER_EMAIL: String(sent.oldOwnerUserId) });
			return ok(state.transfers.get(id));
		}),
	];
}
