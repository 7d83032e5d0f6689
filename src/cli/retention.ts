import type { CollectionName } from "../model/snapshot.js";
import { collections } from "../model/snapshot.js";
import type { Stack } from "../stack/stack.js";
import { pruned } from "../store/erase.js";
import type { Store } from "../store/store.js";
import { isProposal } from "./base.js";
import { CliError } from "./exit.js";

/** Takes out of the store what the stack file's `retention` no longer keeps. Of a pull request's stack file nothing is heard. */
export async function applyRetention({ stack, store }: { stack: Stack; store: Store }, now: number): Promise<void> {
	if (isProposal()) return;
	for (const system of Object.keys(stack.systems))
		for (const [what, length] of Object.entries(stack.retention))
			await store.prune({ system, what: what as CollectionName | "findings", before: now - length });
}

/** @throws CliError where the state of that time was taken out, in part: what is left of it would be judged as if it had been all */
export async function checkKept(store: Store, systems: string[], asOf: number): Promise<void> {
	for (const system of systems)
		for (const collection of collections) {
			const before = Number((await store.cursor(system, pruned(collection))) ?? 0);
			if (asOf < before)
				throw new CliError(
					`${collection} of ${system} that ended before ${new Date(before).toISOString().slice(0, 10)} are no longer kept (retention): what was true at that time can't be judged any more`,
				);
		}
}
