import { isAbsolute, resolve } from "node:path";
import { buildGuardrails, readDate, readDuration, readPercent } from "./build-guardrails.js";
import { buildNotify } from "./build-notify.js";
import { holdsPassword } from "./mask.js";
import { type Parts, pathText } from "./paths.js";
import { readReference, unescapeText } from "./references.js";
import type {
	DesiredMember,
	DesiredMembership,
	DesiredSetting,
	Exemption,
	KindRule,
	OwnershipMode,
	PersonLink,
	PolicySetting,
	Retention,
	SecretRef,
	Stack,
	StackResource,
	StackSystem,
} from "./stack.js";
import { trimUrl } from "./systems.js";
import { checkSystem, readMembershipKey, readPinned, readSettingKey, type Scope } from "./targets.js";
import { byName, items, mapping, mapTexts, textOr } from "./values.js";

/** What a stack holds beside its file's name, digest and places. */
export type Declared = Omit<Stack, "file" | "digest" | "positions">;

/**
 * The stack from the file's data. Works on data with errors too, so that all of them are reported at once; what it gives then
 * must not be used. Relative paths start from `base`. `now` in milliseconds decides what has ended already.
 */
export function build(data: Record<string, unknown>, base: string, now: number, scope: Scope): Declared {
	const people = mapping(data.people);
	const rules = (kind: string): KindRule[] => items(people[kind]).map((rule, i) => readRule(rule, ["people", kind, i], scope));
	const policies = mapping(data.policies);
	const remediation = mapping(data.remediation);
	const name = textOr(data.name, "");
	return {
		name,
		store: readStore(textOr(data.store, `sqlite:.keelson/${name}.db`), base, scope),
		systems: byName(mapping(data.systems), (value, system) => readSystem(mapping(value), ["systems", system], base, scope)),
		people: {
			breakGlass: items(people.breakGlass).map((entry, i) => readPinned(entry, ["people", "breakGlass", i], scope)),
			service: rules("service"),
			shared: rules("shared"),
			agent: rules("agent"),
			external: rules("external"),
			leavers: rules("leavers"),
			links: items(people.links).map((entry, i) => readLink(mapping(entry), ["people", "links", i], scope)),
		},
		policies: {
			use: (policies.use === undefined || policies.use === null ? ["recommended"] : items(policies.use)).map((id) => textOr(id, "")),
			dirs: items(policies.dirs).map((dir) => resolve(base, textOr(dir, ""))),
			set: byName(mapping(policies.set), (value) => readPolicySetting(mapping(value))),
		},
		exemptions: items(data.exemptions).map((entry, i) => readExemption(mapping(entry), ["exemptions", i], now, scope)),
		...(typeof data.baseline === "string" && data.baseline !== "" ? { baseline: { file: resolve(base, data.baseline), entries: [] } } : {}),
		settings: readSettings(mapping(data.settings), scope),
		memberships: readMemberships(mapping(data.memberships), now, scope),
		resources: byName(mapping(data.resources), (value, name) => readResource(mapping(value), name)),
		remediation: {
			plans: resolve(base, textOr(remediation.plans, "plans")),
			receipts: resolve(base, textOr(remediation.receipts, ".keelson/receipts")),
			names: remediation.names !== false,
			guardrails: buildGuardrails(mapping(remediation.guardrails), scope),
		},
		retention: readRetention(mapping(data.retention), scope),
		notify: buildNotify(mapping(data.notify), scope, (ref) => secretFrom(ref, base)),
	};
}

function readRetention(written: Record<string, unknown>, scope: Scope): Retention {
	const kept = Object.entries(written).map(([name, value]) => [name, readDuration(value, ["retention", name], scope)]);
	return Object.fromEntries(kept.filter(([, length]) => length !== null));
}

function readStore(store: string, base: string, scope: Scope): string | SecretRef {
	const found = readReference(store);
	if (found.kind === "secret") return secretFrom(found.ref, base);
	if (store.startsWith("sqlite:")) {
		const path = store.slice("sqlite:".length);
		return `sqlite:${isAbsolute(path) ? path : resolve(base, path)}`;
	}
	if (holdsPassword(store)) {
		scope.reporter.at(["store"], "`store` must not hold a password", {
			hint: "give it by PGPASSWORD or in ~/.pgpass, or write the whole of `store` as ${env:NAME}",
		});
	}
	return store;
}

function readSystem(system: Record<string, unknown>, parts: Parts, base: string, scope: Scope): StackSystem {
	const budget = mapping(system.budget);
	const act = mapping(system.act);
	const secrets = (block: unknown): Record<string, unknown> =>
		mapping(
			mapTexts(mapping(block), [], (text) => {
				const found = readReference(text);
				if (found.kind !== "secret") return unescapeText(text);
				return secretFrom(found.ref, base);
			}),
		);
	return {
		provider: textOr(system.provider, ""),
		url: trimUrl(textOr(system.url, "")),
		auth: secrets(system.auth),
		act: Object.keys(act).length === 0 ? null : secrets(act),
		options: plainMapping(system.options),
		expect: byName(mapping(system.expect), (value, collection) => ({
			coverage: (readPercent(mapping(value).coverage, [...parts, "expect", collection, "coverage"], scope) ?? 0) / 100,
		})),
		budget: {
			perAccountRequests: typeof budget.perAccountRequests === "number" ? budget.perAccountRequests : null,
			perAccountMaxAge: readDuration(budget.perAccountMaxAge, [...parts, "budget", "perAccountMaxAge"], scope) ?? 7 * 86_400_000,
		},
	};
}

function secretFrom(ref: SecretRef, base: string): SecretRef {
	return ref.secret === "file" ? { secret: "file", name: resolve(base, ref.name) } : ref;
}

function readRule(value: unknown, parts: Parts, scope: Scope): KindRule {
	const { where, login, reason } = mapping(value);
	return { where: textOr(where, null), login: login === undefined ? null : readPinned(value, parts, scope), reason: textOr(reason, ""), path: pathText(parts) };
}

function readLink({ accounts, apart, reason }: Record<string, unknown>, parts: Parts, scope: Scope): PersonLink {
	return {
		accounts: items(accounts).map((entry, i) => readPinned(entry, [...parts, "accounts", i], scope)),
		apart: apart === true,
		reason: textOr(reason, ""),
		path: pathText(parts),
	};
}

function readPolicySetting(value: Record<string, unknown>): PolicySetting {
	return { enabled: value.enabled !== false, severity: textOr(value.severity, null), params: plainMapping(value.params) };
}

function readExemption(value: Record<string, unknown>, parts: Parts, now: number, scope: Scope): Exemption {
	const subject = mapping(value.subject);
	const at = [...parts, "subject"];
	const key = textOr(subject.key, null);
	if (key !== null && !scope.reporter.failed([...at, "key"])) checkSystem(key.split("/", 1)[0] ?? "", [...at, "key"], "value", scope);
	const expires = readDate(value.expires, [...parts, "expires"], "end", scope);
	if (expires !== null && expires < now)
		scope.reporter.at([...parts, "expires"], `this exemption ended on ${textOr(value.expires, "")}`, {
			level: "warning",
			hint: "remove it, or agree on a new date",
		});
	return {
		policy: textOr(value.policy, ""),
		subject: key === null ? readPinned(subject, at, scope) : { key, path: pathText(at) },
		owner: textOr(value.owner, ""),
		reason: textOr(value.reason, ""),
		ticket: textOr(value.ticket, null),
		expires: expires ?? 0,
		expiresText: textOr(value.expires, ""),
		...(typeof value.compensatedBy === "string" && { compensatedBy: value.compensatedBy }),
		path: pathText(parts),
	};
}

function readSettings(settings: Record<string, unknown>, scope: Scope): Record<string, DesiredSetting> {
	return byName(settings, (value, key) => {
		const { name, mode, values, adopt } = mapping(value);
		const target = readSettingKey(key, ["settings", key], scope) ?? { system: "", setting: "" };
		return {
			...target,
			name: textOr(name, null),
			mode: readMode(mode),
			values: plainMapping(values),
			adopt: textOr(adopt, null),
			path: pathText(["settings", key]),
		};
	});
}

function readMemberships(memberships: Record<string, unknown>, now: number, scope: Scope): Record<string, DesiredMembership> {
	return byName(memberships, (value, key) => {
		const { name, mode, members, adopt } = mapping(value);
		const parts = ["memberships", key];
		const target = readMembershipKey(key, parts, scope) ?? { system: "", kind: "group" as const, target: "" };
		return {
			...target,
			name: textOr(name, null),
			mode: readMode(mode),
			members: items(members).map((member, i) => readMember(mapping(member), [...parts, "members", i], now, scope)),
			adopt: textOr(adopt, null),
			path: pathText(parts),
		};
	});
}

function readMember(member: Record<string, unknown>, parts: Parts, now: number, scope: Scope): DesiredMembership["members"][number] {
	const until = member.until === undefined ? null : readDate(member.until, [...parts, "until"], "end", scope);
	if (until !== null && until < now)
		scope.reporter.at([...parts, "until"], `this membership ended on ${textOr(member.until, "")}`, {
			level: "warning",
			hint: "keelson expire ends the access where it is still there; then remove the member, or write a new date",
		});
	const endBy: Pick<DesiredMember, "endBy"> = member.endBy === "vendor" || member.endBy === "keelson" ? { endBy: member.endBy } : {};
	return { login: textOr(member.login, ""), id: textOr(member.id, null), until, ...endBy, reason: textOr(member.reason, null), path: pathText(parts) };
}

function readResource({ type, name, system, properties, options, get, defaultProvider }: Record<string, unknown>, key: string): StackResource {
	const existing = mapping(get);
	return {
		name: textOr(name, key),
		type: textOr(type, ""),
		system: textOr(system, null),
		properties: mapping(properties),
		options: mapping(options),
		get: typeof existing.id === "string" ? { id: existing.id, state: mapping(existing.state) } : null,
		defaultProvider: defaultProvider === true,
		after: [],
		path: pathText(["resources", key]),
	};
}

/** The safest mode is the one that is not asked for: nothing is changed. */
function readMode(mode: unknown): OwnershipMode {
	return mode === "authoritative" || mode === "additive" ? mode : "observe";
}

function plainMapping(value: unknown): Record<string, unknown> {
	return mapping(mapTexts(mapping(value), [], unescapeText));
}
