import * as pulumi from "@pulumi/pulumi";
import { keelsonProgram } from "./program.js";

/**
 * The program of a project without one of its own: `main` in Pulumi.yaml. Configuration: `keelson:stack`, the stack file from the project's
 * folder; `keelson:scan`, false to judge what is stored; `keelson:failOn`, the severity from which a policy stands against a change.
 */
const config = new pulumi.Config("keelson");
const failOn = config.get("failOn");

async function outputs(): Promise<Record<string, unknown>> {
	try {
		return await keelsonProgram(config.get("stack") ?? "stacks/keelson.yaml", { scan: config.getBoolean("scan") ?? true, ...(failOn && { failOn }) });
	} catch (error) {
		// The engine prints such an error's message alone.
		throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
	}
}

/** The engine's word for a program that has said already what is wrong. Without it an error that was only logged would let a preview end well. */
const saidAlready = 32;

const made = await outputs();
if (pulumi.log.hasErrors()) process.exitCode = saidAlready;
export const { score, scoreMax, counts, coverage, drift } = made;
