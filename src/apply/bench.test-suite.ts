import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assess } from "../assess/assess.js";
import type { Assessment } from "../model/assessment.js";
import { makePlan, type PlanInput } from "../plan/make-plan.js";
import type { Plan } from "../plan/plan.js";
import { choose } from "../policy/choose.js";
import { compileCondition } from "../policy/compile.js";
import { loadSource } from "../stack/load.js";
import { decode } from "../stack/source.js";
import type { Stack } from "../stack/stack.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { runScan } from "../sync/scan.js";
import { type ApplyInput, applyPlan } from "./apply.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import type { ApplyReport } from "./report.js";

const policies = join(dirname(fileURLToPath(import.meta.url)), "../../policies");

/** A stack file over a fake vendor; `more` is added at its end. Emergency accounts are bg1 and bg2. */
export function stackText(more = "", guardrails = "maxPercent: 100"): string {
	return `name: acme
systems:
  fake: { provider: fake, url: http://127.0.0.1:1, auth: { token: reads }, act: { token: writes } }
people:
  breakGlass: [ { login: fake/bg1@acme.example, id: bg1 }, { login: fake/bg2@acme.example, id: bg2 } ]
  leavers: [ { where: "account.profile['leaver'] == true", reason: left } ]
remediation: { plans: plans, guardrails: { ${guardrails} } }
${more}`;
}

export async function readStackText(text: string): Promise<Stack> {
	const decoded = decode("/acme/stack.yaml", Buffer.from(text));
	if ("problem" in decoded) throw new Error(decoded.problem.message);
	const { stack, diagnostics } = await loadSource(decoded.source, { now: Date.UTC(2026, 0, 1) });
	if (!stack) throw new Error(diagnostics.map(({ message }) => message).join("; "));
	return stack;
}

export function compile(text: string) {
	const { condition, errors } = compileCondition(text, "account");
	if (!condition) throw new Error(errors.map(({ message }) => message).join("; "));
	return condition;
}

/** Everything for planning and applying against one fake vendor. */
export interface Bench {
	store: Store;
	stack: Stack;
	url: string;
	base: Omit<ApplyInput, "plan">;
	scan(): Promise<Assessment>;
	plan(more?: Partial<PlanInput>): Promise<Plan>;
	apply(plan: Plan, more?: Partial<ApplyInput>): Promise<ApplyReport>;
	close(): Promise<void>;
}

export async function openBench(url: string, options: { text?: string; location?: string; now?: () => number } = {}): Promise<Bench> {
	const stack = await readStackText(options.text ?? stackText());
	const folder = options.location === undefined ? mkdtempSync(join(tmpdir(), "keelson-apply-")) : null;
	const store = await openStore(options.location ?? `sqlite:${join(folder ?? "", "store.db")}`);
	const { compiled, digest, diagnostics } = await choose(policies, stack);
	if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("; "));
	const now = options.now ?? Date.now;
	const open = async () => ({ provider: fakeProvider, connection: fakeConnection(url) });
	const base: Omit<ApplyInput, "plan"> = {
		stack,
		store,
		openRead: open,
		openAct: open,
		policies: compiled,
		policyDigest: digest,
		compile,
		now,
		log: () => {},
		holder: "a test",
	};
	const scan = async (): Promise<Assessment> => {
		await runScan({
			store,
			provider: fakeProvider,
			connection: fakeConnection(url),
			system: "fake",
			stackDigest: stack.digest,
			budget: { perAccountRequests: null, perAccountMaxAge: 0 },
			now,
		});
		const assessment = await assess({ store, stack, policies: compiled, policyDigest: digest, compile });
		if (!assessment) throw new Error("nothing was scanned");
		return assessment;
	};
	return {
		store,
		stack,
		url,
		base,
		scan,
		plan: async (more = {}) => makePlan({ assessment: await scan(), stack, store, providers: { fake: fakeProvider }, compile, now: now(), ...more }),
		apply: (plan, more = {}) => applyPlan({ ...base, plan, ...more }),
		async close() {
			await store.close();
			if (folder) rmSync(folder, { recursive: true, force: true });
		},
	};
}
