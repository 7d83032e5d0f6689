import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { choose } from "../policy/choose.js";
import { exemptionKey, placeOf, type Surroundings } from "../report/surroundings.js";
import { loadStack } from "../stack/load.js";
import { surroundingsOf } from "./report-places.js";
import { shippedPolicies } from "./workspace.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "keelson-places-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = `name: acme
systems:
  okta:
    provider: okta
    url: https://acme.okta.com
    auth: { method: x }
people:
  breakGlass: [ { login: okta/a@acme.example, id: 00u1 } ]
policies:
  use: [ recommended, never-signed-in ]
  dirs: [ own ]
  set: { dormant-account: { params: { days: 45 } } }
exemptions:
  - { policy: mfa-weak-only, subject: { login: okta/a@acme.example, id: 00u1 }, owner: o@acme.example, reason: r, expires: 2030-01-31 }
memberships:
  okta/group/00g1: { name: G, mode: observe, members: [ { login: b@acme.example, id: 00u2 } ] }
settings:
  okta/session/p1:
    mode: observe
    values: { a: 1 }
`;

async function surroundings(project: string, name = "stack.yaml"): Promise<Surroundings> {
	const { stack, diagnostics } = await loadStack(join(project, name), { now: Date.UTC(2026, 0, 1) });
	if (!stack) throw new Error(JSON.stringify(diagnostics));
	const { compiled, diagnostics: wrong } = await choose(shippedPolicies, stack);
	expect(wrong).toEqual([]);
	return surroundingsOf(stack, compiled);
}

/** A project below the top of a working copy, with a policy of its own. */
function project(name: string, top: string | null): string {
	const made = join(folder, name, "infra");
	mkdirSync(join(made, "own"), { recursive: true });
	writeFileSync(join(made, "Pulumi.yaml"), "name: x\n");
	writeFileSync(join(made, "stack.yaml"), text);
	writeFileSync(
		join(made, "own/mine.yaml"),
		`# a policy of our own
id: own-policy
title: T
severity: low
cause: c
for: account
pass: account.enabled
message: m
why: w
tests: [ { name: n, account: {}, expect: unknown } ]
`,
	);
	if (top) mkdirSync(join(folder, name, top));
	return made;
}

it("finds the line of each declared thing, from the top of the working copy", async () => {
	const { places, policies, version } = await surroundings(project("repo", ".git"));
	const at = (key: string) => [places.subjects.get(key)?.path, places.subjects.get(key)?.line];
	expect(at("okta/00u1")).toEqual(["infra/stack.yaml", 8]);
	expect(at("okta/00u2")).toEqual(["infra/stack.yaml", 16]);
	expect(at("okta/00g1")).toEqual(["infra/stack.yaml", 16]);
	expect(at("okta/group/00g1")).toEqual(["infra/stack.yaml", 16]);
	expect(at("okta/session/p1")).toEqual(["infra/stack.yaml", 18]);
	expect(at("okta")).toEqual(["infra/stack.yaml", 3]);
	const of = (policy: string) => [places.policies.get(policy)?.path, places.policies.get(policy)?.line];
	expect(of("dormant-account")).toEqual(["infra/stack.yaml", 12]);
	expect(of("never-signed-in")).toEqual(["infra/stack.yaml", 10]);
	expect(of("own-policy")).toEqual(["infra/own/mine.yaml", 2]);
	expect(places.stack).toEqual({ path: "infra/stack.yaml", line: 1, column: 1, endColumn: 11 });
	expect(places.exemptions.get(exemptionKey("mfa-weak-only", "okta/00u1"))?.line).toBe(14);
	expect(policies.get("own-policy")).toMatchObject({ subject: "account", controls: [] });
	expect(version).toMatch(/^\d+\.\d+\.\d+/);
	const place = placeOf({ policy: "mfa-weak-only", subject: { kind: "account", key: "okta/00u1", label: "" }, outcome: "excepted" }, places);
	expect(place.line).toBe(14);
	const lines = text.split("\n");
	for (const { line, column, endColumn } of places.subjects.values()) {
		expect(column).toBeGreaterThan(0);
		expect(endColumn).toBe((lines[line - 1] ?? "").length + 1);
	}
});

it("takes the project's folder where there is no working copy, and resolves links", async () => {
	const made = project("plain", null);
	expect((await surroundings(made)).places.stack.path).toBe("stack.yaml");
	const linked = project("linked", ".git");
	rmSync(join(linked, "stack.yaml"));
	writeFileSync(join(linked, "real.yaml"), text);
	symlinkSync("real.yaml", join(linked, "stack.yaml"));
	expect((await surroundings(linked)).places.stack.path).toBe("infra/real.yaml");
});
