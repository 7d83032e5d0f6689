import type { Declared } from "./build.js";
import type { Mark } from "./document.js";
import type { Parts } from "./paths.js";
import type { Scope } from "./targets.js";

/** What contradicts itself within one file: one object with two owners, one login with two ids, one member twice. */
export function checkConflicts(stack: Declared, marks: Map<string, Mark>, scope: Scope): void {
	checkOwners(stack, scope);
	checkIds(stack, marks, scope);
	for (const membership of Object.values(stack.memberships)) {
		const seen = new Map<string, string>();
		for (const member of membership.members) {
			const names = [member.login.toLowerCase(), member.id === null ? "" : `id ${member.id}`].filter((name) => name !== "");
			const before = names.map((name) => seen.get(name)).find((login) => login !== undefined);
			if (before !== undefined)
				scope.reporter.at(partsOf(member.path, marks), `\`${member.login}\` is the same member as \`${before}\` above`, {
					on: "key",
					hint: "keep one of the two",
				});
			for (const name of names) seen.set(name, member.login);
		}
	}
}

// Pulumi imports, reads or creates the object under `resources`; a second owner would undo the first one's work at every run.
function checkOwners(stack: Declared, scope: Scope): void {
	const owners = new Map<string, { name: string; system: string | null }[]>();
	const own = (id: unknown, name: string, system: string | null): void => {
		if (typeof id === "string" && !id.includes("${")) owners.set(id, [...(owners.get(id) ?? []), { name, system }]);
	};
	const imported = new Map<string, string>();
	for (const [name, { type, options, get, properties, system }] of Object.entries(stack.resources)) {
		const { groupId, groupObjectId, group } = /member/i.test(type) ? properties : {};
		for (const id of [options.import, get?.id, groupId, groupObjectId, group]) own(id, name, system);
		const { roleType, roleId, directoryRoleId, roleObjectId } = /role(member|assignment|eligibility\w*)?s?$/i.test(type) ? properties : {};
		for (const role of [roleType, roleId, directoryRoleId, roleObjectId]) if (typeof role === "string") own(`role/${role}`, name, system);
		if (typeof options.import !== "string") continue;
		const key = `${type} ${system ?? ""} ${options.import}`;
		const before = imported.get(key);
		if (before !== undefined) complain(["resources", name, "options", "import"], before, scope);
		else imported.set(key, name);
	}
	/** Without a system of its own a resource may be of any. */
	const ownerOf = (id: string, system: string): string | undefined => owners.get(id)?.find((one) => one.system === null || one.system === system)?.name;
	for (const [key, { setting, system }] of Object.entries(stack.settings)) {
		// A rule's id may be written with its policy's before it, or alone.
		const steps = setting.split("/");
		const owner = steps.map((_, from) => ownerOf(steps.slice(from).join("/"), system)).find((name) => name !== undefined);
		if (owner !== undefined) complain(["settings", key], owner, scope);
	}
	for (const [key, { kind, target, system }] of Object.entries(stack.memberships)) {
		const owner = ownerOf(kind === "group" ? target : `role/${target}`, system);
		if (owner !== undefined) complain(["memberships", key], owner, scope);
	}
}

function complain(parts: Parts, resource: string, scope: Scope): void {
	scope.reporter.at(parts, `this object is managed by the resource \`${resource}\` too: one object has one owner`, {
		on: "key",
		hint: `remove it here, or remove \`resources.${resource}\``,
	});
}

function checkIds(stack: Declared, marks: Map<string, Mark>, scope: Scope): void {
	const ids = new Map<string, string>();
	for (const { system, login, id, path } of pinnedLogins(stack)) {
		if (id === null || login === "") continue;
		const key = `${system}/${login.toLowerCase()}`;
		const before = ids.get(key);
		if (before !== undefined && before !== id)
			scope.reporter.at([...partsOf(path, marks), "id"], `\`${system}/${login}\` has the id \`${before}\` elsewhere in this file`, {
				hint: "one of the two is wrong; look the account up",
			});
		ids.set(key, before ?? id);
	}
}

/** Every login of a stack that has, or should have, a pinned id. */
export function pinnedLogins(stack: Declared): { system: string; login: string; id: string | null; path: string }[] {
	const { breakGlass, links, ...rules } = stack.people;
	return [
		...breakGlass,
		...Object.values(rules).flatMap((list) => list.flatMap((rule) => rule.login ?? [])),
		...links.flatMap(({ accounts }) => accounts),
		...stack.exemptions.flatMap(({ subject }) => ("login" in subject ? subject : [])),
		...Object.values(stack.memberships).flatMap(({ system, members }) => members.map(({ login, id, path }) => ({ system, login, id, path }))),
		...stack.remediation.guardrails.protect,
	];
}

function partsOf(path: string, marks: Map<string, Mark>): Parts {
	return marks.get(path)?.parts ?? [];
}
