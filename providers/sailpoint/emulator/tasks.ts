import { randomUUID } from "node:crypto";
import { iso } from "../../../src/emulate/random.js";
import { when } from "./render.js";
import type { Activity, Identity, SailCall, Task, Tenant } from "./state.js";

/** How long asynchronous work takes by the tenant's clock. */
const WORK = 250;
/** Finished tasks are kept this long. */
export const KEPT = 90 * 86_400_000;

export function newId(): string {
	return randomUUID().replaceAll("-", "");
}

/**
 * Begins a task and ends it later. `work` makes the change and may answer why it failed.
 * The task is there at once, without a completion status while it runs.
 */
export function startTask(
	tenant: Tenant,
	about: Pick<Task, "uniqueName" | "description" | "kind" | "target"> & { launcher: string },
	work: () => string | undefined,
): Task {
	const { world } = tenant;
	const task: Task = { id: newId(), ...about, created: world.now(), completed: null, status: null, message: null };
	world.put(tenant.tasks, task.id, task);
	world.later(WORK, () => {
		const failure = work();
		world.put(tenant.tasks, task.id, { ...task, completed: world.now(), status: failure === undefined ? "SUCCESS" : "ERROR", message: failure ?? null });
	});
	return task;
}

/** Begins the change of an account: a task, and an account activity under the same id. */
export function startActivity(
	tenant: Tenant,
	call: SailCall,
	about: Pick<Activity, "operation" | "nativeIdentity" | "sourceId" | "target">,
	work: () => string | undefined,
): Task {
	const { world } = tenant;
	const requester = call.caller?.credential.identityId ?? null;
	const source = tenant.sources.get(about.sourceId);
	let finish: (failure: string | undefined) => void = () => undefined;
	const task = startTask(
		tenant,
		{
			uniqueName: `Account ${about.operation.toLowerCase()} ${about.nativeIdentity}`,
			description: `${about.operation} account ${about.nativeIdentity}`,
			kind: about.operation === "DELETE" ? "ACCOUNT_DELETION" : "CLOUD_ACCOUNT_REQUEST",
			launcher: requester ?? "system",
			target: source ? { id: source.id, type: "APPLICATION", name: source.name } : null,
		},
		() => {
			const failure = work();
			finish(failure);
			return failure;
		},
	);
	const activity: Activity = { id: task.id, type: "Cloud Account Request", requester, ...about, created: world.now(), completed: null, error: null };
	world.put(tenant.activities, activity.id, activity);
	finish = (failure) => world.put(tenant.activities, activity.id, { ...activity, completed: world.now(), error: failure ?? null });
	return task;
}

export function renderTask(task: Task): Record<string, unknown> {
	const ended = when(task.completed);
	return {
		id: task.id,
		type: "QUARTZ",
		uniqueName: task.uniqueName,
		description: task.description,
		parentName: null,
		launcher: task.launcher,
		target: task.target,
		created: iso(task.created),
		modified: ended ?? iso(task.created),
		launched: iso(task.created),
		completed: ended,
		completionStatus: task.status,
		messages: task.message === null ? [] : [{ type: "ERROR", localizedText: { locale: "en-US", message: task.message }, key: "task_failed", parameters: [] }],
		returns: [],
		attributes: { taskType: task.kind },
		progress: task.completed === null ? "Started" : "Completed",
		percentComplete: task.completed === null ? 0 : 100,
		taskDefinitionSummary: {
			id: `${task.id.slice(0, 30)}d0`,
			uniqueName: task.kind,
			description: null,
			parentName: "Emulated",
			executor: null,
			arguments: {},
		},
	};
}

export function renderActivity(tenant: Tenant, activity: Activity): Record<string, unknown> {
	const { id, operation, completed, error } = activity;
	const item = {
		id: `${id.slice(0, 30)}e0`,
		name: `${id.slice(0, 30)}e0`,
		requested: iso(activity.created),
		approvalStatus: null,
		provisioningStatus: completed === null ? "PENDING" : error === null ? "FINISHED" : "FAILED",
		requesterComment: null,
		reviewerIdentitySummary: null,
		reviewerComment: null,
		operation,
		attribute: null,
		value: null,
		nativeIdentity: activity.nativeIdentity,
		sourceId: activity.sourceId,
		accountRequestInfo: null,
		clientMetadata: null,
		removeDate: null,
	};
	return {
		id,
		name: id,
		created: iso(activity.created),
		modified: when(completed),
		completed: when(completed),
		completionStatus: completed === null ? null : error === null ? "SUCCESS" : "FAILURE",
		type: activity.type,
		requesterIdentitySummary: summary(tenant.identities.get(activity.requester ?? "")),
		targetIdentitySummary: summary(tenant.identities.get(activity.target ?? "")),
		errors: error === null ? null : [error],
		warnings: null,
		items: [item],
		executionStatus: completed === null ? "EXECUTING" : "COMPLETED",
		clientMetadata: null,
	};
}

function summary(identity: Identity | undefined): { id: string; name: string } | null {
	return identity ? { id: identity.id, name: identity.name } : null;
}
