import { hash } from "node:crypto";
import { dirname, relative } from "node:path";
import { changesOf } from "../history/changes.js";
import { encodeKnown } from "../model/json.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { renderDuration } from "../policy/time.js";
import { isSecretRef } from "../stack/references.js";
import type { DesiredMembership, DesiredSetting, PinnedLogin, Stack, StackResource, StackSystem } from "../stack/stack.js";
import { isMapping } from "../stack/values.js";
import { looser } from "./rule-direction.js";

/** What a tenant is judged and guarded by: the stack file, and the policies. */
export interface Rules {
	stack: Stack;
	policies: CompiledPolicy[];
}

/** One rule that a proposal alters. Texts are for people; a missing side has none. */
export interface RuleChange {
	rule: string;
	before?: string;
	after?: string;
	/** It lets more pass than before, or lets more be changed; null: that depends. */
	looser: boolean | null;
}

/** Every rule in which the proposal differs from its base, the loosened ones first. What is declared anew is no rule; what no longer is, is one. */
export function ruleChanges(base: Rules, proposed: Rules): RuleChange[] {
	const changed = changesOf(rulesOf(base), rulesOf(proposed)).filter(isRule);
	const changes = changed.map(({ path, before, after }): RuleChange => {
		const rule = path.replaceAll(separator, ".");
		return {
			rule,
			...(before === undefined ? {} : { before: words(rule, before) }),
			...(after === undefined ? {} : { after: words(rule, after) }),
			looser: looser(path, before, after),
		};
	});
	const place = ({ looser: is }: RuleChange) => (is ? 0 : is === null ? 1 : 2);
	return changes.sort((a, b) => place(a) - place(b) || (a.rule < b.rule ? -1 : 1));
}

/** A policy that is in force on one side only is told by its text. */
function isRule({ path, before, after }: ReturnType<typeof changesOf>[number]): boolean {
	if (path.startsWith("policies.severity.")) return before !== undefined && after !== undefined;
	return before !== undefined || !path.startsWith("declared.");
}

/** Stands for a dot within a key. */
const separator = "\u2024";

function rulesOf({ stack, policies }: Rules): object {
	const { remediation, people, notify, baseline } = stack;
	const { guardrails } = remediation;
	const here = (path: string) => relative(dirname(stack.file), path) || ".";
	return {
		name: stack.name,
		guardrails: {
			...guardrails,
			protect: pinned(guardrails.protect),
			freeze: byKey(
				guardrails.freeze,
				({ from, to }) => `${iso(from)} to ${iso(to)}`,
				({ reason }) => reason ?? "no reason",
			),
		},
		remediation: { plans: here(remediation.plans), receipts: here(remediation.receipts), names: remediation.names },
		exemptions: byKey(
			stack.exemptions,
			({ policy, subject }) => `${policy} of ${"key" in subject ? subject.key : `${subject.system}/${subject.id ?? subject.login}`}`,
			({ expiresText, owner, reason, compensatedBy }) =>
				`until ${expiresText}${compensatedBy === undefined ? "" : `, while ${compensatedBy} passes`}, ${owner}: ${reason}`,
		),
		baseline: byKey(
			baseline?.entries ?? [],
			({ policy, expiresText, owner }) => `${policy} until ${expiresText}, ${owner}`,
			({ subjects }) => `${subjects.length} findings (${digest(subjects.map(({ key }) => key).sort())})`,
		),
		people: {
			breakGlass: pinned(people.breakGlass),
			...Object.fromEntries(
				(["service", "shared", "agent", "external", "leavers"] as const).map((kind) => [
					kind,
					byKey(
						people[kind],
						({ where, login }) => where ?? (login ? `${login.system}/${login.id ?? login.login}` : ""),
						({ reason }) => reason,
					),
				]),
			),
			links: byKey(
				people.links,
				({ accounts }) => accounts.map(({ system, id, login }) => `${system}/${id ?? login}`).join(", "),
				({ apart, reason }) => `${apart ? "different people" : "one person"}: ${reason}`,
			),
		},
		policies: {
			use: stack.policies.use,
			dirs: stack.policies.dirs.map(here),
			set: keyed(stack.policies.set, (setting) => setting),
			text: Object.fromEntries(policies.map(({ policy }) => [key(policy.id), policy.digest.slice(0, 8)])),
			severity: Object.fromEntries(policies.map(({ policy }) => [key(policy.id), policy.severity])),
		},
		systems: keyed(stack.systems, systemWords),
		notify: {
			who: notify.who,
			before: notify.before,
			required: notify.required,
			channels: byKey(Object.values(notify.channels), ({ name }) => name, channelWords),
		},
		retention: stack.retention,
		declared: { ...keyed(stack.settings, settingRule), ...keyed(stack.memberships, membershipRule) },
		resources: keyed(stack.resources, resourceWords),
	};
}

function pinned(logins: PinnedLogin[]): object {
	return byKey(
		logins,
		({ system, id, login }) => `${system}/${id ?? login}`,
		({ login }) => login,
	);
}

/** Characters of one text beside others: the second is seen too. */
const mostOfMany = 120;

/** Two of one key are both shown: what is written twice must not hide behind the other. */
function byKey<T>(list: T[], keyOf: (item: T) => string, value: (item: T) => string): Record<string, string> {
	const values = new Map<string, string[]>();
	for (const item of list) values.set(key(keyOf(item)), [...(values.get(key(keyOf(item))) ?? []), value(item)]);
	return Object.fromEntries(
		[...values].map(([name, parts]) => [name, parts.length > 1 ? parts.map((part) => part.slice(0, mostOfMany)).join(" + ") : (parts[0] ?? "")]),
	);
}

function keyed<T, R>(record: Record<string, T>, value: (item: T) => R): Record<string, R> {
	return Object.fromEntries(Object.entries(record).map(([name, item]) => [key(name), value(item)]));
}

function key(text: string): string {
	return text.replaceAll(".", separator);
}

function systemWords({ provider, url, auth, act, options, expect, budget }: StackSystem): object {
	return { provider, url, auth: credentialWords(auth), act: act && credentialWords(act), options: JSON.stringify(options), expect, budget };
}

/** Where each secret is looked up; of what is written out, that it differs. */
function credentialWords(block: Record<string, unknown>): string {
	const shown = (value: unknown): unknown => {
		if (isSecretRef(value)) return referenceWords(value);
		if (Array.isArray(value)) return value.map(shown);
		if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shown(one)]));
		return typeof value === "string" ? `(${digest(value)})` : value;
	};
	return JSON.stringify(shown(block));
}

const referenceWords = ({ secret, name }: { secret: string; name: string }) => `\${${secret}:${name}}`;

/** Fields that are no longer held, and an access that ends later or never, are seen in no difference to what is live. */
function settingRule({ mode, values }: DesiredSetting): object {
	return { mode, values: keyed(values, (value) => JSON.stringify(value)) };
}

function membershipRule({ mode, members }: DesiredMembership): object {
	const ends = members.map(({ id, login, until }) => [key(id ?? login), until === null ? never : iso(until)] as const);
	return { mode, until: Object.fromEntries(ends) };
}

/** Sorts after every time. */
const never = "never";

function resourceWords({ type, get, ...rest }: StackResource): string {
	const { name, system, properties, options, defaultProvider } = rest;
	return `${type}${get ? ", read only" : ""} (${digest({ name, system, properties, options, defaultProvider, get })})`;
}

/** Who is told, and what; of everything else but the place in the file, that it differs. */
function channelWords(channel: Stack["notify"]["channels"][string]): string {
	const { path: _, events, kind, severity, names, ...rest } = channel;
	return `${kind} to ${receiver(channel)}, ${events.join(", ")}, from ${severity}${names ? ", with names" : ""} (${digest(rest)})`;
}

/** Of an address no more than its origin: the rest may hold a token. */
function receiver(channel: Stack["notify"]["channels"][string]): string {
	if (channel.kind === "mail") return `${[...channel.to, "by"].join(" ")} ${channel.host}`;
	if (isSecretRef(channel.url)) return referenceWords(channel.url);
	return URL.canParse(channel.url) ? new URL(channel.url).origin : "an address";
}

function digest(value: unknown): string {
	return hash("sha256", encodeKnown(value), "hex").slice(0, 8);
}

const iso = (at: number) => new Date(at).toISOString().slice(0, 16);

/** Rules that are a length of time, in milliseconds. */
const lengths = /^(guardrails\.(window|maxPlanAge|maxSnapshotAge)|notify\.before|retention\..*|systems\..*\.perAccountMaxAge)$/;
function words(rule: string, value: unknown): string {
	if (typeof value === "number" && lengths.test(rule)) return renderDuration(value);
	return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
