import { type Call, isRecord, ok, type Reply, type Route, route } from "./call.js";
import { apiError, invalid } from "./errors.js";
import { demandFreshName, demandOneOf, demandText, type Kind, objectAt, type Raw, show } from "./kinds.js";
import { link, stored } from "./render.js";
import type { Dialect } from "./search.js";
import { logEvent, target } from "./syslog.js";
import { iso, put } from "./tenant.js";

const filterOn = (...attributes: string[]): Dialect => ({ operators: ["eq"], attributes, code: "E0000031" });

const past = { create: "created", update: "updated", delete: "deleted", activate: "activated", deactivate: "deactivated" } as const;

function checkHook(call: Call, given: Raw, before: Raw | undefined): void {
	demandText(given, "name");
	demandFreshName(call, EVENT_HOOKS, given, before);
	const { events, channel } = given;
	if (!isRecord(events) || events.type !== "EVENT_TYPE" || !Array.isArray(events.items) || events.items.length === 0)
		throw invalid("events", "A list of event types with the type EVENT_TYPE is required");
	if (!isRecord(channel) || channel.type !== "HTTP" || !isRecord(channel.config)) throw invalid("channel", "A channel of type HTTP with a config is required");
	if (typeof channel.version !== "string") throw invalid("channel.version", "The field cannot be left blank");
	const { uri } = channel.config;
	if (typeof uri !== "string" || !uri.startsWith("https://")) throw invalid("channel.config.uri", "The URI must be an HTTPS address");
}

/** The secret of a hook's channel never comes back. */
function withoutSecret(channel: unknown): unknown {
	if (!isRecord(channel) || !isRecord(channel.config) || !isRecord(channel.config.authScheme)) return channel;
	const { value: _, ...authScheme } = channel.config.authScheme;
	return { ...channel, config: { method: "POST", headers: [], ...channel.config, authScheme } };
}

const EVENT_HOOKS: Kind = {
	base: "/api/v1/eventHooks",
	resource: "eventHooks",
	type: "EventHook",
	id: "eventHookId",
	of: (t) => t.state.eventHooks,
	own: (t) => {
		t.state.eventHooks ??= new Map();
		return t.state.eventHooks;
	},
	allow: ["GET", "PUT", "DELETE"],
	lifecycle: true,
	writes: ["POST", "PUT", "DELETE"],
	prefix: "who",
	event: (verb) => `event_hook.${past[verb]}`,
	check: checkHook,
	complete: (call, given, before) => {
		const channel = withoutSecret(given.channel);
		const verified = before !== undefined && JSON.stringify(before.channel) === JSON.stringify(channel);
		return {
			channel,
			createdBy: before?.createdBy ?? call.caller.userId ?? call.caller.clientId ?? "okta.system",
			verificationStatus: verified ? before.verificationStatus : "UNVERIFIED",
		};
	},
	guard: (_, hook, verb) => {
		if (verb === "delete" && hook.status === "ACTIVE") throw apiError("E0000001", "status", ["status: Only an inactive event hook can be deleted."]);
	},
	render: (tenant, hook) => {
		const path = `/api/v1/eventHooks/${String(hook.id)}`;
		const move = hook.status === "ACTIVE" ? "deactivate" : "activate";
		const links = {
			self: link(tenant, path, "GET", "PUT", "DELETE"),
			[move]: link(tenant, `${path}/lifecycle/${move}`, "POST"),
			verify: link(tenant, `${path}/lifecycle/verify`, "POST"),
		};
		return { ...stored(tenant, hook), _links: links };
	},
};

const BEHAVIOR_TYPES = ["ANOMALOUS_DEVICE", "ANOMALOUS_IP", "ANOMALOUS_LOCATION", "VELOCITY", "ANOMALOUS_ASN"];

const BEHAVIORS: Kind = {
	base: "/api/v1/behaviors",
	resource: "behaviors",
	type: "BehaviorRule",
	id: "behaviorId",
	of: (t) => t.state.behaviors,
	own: (t) => {
		t.state.behaviors ??= new Map();
		return t.state.behaviors;
	},
	allow: ["GET", "PUT", "DELETE"],
	lifecycle: true,
	writes: ["POST", "PUT", "DELETE"],
	prefix: "trg",
	// The catalogue has no activation of its own.
	event: (verb) => `security.behavior.settings.${verb === "activate" || verb === "deactivate" ? "update" : verb}`,
	check: (call, given, before) => {
		demandText(given, "name", 128);
		demandOneOf(given, "type", BEHAVIOR_TYPES);
		demandFreshName(call, BEHAVIORS, given, before);
		if (before && before.type !== given.type) throw invalid("type", "The type of a behavior can't be changed");
	},
	render: (tenant, rule) => ({ ...stored(tenant, rule), _link: { self: link(tenant, `/api/v1/behaviors/${String(rule.id)}`, "GET", "PUT", "DELETE") } }),
};

const LOG_STREAMS: Kind = {
	base: "/api/v1/logStreams",
	resource: "logStreams",
	type: "LogStream",
	id: "logStreamId",
	of: (t) => t.state.logStreams,
	own: (t) => {
		t.state.logStreams ??= new Map();
		return t.state.logStreams;
	},
	page: [20, 200],
	filter: filterOn("type", "status"),
	allow: ["GET", "PUT", "DELETE"],
	lifecycle: true,
	writes: ["POST", "PUT", "DELETE"],
	prefix: "0oa",
	event: (verb) => `system.log_stream.lifecycle.${verb}`,
	check: (call, given, before) => {
		demandText(given, "name", 100);
		const type = demandOneOf(given, "type", ["aws_eventbridge", "splunk_cloud_logstreaming"]);
		demandFreshName(call, LOG_STREAMS, given, before);
		if (before && before.type !== type) throw invalid("type", "The type of a log stream can't be changed");
		if (!isRecord(given.settings)) throw invalid("settings", "The field cannot be left blank");
		for (const name of type === "aws_eventbridge" ? ["accountId", "eventSourceName", "region"] : before ? ["edition", "host"] : ["edition", "host", "token"])
			demandText(given.settings, name);
	},
	complete: (_, given) => {
		const { token: _secret, ...settings } = isRecord(given.settings) ? given.settings : {};
		return { settings };
	},
	render: (tenant, stream) => {
		const path = `/api/v1/logStreams/${String(stream.id)}`;
		const move = stream.status === "ACTIVE" ? "deactivate" : "activate";
		const links = { self: { ...link(tenant, path), method: "GET" }, [move]: { ...link(tenant, `${path}/lifecycle/${move}`), method: "POST" } };
		return { ...stored(tenant, stream), _links: links };
	},
};

export const signalKinds: Kind[] = [EVENT_HOOKS, BEHAVIORS, LOG_STREAMS];

/** POST …/verify: whatever answers at the address is taken to prove it is the owner's. */
function verifyHook(call: Call): Reply {
	const hook = objectAt(call, EVENT_HOOKS);
	const next = { ...hook, verificationStatus: "VERIFIED", lastUpdated: iso(call.tenant.now()) };
	const hooks = call.tenant.state.eventHooks;
	if (hooks) put(call.tenant, hooks, hook.id, next);
	logEvent(call.tenant, call, "event_hook.verified", "Event hook verified", [target(hook.id, "EventHook", hook.name)]);
	return ok(show(call.tenant, EVENT_HOOKS, next));
}

export const signalRoutes: Route[] = [route("POST", "/api/v1/eventHooks/{eventHookId}/lifecycle/verify", "eventHooks", verifyHook)];
