import type { RequestRef } from "../../src/model/snapshot.js";
import { cleanText } from "../../src/provider/http-error.js";
import { ActionError } from "./act-guard.js";
import { type Look, readBack } from "./act-read-back.js";
import type { SailPointConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { at, date, object, word } from "./schema.js";

/** How a background task stands. */
export interface TaskState {
	/** `running`; `unknown`: the vendor keeps no such task. */
	state: "running" | "done" | "failed" | "unknown";
	detail: string;
	request: RequestRef | null;
}

const failures = new Set(["ERROR", "TERMINATED", "TEMPERROR", "FAILURE"]);

/** Tasks that this connection began, by what they were begun for. */
const begun = new WeakMap<SailPointConnection, Map<string, string>>();

export function rememberTask(connection: SailPointConnection, about: string, task: string): void {
	const known = begun.get(connection) ?? new Map<string, string>();
	begun.set(connection, known.set(about, task));
}

export function taskOf(connection: SailPointConnection, about: string): string | undefined {
	return begun.get(connection)?.get(about);
}

/** `GET /task-status/{id}`. A completion status of null means that it runs. */
async function taskState(connection: SailPointConnection, id: string): Promise<TaskState> {
	const answer = await one(connection, { path: "/v2026/task-status/{id}", params: { id } }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return { state: "unknown", detail: `SailPoint knows no task ${id}`, request: answer.error.request };
		throw answer.error;
	}
	const status = at(answer.body, "completionStatus");
	const { request } = answer;
	// Of a running task the status is null; one that has an end and no status is not believed to have gone well.
	if (status === null || status === undefined) {
		const ended = date(at(answer.body, "completed"));
		return { state: ended ? "unknown" : "running", detail: `task ${id} ${ended ? "has ended without a status" : "is still running"}`, request };
	}
	const name = word(status) ?? String(status);
	const said = messagesOf(answer.body);
	const detail = `task ${id} ended with ${name}${said === "" ? "" : `: ${said}`}`;
	if (failures.has(name)) return { state: "failed", detail, request };
	return { state: name === "SUCCESS" || name === "WARNING" ? "done" : "unknown", detail, request };
}

function messagesOf(body: unknown): string {
	const messages = at(body, "messages");
	if (!Array.isArray(messages)) return "";
	return cleanText(messages.flatMap((one) => word(at(object(one)?.localizedText, "message")) ?? word(object(one)?.key) ?? []).join("; "));
}

/**
 * Follows a task to its end, or to the end of the time for it: then it is still `running`.
 * @throws ActionError with the vendor's message when it failed, HttpError
 */
export async function follow(connection: SailPointConnection, id: string): Promise<TaskState> {
	let last: TaskState = { state: "running", detail: "", request: null };
	const look = async (): Promise<Look> => {
		last = await taskState(connection, id);
		return { holds: last.state !== "running", detail: last.detail, request: last.request };
	};
	await readBack(connection, look);
	// Part of its work may have been done before it failed.
	if (last.state === "failed") throw new ActionError(`SailPoint could not do it: ${last.detail}`, true);
	return last;
}
