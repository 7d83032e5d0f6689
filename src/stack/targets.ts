import { nearest } from "../model/nearest.js";
import { type Parts, pathText } from "./paths.js";
import { clip, type Reporter } from "./report.js";
import type { PinnedLogin } from "./stack.js";
import { mapping, textOr } from "./values.js";

/** What the checks of one file share. */
export interface Scope {
	reporter: Reporter;
	/** Names of the declared systems; null where `systems` is not readable, and nothing can be said of names. */
	systems: string[] | null;
}

/** Reports a system that isn't declared. True: it is, or nothing can be said. */
export function checkSystem(name: string, parts: Parts, on: "key" | "value", scope: Scope): boolean {
	if (scope.systems === null || scope.systems.includes(name)) return true;
	const meant = nearest(name, scope.systems);
	scope.reporter.at(parts, `there is no system \`${clip(name)}\` in this file`, {
		on,
		hint: meant === null ? `declared here: ${scope.systems.join(", ")}` : `did you mean \`${meant}\`?`,
	});
	return false;
}

/** `{ login: okta/ana@acme.example, id }` of the file. */
export function readPinned(value: unknown, parts: Parts, scope: Scope): PinnedLogin {
	const { login, id } = mapping(value);
	const text = textOr(login, "");
	const [system, name] = splitFirst(text);
	const at = [...parts, "login"];
	if (text !== "" && !scope.reporter.failed(at)) {
		const only = scope.systems?.length === 1 ? scope.systems[0] : null;
		if (!text.includes("/")) scope.reporter.at(at, "a login needs its system before it", { hint: `write \`${only ?? "<system>"}/${clip(text)}\`` });
		else if (system.trim() === "" || name.trim() === "") scope.reporter.at(at, `\`${clip(text)}\` names no account`, { hint: "write `<system>/<login>`" });
		else checkSystem(system, at, "value", scope);
	}
	return { system, login: name, id: textOr(id, null), path: pathText(parts) };
}

/** A membership's key: `<system>/group/<id>` or `<system>/role/<role>`. */
export function readMembershipKey(key: string, parts: Parts, scope: Scope): { system: string; kind: "group" | "role"; target: string } | null {
	const [system, rest] = splitFirst(key);
	const [kind, target] = splitFirst(rest);
	if ((kind !== "group" && kind !== "role") || target === "" || system === "") {
		const meant = nearest(kind, ["group", "role"]);
		const hint = target !== "" && meant !== null ? `did you mean \`${system}/${meant}/${target}\`?` : "write `<system>/group/<id>` or `<system>/role/<role>`";
		scope.reporter.at(parts, `\`${clip(key)}\` names no group or role`, { on: "key", hint });
		return null;
	}
	return checkSystem(system, parts, "key", scope) ? { system, kind, target } : null;
}

/** A setting's key: `<system>/<setting id>`. */
export function readSettingKey(key: string, parts: Parts, scope: Scope): { system: string; setting: string } | null {
	const [system, setting] = splitFirst(key);
	if (system === "" || setting === "") {
		scope.reporter.at(parts, `\`${clip(key)}\` names no setting`, { on: "key", hint: "write `<system>/<setting id>`, as `keelson import` lists them" });
		return null;
	}
	return checkSystem(system, parts, "key", scope) ? { system, setting } : null;
}

function splitFirst(text: string): [string, string] {
	const at = text.indexOf("/");
	return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
