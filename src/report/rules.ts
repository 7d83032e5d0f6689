import { hash } from "node:crypto";
import { dirname, relative } from "node:path";
import { changesOf } from "../history/changes.js";
import { encodeKnown } from "../model/json.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { renderDuration } from "../policy/time.js";
import type { PinnedLogin, Stack } from "../stack/stack.js";

/** What a tenant is judged and guarded by: the stack file without what it declares of the systems, and the policies. */
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
	const changed = changesOf(rulesOf(base), rulesOf(proposed)).filter(({ path, before }) => before !== undefined || !path.startsWith("declared."));
	const changes = changed.map(({ path, before, after }): RuleChange => {
		const rule = path.replaceAll(separator, ".");
		return {
			rule,
			...(before === undefined ? {} : { before: words(rule, before) }),
			...(after === undefined ? {} : { after: words(rule, after) }),
			looser: looser(rule, before, after),
		};
	});
	const place = ({ looser: is }: RuleChange) => (is ? 0 : is === null ? 1 : 2);
	return changes.sort((a, b) => place(a) - place(b) || (a.rule < b.rule ? -1 : 1));
}

/** Stands for a dot within a key. */
const separator = "\u2024";

function rulesOf({ stack, policies }: Rules): object {
	const { remediation, people, notify, baseline } = stack;
	const { guardrails } = remediation;
	const here = (path: string) => relative(dirname(stack.file), path) || ".";
	return {
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
			({ expiresText, owner, reason }) => `until ${expiresText}, ${owner}: ${reason}`,
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
			set: stack.policies.set,
			text: Object.fromEntries(policies.map(({ policy }) => [policy.id, policy.digest.slice(0, 8)])),
		},
		systems: Object.fromEntries(Object.entries(stack.systems).map(([name, { expect, budget }]) => [name, { expect, budget }])),
		notify: {
			who: notify.who,
			before: notify.before,
			required: notify.required,
			channels: byKey(Object.values(notify.channels), ({ name }) => name, channelWords),
		},
		retention: stack.retention,
		declared: Object.fromEntries(
			[...Object.entries(stack.settings), ...Object.entries(stack.memberships)].map(([key, { mode }]) => [key.replaceAll(".", separator), mode]),
		),
	};
}

function pinned(logins: PinnedLogin[]): object {
	return byKey(
		logins,
		({ system, id, login }) => `${system}/${id ?? login}`,
		({ login }) => login,
	);
}

function byKey<T>(list: T[], key: (item: T) => string, value: (item: T) => string): Record<string, string> {
	return Object.fromEntries(list.map((item) => [key(item).replaceAll(".", separator), value(item)]));
}

/** Everything but the place in the file; of a secret, which it is. */
function channelWords(channel: Stack["notify"]["channels"][string]): string {
	const { path: _, events, kind, severity, ...rest } = channel;
	return `${kind}, ${events.join(", ")}, from ${severity} (${digest(rest)})`;
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

/** Numbers of which more lets more through, and those of which less does. */
const looserUp = new Set(["guardrails.maxAccounts", "guardrails.maxPercent", "guardrails.maxSettings", "guardrails.maxPlanAge", "guardrails.maxSnapshotAge"]);
const looserDown = /^(guardrails\.(keepAdmins|approvals|window)|systems\.[^.]+\.expect\..*coverage|notify\.before|retention\..*)$/;
/** What accepts, excuses or explains away: one more is looser. */
const excuses = /^(exemptions|baseline|people\.(service|shared|agent|breakGlass))\./;
/** What holds something back or asks for something: one less is looser. */
const holds = /^(guardrails\.(protect|freeze)|declared|policies\.text|systems|notify\.channels)\./;

function looser(rule: string, before: unknown, after: unknown): boolean | null {
	if (typeof before === "number" && typeof after === "number") {
		if (looserUp.has(rule)) return after > before;
		if (looserDown.test(rule)) return after < before;
	}
	if (looserDown.test(rule) && /^(systems|retention)/.test(rule)) return after === undefined ? true : before === undefined ? false : null;
	if (rule.startsWith("declared.") && before !== undefined && after !== undefined) return modes.indexOf(String(after)) > modes.indexOf(String(before));
	if (/^policies\.set\..*\.enabled$/.test(rule)) return after === false ? true : after === true ? false : null;
	if (/^policies\.set\.[^.]+$/.test(rule)) return (after as { enabled?: boolean } | undefined)?.enabled === false ? true : null;
	if (rule === "notify.required") return after === false;
	if (excuses.test(rule)) return before === undefined ? true : after === undefined ? (rule.startsWith("people.breakGlass") ? null : false) : null;
	if (holds.test(rule)) return after === undefined ? true : before === undefined ? false : null;
	return null;
}

/** From the one that changes most to the one that changes nothing. */
const modes = ["authoritative", "additive", "observe"];
