import { compilePolicy } from "../src/policy/compile.js";
import { evaluateAccounts } from "../src/policy/evaluate.js";
import { parsePolicy } from "../src/policy/policy-file.js";

// Evaluation of simple policies over many accounts, one thread: `npx tsx bench/policy.ts [accounts] [policies]`.
const accountCount = Number(process.argv[2] ?? 100_000);
const policyCount = Number(process.argv[3] ?? 92);
const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;

const conditions: readonly (readonly [where: string, pass: string])[] = [
	["account.enabled && account.kind == 'human'", "account.authenticators.exists(a, !a.recoveryOnly)"],
	["account.enabled && account.privileged", "account.authenticators.exists(a, a.strength == 'phishing-resistant')"],
	["account.enabled && account.kind == 'human'", "account.lastActivity != null && account.lastActivity > now - days(params.days)"],
	["account.enabled && account.kind in ['service', 'agent']", "!account.privileged || account.credentialProvider == 'federated'"],
	["account.enabled && account.external", "!account.topPrivileged && account.created != null && account.created > now - days(365)"],
	["account.enabled", "account.passwordChanged == null || account.passwordChanged > now - days(params.days)"],
	["!account.enabled", "!account.privileged"],
	["account.privileged", "account.roles.all(r, r.level != 'top' || r.assignment == 'eligible')"],
];

const compiled = Array.from({ length: policyCount }, (_, i) => {
	const [where, pass] = conditions[i % conditions.length] ?? ["true", "true"];
	const text = `id: bench-${i}\ntitle: t\nseverity: low\ncause: c\nfor: account\nparams: { days: { type: integer, default: ${30 + i}, description: d } }\nwhere: ${JSON.stringify(where)}\npass: ${JSON.stringify(pass)}\nmessage: m\nwhy: w\ntests: [{ name: n, account: {}, expect: unknown }]\n`;
	return text;
});
/** Processor time of this process, ms: what a busy machine leaves comparable. */
function cpu(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}
const parseStart = cpu();
const policies = compiled.map((text, i) => {
	const { policy, errors } = parsePolicy(text, `bench-${i}.yaml`);
	if (!policy) throw new Error(errors.map((e) => e.message).join());
	return compilePolicy(policy);
});
const parsed = cpu() - parseStart;

/** A small deterministic generator: the same accounts on every run. */
let seed = 42;
function random(): number {
	seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
	return seed / 2 ** 32;
}
const accounts = Array.from({ length: accountCount }, (_, i) => account(i));

function account(i: number): object {
	const privileged = random() < 0.02;
	const made: Record<string, unknown> = {
		key: `okta/${i}`,
		id: String(i),
		login: `user${i}@example.com`,
		enabled: random() < 0.9,
		created: now - random() * 2000 * day,
		passwordChanged: random() < 0.1 ? null : now - random() * 400 * day,
		kind: random() < 0.9 ? "human" : "service",
		external: random() < 0.05,
		breakGlass: false,
		credentialProvider: "local",
	};
	// Missing keys, as a partial read leaves them.
	if (random() < 0.9) made.lastActivity = random() < 0.05 ? null : now - random() * 200 * day;
	if (random() < 0.9) made.authenticators = random() < 0.1 ? [] : [{ id: "f", type: "push", strength: "strong", source: "local", recoveryOnly: false }];
	if (random() < 0.95)
		Object.assign(made, { privileged, topPrivileged: privileged && random() < 0.3, roles: privileged ? [{ level: "privileged", assignment: "active" }] : [] });
	return made;
}

const times: number[] = [];
let counts = { pass: 0, fail: 0, unknown: 0, other: 0 };
for (let run = 0; run < 5; run++) {
	counts = { pass: 0, fail: 0, unknown: 0, other: 0 };
	const start = cpu();
	evaluateAccounts(policies, accounts, now, {
		outcome: (_policy, _subject, outcome) => {
			if (outcome === "pass") counts.pass++;
			else if (outcome === "fail") counts.fail++;
			else if (outcome === "unknown") counts.unknown++;
			else counts.other++;
		},
	});
	times.push(cpu() - start);
}
const best = Math.min(...times);
console.log(`processor time: parse + compile ${policyCount} policies: ${parsed.toFixed(0)} ms`);
console.log(
	`${accountCount} accounts x ${policyCount} policies: first ${times[0]?.toFixed(0)} ms, best ${best.toFixed(0)} ms, ${((accountCount * policyCount) / best / 1000).toFixed(1)} M/s`,
);
console.log(counts);
