import { type Call, ok, param, type Reply } from "../../../src/emulate/call.js";
import { isRecord } from "../../../src/emulate/spoil.js";
import type { WireAction, WireActionAnswer, WireIdentity } from "../wire.js";
import { conflict, notFound, unprocessable } from "./errors.js";
import type { Server } from "./tenant.js";

export const actions: readonly WireAction[] = ["force-password-reset", "revoke-sessions", "disable"];

/** What an identity is after an action. Ended sessions don't show in it. */
const after: Record<WireAction, (identity: WireIdentity) => Partial<WireIdentity>> = {
	"force-password-reset": () => ({ status: "password_reset_required" }),
	"revoke-sessions": () => ({}),
	disable: () => ({ status: "disabled" }),
};

/** `POST /v1/identity/{id}/<action>`. */
export function act(server: Server, call: Call, action: WireAction): Reply {
	const { world, identities, log } = server;
	const identity = identities.get(param(call, "id"));
	if (!identity) throw notFound(call, "No identity has this id.");
	const reason = isRecord(call.body) ? call.body.reason : undefined;
	if (typeof reason !== "string" || reason.trim() === "") throw unprocessable(call, "reason must be a text that is not blank.");
	if (identity.status === "disabled" && action !== "revoke-sessions") throw conflict(call);
	const changed = { ...identity, ...after[action](identity) };
	world.put(identities, identity.id, changed);
	world.put(log, call.requestId, { id: identity.id, action, reason, at: world.now() });
	server.version++;
	return ok({ data: changed } satisfies WireActionAnswer);
}
