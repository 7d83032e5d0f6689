import { readFileSync } from "node:fs";
import { basename, delimiter, join, relative } from "node:path";
import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { isProposal } from "../cli/base.js";
import { engineVersion, findPulumi } from "./engine.js";

export interface RunInput {
	/** The folder of Pulumi.yaml. */
	folder: string;
	/** Absolute. */
	stackFile: string;
	/** The Pulumi stack that is made where the project has none yet. */
	name: string;
	/** A policy that a change would fail stands against it from this severity on. */
	failOn?: string;
	/** What the engine prints, as it prints it. */
	print(text: string): void;
	/** Asks the engine to end after what is under way. */
	signal?: AbortSignal;
	log(line: string): void;
}

export interface EngineRun {
	/** Resources by what is, or was, done to them. */
	changes: OpMap;
	outputs: Record<string, unknown>;
	/** Empty: it went well. */
	errors: string[];
}

/** A run of the engine that could not begin: one sentence. */
export class EngineError extends Error {
	override readonly name = "EngineError";
}

/**
 * A preview or an update of a stack file's Pulumi stack. The stack is the one that `PULUMI_STACK` names or that is selected in the project.
 * @throws EngineError when no engine can be had
 */
export async function runEngine(command: "preview" | "up", input: RunInput): Promise<EngineRun> {
	await engineOnPath(input.log);
	const { LocalWorkspace } = await automation();
	const { keelsonProgram } = await import("./program.js");
	const { folder, stackFile } = input;
	const program = () => keelsonProgram(relative(folder, stackFile), { folder, ...(input.failOn !== undefined && { failOn: input.failOn }) });
	const envVars = { PULUMI_SKIP_UPDATE_CHECK: "1" };
	const workspace = await LocalWorkspace.create({ workDir: folder, envVars });
	const stackName = process.env.PULUMI_STACK || (await workspace.stack())?.name || input.name;
	const stack = await LocalWorkspace.createOrSelectStack({ stackName, projectName: projectName(folder), program }, { workDir: folder, envVars });
	const errors: string[] = [];
	let changes: OpMap = {};
	const onEvent = ({ diagnosticEvent, summaryEvent }: EngineEvent) => {
		if (diagnosticEvent?.severity === "error" && diagnosticEvent.message.trim() !== "")
			errors.push(diagnosticEvent.message.replace(/<\{%[^%]*%\}>/g, "").trim());
		if (summaryEvent) changes = summaryEvent.resourceChanges;
	};
	// A refresh takes the providers of the last update, with the credential that writes; in a pull request the program's, which read.
	const runProgram = command === "preview" && isProposal();
	const options = { onEvent, onOutput: input.print, refresh: true, runProgram, color: "never", ...(input.signal && { signal: input.signal }) } as const;
	try {
		const done = command === "preview" ? await stack.preview(options) : await stack.up(options);
		const outputs = "outputs" in done ? Object.fromEntries(Object.entries(done.outputs).map(([key, { value }]) => [key, value])) : {};
		return { changes, outputs, errors };
	} catch (error) {
		if (errors.length === 0) errors.push(firstLine(error));
		return { changes, outputs: {}, errors };
	}
}

/** Puts the engine's folder first on this process's PATH. */
async function engineOnPath(log: (line: string) => void): Promise<void> {
	const dir = await findPulumi(log);
	if (dir === null)
		throw new EngineError(
			`the Pulumi engine is missing: no pulumi ${engineVersion} or newer is on PATH, and the npm package could not fetch it; see https://www.pulumi.com/docs/install/`,
		);
	process.env.PATH = `${dir}${delimiter}${process.env.PATH ?? ""}`;
}

async function automation(): Promise<typeof import("@pulumi/pulumi/automation/index.js")> {
	try {
		return await import("@pulumi/pulumi/automation/index.js");
	} catch {
		throw new EngineError("@pulumi/pulumi is not installed: npm install @pulumi/pulumi");
	}
}

function projectName(folder: string): string {
	const held: unknown = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
	return typeof held === "object" && held !== null && "name" in held && typeof held.name === "string" ? held.name : basename(folder);
}

function firstLine(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	const told = /stderr: (.*)/s.exec(text)?.[1] ?? text;
	return told.split("\n").find((line) => line.trim() !== "" && !line.startsWith("err?")) ?? text;
}
