import { readFile, stat } from "node:fs/promises";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Diagnostic } from "../model/diagnostic.js";
import type { Millis } from "../model/known.js";
import { nearest } from "../model/nearest.js";
import { readYaml, type YamlDocument } from "../policy/yaml-document.js";
import { actionId, planDigest } from "./digest.js";
import type { Plan, PlannedAction } from "./plan.js";
import { planSchema } from "./plan-schema.js";

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
const validate = ajv.compile(planSchema);

/** A plan file larger than this is refused, in bytes. */
const maxBytes = 32 * 1024 * 1024;
/** Diagnostics shown at most. */
const shown = 10;

export type ReadPlan = { plan: Plan; diagnostics?: undefined } | { plan?: undefined; diagnostics: Diagnostic[] };

/** Reads a plan file strictly. Never throws for what the file holds. */
export async function readPlan(file: string): Promise<ReadPlan> {
	const wrong = (message: string, hint?: string): ReadPlan => ({ diagnostics: [{ file, line: 1, column: 1, path: "", message, ...(hint ? { hint } : {}) }] });
	try {
		const info = await stat(file);
		if (info.isDirectory()) return wrong("this is a folder, not a plan file", "name the file in it");
		if (info.size > maxBytes) return wrong(`the file has ${info.size} bytes; a plan has at most ${maxBytes}`);
		return parsePlan(new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file)), file);
	} catch (error) {
		if (error instanceof TypeError) return wrong("the file is not UTF-8 text");
		const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
		return wrong(
			code === "ENOENT" ? "there is no such file" : `the file can't be read (${code})`,
			code === "ENOENT" ? "keelson plan writes plan files" : undefined,
		);
	}
}

/** As `readPlan`, from text. */
export function parsePlan(text: string, file: string): ReadPlan {
	const document = readYaml(text, file);
	if (document.errors.length > 0) return { diagnostics: document.errors.slice(0, shown) };
	const version: unknown = document.value && typeof document.value === "object" ? Reflect.get(document.value, "schema") : undefined;
	if (version !== "keelson.dev/plan/v1")
		return {
			diagnostics: [
				document.at(
					["schema"],
					`this is not a plan of this version of Keelson (schema ${JSON.stringify(version) ?? "is missing"})`,
					"keelson.dev/plan/v1 is read here; run keelson plan again",
				),
			],
		};
	if (!validate(document.value))
		return {
			diagnostics: (validate.errors ?? [])
				.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "if")
				.slice(0, shown)
				.map((error) => diagnose(error, document)),
		};
	const plan = fromFile(document.value as FileForm);
	if (planDigest(plan) !== plan.digest) return { diagnostics: [document.at(["digest"], "the plan was edited after it was made", "run keelson plan again")] };
	const forged = plan.actions.findIndex((action) => action.id !== actionId(action.system, action.kind, action.target));
	if (forged >= 0) return { diagnostics: [document.at(["actions", forged, "id"], "this id is not the one of its target", "run keelson plan again")] };
	const ids = plan.actions.map(({ id }) => id);
	const order = plan.actions.findIndex((action, index) => ids.indexOf(action.id) !== index || action.after.some((id) => !ids.slice(0, index).includes(id)));
	if (order >= 0)
		return { diagnostics: [document.at(["actions", order], "this action stands twice, or before one that it comes after", "run keelson plan again")] };
	return { plan };
}

type FileForm = Omit<Plan, "created" | "basis" | "actions"> & {
	created: string;
	basis: { scans: Record<string, { id: number; finished: string }>; stack: string; policies: string };
	actions: (Omit<PlannedAction, "findings"> & { findings: FileFinding[] })[];
};
type FileFinding = Omit<PlannedAction["findings"][number], "evidence"> & {
	evidence: (Omit<PlannedAction["findings"][number]["evidence"][number], "observedAt"> & { observedAt: string | null })[];
};

function fromFile(file: FileForm): Plan {
	return {
		...file,
		created: millis(file.created),
		basis: {
			...file.basis,
			scans: Object.fromEntries(Object.entries(file.basis.scans).map(([system, scan]) => [system, { id: scan.id, finished: millis(scan.finished) }])),
		},
		actions: file.actions.map((action) => ({
			...action,
			findings: action.findings.map((finding) => ({
				...finding,
				evidence: finding.evidence.map((fact) => ({ ...fact, observedAt: fact.observedAt === null ? null : millis(fact.observedAt) })),
			})),
		})),
	};
}

function millis(text: string): Millis {
	return Date.parse(text);
}

function diagnose(error: ErrorObject, document: YamlDocument): Diagnostic {
	const path = error.instancePath
		.split("/")
		.slice(1)
		.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
		.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
	const params: Readonly<Record<string, unknown>> = error.params;
	if (error.keyword === "additionalProperties") {
		const name = String(params.additionalProperty);
		const near = nearest(name, Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {}));
		return document.at([...path, name], `unknown key ${name}`, near ? `did you mean ${near}?` : "a plan is not edited: run keelson plan again", true);
	}
	if (error.keyword === "required")
		return document.at(path, `${String(params.missingProperty)} is missing`, "a plan is not edited: run keelson plan again", path.length > 0);
	return document.at(path, `this ${error.message ?? "is not allowed"}`, "a plan is not edited: run keelson plan again");
}
