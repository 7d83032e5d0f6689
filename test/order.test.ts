import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { connect, type OktaConnection } from "../providers/okta/connection.js";
import { acmeStory } from "../providers/okta/emulator/acme.js";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson } from "./keelson.js";

const key = "okta/policy-order/OKTA_SIGN_ON";
type Json = Record<string, unknown>;

/** One story, in order: each step begins with what the one before left. */
describe("the order of sign-on policies as one declared setting", { timeout: 120_000 }, () => {
	let folder: string;
	let file: string;
	let tenant: DemoTenant;
	let console: OktaConnection;
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const json = async (...args: string[]) => {
		const { code, stdout, stderr } = await run(...args, "--json");
		return { code, stderr, said: JSON.parse(stdout || "null") };
	};
	const scan = () => run("scan", "--quiet", "--fail-on", "none");
	const declared = (): string[] => parse(readFileSync(file, "utf8")).settings[key].values.order;
	const policies = async (): Promise<Json[]> => {
		const { body } = await console.http.client.send({ method: "GET", path: "/api/v1/policies", query: { type: "OKTA_SIGN_ON" } });
		return body as Json[];
	};
	const live = async () => (await policies()).map(({ name }) => name);
	/** As somebody at the console would. */
	const send = (method: "PUT" | "POST" | "DELETE", path: string, params: Record<string, string>, body?: Json) =>
		console.http.client.send({ method, path, params, ...(body && { body }) });
	const move = async (name: string, priority: number) => {
		const found = (await policies()).find((one) => one.name === name) ?? {};
		await send("PUT", "/api/v1/policies/{policyId}", { policyId: String(found.id) }, { ...found, priority });
	};

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-order-"));
		file = join(folder, "stacks", "acme.yaml");
		tenant = await startDemoTenant(folder);
		const credential = {
			method: "private-key-jwt",
			clientId: acmeStory.apps.keelsonAct,
			keyId: "act",
			key: readFileSync(join(folder, "keys/act.json"), "utf8"),
		};
		const config = { system: "okta", url: tenant.url, credential, options: {}, purpose: "act" as const, now: Date.now, log() {} };
		console = await connect(config as unknown as Parameters<typeof connect>[0], ["okta.policies.manage", "okta.policies.read"]);
		await scan();
		await run("pin");
	});
	afterAll(async () => {
		await console.close();
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it("is imported as it is, with the names beside the ids, and is quiet", async () => {
		expect(await run("import", key)).toMatchObject({ code: 0, stderr: "" });
		expect(readFileSync(file, "utf8")).toMatch(
			/name: Order of OKTA_SIGN_ON policies\n +mode: authoritative\n +values:\n +order:\n +- 00p\S+ # Administrators\n +- 00p\S+ # Workforce\n +- 00p\S+ # Contractors\n/,
		);
		expect(declared()).toHaveLength(3);
		await scan();
		const { said } = await json("drift", "--no-who");
		expect(said.drift.map((one: { key: string }) => one.key)).not.toContain(key);
		const listed = await json("drift", "--unmanaged", "--kind", "setting");
		expect(JSON.stringify(listed.said)).not.toMatch(/policy-order|rule-order/);
	});

	it("that was changed behind the back is drift, in names, with who did it; the plan mends it in one change", async () => {
		await move("Contractors", 1);
		expect(await live()).toEqual(["Contractors", "Administrators", "Workforce", "Default Policy"]);
		const { code, said } = await json("drift", "--plan", "plans/order.json");
		expect(code).toBe(5);
		const found = said.drift.find((one: { key: string }) => one.key === key);
		expect(found.parts).toMatchObject([{ path: "order", said: "is Contractors, Administrators, Workforce; declared Administrators, Workforce, Contractors" }]);
		expect(found.parts[0].by).toMatchObject({ type: "policy.lifecycle.update" });
		expect(found.parts[0].by.text).toContain("by no plan of this journal");
		expect((await run("drift", "--no-who")).stdout).toContain("order: is Contractors, Administrators, Workforce; declared");
		expect(await run("apply", "plans/order.json")).toMatchObject({ code: 0 });
		expect(await live()).toEqual(["Administrators", "Workforce", "Contractors", "Default Policy"]);
		await scan();
		expect((await json("drift", "--no-who")).said.drift.map((one: { key: string }) => one.key)).not.toContain(key);
	});

	it("of other policies than are declared is not written: drift names the new one, and adopting keeps the lines", async () => {
		const body = { type: "OKTA_SIGN_ON", name: "Freeze", conditions: { people: { groups: { include: [] } } }, priority: 4 };
		const { body: made } = await send("POST", "/api/v1/policies", {}, body);
		const id = String((made as Json).id);
		await send("POST", "/api/v1/policies/{policyId}/rules", { policyId: id }, { name: "Nobody", actions: { signon: { access: "DENY" } } });
		const { said } = await json("drift", "--no-who");
		const found = said.drift.find((one: { key: string }) => one.key === key);
		expect(found.parts[0].said).toContain(`not in the declared order: Freeze (${id})`);
		expect(JSON.stringify(found.ways)).toContain("take it over as it is with keelson drift --adopt");
		expect(found.ways.restore.changes).toEqual([]);
		expect(await run("drift", "--adopt", key)).toMatchObject({ code: 0 });
		expect(declared().at(-1)).toBe(id);
		expect(readFileSync(file, "utf8")).toContain("# Administrators");
		await scan();
	});

	it("that would keep the administrators out is refused", async () => {
		const text = readFileSync(file, "utf8");
		const freeze = declared().at(-1) ?? "";
		const without = text.replace(new RegExp(` *- ${freeze}.*\n`), "");
		writeFileSync(file, without.replace(/(order:\n)( *)(- )/, `$1$2- ${freeze}\n$2$3`));
		expect(declared()[0]).toBe(freeze);
		await json("drift", "--no-who", "--plan", "plans/freeze.json");
		const { code, stdout, stderr } = await run("apply", "plans/freeze.json");
		expect(code).toBe(4);
		expect(stdout + stderr).toMatch(/lock|administrator/i);
		expect((await live())[0]).toBe("Administrators");
	});
});
