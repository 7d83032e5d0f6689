import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startPanwSspm } from "../emulator.js";
import { acme, at, client, idOf, type Row, type Send, type Started } from "./test-client.js";

let server: Started;
let send: Send;
const tenant = { "x-ps-tenant": "acme-4821907" };
beforeAll(async () => {
	server = await acme();
	send = await client(server);
});
afterEach(() => server.reset());
afterAll(() => server.close());

async function pages(path: string): Promise<Row[]> {
	const found: Row[] = [];
	for (let next: unknown = path; typeof next === "string"; ) {
		const { body } = await send(next, { headers: tenant });
		found.push(...body.items);
		next = body.next_path;
	}
	return found;
}

describe("pages", () => {
	it("follow next_path, a path, to the end", async () => {
		server.choices.pageSize = 3;
		const first = await send("/sspm/api/v1/apps");
		expect(first.body).toMatchObject({ limit: 3, total: 4, next_path: "/sspm/api/v1/apps?page_token=MSMzIw%3D%3D" });
		expect(first.body).not.toHaveProperty("prev_path");
		const last = await send(String(first.body.next_path));
		expect(last.body).not.toHaveProperty("next_path");
		expect(last.body.prev_path).toBeDefined();
		expect((await pages("/sspm/api/v1/apps")).map((app) => app.type)).toEqual(["office365", "google-workspace", "slack", "github"]);
	});

	it("keep filter, order and limit", async () => {
		const all = await pages("/sspm/api/v1/plugins?limit=2&filter=app_type:slack|github,severity:high&order_by=third_party_app_name:desc");
		const names = all.map((plugin) => String(plugin.third_party_app_name));
		expect(names.length).toBeGreaterThan(2);
		expect(names).toEqual([...names].sort().reverse());
		expect(new Set(all.map((plugin) => plugin.severity))).toEqual(new Set(["High"]));
	});

	it.each(["filter=nothing:x", "filter=name", "order_by=nothing:asc", "order_by=name:up", "page_token=zz"])("refuse ?%s", async (query) => {
		expect((await send(`/sspm/api/v1/apps?${query}`)).status).toBe(400);
	});

	it("skip a row when one before them vanishes, as places do", async () => {
		const other = await startPanwSspm({ users: 200, seed: 3, now: at, choices: { pageSize: 50 } });
		const ask = await client(other);
		const id = await idOf(ask, "office365");
		const path = `/sspm/identity/v1/saas_instances/${id}/saas_accounts?page=`;
		const before = await ask(`${path}1`);
		other.mutate(0.4);
		expect((await ask(`${path}1`)).body.items[0]?.id).not.toBe(before.body.items[0]?.id);
		await other.close();
	});
});

describe("headers", () => {
	it("x-ps-tenant is needed by plugin calls, and must be this tenant's", async () => {
		expect((await send("/sspm/api/v1/plugins")).status).toBe(400);
		expect((await send("/sspm/api/v1/plugins", { headers: { "x-ps-tenant": "other" } })).status).toBe(403);
		server.choices.tenantHeader = "tsg_id";
		expect((await send("/sspm/api/v1/plugins", { headers: { "x-ps-tenant": String(server.system.auth.tsgId) } })).status).toBe(200);
	});

	it("x-panw-region is accepted or an error", async () => {
		const headers = { "x-panw-region": "europe" };
		expect((await send("/sspm/api/v1/apps", { headers })).status).toBe(200);
		server.choices.regionHeader = "refused";
		expect((await send("/sspm/api/v1/apps", { headers })).status).toBe(400);
	});
});

describe("configurations", () => {
	it("join the catalogue's severity by id and map to controls", async () => {
		const app = await idOf(send, "office365", "app");
		const { rows } = await send(`/sspm/api/v1/apps/${app}/configs`);
		const catalogue = new Map((await send("/sspm/api/v1/catalog/apps/office365/configs")).rows.map((row) => [row.id, row]));
		for (const row of rows) {
			expect(row).not.toHaveProperty("severity");
			expect(catalogue.get(row.config_id)).toMatchObject({ common_control: row.common_control_id, severity: expect.any(String) });
			expect((await send(`/sspm/api/v1/catalog/controls/${row.common_control_id}`)).body.id).toBe(row.common_control_id);
		}
		const one = (id: string) => rows.find((row) => row.config_id === id);
		expect(one("o365_session_hours")).toMatchObject({ overridden: true, overridden_value: "24", status: "Pass" });
		expect(one("o365_auto_forward")).toMatchObject({ locked: true, locked_value: "BLOCKED", status: "Fail" });
		expect(one("o365_link_expiry_days")).toMatchObject({ monitored: false, monitored_attestation: expect.any(String) });
		expect(one("o365_legacy_auth_blocked")).toMatchObject({ tickets: [{ ticketKey: "SEC-42", integrationId: server.integrationId }] });
	});

	it("that were never read have no value", async () => {
		const app = await idOf(send, "google-workspace", "app");
		const row = (await send(`/sspm/api/v1/apps/${app}/configs`)).rows.find((one) => one.config_id === "gws_api_access");
		expect(row).toMatchObject({ status: "Unknown" });
		expect(row).not.toHaveProperty("current_value");
	});

	it("as settings come as an array or as a text", async () => {
		const app = await idOf(send, "github", "app");
		const { rows } = await send(`/sspm/api/v1/apps/${app}/settings`);
		server.choices.settingsForm = "string";
		const { body } = await send(`/sspm/api/v1/apps/${app}/settings`);
		expect(JSON.parse(String(body))).toEqual(rows);
	});

	it("of an application whose credential ended are old", async () => {
		const { body } = await send(`/sspm/api/v1/apps/${await idOf(send, "slack", "app")}`);
		expect(body).toMatchObject({ health_status: "Unhealthy", features_state: { SCAN: { status: "AUTH_REQUIRED" } } });
		expect(Date.parse(String(body.last_scanned_at))).toBeLessThan(at - 2 * 1440 * 60_000);
	});
});

it("serves Jira's side of tickets for the integration that is set up", async () => {
	const root = `/sspm/api/v1/integration/integrations/${server.integrationId}/JIRA_TICKETING`;
	expect((await send(`${root}/project/SEC`)).body.issueTypes).toHaveLength(2);
	expect((await send(`${root}/issue/SEC-42`)).body).toMatchObject({ fields: { status: { name: "In Progress" } } });
	expect((await send(`${root}/issue/SEC-1`)).status).toBe(404);
	expect((await send(root.replace(server.integrationId, "none").concat("/projects"))).status).toBe(404);
});

it("counts users of plugins", async () => {
	const users = await pages("/sspm/api/v1/plugin-users?limit=10");
	const user = users.find((one) => Number(one.user_level_plugins_count) > 1);
	expect(await pages(`/sspm/api/v1/plugin-users/${user?.id}/plugins?limit=1`)).toHaveLength(Number(user?.user_level_plugins_count));
	const total = (await pages("/sspm/api/v1/plugins")).filter((plugin) => plugin.level === "USER").reduce((sum, plugin) => sum + Number(plugin.user_count), 0);
	expect(total).toBe(users.reduce((sum, one) => sum + Number(one.user_level_plugins_count), 0));
	expect((await send("/sspm/api/v1/plugins/classification-aggregates", { headers: tenant })).body.total_third_party_apps).toBe(14);
});
