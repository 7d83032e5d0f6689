import { relative, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { exemptionsOf, exemptionText } from "../apply/exempted.js";
import { assess } from "../assess/assess.js";
import { refuseProposal } from "../cli/base.js";
import { desiredReport } from "../cli/desired.js";
import { liveSystems } from "../cli/live.js";
import { scanSystems } from "../cli/scan.js";
import { openWorkspace, type Workspace } from "../cli/workspace.js";
import { type Drift, differs, driftOf } from "../drift/drift.js";
import { loginsOf } from "../drift/logins.js";
import { readLive } from "../drift/read-live.js";
import { scannedBy } from "../drift/scanned.js";
import { declaredResources } from "./declared-args.js";
import { Membership, RemediationPlan, Setting } from "./dynamic.js";
import { type Outputs, outputsOf } from "./outputs.js";
import { projectFolder } from "./project-folder.js";
import { vendorResources } from "./resources/vendors.js";

export interface ProgramOptions {
	/** Read the systems for score, counts and coverage [true]; else the newest stored scan is judged. */
	scan?: boolean;
	/** The folder of Pulumi.yaml [found from the working folder]. */
	folder?: string;
	/** A policy that a declared change would fail stands against it from this severity on [critical]. */
	failOn?: string;
}

/**
 * Declares everything of a stack file: settings, memberships, approved plans. Gives score, counts, coverage and drift as stack outputs;
 * of an update that changed something, as they are afterwards.
 * @param file the stack file, from the project's folder
 * @returns the stack outputs
 * @throws for a stack file that is wrong, a system that can't be reached, and a plan file that can't be read
 */
export async function keelsonProgram(file: string, options: ProgramOptions = {}): Promise<Record<keyof Outputs, pulumi.Output<unknown>>> {
	const folder = options.folder ?? projectFolder(pulumi.getProject());
	const found = resolve(folder, file);
	if (!pulumi.runtime.isDryRun()) refuseProposal("nothing is updated");
	const workspace = await openWorkspace({ stack: found });
	const started = Date.now();
	const { settings, memberships, plans, notes } = await declaredResources(workspace.stack, relative(folder, found), started);
	const before = await judged(workspace, options);
	const desired = await desiredReport(workspace, options.failOn, folder);
	for (const note of [...notes, ...before.notes, ...desired.told]) await pulumi.log.warn(note);
	// A preview goes on and shows what it is about; an update begins nothing.
	if (desired.blocking.length > 0 && !pulumi.runtime.isDryRun()) throw new pulumi.RunError(desired.blocking.join("\n"));
	for (const line of desired.blocking) await pulumi.log.error(line);
	const made = [
		...settings.map(({ name, args }) => new Setting(name, args)),
		...memberships.map(({ name, args }) => new Membership(name, args)),
		...plans.map(({ name, args }) => new RemediationPlan(name, args)),
	];
	const vendors = await vendorResources(workspace.stack, folder);
	const after = pulumi.all([...made.map(({ id }) => id), ...vendors.map(({ urn }) => urn)]).apply(async () => {
		try {
			if (pulumi.runtime.isDryRun()) return before.outputs;
			const written = (await workspace.store.journal({ tenant: workspace.stack.name, since: started })).some(({ event }) => event === "intent");
			return written ? (await judged(workspace, options)).outputs : before.outputs;
		} finally {
			await workspace.close();
		}
	});
	const shown = pulumi.runtime.isDryRun() ? pulumi.output(before.outputs) : after;
	return { score: shown.score, scoreMax: shown.scoreMax, counts: shown.counts, coverage: shown.coverage, drift: shown.drift };
}

/** One reading of every system, and what it says. Only a real run keeps findings and trend. */
async function judged(workspace: Workspace, { scan = true }: ProgramOptions): Promise<{ outputs: Outputs; notes: string[] }> {
	const { stack } = workspace;
	const scans = scan ? await scanSystems(workspace, { stack: stack.file, quiet: true }) : [];
	const assessment = await assess({ ...workspace, dryRun: pulumi.runtime.isDryRun() });
	// Groups and roles that the scan read whole a moment ago aren't asked for again: the engine's refresh reads each of them live anyway.
	const systems = liveSystems(stack, new Map(scans.map((done) => [done.system, scannedBy(workspace.store, done)])));
	try {
		const { live, unread } = await readLive(stack, systems.readerOf);
		const drift = driftOf(stack, live, Date.now());
		const observed = drift.filter((one) => one.mode === "observe" && differs(one));
		const notes = [
			...observed.map(({ key }) => `${key} differs and is only observed: keelson drift shows how`),
			...unread.map(({ key, why }) => `${key}: ${why}`),
			...(await exemptedExtras(workspace, drift)),
		];
		return { outputs: outputsOf(assessment, drift, unread), notes };
	} finally {
		await systems.close();
	}
}

/** Members under an exemption whom a mend would take out: it is told before, and stands against nothing. */
async function exemptedExtras({ stack, store }: Pick<Workspace, "stack" | "store">, drift: Drift[]): Promise<string[]> {
	const lines: string[] = [];
	for (const { key, mode, extra } of drift) {
		const desired = stack.memberships[key];
		if (!desired || mode !== "authoritative") continue;
		const logins = await loginsOf(stack, store, desired.system, extra);
		for (const id of extra) {
			const login = logins.get(id);
			for (const exemption of exemptionsOf(stack, Date.now(), desired.system, { id, login }))
				lines.push(`${key}: ${login ?? id} is not declared and would be taken out, although ${exemptionText(exemption)}`);
		}
	}
	return lines;
}
