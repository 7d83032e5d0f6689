import { expect, test } from "vitest";
import { checkExemptions, checkPolicyNames, diagnosticAt, unpinned } from "./later.js";
import { good, minimal, temporaryFolder } from "./test-stack.js";

const folder = temporaryFolder();
const text = `${minimal}policies:
  use: [ recomended, scuba, mfa-admins ]
  set: { mfa-admin: { enabled: false }, scuba: {} , a.b: {} }
exemptions:
  - { policy: mfa-admins, subject: { login: okta/a }, owner: o, reason: r, expires: 2027-01-01 }
  - { policy: dormant, subject: { key: okta/app/1 }, owner: o, reason: r, expires: 2027-01-01 }
people:
  breakGlass: [ { login: okta/b, id: 1x } ]
  service: [ { login: okta/s, reason: r }, { where: "true", reason: r } ]
memberships:
  okta/group/1: { members: [ { login: m }, { login: n, id: 2x } ] }
remediation: { guardrails: { protect: [ { login: okta/p } ] } }
`;

test("names of policies and packs are checked where they stand", async () => {
	const stack = await good(folder, text);
	const found = checkPolicyNames(stack, ["mfa-admins", "dormant-account"], ["recommended", "scuba"]);
	expect(found.map((d) => `${d.line}:${d.column} ${d.message} (${d.hint})`)).toEqual([
		"8:10 there is no policy or pack `recomended` (did you mean `recommended`?)",
		"9:10 there is no policy `mfa-admin` (did you mean `mfa-admins`?)",
		"9:41 there is no policy `scuba` (this is a pack; name one of its policies)",
		"9:53 there is no policy `a.b` (`keelson policy list` lists them)",
		"12:15 there is no policy `dormant` (did you mean `dormant-account`?)",
	]);
	expect(found[0]?.excerpt).toBe("  use: [ recomended, scuba, mfa-admins ]");
});

test("what compensates is a policy for the same kind of subject, and no subject is wider than its policy's", async () => {
	const entry = (more: string) => `  - { ${more}, owner: o, reason: r, expires: 2027-01-01 }\n`;
	const stack = await good(
		folder,
		`${minimal}exemptions:\n${[
			"policy: mfa, subject: { login: okta/a }, compensatedBy: dormant",
			"policy: mfa, subject: { login: okta/a }, compensatedBy: mfa",
			"policy: mfa, subject: { login: okta/a }, compensatedBy: old-key",
			"policy: mfa, subject: { login: okta/a }, compensatedBy: dormnt",
			"policy: mfa, subject: { key: okta }",
			"policy: breakglass, subject: { key: okta }",
		]
			.map(entry)
			.join("")}`,
	);
	const kinds = new Map([
		["mfa", "account"],
		["dormant", "account"],
		["old-key", "credential"],
		["breakglass", "system"],
	]);
	const said = [...checkPolicyNames(stack, [...kinds.keys()], ["recommended"]), ...checkExemptions(stack, kinds)];
	expect(said.map(({ line, message }) => `${line} ${message}`)).toEqual([
		"11 there is no policy `dormnt`",
		"9 `mfa` can't compensate for itself",
		"10 `old-key` is for subjects of the kind credential, and `mfa` for those of the kind account",
		"12 `okta` is a system as a whole, and `mfa` is for subjects of the kind account",
	]);
	expect(said.every(({ excerpt }) => excerpt?.includes("policy: mfa"))).toBe(true);
});

test("logins without an id are listed with their place", async () => {
	expect(unpinned(await good(folder, text))).toEqual([
		{ path: "people.service.0", login: "okta/s", position: { line: 15, column: 23 } },
		{ path: "exemptions.0.subject", login: "okta/a", position: { line: 11, column: 45 } },
		{ path: "memberships.okta/group/1.members.0", login: "okta/m", position: { line: 17, column: 39 } },
		{ path: "remediation.guardrails.protect.0", login: "okta/p", position: { line: 18, column: 50 } },
	]);
});

test("a later diagnostic stands at the nearest place, and masks what may be secret", async () => {
	const stack = await good(folder, `${minimal.replace("method: x", "token: hunter2")}settings: { "okta/a.b": { values: { c: 1 } } }\n`);
	expect(diagnosticAt(stack, 'settings["okta/a.b"].values.c', "m")).toMatchObject({ line: 7, column: 40 });
	expect(diagnosticAt(stack, 'settings["okta/a.b"].values.none.deeper', "m")).toMatchObject({ line: 7, column: 27 });
	expect(diagnosticAt(stack, "people.breakGlass.0", "m", "h", "warning")).toMatchObject({ line: 1, column: 1, hint: "h", level: "warning" });
	expect(diagnosticAt(stack, "systems.okta.auth", "m").excerpt).toBe("    auth: { token: ••••••• }");
});

test("a stack is plain data that can be cloned and written", async () => {
	const stack = await good(folder, text);
	expect(structuredClone(stack)).toEqual(stack);
	expect(JSON.parse(JSON.stringify(stack)).memberships["okta/group/1"].target).toBe("1");
});
