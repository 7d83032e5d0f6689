import { relative } from "node:path";
import { openSnapshot } from "../assess/snapshot.js";
import type { AccountRecord } from "../model/account.js";
import { renderDiagnostic } from "../model/diagnostic.js";
import type { GroupRecord } from "../model/objects.js";
import { pinStack, type Resolved } from "../stack/pin.js";
import type { Store } from "../store/store.js";
import { type ExitCode, exitCodes } from "./exit.js";
import { type CommonOptions, openWorkspace } from "./workspace.js";

/** `keelson pin`: writes the immutable ids of declared logins into the stack file, from the newest stored scan. */
export async function pin(options: CommonOptions): Promise<ExitCode> {
	const workspace = await openWorkspace(options);
	try {
		const names = new Map<string, Promise<Names | null>>();
		const { changed, problems } = await pinStack(workspace.stack.file, async (system, login, kind): Promise<Resolved> => {
			if (!names.has(system)) names.set(system, namesOf(workspace.store, system));
			const known = await names.get(system);
			if (!known) return { error: `nothing of ${system} is stored yet: run keelson scan` };
			const ids = [...new Set(known[kind].get(login.toLowerCase()))];
			if (ids.length > 1) return { error: `ambiguous: ${ids.join(", ")}` };
			return ids[0] ? { id: ids[0] } : { error: `no ${kind} of that name in the newest scan` };
		});
		const file = relative(process.cwd(), workspace.stack.file);
		if (options.json) process.stdout.write(`${JSON.stringify({ changed, problems }, null, 2)}\n`);
		else {
			for (const { login, id } of changed) process.stdout.write(`pinned ${login} to ${id}\n`);
			if (changed.length === 0 && problems.length === 0) process.stdout.write(`${file}: every login is pinned\n`);
		}
		for (const problem of problems) process.stderr.write(`${renderDiagnostic({ ...problem, file })}\n`);
		return problems.length > 0 ? exitCodes.badInput : exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

interface Names {
	account: Map<string, string[]>;
	group: Map<string, string[]>;
}

async function namesOf(store: Store, system: string): Promise<Names | null> {
	const [scan] = await store.scans({ system, limit: 1 });
	if (!scan) return null;
	const snapshot = openSnapshot(store, scan);
	const names: Names = { account: new Map(), group: new Map() };
	const add = (map: Map<string, string[]>, name: string, id: string) => map.set(name.toLowerCase(), [...(map.get(name.toLowerCase()) ?? []), id]);
	for await (const batch of snapshot.records<AccountRecord>("accounts")) for (const { id, body } of batch) if (body.login) add(names.account, body.login, id);
	for await (const batch of snapshot.records<GroupRecord>("groups")) for (const { id, body } of batch) add(names.group, body.name, id);
	return names;
}
