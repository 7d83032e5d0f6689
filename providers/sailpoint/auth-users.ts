import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { HttpError } from "../../src/provider/http-error.js";
import type { ReadContext } from "../../src/provider/provider.js";
import { spend } from "./allowance.js";
import type { SailPointConnection } from "./connection.js";
import { one } from "./read.js";
import { type AuthUser, decodeAuthUser } from "./schema-account.js";

/** One identity's sign-in record, or why there is none: over the user's budget, refused, or not understood. */
export type AuthAnswer = { user: AuthUser; request: RequestRef } | { error: HttpError } | { budget: true } | { odd: string };

interface Memory {
	scanStarted: number;
	/** Refused for the scope or the level: the next thousand would be too. */
	refused: HttpError | null;
	/** Refusals for the user level in a row. */
	inRow: number;
	answers: Map<string, Promise<AuthAnswer>>;
}
/** One identity may be closed to us; so many in a row mean that all are. */
const mostRefusals = 5;
const memories = new WeakMap<SailPointConnection, Memory>();

function memoryOf(connection: SailPointConnection, { scanStarted }: ReadContext): Memory {
	const before = memories.get(connection);
	if (before?.scanStarted === scanStarted) return before;
	const fresh: Memory = { scanStarted, refused: null, inRow: 0, answers: new Map() };
	memories.set(connection, fresh);
	return fresh;
}

/** `GET /auth-users/{id}`, once a scan: one request an identity, and there is no list of them. */
export function authUserOf(connection: SailPointConnection, context: ReadContext, id: string): Promise<AuthAnswer> {
	const memory = memoryOf(connection, context);
	const before = memory.answers.get(id);
	if (before) return before;
	if (memory.refused) return Promise.resolve({ error: memory.refused });
	if (!spend(connection, context, id)) return Promise.resolve({ budget: true });
	const asked = ask(connection, context, id, memory);
	memory.answers.set(id, asked);
	return asked;
}

async function ask(connection: SailPointConnection, context: ReadContext, id: string, memory: Memory): Promise<AuthAnswer> {
	const answer = await one(connection, { path: "/v2026/auth-users/{id}", params: { id } }, context.signal);
	if ("error" in answer) {
		memory.inRow = answer.error.cause === "role" ? memory.inRow + 1 : 0;
		if (answer.error.cause === "scope" || memory.inRow >= mostRefusals) memory.refused = answer.error;
		return { error: answer.error };
	}
	memory.inRow = 0;
	const user = decodeAuthUser(answer.body, id);
	return user ? { user, request: answer.request } : { odd: "the answer to GET /v2026/auth-users/{id} is not that identity's" };
}

/** Those whose record matters most, for the budget: asked of before a write, and who held a user level in the last scan. */
export async function first(context: ReadContext): Promise<Set<string>> {
	const found = new Set<string>(context.budget.recheck ?? []);
	for await (const { body } of context.previous("roleAssignments")) found.add((body as RoleAssignmentRecord).principal);
	return found;
}
