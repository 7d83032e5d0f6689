import type { DriftPart, NamedDrift } from "../drift/named.js";
import type { Millis } from "../model/known.js";
import { byWords, sinceWords } from "../report/drift-words.js";
import type { DriftReport } from "../report/markdown-drift.js";
import type { WrittenPlan } from "./drift-plan.js";

const iso = (at: Millis | null) => (at === null ? null : new Date(at).toISOString());

/** What `keelson drift --json` prints; times are RFC 3339. */
export function driftJson(report: DriftReport, written: WrittenPlan | null): object {
	const { drift, unread, ways, declared } = report;
	return {
		declared,
		drift: drift.map((one, index) => ({ ...driftPart(one, report), ways: waysPart(ways[index]) })),
		unread,
		...(written ? { plan: { file: written.file, digest: written.plan.digest, actions: written.plan.actions.length, refusals: written.refusals } } : {}),
	};
}

function driftPart(one: NamedDrift, { login }: DriftReport): object {
	const { outside: _, parts, ...rest } = one;
	const named = (ids: string[]) =>
		ids.map((id) => {
			const known = login(one.system, id);
			return { id, login: known === id ? null : known };
		});
	return { ...rest, missing: named(one.missing), extra: named(one.extra), parts: parts.map((part) => partJson(part)) };
}

function partJson({ path, member, desired, live, said, since, by }: DriftPart): object {
	return {
		path,
		...(member === undefined ? {} : { member }),
		desired: desired ?? null,
		live: live ?? null,
		...(said === undefined ? {} : { said }),
		since: {
			asDeclared: iso(since.asDeclared?.finished ?? null),
			differs: iso(since.differs),
			unread: since.unread,
			text: sinceWords(since),
		},
		by:
			"unknown" in by
				? { unknown: by.unknown, text: byWords(by) }
				: {
						...eventJson(by.event),
						...keelson(by),
						others: by.others,
						...(by.early && { early: true }),
						...(by.incomplete !== undefined && { incomplete: by.incomplete }),
						text: byWords(by),
					},
	};
}

function eventJson({ at, request, ...event }: Exclude<DriftPart["by"], { unknown: string }>["event"]): object {
	return { ...event, at: iso(at), request: { call: request.call, requestId: request.requestId } };
}

function keelson({ keelson: own }: Exclude<DriftPart["by"], { unknown: string }>): object {
	return own ? { keelson: own } : {};
}

function waysPart(ways: DriftReport["ways"][number] | undefined): object | null {
	if (!ways) return null;
	const { adopt, revert, notHere } = ways;
	return { adopt, restore: { command: "keelson drift --plan <file>", changes: revert, notHere } };
}
