import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roleNamed } from "../providers/entra/emulator/role-catalogue.js";
import { emulation as entra } from "../providers/entra/emulator.js";
import { emulation as google } from "../providers/google-workspace/emulator.js";
import { emulation as okta } from "../providers/okta/emulator.js";
import type { EmulatedTenant } from "../src/emulate/contract.js";
import type { GroupRecord } from "../src/model/objects.js";
import { openStore } from "../src/store/open.js";
import { keelson, later } from "./keelson.js";

const minute = 60_000;
const hour = 60 * minute;

interface Access {
	/** As in the stack file. */
	key: string;
	login: string;
	id: string;
}

/** One story, in order: each step begins with what the one before left. All clocks, the vendors' and the commands', go on together. */
describe("access with an end, where the vendor ends it and where it does not", { timeout: 180_000 }, () => {
	let folder: string;
	const tenants: Record<string, EmulatedTenant> = {};
	const until: Record<string, string> = {};
	let role: Access;
	let group: Access;
	let suite: Access;
	let plain: Access;
	let ahead = 0;
	const all = () => [role, group, suite, plain];

	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stack.yaml"], later(ahead));
	const json = async (...args: string[]) => {
		const { code, stdout, stderr } = await run(...args, "--json", "--quiet");
		if (stdout === "") throw new Error(`keelson ${args.join(" ")}: ${code}: ${stderr}`);
		return { code, said: JSON.parse(stdout) };
	};
	const goOn = (ms: number) => {
		ahead += ms;
		for (const tenant of Object.values(tenants)) tenant.advance(ms);
	};
	/** From now, in whole seconds as people write it. */
	const at = (ms: number) => new Date(Math.floor((Date.now() + ahead + ms) / 1000) * 1000).toISOString();
	const declare = (accesses: Access[]) => {
		const lines = accesses.flatMap(({ key, login, id }) => [
			`  ${key}:`,
			"    mode: additive",
			"    members:",
			`      - { login: ${login}, id: "${id}"${until[key] ? `, until: ${until[key]}, reason: migration` : ""} }`,
		]);
		const head = readFileSync(join(folder, "head.yaml"), "utf8");
		writeFileSync(join(folder, "stack.yaml"), [head, "memberships:", ...lines, ""].join("\n"));
	};
	/** What is declared is planned, reviewed and applied. */
	const mend = async () => {
		const drift = await run("drift", "--plan", "mend.json", "--no-who", "--json", "--quiet");
		const applied = await run("apply", "mend.json", "--json", "--quiet");
		for (const tenant of Object.values(tenants)) tenant.advance(0);
		return { drift, applied };
	};
	const grants = async (...args: string[]) => {
		const { code, said } = await json("expire", "--list", ...args);
		const by = new Map<string, { state: string; endedBy: string; overdue: boolean; detail: string | null }>(said.grants.map((one: Access) => [one.key, one]));
		return { code, of: (access: Access) => by.get(access.key), unread: said.unread };
	};
	/** Read live, who is declared and not there. */
	const missing = async () => {
		const { said } = await json("drift", "--no-who");
		expect(said.unread).toEqual([]);
		return said.drift.map(({ key }: { key: string }) => key).sort();
	};
	const held = ({ key, id }: Access) => {
		const [system = "", , group = ""] = key.split("/");
		return tenants[system]?.truth().memberships.includes(`${group}/${id}`);
	};
	const keys = (...accesses: Access[]) => accesses.map(({ key }) => key).sort();

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-native-"));
		mkdirSync(join(folder, "keys"));
		const systems: Record<string, unknown> = {};
		for (const [name, { start }] of Object.entries({ okta, entra, google })) {
			const tenant = await start({ users: 0, seed: 1, acme: true, now: Date.now(), limits: "off" });
			tenants[name] = tenant;
			const block = (purpose: "auth" | "act") =>
				Object.fromEntries(
					Object.entries(tenant.system[purpose]).map(([field, value]) => {
						if (!["key", "clientSecret"].includes(field)) return [field, value];
						writeFileSync(join(folder, "keys", `${name}-${purpose}`), String(value), { mode: 0o600 });
						return [field, `\${file:keys/${name}-${purpose}}`];
					}),
				);
			const { provider, url, options } = tenant.system;
			systems[name] = { provider, url, auth: block("auth"), act: block("act"), ...(options && { options }) };
		}
		const emergency = ([system, login]: [string, string]) => ({ login: `${system}/${login}`, id: account(system, login).id });
		const people = { breakGlass: [emergency(["okta", "emergency-1@acme.example"]), emergency(["entra", "breakglass1@acme.example"])] };
		const head = { name: "acme", store: "sqlite:acme.db", systems, people, policies: { use: ["recommended"] } };
		const guards = { remediation: { plans: ".", guardrails: { maxAccounts: 25, maxPercent: 50, keepAdmins: 2 } } };
		const yaml = Object.entries({ ...head, ...guards }).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
		writeFileSync(join(folder, "head.yaml"), yaml.join("\n"));
		declare([]);
		await run("scan", "--quiet", "--fail-on", "none");
		role = { key: `entra/role/${roleNamed("Reports Reader")}`, ...account("entra", "lena.roth@acme.example") };
		group = { key: await groupNamed("entra", "Service desk, night"), ...account("entra", "lena.roth@acme.example") };
		suite = { key: await groupNamed("google", "Agency"), ...account("google", "leo.fischer@acme.example") };
		plain = { key: await groupNamed("okta", "Finance Approvers"), ...account("okta", "leo.fischer@acme.example") };
	});
	afterAll(async () => {
		await Promise.all(Object.values(tenants).map((tenant) => tenant.close()));
		rmSync(folder, { recursive: true, force: true });
	});

	function account(system: string, login: string): Omit<Access, "key"> {
		const found = tenants[system]?.truth().accounts.find((one) => one.login === login);
		if (!found) throw new Error(`${login} is not in ${system}`);
		return { login, id: found.id };
	}

	async function groupNamed(system: string, name: string): Promise<string> {
		const store = await openStore(`sqlite:${join(folder, "acme.db")}`);
		try {
			const [scan] = await store.scans({ system, limit: 1 });
			if (!scan) throw new Error(`${system} was not scanned`);
			for await (const batch of store.records(scan, "groups"))
				for (const record of batch) if ((record.body as GroupRecord).name === name) return `${system}/group/${record.id}`;
		} finally {
			await store.close();
		}
		throw new Error(`no group ${name} in ${system}`);
	}

	it("is given with its end, and it is said who ends it", async () => {
		for (const { key } of all()) until[key] = at(4 * hour);
		declare(all());
		const { drift, applied } = await mend();
		expect(drift.code, drift.stderr).toBe(5);
		expect(applied.code, applied.stdout + applied.stderr).toBe(0);
		goOn(minute);
		expect(await missing()).toEqual([]);
		const { code, of } = await grants("--within", "1h");
		expect(code).toBe(0);
		for (const access of [role, group, suite]) expect(of(access), access.key).toMatchObject({ state: "active", endedBy: "vendor" });
		expect(of(plain)).toMatchObject({ state: "active", endedBy: "keelson expire" });
	});

	it("is extended by a changed line: the difference is told, and the vendor's end is moved", async () => {
		until[suite.key] = at(7 * hour);
		until[role.key] = at(7 * hour);
		declare(all());
		const { said } = await json("drift", "--no-who");
		expect(said.drift.map(({ key }: Access) => key).sort()).toEqual(keys(role, suite));
		for (const { parts, key } of said.drift) expect(parts, key).toMatchObject([{ desired: until[key] }]);
		const { applied } = await mend();
		expect(applied.code, applied.stdout + applied.stderr).toBe(0);
		goOn(minute);
		expect(await missing()).toEqual([]);
	});

	it("is gone by itself after four hours and a minute in which nothing ran, where the vendor ends it", async () => {
		goOn(4 * hour - minute);
		expect(held(group)).toBe(false);
		expect(held(plain)).toBe(true);
		const { code, of, unread } = await grants("--within", "1h");
		expect([code, unread]).toEqual([1, []]);
		expect(of(group)).toMatchObject({ state: "ended", overdue: false });
		expect(of(plain)).toMatchObject({ state: "overdue", overdue: true, endedBy: "keelson expire" });
		// The first end of these has passed too: they were extended.
		for (const access of [role, suite]) expect(of(access), access.key).toMatchObject({ state: "active", endedBy: "vendor" });
		expect(held(suite)).toBe(true);
		expect(await missing()).toEqual([]);
	});

	it("is a finding while it is overdue", async () => {
		const { said } = await json("scan", "--fail-on", "none");
		const found = said.findings.filter(({ policy }: { policy: string }) => policy.startsWith("jit-access-overdue"));
		expect(found.map(({ message }: { message: string }) => message)).toEqual([`Finance Approvers is still held by ${plain.login}, whose time is over`]);
	});

	it("tells of a removal that failed, keeps it as failed, and tries again at the next run", async () => {
		const fault = { do: "status", status: 403, method: "DELETE", path: /^\/api\/v1\/groups\// } as const;
		tenants.okta?.faults.push({ ...fault });
		const { code, said } = await json("expire");
		expect(code).toBe(1);
		expect(said.due.map(({ key }: Access) => key)).toEqual([plain.key]);
		expect(said.overdue).toMatchObject([{ key: plain.key, state: "failed", detail: expect.stringMatching(/403|refus|denied|forbidden/i) }]);
		const after = await grants();
		expect(after.code).toBe(1);
		expect(after.of(plain)).toMatchObject({ state: "failed", overdue: true, detail: expect.stringMatching(/403|refus|denied|forbidden/i) });
		tenants.okta?.faults.splice(0);
		expect(await json("expire")).toMatchObject({ code: 0, said: { due: [{ key: plain.key }], overdue: [], applied: { outcome: "applied" } } });
		expect(held(plain)).toBe(false);
		expect((await grants()).of(plain)).toMatchObject({ state: "ended", overdue: false });
	});

	it("is made lasting by a line without an end", async () => {
		until[suite.key] = "";
		until[role.key] = "";
		declare(all());
		const { said } = await json("drift", "--no-who");
		expect(said.drift.map(({ key }: Access) => key).sort()).toEqual(keys(role, suite));
		for (const { parts, key } of said.drift) expect(parts, key).toMatchObject([{ desired: "no end" }]);
		const { applied } = await mend();
		expect(applied.code, applied.stdout + applied.stderr).toBe(0);
		goOn(8 * hour);
		expect(await missing()).toEqual([]);
		expect(held(suite)).toBe(true);
	});

	it("is ended by itself at the later end, and nothing is left to do for it", async () => {
		for (const { key } of [role, suite]) until[key] = at(hour);
		declare(all());
		expect((await mend()).applied.code).toBe(0);
		goOn(hour + minute);
		expect(held(suite)).toBe(false);
		const { code, of } = await grants();
		expect(code).toBe(0);
		for (const access of all()) expect(of(access), access.key).toMatchObject({ state: "ended", overdue: false });
		expect(await json("expire")).toMatchObject({ code: 0, said: { due: [], overdue: [], plan: null, unread: [] } });
	});
});
