import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { Document, isMap, isScalar, Scalar, visit } from "yaml";
import type { Millis } from "../model/known.js";
import type { Plan, PlannedAction } from "./plan.js";

/**
 * Writes a plan for review as `<dir>/<date>-<first 8 digits of its digest>.yaml` and returns the path.
 * The file is there whole or not at all.
 */
export async function writePlan(plan: Plan, dir: string): Promise<string> {
	const file = join(dir, `${iso(plan.created).slice(0, 10)}-${plan.digest.slice(0, 8)}.yaml`);
	await writePlanTo(plan, file);
	return file;
}

/** As `writePlan`, to a file of this name. */
export async function writePlanTo(plan: Plan, file: string): Promise<void> {
	await mkdir(dirname(file), { recursive: true });
	await writeFileAtomic(file, planText(plan));
}

/** Keys whose value reads best on one line. */
const onOneLine = new Set(["evidence", "target", "precondition", "inverse", "after", "byKind", "scans"]);

/** The plan as the text of its file: what a reviewer needs comes first. */
export function planText(plan: Plan): string {
	const document = new Document(fileForm(plan), { aliasDuplicateObjects: false });
	visit(document, {
		Pair(_, pair) {
			if (isScalar(pair.key) && onOneLine.has(String(pair.key.value))) flow(pair.value);
		},
		Scalar(_, node) {
			if (typeof node.value === "string" && unseen().test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
		},
	});
	document.commentBefore = " A plan of Keelson: a list of changes for review. keelson apply makes exactly these, and refuses an edited file.";
	// Every character that is not seen stands in double quotes now, where an escape says what it is.
	return document.toString({ lineWidth: 0, flowCollectionPadding: true }).replace(unseen(), (char) => (char === "\n" ? char : escaped(char)));
}

/** Characters that hide, reorder or break text for a reader; a line break is one inside of a name only. */
function unseen(): RegExp {
	return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
}

function escaped(char: string): string {
	const code = char.codePointAt(0) ?? 0;
	return code > 0xffff ? `\\U${code.toString(16).toUpperCase().padStart(8, "0")}` : `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function flow(node: unknown): void {
	visit(node as Document, {
		Collection(_, inner) {
			inner.flow = true;
		},
	});
	if (isMap(node)) node.flow = true;
}

/** The order of keys in the file, and times as RFC 3339. `parsePlan` is the inverse. */
function fileForm(plan: Plan): Record<string, unknown> {
	const { schema, tenant, created, digest, undoes, operator, declared, blast, score, actions, notPlanned, basis } = plan;
	return {
		schema,
		tenant,
		created: iso(created),
		digest,
		...(undoes === undefined ? {} : { undoes }),
		...(operator === undefined ? {} : { operator }),
		...(declared === undefined ? {} : { declared }),
		blast: {
			accounts: blast.accounts,
			privilegedAccounts: blast.privilegedAccounts,
			irreversible: blast.irreversible,
			byKind: blast.byKind,
			bySystem: blast.bySystem,
			...(blast.groups === undefined ? {} : { groups: blast.groups }),
			...(blast.settings === undefined ? {} : { settings: blast.settings }),
		},
		score: { before: score.before, after: score.after, accounts: score.accounts.map(({ label, before, after, key }) => ({ label, before, after, key })) },
		actions: actions.map(actionForm),
		notPlanned: notPlanned.map(({ label, policy, why, finding }) => ({ label, policy, why, finding })),
		basis: {
			scans: Object.fromEntries(Object.entries(basis.scans).map(([system, scan]) => [system, { id: scan.id, finished: iso(scan.finished) }])),
			stack: basis.stack,
			policies: basis.policies,
		},
	};
}

function actionForm({ label, findings, effect, reversible, system, kind, target, precondition, inverse, after, id }: PlannedAction): Record<string, unknown> {
	return {
		label,
		findings: findings.map(({ message, policy, id, baseline, evidence }) => ({
			message,
			policy,
			id,
			...(baseline && { baseline }),
			evidence: evidence.map((fact) => ({ ...fact, observedAt: fact.observedAt === null ? null : iso(fact.observedAt) })),
		})),
		effect,
		reversible,
		system,
		kind,
		target,
		precondition,
		inverse,
		after,
		id,
	};
}

function iso(at: Millis): string {
	return new Date(at).toISOString();
}
