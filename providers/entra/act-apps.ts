import type { RequestRef } from "../../src/model/snapshot.js";
import { ActionError, type EntraAction, needed } from "./act-guard.js";
import { absent } from "./act-live.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import type { EntraConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { at, flag } from "./schema.js";

const path = "/v1.0/servicePrincipals/{id}";

/** Nobody, and nothing, gets a token for or as a disabled service principal. */
export const appActions: EntraAction[] = [
	app(
		"disable-app",
		false,
		"Nobody can sign in to the app and it gets no new tokens; its permissions, secrets and assignments stay. Access tokens that are out live on for up to an hour.",
	),
	app("enable-app", true, "People can sign in to the app again and it gets tokens, with everything it had."),
];

function app(kind: "disable-app" | "enable-app", to: boolean, effect: string): EntraAction {
	const look = (connection: EntraConnection, id: string) => async (): Promise<Look> => {
		const live = await liveApp(connection, id);
		return {
			holds: live?.enabled === to,
			detail: live ? `its accountEnabled is ${live.enabled}` : "Entra has no such service principal",
			request: live?.request ?? null,
		};
	};
	return {
		kind,
		scopes: ["Application.ReadWrite.All", "Application.Read.All"],
		reversible: true,
		operatorOnly: false,
		effect,
		async inspect(connection, target) {
			const live = await liveApp(connection, needed(target, "app"));
			if (!live) return absent("service principal");
			return { exists: true, done: live.enabled === to, refused: null, facts: { accountEnabled: live.enabled }, request: live.request };
		},
		perform(connection, target) {
			const id = needed(target, "app");
			return sendOnce(connection, { method: "PATCH", path, params: { id }, body: { accountEnabled: to } }, look(connection, id));
		},
		verify: (connection, target) => readBack(connection, look(connection, needed(target, "app"))),
		inverse: (target) => ({ kind: to ? "disable-app" : "enable-app", target: { app: needed(target, "app") } }),
	};
}

async function liveApp(connection: EntraConnection, id: string): Promise<{ enabled: boolean; request: RequestRef } | null> {
	const answer = await one(connection, { method: "GET", path, params: { id }, query: { $select: "id,accountEnabled" } }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	const enabled = flag(at(answer.body, "accountEnabled"));
	if (enabled === undefined || at(answer.body, "id") !== id) throw new ActionError("Entra does not say whether the app is enabled");
	return { enabled, request: answer.request };
}
