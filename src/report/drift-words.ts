import type { DriftPart } from "../drift/named.js";
import type { Since } from "../drift/since.js";
import type { ChangedBy, Named } from "../drift/who.js";
import type { Millis } from "../model/known.js";
import type { ChangeActor } from "../provider/changes.js";

/** `2026-11-26 07:58:12Z`. */
export function moment(at: Millis): string {
	return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** Since when, in words; what no scan can tell is said to be unknown. */
export function sinceWords({ asDeclared, differs, unread }: Since): string {
	const gap = unread > 0 ? ` (${unread} ${unread === 1 ? "scan" : "scans"} could not tell)` : "";
	if (asDeclared && differs !== null) return `since between ${moment(asDeclared.finished)} and ${moment(differs)}, by the scans${gap}`;
	if (asDeclared) return `since after ${moment(asDeclared.finished)}, when a scan last saw it as declared${gap}`;
	if (differs !== null) return `since before ${moment(differs)}: no stored scan saw it as declared${gap}`;
	return `since when is unknown: no stored scan can tell${gap}`;
}

/** Who, when and from where, in words. */
export function byWords(by: ChangedBy): string {
	if ("unknown" in by) return `unknown who: ${by.unknown}`;
	const { event, others, early, incomplete } = by;
	const from = [event.ip, event.country && `(${event.country})`].filter(Boolean).join(" ");
	const parts = [`by ${whoWords(by)}`, moment(event.at), ...(from ? [`from ${from}`] : []), ...(event.client ? [event.client] : [])];
	const more = others > 0 ? `; the newest of ${others + 1} changes of that time: which of them made this difference, the log does not say` : "";
	const lag = early ? "; a scan right after it still saw all as declared, so that it may have been another change" : "";
	const gap = incomplete === undefined ? "" : `; not all of the log was read: ${incomplete}`;
	return `${parts.join(", ")}${more}${lag}${gap}`;
}

/** `Keelson, plan 1a2b3c4d`, or the actor of the log. */
function whoWords({ event, keelson }: Named): string {
	const actor = actorWords(event.actor);
	if (!keelson) return actor;
	return keelson.plan === null ? `the identity that Keelson acts as, ${actor}, and by no plan of this journal` : `Keelson, plan ${keelson.plan.slice(0, 8)}`;
}

function actorWords({ type, id, login, name }: ChangeActor): string {
	const kind = { account: "", app: "the app ", system: "the vendor's own ", unknown: "somebody whom the log does not type: " }[type];
	const title = login ?? name ?? id ?? "nobody whom the log names";
	return `${kind}${title}${id !== undefined && id !== title ? ` (${id})` : ""}`;
}

/** One part's two sides in words: `a@acme.example is there and not declared`. `login`: of a member, by id. */
export function partWords({ path, member, desired, live, said }: DriftPart, login: (id: string) => string): string {
	if (member !== undefined) return live === undefined ? `${login(member)} is declared and not there` : `${login(member)} is there and not declared`;
	if (path === "exists") return "the vendor has no such object";
	if (said !== undefined) return `${pathWords(path, login)}: ${said}`;
	return `${pathWords(path, login)}: ${valueWords(live)} → ${valueWords(desired)}`;
}

/** `members[00u1].until` with the login for the id. */
export function pathWords(path: string, login: (id: string) => string): string {
	const [, id] = /^members\[(.+)\]\.until$/.exec(path) ?? [];
	return id === undefined ? path : `${login(id)}, until`;
}

export function valueWords(value: unknown): string {
	return value === undefined ? "nothing" : (JSON.stringify(value) ?? "nothing");
}
