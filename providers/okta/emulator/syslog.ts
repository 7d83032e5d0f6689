import { randomUUID } from "node:crypto";
import type { LogEvent } from "@okta/okta-sdk-nodejs";
import type { Call } from "./call.js";
import type { Wire } from "./state.js";
import { iso, type Tenant } from "./tenant.js";

export interface LogTarget {
	id: string;
	type: string;
	alternateId: string;
	displayName: string;
}

type ActorCall = Pick<Call, "caller" | "requestId" | "path" | "headers">;

function actorOf(tenant: Tenant, call: ActorCall | undefined): LogTarget {
	const caller = call?.caller;
	if (caller?.clientId !== undefined) return { id: caller.clientId, type: "PublicClientApp", alternateId: caller.clientId, displayName: "API service app" };
	const user = caller?.userId === undefined ? undefined : tenant.state.users.get(caller.userId);
	if (user) return userTarget(tenant, user.id ?? "");
	return { id: "okta.system", type: "SystemPrincipal", alternateId: "system@okta.com", displayName: "Okta System" };
}

/** A user as the target of a log event. */
export function userTarget(tenant: Tenant, userId: string): LogTarget {
	const profile = tenant.state.users.get(userId)?.profile;
	const name = [profile?.firstName, profile?.lastName].filter(Boolean).join(" ");
	return { id: userId, type: "User", alternateId: profile?.login ?? "unknown", displayName: name === "" ? "unknown" : name };
}

/** A group as the target of a log event. */
export function groupTarget(tenant: Tenant, groupId: string): LogTarget {
	const profile = tenant.state.groups.get(groupId)?.profile as { name?: string } | undefined;
	return { id: groupId, type: "UserGroup", alternateId: "unknown", displayName: profile?.name ?? "unknown" };
}

/** Any other object as a target. */
export function target(id: string, type: string, displayName: unknown): LogTarget {
	return { id, type, alternateId: "unknown", displayName: typeof displayName === "string" ? displayName : "unknown" };
}

function persist(tenant: Tenant, event: Wire<LogEvent>): void {
	const { log } = tenant.state;
	log.push(event);
	tenant.undo.push(() => {
		const at = log.lastIndexOf(event);
		if (at >= 0) log.splice(at, 1);
	});
}

/** Writes a system log event: published now, readable after the log delay. */
export function logEvent(
	tenant: Tenant,
	call: ActorCall | undefined,
	eventType: string,
	displayMessage: string,
	targets: LogTarget[],
	result = "SUCCESS",
	debug: Record<string, unknown> = {},
): void {
	const event = {
		actor: actorOf(tenant, call),
		client: { userAgent: { rawUserAgent: call?.headers["user-agent"] ?? "", os: "Unknown", browser: "UNKNOWN" }, ipAddress: "127.0.0.1", device: "Unknown" },
		authenticationContext: { authenticationStep: 0, externalSessionId: "unknown" },
		displayMessage,
		eventType,
		outcome: { result },
		published: iso(tenant.now()),
		securityContext: { isProxy: false },
		severity: result === "SUCCESS" ? "INFO" : "WARN",
		debugContext: { debugData: { ...(call ? { requestId: call.requestId, requestUri: call.path } : {}), ...debug } },
		transaction: { type: "WEB", id: call?.requestId ?? randomUUID(), detail: {} },
		uuid: randomUUID(),
		version: "0",
		request: { ipChain: [{ ip: "127.0.0.1", version: "V4" }] },
		target: targets,
	};
	// The published types close enums and name classes the wire has no need of.
	const wire = event as unknown as Wire<LogEvent>;
	if (tenant.knobs.logDelayMs <= 0) persist(tenant, wire);
	else tenant.pending.push({ at: tenant.now() + tenant.knobs.logDelayMs, run: () => persist(tenant, wire) });
}
