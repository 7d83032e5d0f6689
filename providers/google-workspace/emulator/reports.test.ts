import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { every, tenantFor } from "./test-workspace.js";

const reports = "/admin/reports/v1";
const day = 86_400_000;
// biome-ignore lint/suspicious/noExplicitAny: bodies are looked into as they come
type Row = Record<string, any>;

let one: Awaited<ReturnType<typeof tenantFor>>;
beforeAll(async () => {
	one = await tenantFor({ users: 120 });
});
afterAll(() => one.tenant.close());
afterEach(() => {
	one.tenant.choices.partialReport = false;
});

/** A day of reports, that many before the tenant's own. */
const dateOf = (before: number) => new Date(one.tenant.now() - before * day).toISOString().slice(0, 10);
const usage = (date: string, more = "") => `${reports}/usage/users/all/dates/${date}${more}`;
const value = (row: Row, name: string) => Object.entries(row.parameters.find((found: Row) => found.name === name) ?? {}).find(([key]) => key !== "name")?.[1];

describe("a usage report", () => {
	it("of a day too new is refused, naming the newest there is", async () => {
		const { status, body } = await one.read(usage(dateOf(0)));
		expect([status, body.error.errors[0].reason]).toEqual([400, "invalid"]);
		expect(body.error.message).toBe(`Data for dates later than ${dateOf(2)} is not yet available. Please check back later`);
		expect((await one.read(usage(dateOf(2)))).status).toBe(200);
		expect((await one.read(usage("2026-13-01"))).status).toBe(400);
	});

	it("pages, and sends the parameters asked for, each with one value", async () => {
		const names = ["accounts:num_security_keys", "accounts:is_2sv_enrolled", "accounts:timestamp_last_login"];
		const rows = await every(one.read, usage(dateOf(3), `?maxResults=50&parameters=${names}`), "usageReports");
		expect(rows.length).toBeGreaterThan(100);
		for (const { parameters } of rows) for (const parameter of parameters) expect(Object.keys(parameter)).toHaveLength(2);
		expect(rows.every((row) => typeof value(row, "accounts:num_security_keys") === "string")).toBe(true);
		// Who never signed in has no such parameter.
		expect(rows.some((row) => value(row, "accounts:timestamp_last_login") === undefined)).toBe(true);
		expect(
			(await one.read(usage(dateOf(3), "?filters=accounts:is_2sv_enrolled==false"))).body.usageReports.every((row: Row) => !value(row, names[1] ?? "")),
		).toBe(true);
	});

	it("warns where the day isn't whole, and lacks what is missing", async () => {
		one.tenant.choices.partialReport = true;
		const { body } = await one.read(usage(dateOf(2)));
		expect(body.warnings[0].code).toBe("PARTIAL_DATA_AVAILABLE");
		expect(body.usageReports.some(({ parameters }: Row) => parameters.some(({ name }: Row) => name.startsWith("accounts:")))).toBe(false);
		const before = (await one.read(usage(dateOf(3)))).body;
		expect(before).not.toHaveProperty("warnings");
		expect(value(before.usageReports[0], "accounts:is_2sv_enrolled")).toBeTypeOf("boolean");
	});

	it("lags behind the Directory's own flag", async () => {
		const rows = await every(one.read, usage(dateOf(2)), "usageReports");
		const reported = new Map(rows.map((row) => [row.entity.profileId, value(row, "accounts:is_2sv_enrolled")]));
		const users = await every(one.read, "/admin/directory/v1/users?customer=my_customer", "users");
		expect(users.some(({ id, isEnrolledIn2Sv }) => isEnrolledIn2Sv && reported.get(id) === false)).toBe(true);
		const id = users.find((user) => user.isEnrolledIn2Sv && reported.get(user.id) === true)?.id;
		expect((await one.call("POST", `/admin/directory/v1/users/${id}/twoStepVerification/turnOff`)).status).toBe(204);
		const single = async () => (await one.read(`${reports}/usage/users/${id}/dates/${dateOf(2)}`)).body.usageReports[0];
		expect(value(await single(), "accounts:is_2sv_enrolled")).toBe(true);
		expect((await one.read(`/admin/directory/v1/users/${id}`)).body.isEnrolledIn2Sv).toBe(false);
	});

	it("takes the customer by its id alone, and sums the account up", async () => {
		const customer = one.tenant.state.customer.id;
		expect((await one.read(usage(dateOf(3), "?customerId=my_customer"))).status).toBe(400);
		expect((await one.read(usage(dateOf(3), `?customerId=${customer}`))).status).toBe(200);
		const whole = (await one.read(`${reports}/usage/dates/${dateOf(3)}`)).body.usageReports[0];
		expect(whole.entity).toEqual({ type: "CUSTOMER", customerId: customer });
		expect(Number(value(whole, "accounts:num_users"))).toBeGreaterThan(100);
	});
});

describe("activities", () => {
	const log = (application: string, more = "") => `${reports}/activity/users/all/applications/${application}${more}`;

	it("come newest first, those of 180 days, with 64-bit numbers as text", async () => {
		const items = await every(one.read, log("login", "?maxResults=30"), "items");
		const times = items.map(({ id }) => id.time);
		expect(times.length).toBeGreaterThan(60);
		expect(times).toEqual([...times].sort().reverse());
		expect(Date.parse(times.at(-1) ?? "")).toBeGreaterThan(one.tenant.now() - 181 * day);
		expect(items.every(({ id }) => /^-?\d+$/.test(id.uniqueQualifier))).toBe(true);
	});

	it("are narrowed by event, by its parameters, by user and by time", async () => {
		const wrong = await every(one.read, log("login", "?eventName=login_failure"), "items");
		expect(wrong.every(({ events }) => events[0].name === "login_failure")).toBe(true);
		const typed = log("login", "?eventName=login_success&filters=is_second_factor==true");
		expect((await every(one.read, typed, "items")).length).toBeGreaterThan(10);
		const since = new Date(one.tenant.now() - 5 * day).toISOString();
		const lately = await every(one.read, log("login", `?startTime=${since}`), "items");
		expect(lately.every(({ id }) => id.time >= since)).toBe(true);
		const profileId = lately[0]?.actor.profileId;
		const own = await every(one.read, `${reports}/activity/users/${profileId}/applications/login`, "items");
		expect(own.every(({ actor }) => actor.profileId === profileId)).toBe(true);
		for (const more of ["?startTime=yesterday", "?filters=a==b", `?startTime=${new Date(one.tenant.now() + day).toISOString()}`])
			expect((await one.read(log("login", more))).status).toBe(400);
		expect((await one.read(log("kitchen"))).status).toBe(400);
	});
});
