/** One rule in both languages. `where` and `pass` of Rego are bodies over the account `a`. */
export interface RuleInBoth {
	cel: { where: string; pass: string };
	rego: { where: string; pass: string[] };
}

export const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const before = (days: number) => now - days * day;

export const rules: readonly RuleInBoth[] = [
	{
		cel: { where: "account.enabled && account.kind == 'human'", pass: "account.authenticators.exists(a, !a.recoveryOnly)" },
		rego: { where: 'a.enabled; a.kind == "human"', pass: ["some x in a.authenticators; not x.recoveryOnly"] },
	},
	{
		cel: { where: "account.enabled && account.privileged", pass: "account.authenticators.exists(a, a.strength == 'phishing-resistant')" },
		rego: { where: "a.enabled; a.privileged", pass: ['some x in a.authenticators; x.strength == "phishing-resistant"'] },
	},
	{
		cel: { where: "account.enabled && account.kind == 'human'", pass: "account.lastActivity != null && account.lastActivity > now - days(90)" },
		rego: { where: 'a.enabled; a.kind == "human"', pass: [`a.lastActivity != null; a.lastActivity > ${before(90)}`] },
	},
	{
		cel: { where: "account.enabled && account.kind in ['service', 'agent']", pass: "!account.privileged || account.credentialProvider == 'federated'" },
		rego: { where: 'a.enabled; a.kind in {"service", "agent"}', pass: ["not a.privileged", 'a.privileged; a.credentialProvider == "federated"'] },
	},
	{
		cel: { where: "account.enabled && account.external", pass: "!account.topPrivileged && account.created != null && account.created > now - days(365)" },
		rego: { where: "a.enabled; a.external", pass: [`not a.topPrivileged; a.created != null; a.created > ${before(365)}`] },
	},
	{
		cel: { where: "account.enabled", pass: "account.passwordChanged == null || account.passwordChanged > now - days(180)" },
		rego: { where: "a.enabled", pass: ["a.passwordChanged == null", `a.passwordChanged != null; a.passwordChanged > ${before(180)}`] },
	},
	{ cel: { where: "!account.enabled", pass: "!account.privileged" }, rego: { where: "not a.enabled", pass: ["not a.privileged"] } },
	{
		cel: { where: "account.privileged", pass: "account.roles.all(r, r.level != 'top' || r.assignment == 'eligible')" },
		rego: { where: "a.privileged", pass: ['every r in a.roles { any([r.level != "top", r.assignment == "eligible"]) }'] },
	},
	{
		cel: { where: "account.enabled && account.kind == 'service'", pass: "account.login.startsWith('svc-')" },
		rego: { where: 'a.enabled; a.kind == "service"', pass: ['startswith(a.login, "svc-")'] },
	},
	{
		cel: { where: "account.enabled && account.privileged", pass: "account.lastActivity != null && account.lastActivity > now - days(45)" },
		rego: { where: "a.enabled; a.privileged", pass: [`a.lastActivity != null; a.lastActivity > ${before(45)}`] },
	},
];

/** `fails` lists the failing ids of each rule, `passes` the passing ones. */
export function regoModule(): string {
	const lines = ["package bench", "", "any(list) if { some x in list; x }"];
	for (const [index, { rego }] of rules.entries()) {
		for (const body of rego.pass) lines.push(`sound_${index}(a) if { ${body} }`);
		lines.push(`fails["r${index}"] := [a.id | some a in input.accounts; ${rego.where}; not sound_${index}(a)]`);
		lines.push(`passes["r${index}"] := [a.id | some a in input.accounts; ${rego.where}; sound_${index}(a)]`);
	}
	return `${lines.join("\n")}\n`;
}

/** Accounts of which everything is known: Rego has no third value. The same on every run. */
export function knownAccounts(count: number): object[] {
	let seed = 42;
	const random = () => {
		seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
		return seed / 2 ** 32;
	};
	return Array.from({ length: count }, (_, i) => {
		const privileged = random() < 0.02;
		const service = random() < 0.1;
		return {
			key: `okta/${i}`,
			id: String(i),
			login: service && random() < 0.5 ? `svc-${i}@example.com` : `user${i}@example.com`,
			enabled: random() < 0.9,
			created: Math.round(now - random() * 2000 * day),
			passwordChanged: random() < 0.1 ? null : Math.round(now - random() * 200 * day),
			kind: service ? "service" : "human",
			external: random() < 0.05,
			breakGlass: false,
			credentialProvider: random() < 0.3 ? "federated" : "local",
			lastActivity: random() < 0.05 ? null : Math.round(now - random() * 95 * day),
			authenticators:
				random() < 0.05
					? []
					: [{ id: "f", type: "push", strength: random() < 0.2 ? "phishing-resistant" : "strong", source: "local", recoveryOnly: random() < 0.05 }],
			privileged,
			topPrivileged: privileged && random() < 0.3,
			roles: privileged ? [{ level: random() < 0.3 ? "top" : "privileged", assignment: random() < 0.5 ? "active" : "eligible" }] : [],
		};
	});
}
