import * as pulumi from "@pulumi/pulumi";
import { keelsonProgram } from "./program.js";

/**
 * The program of a project without one of its own: `main` in Pulumi.yaml. Configuration: `keelson:stack`, the stack file from the project's
 * folder; `keelson:scan`, false to judge what is stored.
 */
const config = new pulumi.Config("keelson");

async function outputs(): Promise<Record<string, unknown>> {
	try {
		return await keelsonProgram(config.get("stack") ?? "stacks/keelson.yaml", { scan: config.getBoolean("scan") ?? true });
	} catch (error) {
		// The engine prints such an error's message alone.
		throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
	}
}

const made = await outputs();
export const { score, scoreMax, counts, coverage, drift } = made;
