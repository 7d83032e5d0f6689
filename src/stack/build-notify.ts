import { severities } from "../model/finding.js";
import { isLoopback, parseBaseUrl } from "../provider/request-url.js";
import { readDuration } from "./build-guardrails.js";
import { type Notify, type NotifyChannel, notifyEvents, notifyRoles, personalChannel } from "./notify.js";
import type { Parts } from "./paths.js";
import { pathText } from "./paths.js";
import { isSecretRef, readReference, unescapeText } from "./references.js";
import type { SecretRef } from "./stack.js";
import type { Scope } from "./targets.js";
import { byName, items, mapping, numberOr, textOr } from "./values.js";

const keysOf: Record<NotifyChannel["kind"], { needs: string[]; may: string[] }> = {
	webhook: { needs: ["url"], may: ["secret"] },
	slack: { needs: ["url"], may: [] },
	mail: { needs: ["host", "from"], may: ["port", "tls", "user", "password", "to"] },
};
const common = ["kind", "events", "severity", "days", "names"];

/** `notify` of the file. `secretFrom` makes a file reference's path absolute. */
export function buildNotify(written: Record<string, unknown>, scope: Scope, secretFrom: (ref: SecretRef) => SecretRef): Notify {
	const who = notifyRoles.filter((role) => items(written.who).includes(role));
	const notify: Notify = {
		who: who.length > 0 ? who : ["person"],
		before: written.before === undefined ? null : readDuration(written.before, ["notify", "before"], scope),
		required: written.required === true,
		channels: byName(mapping(written.channels), (value, name) => readChannel(mapping(value), name, scope, secretFrom)),
	};
	if (notify.required && personalChannel(notify) === null)
		scope.reporter.at(["notify", "required"], "no notice could ever be sent: no mail channel has the event `notify`", {
			hint: "add `notify` to the events of a channel of kind mail",
		});
	return notify;
}

function readChannel(value: Record<string, unknown>, name: string, scope: Scope, secretFrom: (ref: SecretRef) => SecretRef): NotifyChannel {
	const parts: Parts = ["notify", "channels", name];
	const secret = (key: string): string | SecretRef | null => {
		const text = textOr(value[key], null);
		if (text === null) return null;
		const found = readReference(text);
		return found.kind === "secret" ? secretFrom(found.ref) : unescapeText(text);
	};
	const kind = value.kind === "slack" || value.kind === "mail" ? value.kind : "webhook";
	checkKeys(value, kind, parts, scope);
	const shared = {
		name,
		events: notifyEvents.filter((event) => items(value.events).includes(event)),
		severity: severities.find((word) => word === value.severity) ?? "high",
		days: numberOr(value.days, 14),
		names: value.names === true,
		path: pathText(parts),
	};
	if (kind !== "mail") {
		const url = secret("url") ?? "";
		checkUrl(url, kind, [...parts, "url"], scope);
		return kind === "slack" ? { ...shared, kind, url } : { ...shared, kind, url, secret: secret("secret") };
	}
	const tls = value.tls === "implicit" ? "implicit" : "starttls";
	return {
		...shared,
		kind,
		host: textOr(value.host, ""),
		port: numberOr(value.port, tls === "implicit" ? 465 : 587),
		tls,
		user: secret("user"),
		password: secret("password"),
		from: textOr(value.from, ""),
		to: items(value.to).map((one) => textOr(one, "")),
	};
}

function checkKeys(value: Record<string, unknown>, kind: NotifyChannel["kind"], parts: Parts, scope: Scope): void {
	if (scope.reporter.failed([...parts, "kind"]) || typeof value.kind !== "string") return;
	const { needs, may } = keysOf[kind];
	for (const key of needs) if (value[key] === undefined) scope.reporter.at(parts, `\`${key}\` is missing: a channel of kind ${kind} needs it`, { on: "key" });
	const known = new Set(Object.values(keysOf).flatMap((one) => [...one.needs, ...one.may]));
	for (const key of Object.keys(value))
		if (known.has(key) && !needs.includes(key) && !may.includes(key))
			scope.reporter.at([...parts, key], `a channel of kind ${kind} has no \`${key}\``, {
				on: "key",
				hint: `it has ${[...common, ...needs, ...may].join(", ")}`,
			});
	const events = items(value.events);
	if (kind !== "mail" && events.includes("notify"))
		scope.reporter.at([...parts, "events"], "the event `notify` is mail to one person: only a channel of kind mail can have it");
	if (kind === "mail" && events.some((event) => event !== "notify") && items(value.to).length === 0)
		scope.reporter.at(parts, "`to` is missing: who is to be told?", { on: "key" });
	if (kind === "mail" && (value.user === undefined) !== (value.password === undefined))
		scope.reporter.at(parts, "`user` and `password` belong together", { on: "key" });
}

/** Never repeats the address: it may hold a token. */
function checkUrl(url: string | SecretRef, kind: "webhook" | "slack", parts: Parts, scope: Scope): void {
	if (isSecretRef(url) || url === "" || scope.reporter.failed(parts)) return;
	const wrong = addressFault(url);
	if (wrong !== null) scope.reporter.at(parts, wrong);
	else if (kind === "slack" && !isLoopback(new URL(url)))
		scope.reporter.at(parts, "whoever knows this address can post: it is a secret and must not stand in this file", {
			hint: "write ${env:NAME} or ${file:path}",
		});
}

/** Why nothing can be posted to this address; null = it can. The answer does not repeat it. */
export function addressFault(text: string): string | null {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null) return "the address is not one: write it like https://hooks.acme.example/keelson";
	try {
		// What stands after the origin may hold anything; the origin follows the rules of all addresses.
		parseBaseUrl(url.username === "" && url.password === "" ? url.origin : text, "the address");
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}
