import { listenForStop } from "../cli/stop-signal.js";
import { readPlan } from "../plan/read-plan.js";
import type { Provider } from "../provider/provider.js";
import type { Store } from "../store/store.js";
import { applyPlan } from "./apply.js";
import { openBench } from "./bench.test-suite.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";

/**
 * Applies a plan in a process of its own: `child <location of the store> <plan file> <vendor url> <point> <clock ahead, ms>`.
 * `point` is where the process kills itself: `append 3` right after the third journal entry, `perform 1` after the first change was answered, or `none`.
 */
const [location = "", planFile = "", url = "", point = "none", ahead = "0"] = process.argv.slice(2);

const seen: Record<string, number> = { append: 0, perform: 0 };
function passed(what: "append" | "perform"): void {
	seen[what] = (seen[what] ?? 0) + 1;
	if (point === `${what} ${seen[what]}`) process.kill(process.pid, "SIGKILL");
}

function deadly(store: Store): Store {
	return {
		...store,
		async appendJournal(entry) {
			const appended = await store.appendJournal(entry);
			passed("append");
			return appended;
		},
	};
}

const provider: Provider = {
	...fakeProvider,
	actions: fakeProvider.actions.map((spec) => ({
		...spec,
		async perform(connection, target) {
			const request = await spec.perform(connection, target);
			passed("perform");
			return request;
		},
	})),
};

const { plan, diagnostics } = await readPlan(planFile);
if (!plan) throw new Error(diagnostics.map(({ message }) => message).join("; "));
const bench = await openBench(url, { location, now: () => Date.now() + Number(ahead) });
const open = async () => ({ provider, connection: fakeConnection(url) });
const stop = listenForStop((line) => process.stderr.write(`${line}\n`));
process.send?.({ started: true });
const report = await applyPlan({ ...bench.base, store: deadly(bench.store), plan, openRead: open, openAct: open, signal: stop.signal });
await bench.store.close();
process.send?.({
	outcome: report.outcome,
	calls: report.calls,
	stopped: report.stopped,
	refusals: report.refusals,
	actions: report.actions.map(({ action, outcome }) => `${action.kind}: ${outcome}`),
});
process.disconnect?.();
