import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startPanwSspm } from "../emulator.js";
import { acme, at, client, idOf, idpOf, type Row, type Send, type Started } from "./test-client.js";

let server: Started;
let send: Send;
let act: Send;
beforeAll(async () => {
	server = await acme();
	send = await client(server);
	act = await client(server, "act");
});
afterEach(() => server.reset());
afterAll(() => server.close());

async function accounts(ask: Send, query = ""): Promise<Row[]> {
	const found: Row[] = [];
	for (const { saasInstanceId } of (await ask("/sspm/identity/v1/saas_instances")).body.items) {
		for (let page = 0; ; page++) {
			const { body } = await ask(`/sspm/identity/v1/saas_instances/${saasInstanceId}/saas_accounts?limit=40&page=${page}${query}`);
			if (body.items.length === 0) break;
			found.push(...body.items);
		}
	}
	return found;
}

describe("accounts", () => {
	it("are those of truth", async () => {
		const all = await accounts(send);
		expect(all.map((row) => [row.id, row.email ?? row.accountName, row.isElevated]).sort()).toEqual(
			server
				.truth()
				.accounts.map(({ id, login, privileged }) => [id, login, privileged])
				.sort(),
		);
		expect(all.length).toBeGreaterThan(200);
	});

	it("say who is orphaned, elevated and not human", async () => {
		const directory = await idOf(send, "office365");
		const of = async (filter: string) =>
			(await send(`/sspm/identity/v1/saas_instances/${directory}/saas_accounts?limit=400&filter=${filter}`)).body.items.map((row) => row.accountName);
		expect((await of("isOrphaned:true")).sort()).toEqual(["Bruno Adler", "Emergency Access 1", "Front Desk", "svc-sync"]);
		expect(await of("isElevated:true,isNonHuman:true")).toEqual(["svc-sync"]);
		const { body } = await send(`/sspm/identity/v1/saas_instances/${directory}/saas_accounts/count?filter=isOrphaned:true`);
		expect(body).toMatchObject({ total: 4, orphaned: 4, nonHuman: 1 });
	});

	it("number their pages from 0 or from 1", async () => {
		const path = `/sspm/identity/v1/saas_instances/${await idOf(send, "office365")}/saas_accounts?limit=5&page=`;
		const [zero, one] = [await send(`${path}0`), await send(`${path}1`)];
		expect(zero.body.items[0]?.id).not.toBe(one.body.items[0]?.id);
		server.choices.firstPage = 1;
		expect((await send(`${path}0`)).body.items).toEqual(zero.body.items);
		expect((await send(`${path}1`)).body.items).toEqual(zero.body.items);
		expect((await send(`${path}2`)).body.items).toEqual(one.body.items);
		expect((await send(`${path}999`)).body).toEqual({ total: zero.body.total, items: [] });
	});

	it("cut a limit that is too large, and refuse other nonsense", async () => {
		server.choices.maxPageSize = 7;
		const path = `/sspm/identity/v1/saas_instances/${await idOf(send, "office365")}/saas_accounts`;
		expect((await send(`${path}?limit=1000`)).body.items).toHaveLength(7);
		for (const query of ["limit=0", "limit=x", "page=-1", "filter=nothing:1", "sortBy=nothing:asc"]) expect((await send(`${path}?${query}`)).status).toBe(400);
		expect((await send("/sspm/identity/v1/saas_instances/none/saas_accounts")).status).toBe(404);
	});

	it("write lists, times and missing values as chosen", async () => {
		const path = `/sspm/identity/v1/saas_instances/${await idOf(send, "office365")}/saas_accounts?filter=accountName:svc-sync`;
		const plain = (await send(path)).body.items[0];
		expect(plain).toMatchObject({ roles: "Exchange Administrator,Teams Administrator" });
		expect(plain).not.toHaveProperty("email");
		Object.assign(server.choices, { listForm: "json", dateForm: "spaced", absent: "null" });
		const other = (await send(path)).body.items[0];
		expect(other).toMatchObject({ email: null, roles: '["Exchange Administrator","Teams Administrator"]' });
		expect(String(other?.createdTime)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/);
	});

	it("change behind everybody's back, and are as before after a reset", async () => {
		const before = await accounts(send);
		const changed = server.mutate(0.2);
		const after = new Map((await accounts(send)).map((row) => [row.id, JSON.stringify(row)]));
		expect(before.filter((row) => after.get(row.id) !== JSON.stringify(row)).map((row) => row.id)).toEqual(changed);
		server.reset();
		expect(await accounts(send)).toHaveLength(before.length);
	});
});

describe("what was done in an instance", () => {
	const times = (rows: Row[]) => rows.map((row) => Date.parse(String(row.activityDateTime)));
	const log = async (query = "") =>
		(await send(`/sspm/identity/v1/saas_instances/${await idOf(send, "office365")}/saas_activity?limit=500${query}`)).body.items;

	it("is sorted as asked, passed over or refused, as chosen", async () => {
		const newest = times(await log("&sortBy=activityDateTime:desc"));
		expect(newest).toEqual(newest.toSorted((a, b) => b - a));
		expect(times(await log("&sortBy=activityDateTime:asc"))).toEqual(newest.toReversed());
		server.choices.activitySort = "refused";
		expect((await send(`/sspm/identity/v1/saas_instances/${await idOf(send, "office365")}/saas_activity?sortBy=activityDateTime:desc`)).status).toBe(400);
		expect(times(await log())).toEqual(newest);
	});

	it("has the oldest first where sorting is passed over", async () => {
		server.choices.activitySort = "ignored";
		const rows = times(await log("&sortBy=activityDateTime:desc"));
		expect(rows).toEqual(rows.toSorted((a, b) => a - b));
	});

	it("tells who did it by the id that is chosen, what went wrong, and what nobody did", async () => {
		const own = await accounts(send);
		const by = async (key: string) => {
			const known = new Set(own.map((row) => row[key]));
			return (await log()).every(({ userId }) => known.has(userId));
		};
		expect(await by("id")).toBe(true);
		const rows = await log();
		expect(new Set(rows.map(({ rawData }) => (JSON.parse(String(rawData)) as Row).outcome))).toEqual(new Set(["SUCCESS", "FAILURE"]));
		expect(rows.some((row) => !("clientIP" in row))).toBe(true);
		server.choices.activityUser = "providerId";
		expect(await by("saasProviderId")).toBe(true);
		server.choices.activityUser = "email";
		expect((await log()).some(({ userId }) => String(userId).endsWith("@acme.example"))).toBe(true);
	});
});

describe("identity providers", () => {
	it("have activity of those who signed in, and of nobody else", async () => {
		const idp = await idpOf(send);
		const { body } = await send(`/sspm/identity/v1/idps/${idp}/mfa_activity?limit=500`);
		expect(body.items).toHaveLength(body.total);
		expect(body.items.some((row) => String(row.email).startsWith("never."))).toBe(false);
		const people = new Set(body.items.map((row) => row.userId)).size;
		expect(people).toBeLessThan((await send(`/sspm/identity/v1/idps/${idp}/idp_accounts/count`)).body.total);
		const counts = (await send(`/sspm/identity/v1/idps/${idp}/mfa_activity/count_by_app_type`)).rows;
		expect(counts.reduce((sum, row) => sum + Number(row.count), 0)).toBe(body.total);
		expect((await send(`/sspm/identity/v1/idps/${idp}/mfa_activity/count?filter=mfaStrength:NONE`)).body.total).toBeGreaterThan(0);
	});

	it("are registered by query, and designated", async () => {
		expect((await act("/sspm/identity/v1/idps?idpId=x1&idpType=azure&designated=false", { method: "POST" })).status).toBe(201);
		expect((await send("/sspm/identity/v1/idps?designated=true")).body.total).toBe(1);
		expect((await send("/sspm/identity/v1/idps")).body.total).toBe(2);
		expect((await send("/sspm/identity/v1/idps/x1/feature_state?feature=ENROLLMENT")).body).toEqual({ status: "UNKNOWN" });
		for (const query of ["idpType=okta", "idpId=a&idpType=phone", "idpId=x1&idpType=okta"])
			expect((await act(`/sspm/identity/v1/idps?${query}`, { method: "POST" })).status).toBe(400);
	});

	it("log people out in a batch that takes its time", async () => {
		const idp = await idpOf(send);
		const path = `/sspm/identity/v1/idps/${idp}/accounts/logout`;
		const user = String((await send(`/sspm/identity/v1/idps/${idp}/mfa_activity?limit=1`)).body.items[0]?.userId);
		const { body } = await act(path, { method: "POST", body: { users: [user, "nobody"] } });
		const status = () => send(`${path}?batch_id=${body.batch_id}`);
		expect((await status()).body).toMatchObject({ status: "IN_PROGRESS" });
		server.advance(2001);
		expect((await status()).body).toMatchObject({ status: "COMPLETED_WITH_ERRORS", users: [{ user, status: "SUCCESS" }, { status: "FAILED" }] });
		expect((await send(`${path}?batch_id=none`)).status).toBe(404);
		expect((await act(path, { method: "POST", body: { users: [] } })).status).toBe(400);
		server.choices.batchAnswer = "text";
		expect(typeof (await act(path, { method: "POST", body: { users: [user] } })).body).toBe("string");
	});
});

describe("tickets and reports", () => {
	it("opens, shows and unlinks a ticket", async () => {
		const instance = await idOf(send, "github");
		const path = `/sspm/identity/v1/${instance}/tickets`;
		const rows = (await send(`/sspm/identity/v1/saas_instances/${instance}/saas_accounts?filter=isNonHuman:true`)).body.items.map((row) => String(row.id));
		const body = {
			resourceIds: rows,
			feature: "IDENTITY_NHI",
			integrationId: server.integrationId,
			type: "JIRA_TICKETING",
			issueTypeId: "10001",
			summary: "Rotate",
		};
		expect((await act(path, { method: "POST", body: { ...body, summary: "" } })).status).toBe(400);
		expect((await act(path, { method: "POST", body: { ...body, integrationId: "none" } })).status).toBe(400);
		const made = (await act(path, { method: "POST", body })).body;
		expect(made).toMatchObject({ resourceIds: rows.join(","), summary: "Rotate" });
		expect((await send(path)).body.items).toEqual([made]);
		expect((await send(`${path}/${made.ticketKey}/issues`)).body.total).toBe(3);
		const marked = await send(`/sspm/identity/v1/saas_instances/${instance}/saas_accounts?filter=isNonHuman:true`);
		expect(marked.body.items.every((row) => row.ticketKey === made.ticketKey)).toBe(true);
		const some = { id: made.id, feature: "IDENTITY_NHI", resourceIds: rows.slice(0, 1) };
		expect((await act(path, { method: "DELETE", body: some })).status).toBe(204);
		expect((await send(`${path}/${made.ticketKey}/issues`)).body.total).toBe(2);
		await act(path, { method: "DELETE", body: { id: made.id, feature: "IDENTITY_NHI" } });
		expect((await send(path)).body.total).toBe(0);
		expect((await act(path, { method: "DELETE", body: { id: made.id, feature: "IDENTITY_NHI" } })).status).toBe(404);
	});

	it("mails a report to the address given", async () => {
		const path = `/sspm/identity/v1/idps/${await idpOf(send)}/idp_accounts/csv_report`;
		expect((await act(path, { method: "POST", body: { userEmail: "a@acme.example" } })).status).toBe(400);
		expect((await act(path, { method: "POST", body: { userFullName: "A", userEmail: "a@acme.example", service: "SSPM" } })).status).toBe(201);
		expect(server.reports()).toMatchObject([{ path, userEmail: "a@acme.example" }]);
	});

	it("shows a write after the lag only", async () => {
		server.knobs.lagMs = 4000;
		await act("/sspm/identity/v1/idps?idpId=x2&idpType=azure", { method: "POST" });
		expect((await send("/sspm/identity/v1/idps")).body.total).toBe(1);
		server.advance(4001);
		expect((await send("/sspm/identity/v1/idps")).body.total).toBe(2);
	});
});

it("makes tenants of any size, the same for the same seed", async () => {
	const make = () => startPanwSspm({ users: 300, seed: 9, now: at });
	const [one, two] = await Promise.all([make(), make()]);
	const all = await accounts(await client(one));
	expect(one.truth()).toEqual(two.truth());
	expect(all.length).toBe(one.truth().accounts.length);
	for (const odd of ["isOrphaned", "isElevated", "isNonHuman", "isLocal"]) expect(new Set(all.map((row) => row[odd])).size).toBe(2);
	for (const field of ["email", "lastLoginTime", "credentialsExpiresAt", "creator"]) expect(new Set(all.map((row) => field in row)).size).toBe(2);
	await Promise.all([one.close(), two.close()]);
});
