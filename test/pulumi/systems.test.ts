import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auth } from "@googleapis/admin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { EmulatedTenant, Emulation } from "../../src/emulate/contract.js";
import { findEngine } from "../../tools/engine/engine.js";
import { declared } from "../declared.js";
import { type EngineProject, engineProject } from "./project.js";

const engine = await findEngine((line) => process.stderr.write(`${line}\n`));
if ("missing" in engine) process.stderr.write(`SKIPPED: tests on the real Pulumi engine: ${engine.missing}\n`);

interface Named {
	id: string;
	displayName?: string;
	name?: string;
	email?: string;
}
type Call = <T>(method: string, path: string, body?: object) => Promise<T>;

/** Somebody in the vendor's console: requests of its API that Keelson does not make. */
async function entraConsole({ system }: EmulatedTenant): Promise<Call> {
	const { tenantId, clientId, clientSecret } = system.act as Record<string, string>;
	const form = { grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default", client_id: `${clientId}`, client_secret: `${clientSecret}` };
	const token = await fetch(`${system.url}/${tenantId}/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams(form) });
	const { access_token } = (await token.json()) as { access_token: string };
	return (method, path, body) => called(`${system.url}/v1.0${path}`, method, access_token, body);
}

async function googleConsole({ system }: EmulatedTenant): Promise<Call> {
	const { key, subject } = system.act as { key: string; subject: string };
	const { client_email: email, private_key, private_key_id: keyId } = JSON.parse(key) as Record<string, string>;
	const fetchImplementation: typeof fetch = (input, init) => {
		const { pathname, search } = new URL(input instanceof Request ? input.url : input);
		return fetch(system.url + pathname + search, init);
	};
	const scopes = ["admin.directory.group", "admin.directory.group.member", "apps.groups.settings"].map((one) => `https://www.googleapis.com/auth/${one}`);
	const held = { ...(email && { email }), ...(private_key && { key: private_key }), ...(keyId && { keyId }) };
	const token = await new auth.JWT({ ...held, subject, scopes, transporterOptions: { fetchImplementation } }).authorize();
	return (method, path, body) => called(system.url + path, method, `${token.access_token}`, body);
}

async function called<T>(url: string, method: string, token: string, body?: object): Promise<T> {
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
	const text = await response.text();
	if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
	return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** One story in order: what is declared of Entra and Google as it is, changed behind its back, and brought back. */
describe.skipIf("missing" in engine)("Entra and Google Workspace on the real engine", { timeout: 300_000 }, () => {
	let dir: string;
	let project: EngineProject;
	const tenants = new Map<string, EmulatedTenant>();
	const consoles = new Map<string, Call>();
	const groups: Record<string, string> = {};
	let outsiders: Record<string, { id: string; login: string }>;
	const said: string[] = [];

	const at = (system: string): EmulatedTenant => tenants.get(system) as EmulatedTenant;
	const call: (system: string) => Call = (system) => consoles.get(system) as Call;
	const isMember = (system: string): boolean => at(system).truth().memberships.includes(`${groups[system]}/${outsiders[system]?.id}`);
	const policy = () => call("entra")<{ allowInvitesFrom: string }>("GET", "/policies/authorizationPolicy");
	const settings = () => call("google")<{ whoCanJoin: string }>("GET", "/groups/v1/groups/agency%40acme.example?alt=json");
	const pulumi = async (...args: string[]) => {
		const ran = await project.pulumi(...args);
		said.push(ran.text);
		return ran;
	};
	/** Successful changes since the last call. */
	const writes = (): string[] =>
		[...tenants].flatMap(([system, { requests }]) => {
			const made = requests.filter(({ method, path, status }) => method !== "GET" && !/token|batch/i.test(path) && status < 400);
			const lines = made.map(({ method, url }) => `${system} ${method} ${url}`);
			(requests as unknown[]).length = 0;
			return lines;
		});

	beforeAll(async () => {
		dir = mkdtempSync(join(tmpdir(), "keelson-pulumi-systems-"));
		mkdirSync(join(dir, "stacks"));
		const systems: Record<string, object> = {};
		for (const [system, provider, open] of [
			["entra", "entra", entraConsole],
			["google", "google-workspace", googleConsole],
		] as const) {
			const { emulation } = (await import(`../../providers/${provider}/emulator.ts`)) as { emulation: Emulation };
			const tenant = await emulation.start({ users: 0, seed: 1, acme: true, now: Date.now(), limits: "off" });
			tenants.set(system, tenant);
			consoles.set(system, await open(tenant));
			systems[system] = declared(dir, system, tenant);
		}
		const { value } = await call("entra")<{ value: Named[] }>("GET", "/groups?$select=id,displayName");
		groups.entra = value.find(({ displayName }) => displayName === "Service desk")?.id ?? "";
		const { groups: listed } = await call("google")<{ groups: Named[] }>("GET", "/admin/directory/v1/groups?customer=my_customer");
		groups.google = listed.find(({ name }) => name === "Agency")?.id ?? "";
		outsiders = Object.fromEntries(
			[...tenants].map(([system, tenant]) => {
				const { accounts, memberships } = tenant.truth();
				const found = accounts.find(({ id, enabled, privileged }) => enabled && !privileged && !memberships.includes(`${groups[system]}/${id}`));
				return [system, { id: `${found?.id}`, login: `${found?.login}` }];
			}),
		);
		const guardrails = { maxAccounts: 5, maxPercent: 25, keepAdmins: 1 };
		const stack = { name: "acme", store: "sqlite:.keelson/acme.db", systems, remediation: { plans: "plans/", guardrails } };
		writeFileSync(join(dir, "stacks", "acme.yaml"), stringify(stack));
		project = await engineProject("dir" in engine ? engine.dir : "", dir);
	});
	afterAll(async () => {
		for (const tenant of tenants.values()) await tenant.close();
		rmSync(dir, { recursive: true, force: true });
	});

	it("takes over what is declared as it is, without a write", async () => {
		await project.keelson("scan", "--quiet", "--fail-on", "none");
		const objects = [
			`entra/group/${groups.entra}`,
			"entra/authorizationPolicy/authorizationPolicy",
			`google/group/${groups.google}`,
			`google/group-settings/${groups.google}`,
		];
		for (const object of objects) expect(await project.keelson("import", object)).toEqual({ code: 0, text: expect.stringContaining("declared as it is") });
		const { code, text } = await pulumi("up", "--yes", "--skip-preview");
		expect(text).toContain("5 created");
		expect(code).toBe(0);
		expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
		expect(writes()).toEqual([]);
	});

	it("sees in the preview what was changed behind its back", async () => {
		const { entra, google } = outsiders;
		await call("entra")("POST", `/groups/${groups.entra}/members/$ref`, { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${entra?.id}` });
		await call("entra")("PATCH", "/policies/authorizationPolicy", { allowInvitesFrom: "none" });
		await call("google")("POST", `/admin/directory/v1/groups/${groups.google}/members`, { id: google?.id, role: "MEMBER" });
		await call("google")("PATCH", "/groups/v1/groups/agency%40acme.example?alt=json", { whoCanJoin: "INVITED_CAN_JOIN" });
		writes();
		expect([isMember("entra"), isMember("google")]).toEqual([true, true]);
		const { code, text } = await pulumi("preview", "--expect-no-changes", "--diff");
		expect(code).toBe(7);
		for (const one of [entra, google]) expect(text).toContain(one?.login);
		expect(text).toMatch(/allowInvitesFrom *: "none" => "everyone"/);
		expect(text).toMatch(/whoCanJoin *: "INVITED_CAN_JOIN" => "ANYONE_CAN_JOIN"/);
		expect(await project.keelson("preview")).toMatchObject({ code: 5 });
		expect(writes()).toEqual([]);
	});

	it("brings it back, each object by one write, and is quiet then", async () => {
		expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
		expect(writes().sort()).toEqual([
			`entra DELETE /v1.0/groups/${groups.entra}/members/${outsiders.entra?.id}/$ref`,
			"entra PATCH /v1.0/policies/authorizationPolicy",
			`google DELETE /admin/directory/v1/groups/${groups.google}/members/${outsiders.google?.id}`,
			"google PATCH /groups/v1/groups/agency%40acme.example?alt=json",
		]);
		expect([isMember("entra"), isMember("google")]).toEqual([false, false]);
		expect((await policy()).allowInvitesFrom).toBe("everyone");
		expect((await settings()).whoCanJoin).toBe("ANYONE_CAN_JOIN");
		expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
		expect(writes()).toEqual([]);
	});

	it("keeps every secret out of the state and of what the engine says", async () => {
		for (const text of [...said, await project.state()])
			for (const tenant of tenants.values()) for (const secret of tenant.secrets()) expect(text.includes(secret)).toBe(false);
	});
});
