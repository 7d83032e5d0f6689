import type { Diagnostic } from "../model/diagnostic.js";
import type { Severity } from "../model/finding.js";
import { nearest } from "../model/nearest.js";
import type { CelError } from "./ast.js";
import type { CelType } from "./cel-type.js";
import { checkCondition } from "./check.js";
import type { Scope } from "./checker.js";
import { readSubject } from "./example-subject.js";
import { resolveField } from "./fields.js";
import { nonNullWhen } from "./guards.js";
import { checkMessage } from "./message.js";
import type { Node, Scalar } from "./node.js";
import { checkParams, paramProblem, paramType } from "./params.js";
import { textDigest } from "./prepared.js";
import { schemaErrors } from "./schema-errors.js";
import type { ParamDeclaration, PolicyFile, PolicyOutcome, PolicySource, PolicyTest, Remediation } from "./source.js";
import { timestampMillis } from "./time.js";
import { catalogue, type PolicySubject, policySubjects } from "./types.js";
import { type Path, readYaml, type YamlDocument } from "./yaml-document.js";

/** `now` of a policy test that gives none. */
export const defaultTestNow = Date.UTC(2026, 0, 1);

/** A policy file as the schema lets it through. */
interface Written {
	id: string;
	title: string;
	severity: Severity;
	cause: string;
	for: PolicySubject;
	breakGlass?: "skip" | "include";
	params?: Record<string, ParamDeclaration>;
	where?: string;
	pass: string;
	review?: string;
	message: string;
	why: string;
	remediation?: Remediation[];
	blast?: string;
	controls?: string[];
	references?: string[];
	whenNotToUse?: string;
	evidence?: string[];
	tests: WrittenTest[];
}

interface WrittenTest extends Partial<Record<PolicySubject, unknown>> {
	name: string;
	params?: Record<string, Scalar | Scalar[]>;
	now?: string;
	expect: PolicyOutcome;
	message?: string;
}

/** Reads and checks a policy file. Every mistake found is reported with its place; `policy` is missing when there is any. */
export function parsePolicy(text: string, file: string): { policy?: PolicyFile; errors: Diagnostic[] } {
	const document = readYaml(text, file);
	if (document.errors.length > 0) return { errors: document.errors };
	const wrong = schemaErrors(document);
	if (wrong.length > 0) return { errors: wrong.sort(byPlace) };
	const written = document.value as Written;
	const errors: Diagnostic[] = [];
	const checked = checkTexts(written, document, errors);
	checkEvidence(written, document, errors);
	const tests = written.tests.map((test, i) => readTest(test, i, written, document, errors));
	if (errors.length > 0 || !checked) return { errors: errors.sort(byPlace) };
	const policy: PolicyFile = {
		file,
		digest: textDigest(text),
		id: written.id,
		title: written.title,
		severity: written.severity,
		cause: written.cause,
		for: written.for,
		breakGlass: written.breakGlass ?? "skip",
		params: written.params ?? {},
		where: written.where ?? null,
		pass: written.pass,
		review: written.review ?? null,
		message: written.message,
		checked,
		why: written.why,
		remediation: written.remediation ?? [],
		blast: written.blast ?? null,
		controls: written.controls ?? [],
		references: written.references ?? [],
		whenNotToUse: written.whenNotToUse ?? null,
		evidence: written.evidence ?? null,
		tests,
	};
	return { policy, errors: [] };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
	return a.line - b.line || a.column - b.column;
}

function checkTexts(written: Written, document: YamlDocument, errors: Diagnostic[]): PolicySource["checked"] | null {
	const params: Record<string, CelType> = {};
	for (const [name, declaration] of Object.entries(written.params ?? {})) {
		params[name] = paramType(declaration);
		const problem = paramProblem(declaration, declaration.default);
		if (problem) errors.push(document.at(["params", name, "default"], `the default ${problem}`));
	}
	const scope: Scope = { subject: written.for, params };
	const report = (path: Path, found: CelError[]): void => {
		for (const e of found) errors.push(document.inside(path, e.at, e.message, e.hint));
	};
	const condition = (key: "where" | "pass" | "review", nonNull: readonly string[]): Node | null => {
		const text = written[key];
		if (text === undefined) return null;
		const { node, errors: found } = checkCondition(text, { ...scope, nonNull });
		report([key], found);
		return node ?? null;
	};
	const where = condition("where", []);
	// `pass` counts only where `where` is not false, and the message and `review` only where `pass` is false as well.
	const guarded = where ? nonNullWhen(where, true) : [];
	const pass = condition("pass", guarded);
	const failed = pass ? [...guarded, ...nonNullWhen(pass, false)] : guarded;
	const review = condition("review", failed);
	const message = checkMessage(written.message, { ...scope, nonNull: failed });
	report(["message"], message.errors);
	return pass ? { where, pass, review, message: message.parts } : null;
}

function checkEvidence(written: Written, document: YamlDocument, errors: Diagnostic[]): void {
	for (const [i, field] of (written.evidence ?? []).entries()) {
		const found = resolveField(written.for, field);
		if (!("unknown" in found)) continue;
		const near = nearest(found.unknown, found.known);
		errors.push(document.at(["evidence", i], `unknown field ${field}`, near ? `did you mean ${near}?` : `there are ${found.known.join(", ")}`));
	}
}

function readTest(test: WrittenTest, index: number, written: Written, document: YamlDocument, errors: Diagnostic[]): PolicyTest {
	const path: Path = ["tests", index];
	for (const kind of policySubjects) {
		if (kind !== written.for && test[kind] !== undefined)
			errors.push(document.at([...path, kind], `this policy is for: ${written.for}`, `write ${written.for}: instead of ${kind}:`, true));
	}
	if (test[written.for] === undefined)
		errors.push(document.at(path, `the example has no ${written.for}`, `write ${written.for}: {} when nothing is known of it`));
	const subject = readSubject(test[written.for] ?? {}, catalogue[written.for], [...path, written.for], document, errors);
	for (const problem of checkParams(written.params ?? {}, test.params ?? {})) {
		errors.push(document.at([...path, "params", problem.name], problem.message, problem.hint, true));
	}
	const now = test.now === undefined ? defaultTestNow : timestampMillis(test.now);
	if (now === null) errors.push(document.at([...path, "now"], "this must be a time", "write 2026-01-01 or 2026-01-01T09:00:00Z"));
	return {
		name: test.name,
		line: document.lineOf(path),
		subject: typeof subject === "object" && subject !== null ? subject : {},
		params: test.params ?? {},
		now: now ?? defaultTestNow,
		expect: test.expect,
		...(test.message === undefined ? {} : { message: test.message }),
	};
}
