import type { LogEvent } from "@okta/okta-sdk-nodejs";
import type { WireFactor } from "./gen-factors.js";
import type { WireGroup } from "./gen-groups.js";
import { uuidOf } from "./gen-ids.js";
import { hash, iso } from "./gen-random.js";
import type { WireUser } from "./gen-users.js";
import type { Wire } from "./state.js";

export type WireEvent = Wire<LogEvent>;
type Target = NonNullable<WireEvent["target"]>[number];
export type Actor = NonNullable<WireEvent["actor"]>;

/** Where a request came from. Shared between events. */
export type Client = NonNullable<WireEvent["client"]>;

/** The actor of what the vendor does by itself: rules, imports, lock-outs. */
export const systemActor: Actor = Object.freeze({ id: "okta.system", type: "SystemPrincipal", alternateId: "system@okta.com", displayName: "Okta System" });

/** Makes a client; addresses are from the ranges kept for documentation (RFC 5737). */
export function makeClient(ipAddress: string, city: string, country: string, lat: number, lon: number, os = "Mac OS X", zone = "null"): Client {
	return Object.freeze({
		userAgent: { rawUserAgent: `Mozilla/5.0 (${os})`, os, browser: "CHROME" },
		zone,
		device: "Computer",
		ipAddress,
		geographicalContext: { city, state: city, country, postalCode: "0000", geolocation: { lat, lon } },
	});
}

export function userActor(user: WireUser): Actor {
	return { id: user.id ?? "", type: "User", alternateId: user.profile?.login ?? "", displayName: displayName(user) };
}

export function userTarget(user: WireUser): Target {
	return { id: user.id ?? "", type: "User", alternateId: user.profile?.login ?? "", displayName: displayName(user) };
}

export function groupTarget(group: WireGroup): Target {
	return { id: group.id ?? "", type: "UserGroup", alternateId: "unknown", displayName: group.profile?.name ?? "" };
}

interface EventInput {
	/** Milliseconds; also the time of persistence. */
	at: number;
	eventType: string;
	message: string;
	actor: Actor;
	target?: Target[];
	client?: Client;
	result?: "SUCCESS" | "FAILURE" | "ALLOW" | "DENY";
	reason?: string;
	severity?: "INFO" | "WARN" | "ERROR";
	session?: string;
	debug?: Record<string, unknown>;
}

/** One event of the system log. Its uuid follows from time, type, actor, targets and debug data. */
export function makeEvent(input: EventInput): WireEvent {
	const label = [input.at, input.eventType, input.actor.id, ...(input.target ?? []).map((t) => t.id), JSON.stringify(input.debug ?? {})].join("/");
	return {
		uuid: uuidOf(label),
		version: "0",
		published: iso(input.at),
		eventType: input.eventType,
		displayMessage: input.message,
		severity: input.severity ?? "INFO",
		actor: input.actor,
		...(input.client ? { client: input.client } : {}),
		outcome: { result: input.result ?? "SUCCESS", ...(input.reason ? { reason: input.reason } : {}) },
		target: input.target ?? [],
		transaction: { type: input.client ? "WEB" : "JOB", id: hash(label, 9).toString(16), detail: {} },
		debugContext: { debugData: input.debug ?? {} },
		authenticationContext: { authenticationStep: 0, externalSessionId: input.session ?? "unknown" },
		...(input.client
			? {
					securityContext: { isProxy: false },
					request: { ipChain: [{ ip: input.client.ipAddress ?? "", geographicalContext: input.client.geographicalContext ?? {}, version: "V4" }] },
				}
			: {}),
	};
}

export function signIn(user: WireUser, at: number, client: Client, failed?: string): WireEvent {
	return makeEvent({
		at,
		eventType: "user.session.start",
		message: "User login to Okta",
		actor: userActor(user),
		target: [userTarget(user)],
		client,
		session: `102${hash(`${user.id}/${at}`).toString(36)}`,
		...(failed ? { result: "FAILURE" as const, reason: failed, severity: "WARN" as const } : {}),
	});
}

/** `change` is the last word of the vendor's event type. */
export function factorEvent(
	change: "activate" | "deactivate",
	user: WireUser,
	factor: WireFactor,
	at: number,
	client: Client,
	actor: Actor = userActor(user),
): WireEvent {
	const reason = `User ${change === "activate" ? "set up" : "reset"} ${factor.provider}_${factor.factorType?.toUpperCase()} factor`;
	const message = change === "activate" ? "Activate factor or authenticator enrollment for user" : "Reset factor for user";
	return makeEvent({
		at,
		eventType: `user.mfa.factor.${change}`,
		message,
		actor,
		target: [userTarget(user)],
		client,
		reason,
		debug: { factor: `${factor.provider}_${factor.factorType}`, factorId: factor.id },
	});
}

export function membershipEvent(
	change: "add" | "remove",
	user: WireUser,
	group: WireGroup,
	at: number,
	actor: Actor = systemActor,
	client?: Client,
): WireEvent {
	return makeEvent({
		at,
		eventType: `group.user_membership.${change}`,
		message: `${change === "add" ? "Add" : "Remove"} user ${change === "add" ? "to" : "from"} group membership`,
		actor,
		target: [userTarget(user), groupTarget(group)],
		...(client ? { client } : {}),
	});
}

/** Puts events in the order of persistence; equal times keep their order. */
export function sortLog(log: WireEvent[]): void {
	log.sort((a, b) => ((a.published ?? "") < (b.published ?? "") ? -1 : (a.published ?? "") > (b.published ?? "") ? 1 : 0));
}

function displayName(user: WireUser): string {
	return user.profile?.displayName ?? [user.profile?.firstName, user.profile?.lastName].filter(Boolean).join(" ");
}
