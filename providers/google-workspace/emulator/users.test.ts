import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { every, tenantFor } from "./test-workspace.js";

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked into as they come
type Found = Record<string, any>;

const users = "/admin/directory/v1/users";
const mine = `${users}?customer=my_customer`;

describe("users.list", () => {
	let one: Awaited<ReturnType<typeof tenantFor>>;
	beforeAll(async () => {
		one = await tenantFor({ users: 620 });
	});
	afterAll(() => one.tenant.close());

	it("gives everybody once, past the first page, in the order asked for", async () => {
		const all = await every(one.read, `${mine}&maxResults=500&orderBy=email`, "users");
		const present = [...one.tenant.state.users.values()].filter(({ deleted }) => deleted === null);
		expect(all.map(({ id }) => id).sort()).toEqual(present.map(({ id }) => id).sort());
		const emails = all.map(({ primaryEmail }) => primaryEmail);
		expect(emails).toEqual([...emails].sort());
		const back = await every(one.read, `${mine}&orderBy=email&sortOrder=DESCENDING`, "users");
		expect(back.map(({ id }) => id)).toEqual(all.map(({ id }) => id).reverse());
	});

	it("has 100 on a page unless told otherwise, and refuses more than 500", async () => {
		expect((await one.read(mine)).body.users).toHaveLength(100);
		const { status, body } = await one.read(`${mine}&maxResults=501`);
		expect([status, body.error.errors[0].reason]).toEqual([400, "invalidParameter"]);
	});

	it("needs a customer or a domain", async () => {
		expect((await one.read(users)).body.error).toMatchObject({ code: 400, message: "Bad Request" });
		expect((await one.read(`${users}?domain=nowhere.example`)).status).toBe(404);
		const some = await every(one.read, `${users}?domain=subsidiary-7.example`, "users");
		expect(some.length).toBeGreaterThan(0);
		expect(some.every(({ primaryEmail }) => primaryEmail.endsWith("@subsidiary-7.example"))).toBe(true);
	});

	it("binds a token to the query, and forgets it after three days", async () => {
		const { nextPageToken } = (await one.read(mine)).body;
		expect((await one.read(`${mine}&pageToken=${nextPageToken}`)).status).toBe(200);
		expect((await one.read(`${mine}&orderBy=email&pageToken=${nextPageToken}`)).status).toBe(400);
		expect((await one.read(`${mine}&pageToken=abc`)).status).toBe(400);
	});

	it("tells the deleted ones only when asked for them alone", async () => {
		const gone = await every(one.read, `${mine}&showDeleted=true`, "users");
		expect(gone.length).toBeGreaterThan(0);
		const present = await every(one.read, `${mine}&maxResults=500`, "users");
		expect(present.some(({ deletionTime }) => deletionTime)).toBe(false);
		expect(gone.every(({ deletionTime }) => typeof deletionTime === "string")).toBe(true);
		const { accounts } = one.tenant.truth();
		expect([...present, ...gone].map(({ id }) => id).sort()).toEqual(accounts.map(({ id }) => id).sort());
		const enabled = new Set(accounts.flatMap(({ id, enabled }) => (enabled ? [id] : [])));
		expect(gone.some(({ id }) => enabled.has(id))).toBe(false);
	});

	it("leaves the array out of an empty page", async () => {
		const { body } = await one.read(`${mine}&query=email:nobody-at-all*`);
		expect(body).toEqual({ kind: "admin#directory#users", etag: expect.any(String) });
	});

	it("searches by fields, and refuses a field it doesn't know", async () => {
		const all = await every(one.read, mine, "users");
		const found = async (query: string) => (await every(one.read, `${mine}&query=${encodeURIComponent(query)}`, "users")).map(({ id }) => id).sort();
		const like = (fits: (user: Found) => unknown) =>
			all
				.filter(fits)
				.map(({ id }) => id)
				.sort();
		expect(await found("isSuspended=true")).toEqual(like(({ suspended }) => suspended));
		expect(await found("isEnrolledIn2Sv=false isSuspended=false")).toEqual(like((user) => !user.isEnrolledIn2Sv && !user.suspended));
		expect(await found("orgUnitPath=/Engineering")).toEqual(like(({ orgUnitPath }) => orgUnitPath.startsWith("/Engineering")));
		expect(await found("orgDepartment='Sales'")).toEqual(like(({ organizations }) => organizations?.[0]?.department === "Sales"));
		for (const query of ["shoeSize=44", "isSuspended=maybe", "email>a"])
			expect((await one.read(`${mine}&query=${encodeURIComponent(query)}`)).status).toBe(400);
	});

	it("sends the fields asked for", async () => {
		const { body } = await one.read(`${mine}&maxResults=1&fields=nextPageToken,users(id,name/fullName)`);
		expect(body).toEqual({ nextPageToken: expect.any(String), users: [{ id: expect.any(String), name: { fullName: expect.any(String) } }] });
		expect((await one.read(`${mine}&fields=users(id`)).status).toBe(400);
	});

	it("shows custom fields only in the full or custom projection, and little in the public view", async () => {
		const find = (users: Record<string, unknown>[]) => users.find(({ customSchemas }) => customSchemas);
		expect(find((await one.read(`${mine}&maxResults=500`)).body.users)).toBeUndefined();
		expect(find((await one.read(`${mine}&maxResults=500&projection=full`)).body.users)).toMatchObject({
			customSchemas: { Employment: { type: "fixed-term" } },
		});
		expect((await one.read(`${mine}&projection=custom`)).status).toBe(400);
		expect((await one.read(`${mine}&viewType=domain_public&maxResults=1`)).body.users[0]).not.toHaveProperty("suspended");
	});

	it("has every awkward case", async () => {
		const all = await every(one.read, mine, "users");
		const cases: Record<string, (user: Found) => unknown> = {
			"never signed in": ({ lastLoginTime }) => lastLoginTime === "1970-01-01T00:00:00.000Z",
			"archived, not suspended": ({ archived, suspended }) => archived && !suspended,
			"suspended for no reason told": ({ suspended, suspensionReason }) => suspended && suspensionReason === "",
			"in its grace period": ({ isEnforcedIn2Sv, isEnrolledIn2Sv }) => isEnforcedIn2Sv && !isEnrolledIn2Sv,
			guest: ({ isGuestUser }) => isGuestUser,
			"without a number": ({ externalIds }) => !externalIds,
			"with an alias": ({ aliases }) => aliases?.length > 0,
			"letters beyond ASCII": ({ name }) => /[^ -~]/.test(name.fullName),
			"an id beyond a number's reach": ({ id }) => /^\d{21}$/.test(id),
		};
		for (const [name, fits] of Object.entries(cases)) expect(all.some(fits), name).toBe(true);
	});
});

it("finds a user by id, address and alias", async () => {
	const { tenant, read } = await tenantFor({ users: 60 });
	const person = [...tenant.state.users.values()].find(({ body }) => body.aliases);
	for (const key of [person?.id, person?.body.primaryEmail, person?.body.aliases?.[0], person?.body.primaryEmail.toUpperCase()])
		expect((await read(`${users}/${key}`)).body.id).toBe(person?.id);
	expect((await read(`${users}/nobody@tenant-7.example`)).body.error).toEqual({
		code: 404,
		message: "Resource Not Found: userKey",
		errors: [{ message: "Resource Not Found: userKey", domain: "global", reason: "notFound" }],
	});
	await tenant.close();
});
