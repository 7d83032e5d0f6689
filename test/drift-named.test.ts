import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { send, tokenOf } from "../providers/google-workspace/emulator/test-workspace.js";
import { acmeStory } from "../providers/okta/emulator/acme.js";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { openStore } from "../src/store/open.js";
import { keelson } from "./keelson.js";

interface Part {
	path: string;
	member?: string;
	since: { asDeclared: string | null; differs: string | null; text: string };
	by: { text: string; unknown?: string; type?: string; actor?: { type: string; id?: string; login?: string }; ip?: string; country?: string; keelson?: object };
}
interface Said {
	drift: { key: string; parts: Part[]; ways: { adopt: { command?: string; lines?: string[] }; restore: { changes: string[] } } }[];
	unread: unknown[];
	plan?: { file: string | null; actions: number };
}

const { policies, rules, groups, people } = acmeStory;
const superAdmins = `okta/group/${groups.superAdmins}`;
const session = `okta/rule/OKTA_SIGN_ON/${policies.administrators}/${rules.administrators}`;

/** One story, in order: each step begins with what the one before left. */
describe("drift with a name, on six systems", { timeout: 120_000 }, () => {
	let folder: string;
	let file: string;
	let tenant: DemoTenant;
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const scan = () => run("scan", "--quiet", "--fail-on", "none");
	const drift = async (...args: string[]) => {
		const ran = await run("drift", "--json", ...args);
		expect(ran.stderr).toBe("");
		return { code: ran.code, ...(JSON.parse(ran.stdout) as Said) };
	};
	const systems = () => parse(readFileSync(file, "utf8")).systems as Record<string, { url: string; act: Record<string, string> }>;
	const secret = (reference: string) => readFileSync(join(folder, /\$\{file:(.+)\}/.exec(reference)?.[1] ?? ""), "utf8");
	let entra: { group: string; token: string; url: string; person: string };
	let google: { group: string; person: string };
	let wanted: string[];

	async function entraToken(): Promise<{ token: string; url: string }> {
		const { url, act } = systems().entra ?? { url: "", act: {} };
		const body = new URLSearchParams({
			grant_type: "client_credentials",
			client_id: act.clientId ?? "",
			client_secret: secret(act.clientSecret ?? ""),
			scope: `${url}/.default`,
		});
		const answer = (await (await fetch(`${url}/${act.tenantId}/oauth2/v2.0/token`, { method: "POST", body })).json()) as { access_token: string };
		return { token: answer.access_token, url };
	}
	const graph = (method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
		fetch(`${entra.url}/v1.0${path}`, {
			method,
			headers: { authorization: `Bearer ${entra.token}`, ...headers, ...(body && { "content-type": "application/json" }) },
			...(body && { body: JSON.stringify(body) }),
		});

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-named-"));
		file = join(folder, "stacks", "acme.yaml");
		tenant = await startDemoTenant(folder, true);
		await scan();
		await run("pin");
		const store = await openStore(`sqlite:${join(folder, ".keelson", "acme.db")}`);
		const plain = async (system: string) => {
			const [seen] = await store.scans({ system, limit: 1 });
			if (!seen) throw new Error(`${system} was not scanned`);
			for await (const batch of store.records(seen, "memberships"))
				for (const { body } of batch as { body: { group: string; account: string; source: string; memberType?: string; login?: string } }[])
					if (body.source === "direct" && !body.memberType && !body.login) return { group: body.group, person: body.account };
			throw new Error(`${system} has no group that people are in directly`);
		};
		entra = { ...(await plain("entra")), ...(await entraToken()) };
		google = await plain("google");
		await store.close();
		wanted = [`entra/group/${entra.group}`, `google/group/${google.group}`, superAdmins];
		for (const key of wanted.slice(0, 2)) expect(await run("import", key), key).toMatchObject({ code: 0 });
		const text = readFileSync(file, "utf8");
		const rule = `settings:\n  # agreed with the auditors\n  ${session}:\n    mode: authoritative\n    values:\n      actions:\n        signon:\n          session:\n            usePersistentCookie: false # never\n`;
		writeFileSync(file, `${text}\n${rule}`);
		await scan();
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	/** As the administrator in whose name Keelson acts, and not by Keelson. */
	async function byTheActingAdministrator(method: string, path: string): Promise<number> {
		const { url, act } = systems().google ?? { url: "", act: {} };
		const client = { system: { url, act: { ...act, key: secret(act.key ?? "") } }, now: Date.now } as never;
		const { access_token: token } = (await tokenOf(client, { which: "act" })).body;
		return (await send(client, method, path, undefined, { authorization: `Bearer ${token}` })).status;
	}

	it("names who changed it, when and from where, of three vendors at once", async () => {
		const before = Date.now();
		tenant.changeBehindYourBack();
		expect(
			(await graph("DELETE", `/groups/${entra.group}/members/${entra.person}/$ref`, { "x-console-user": entra.person, "x-forwarded-for": "198.51.100.9" }))
				.status,
		).toBe(204);
		expect(await byTheActingAdministrator("DELETE", `/admin/directory/v1/groups/${google.group}/members/${google.person}`)).toBe(204);
		const { code, drift: found, unread } = await drift();
		expect([code, unread]).toEqual([5, []]);
		const parts = (key: string) => found.find((one) => one.key === key)?.parts ?? [];
		const jonas = parts(superAdmins).find(({ member }) => member === people.jonas.id);
		expect(jonas?.by).toMatchObject({
			type: "group.user_membership.add",
			actor: { type: "account", id: people.leo.id, login: people.leo.login },
			ip: "203.0.113.66",
			country: "Singapore",
		});
		expect(jonas?.since.asDeclared).not.toBeNull();
		expect(jonas?.since.differs).toBeNull();
		// She was there before Keelson looked for the first time.
		const kim = parts(superAdmins).find(({ member }) => member === people.kim.id);
		expect(kim?.since).toMatchObject({ asDeclared: null });
		expect(kim?.by.text).toContain("tom.becker@acme.example");
		const gone = parts(`entra/group/${entra.group}`).find(({ member }) => member === entra.person);
		expect(gone?.by).toMatchObject({ type: "Remove member from group", actor: { type: "account", id: entra.person }, ip: "198.51.100.9" });
		const own = parts(`google/group/${google.group}`).find(({ member }) => member === google.person);
		expect(own?.by).toMatchObject({ type: "REMOVE_GROUP_MEMBER", keelson: { plan: null }, ip: "203.0.113.10", country: "FI" });
		expect(own?.by.text).toContain("by no plan of this journal");
		expect(Date.parse(String(gone?.since.asDeclared))).toBeLessThanOrEqual(before);
		expect(parts(session).map(({ path }) => path)).toEqual(["actions.signon.session.usePersistentCookie"]);
		expect(parts(session)[0]?.by).toMatchObject({ type: "policy.rule.update", actor: { login: people.leo.login } });
	});

	it("once a scan has seen it, it says between which two", async () => {
		await scan();
		const { drift: found } = await drift("--system", "entra");
		const [part] = found[0]?.parts ?? [];
		expect(Date.parse(String(part?.since.differs))).toBeGreaterThan(Date.parse(String(part?.since.asDeclared)));
		expect(part?.by.ip).toBe("198.51.100.9");
	});

	it("asks no log when told so, and says that", async () => {
		const { drift: found } = await drift("--no-who");
		for (const { parts } of found) for (const { by } of parts) expect(by.unknown).toBe("the vendor's log was not asked");
	});

	it("as Markdown for an issue, with both ways out, within a length", async () => {
		const { stdout, code } = await run("drift", "--format", "markdown");
		expect(code).toBe(5);
		expect(stdout).toContain("| Object | What | Since | Who |");
		expect(stdout).toContain("203.0.113.66 (Singapore)");
		expect(stdout).toContain(`keelson drift --adopt ${superAdmins}`);
		const short = await run("drift", "--format", "markdown", "--limit", "1500");
		expect(Buffer.byteLength(short.stdout)).toBeLessThanOrEqual(1500);
		expect(short.stdout).toContain("keelson drift has all of it");
	});

	it("adopts what is live in its place, every other character kept", async () => {
		const before = readFileSync(file, "utf8");
		const key = `entra/group/${entra.group}`;
		const { drift: found } = await drift("--system", "entra");
		const lines = found[0]?.ways.adopt.lines ?? [];
		expect(lines.filter((line) => line.startsWith("-"))).toHaveLength(1);
		expect((await run("drift", "--adopt", key)).code).toBe(0);
		const after = readFileSync(file, "utf8").split("\n");
		const gone = before.split("\n").findIndex((line, at, all) => line === lines.find((one) => one.startsWith("- "))?.slice(2) && all.indexOf(`  ${key}:`) < at);
		expect(after).toEqual(before.split("\n").toSpliced(gone, 1));
		expect(after.join("\n")).toContain("usePersistentCookie: false # never");
		expect((await drift("--system", "entra")).code).toBe(0);
	});

	it("what is not declared, or as declared, is not adopted", async () => {
		expect(await run("drift", "--adopt", `entra/group/${entra.group}`)).toMatchObject({ code: 2, stdout: "" });
		expect((await run("drift", "--adopt", "okta/group/00gNONE")).stderr).toContain("keelson import");
	});

	it("writes the plan that restores what is declared; apply makes it, and names itself as the author of the next drift", async () => {
		const { plan } = await drift("--plan", "plans/restore.yaml");
		expect(plan).toMatchObject({ file: "plans/restore.yaml", actions: 4 });
		const text = readFileSync(join(folder, "plans", "restore.yaml"), "utf8");
		expect(text).toContain("declared: true");
		const applied = await run("apply", "plans/restore.yaml", "--quiet");
		expect(applied).toMatchObject({ code: 0 });
		expect(await drift("--system", "okta")).toMatchObject({ code: 0, drift: [] });
		// The declaration turns round: what Keelson took out is declared again.
		writeFileSync(
			file,
			readFileSync(file, "utf8").replace(
				/( *)- \{ login: leo\.fischer.*\n/,
				(line, indent: string) => `${line}${indent}- { login: ${people.kim.login}, id: ${people.kim.id} }\n`,
			),
		);
		const { drift: found } = await drift("--system", "okta");
		const digest = /digest: ([0-9a-f]{8})/.exec(text)?.[1];
		expect(found[0]?.parts[0]?.by.text).toContain(`Keelson, plan ${digest}`);
	});

	it("a plan whose declaration is another one now changes nothing", async () => {
		const { plan } = await drift("--plan", "plans/again.yaml", "--system", "okta");
		expect(plan?.actions).toBe(1);
		writeFileSync(file, readFileSync(file, "utf8").replace(/.*- \{ login: kim\.novak.*\n/, ""));
		const applied = await run("apply", "plans/again.yaml", "--quiet", "--json");
		expect(JSON.parse(applied.stdout)).toMatchObject({ outcome: "nothing-to-do", calls: 0 });
		expect(applied.stdout).toContain("the stack file does not ask for it");
	});

	it("lists what is declared nowhere, with how much is, from the store alone", async () => {
		const { stdout, code } = await run("drift", "--unmanaged", "--json");
		const said = JSON.parse(stdout) as {
			systems: {
				system: string;
				coverage: { declared: number; total: number; complete: boolean; kinds: { kind: string }[] };
				unmanaged: { key: string; kind: string }[];
			}[];
		};
		expect([0, 3]).toContain(code);
		const okta = said.systems.find(({ system }) => system === "okta");
		expect(okta?.coverage).toMatchObject({ declared: 2, complete: true });
		expect(okta?.unmanaged.map(({ key }) => key)).not.toContain(superAdmins);
		expect(okta?.unmanaged.length).toBe((okta?.coverage.total ?? 0) - 2);
		expect(new Set(okta?.unmanaged.map(({ kind }) => kind))).toEqual(new Set(["group", "setting", "role", "app"]));
		expect(said.systems.map(({ system }) => system)).not.toContain("hr");
		for (const key of wanted) expect(stdout).not.toContain(`"${key}"`);
		const roles = await run("drift", "--unmanaged", "--system", "okta", "--kind", "role");
		expect(roles.stdout).toContain("okta/role/SUPER_ADMIN");
		expect(roles.stdout).not.toContain("okta/group/");
	});
});
