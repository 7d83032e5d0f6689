import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { client, idOf, idpOf, type Row, type Send } from "../../providers/panw-sspm/emulator/test-client.js";
import { type EmulatedSspm, startPanwSspm } from "../../providers/panw-sspm/emulator.js";
import { checkAnswer, operations, present, strangers } from "./test-panw-spec.js";

const at = Date.parse("2026-11-25T12:00:00Z");

/** Which schema the rows of a call have. */
const rowSchemas: Record<string, string> = {
	"/sspm/api/v1/apps": "Application",
	"/sspm/api/v1/apps/{app_id}/configs": "Config",
	"/sspm/api/v1/apps/{app_id}/settings": "Config",
	"/sspm/api/v1/catalog/apps": "CatalogApplication",
	"/sspm/api/v1/catalog/apps/{app}/configs": "CatalogConfig",
	"/sspm/api/v1/catalog/apps/{app}/scopes": "ScopeConfig",
	"/sspm/api/v1/plugins": "Plugin",
	"/sspm/api/v1/plugin-users": "PluginUser",
	"/sspm/api/v1/plugin-users/{id}/plugins": "UserToPlugin",
	"/sspm/identity/v1/idps": "IdpInfo",
	"/sspm/identity/v1/idps/{idpId}/mfa_activity": "MfaActivity",
	"/sspm/identity/v1/idps/{idpId}/mfa_activity/count_by_app_type": "MfaActivityCountByAppType",
	"/sspm/identity/v1/saas_instances": "SaaSInstanceInfo",
	"/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts": "SaaSAccount",
	"/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_activity": "SaaSActivity",
	"/sspm/identity/v1/{saasInstanceId}/tickets": "Ticket",
};

describe.skipIf(!present).each([true, false])("answers (demo: %s)", (acme) => {
	let server: EmulatedSspm;
	let act: Send;
	const problems: string[] = [];

	beforeAll(async () => {
		server = await startPanwSspm({ users: 120, seed: 6, now: at, acme });
		act = await client(server, "act");
	});
	afterAll(() => server?.close());

	/** Sends and checks; `params` fill the template. */
	async function ask(method: string, template: string, params: Record<string, string> = {}, query = "", body?: unknown) {
		const path = template.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "missing");
		const tenant = String((await act("/sspm/api/v1/apps")).body.items[0]?.tenant);
		const got = await act(path + query, { method, body, headers: { "x-ps-tenant": tenant } });
		problems.push(...checkAnswer(method, template, got.status, got.body));
		if (got.status >= 300) problems.push(`${method} ${path} answered ${got.status}`);
		const schema = rowSchemas[template];
		const rows = got.rows.length > 0 ? got.rows : ((got.body.items as Row[] | undefined) ?? []);
		if (schema && method === "GET") {
			problems.push(...strangers(schema, rows).map((name) => `${template} has ${name}, which ${schema} has not`));
			if (rows.length === 0) problems.push(`${method} ${template} is empty`);
		}
		return { ...got, rows };
	}

	it("fit the schema, the named fields and the listed status", async () => {
		const instance = await idOf(act, "office365");
		const idp = await idpOf(act);
		const jira = { integration_id: server.integrationId, integration_type: "JIRA_TICKETING" };
		const ticketPath = "/sspm/identity/v1/{saasInstanceId}/tickets";
		const accounts = (await ask("GET", "/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts", { saasInstanceId: instance }, "?limit=500")).rows;
		const form = { feature: "IDENTITY_NHI", integrationId: server.integrationId, type: "JIRA_TICKETING", issueTypeId: "10001", summary: "Look" };
		const ticket = (await ask("POST", ticketPath, { saasInstanceId: instance }, "", { ...form, resourceIds: [accounts[0]?.id] })).body;
		const users = (await ask("GET", "/sspm/api/v1/plugin-users")).rows;
		const plugins = (await ask("GET", "/sspm/api/v1/plugins")).rows;
		const params: Record<string, string> = {
			app_id: await idOf(act, "office365", "app"),
			app: "office365",
			appType: "okta",
			common_control_id: "PAN-00000001",
			...jira,
			saasInstanceId: instance,
			idpId: idp,
			ticketKey: String(ticket.ticketKey),
		};
		await ask("POST", "/sspm/identity/v1/idps/{idpId}/accounts/logout", params, "", { users: ["somebody"] });
		const report = { userFullName: "A", userEmail: "a@acme.example", service: "SSPM" };
		for (const operation of operations.filter((one) => one.includes(" /sspm/") && !one.startsWith("DELETE"))) {
			const [method = "", template = ""] = operation.split(" ");
			if (method === "POST" && !template.endsWith("csv_report")) continue;
			const id = template.includes("plugin-users") ? users[0]?.id : plugins[0]?.id;
			const key = template.includes("/issue/") ? String(ticket.ticketKey) : "SEC";
			await ask(method, template, { ...params, id: String(id), key }, "", method === "POST" ? report : undefined);
		}
		await ask("POST", "/sspm/identity/v1/idps", {}, "?idpId=new&idpType=azure&designated=true");
		await ask("DELETE", ticketPath, params, "", { id: ticket.id, feature: "IDENTITY_NHI" });
		const accountsOf = await ask("GET", "/iam/v1/service_accounts");
		await ask("GET", "/iam/v1/service_accounts/{id}", { id: String(accountsOf.rows[0]?.id) });
		await ask("GET", "/auth/v1/oauth2/userinfo");
		expect([...new Set(problems)]).toEqual([]);
	});

	it("cover every operation but the writes of service accounts", () => {
		const served = new Set(server.operations.map(({ method, path }) => `${method} ${path}`));
		const missing = operations.filter((operation) => !served.has(operation));
		expect(missing.every((operation) => /^(POST|PUT|DELETE) \/iam\//.test(operation))).toBe(true);
	});

	it("walk every application and type of the catalogue", async () => {
		problems.length = 0;
		for (const { app_id } of (await ask("GET", "/sspm/api/v1/apps")).rows) await ask("GET", "/sspm/api/v1/apps/{app_id}", { app_id: String(app_id) });
		for (const { name } of (await ask("GET", "/sspm/api/v1/catalog/apps")).rows) {
			await ask("GET", "/sspm/api/v1/catalog/apps/{app}", { app: String(name) });
			await ask("GET", "/sspm/api/v1/auth/{app}/info", { app: String(name) });
		}
		expect(problems).toEqual([]);
	});
});
