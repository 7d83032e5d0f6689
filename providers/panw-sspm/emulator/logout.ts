import { type Call, ok, type Reply, type Route } from "../../../src/emulate/call.js";
import type { Needs, ServiceAccount } from "./auth.js";
import { notFound } from "./errors.js";
import { uuid } from "./ids.js";
import { idpIn } from "./named.js";
import { listIn } from "./reports.js";
import type { Batch, Tenant } from "./types.js";

/** Logging people out of an identity provider: the one thing this API enforces. It runs as a batch that the client asks about. */
export function logoutRoutes(tenant: Tenant): Route<Needs, ServiceAccount>[] {
	const template = "/sspm/identity/v1/idps/{idpId}/accounts/logout";
	return [
		{ method: "POST", template, needs: { area: "IDENTITY", write: true }, handler: (call) => start(tenant, call) },
		{ method: "GET", template, needs: { area: "IDENTITY" }, handler: (call) => status(tenant, call) },
	];
}

function start(tenant: Tenant, call: Call): Reply {
	const { state, world, choices } = tenant;
	const idp = idpIn(tenant, call);
	const users = listIn(call, "users");
	const id = uuid(`batch/${idp.idpId}/${state.batches.size}`);
	world.put(state.batches, id, { id, idpId: idp.idpId, started: world.now(), users: users.map((user) => ({ user, status: "PENDING" })) });
	world.later(choices.batchMs, () => {
		const batch = state.batches.get(id);
		const known = new Set(idp.people.flatMap((person) => [person.userId, person.email]));
		const done = users.map((user): Batch["users"][number] =>
			known.has(user) ? { user, status: "SUCCESS" } : { user, status: "FAILED", details: "User does not exist at the identity provider" },
		);
		if (batch) world.put(state.batches, id, { ...batch, users: done });
	});
	return ok(choices.batchAnswer === "text" ? id : { [choices.batchAnswer]: id });
}

/** The state of a batch; of the last one where none is named. */
function status(tenant: Tenant, call: Call): Reply {
	const { state } = tenant;
	const idp = idpIn(tenant, call);
	const id = call.query.get("batch_id");
	const own = [...state.batches.values()].filter((batch) => batch.idpId === idp.idpId);
	const batch = id === null ? own.at(-1) : own.find((one) => one.id === id);
	if (!batch) throw notFound(call, "Batch does not exist");
	const pending = batch.users.some((user) => user.status === "PENDING");
	const failed = batch.users.some((user) => user.status === "FAILED");
	return ok({ batch_id: batch.id, status: pending ? "IN_PROGRESS" : failed ? "COMPLETED_WITH_ERRORS" : "COMPLETED", users: batch.users });
}
