import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { type ClientOptions, createClient } from "./client.js";
import type { HttpClient } from "./http.js";
import type { HttpError } from "./http-error.js";
import { createJumpClock } from "./test-clock.js";
import { testDialect } from "./test-dialect.js";
import { json, type TestServer, testServer } from "./test-server.js";
import { createTransport } from "./transport.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function serve(
	answer: Parameters<typeof testServer>[0],
	options: Partial<ClientOptions> = {},
): Promise<{ client: HttpClient; server: TestServer; slept: number[] }> {
	const server = await testServer(answer);
	const clock = createJumpClock();
	const client = createClient({ baseUrl: server.url, dialect: testDialect(), now: clock.now, sleep: clock.sleep, ...options });
	open.push(client, server);
	return { client, server, slept: clock.slept };
}

function signalled(): { arrive(): void; seen: Promise<void> } {
	let arrive = (): void => {};
	const seen = new Promise<void>((resolve) => {
		arrive = resolve;
	});
	return { arrive: () => arrive(), seen };
}

const refusalOf = (work: Promise<unknown>): Promise<HttpError> =>
	work.then(
		() => Promise.reject(new Error("it was answered")),
		(error) => error,
	);

test("a template becomes an address, and evidence keeps the template", async () => {
	const { client, server } = await serve((_seen, response) => json(response, 200, { ok: true }, { "x-id": "req-1" }));
	const answer = await client.send({ method: "GET", path: "/users/{login}/groups", params: { login: "a/b c@d" }, query: { limit: 5, q: undefined, s: "x&y" } });
	expect(server.seen[0]?.url).toBe("/users/a%2Fb%20c%40d/groups?limit=5&s=x%26y");
	expect(answer.body).toEqual({ ok: true });
	expect(answer.request).toMatchObject({ call: "GET /users/{login}/groups", requestId: "req-1" });
	expect(client.requests()).toBe(1);
});

test.each([
	["req-1:a.b/c@d+e=", "req-1:a.b/c@d+e="],
	["Bearer s3cret-t0ken-value", null],
	["id-s3cret-t0ken-value-1", null],
	["a".repeat(129), null],
	["two words", null],
])("the request id %j is kept as %j, in answers and in errors", async (id, kept) => {
	const { client } = await serve((_seen, response, index) => json(response, index === 0 ? 200 : 403, {}, { "x-id": id }));
	expect((await client.send({ method: "GET", path: "/a" })).request.requestId).toBe(kept);
	const refused = await refusalOf(client.send({ method: "GET", path: "/a" }));
	expect(refused.requestId).toBe(kept);
	expect(refused.message).not.toContain("s3cret");
});

test.each(["..", ".", ""])("the id %j is refused before anything is sent", async (id) => {
	const { client, server } = await serve((_seen, response) => json(response, 200, {}));
	await expect(client.send({ method: "DELETE", path: "/users/{id}/roles", params: { id } })).rejects.toThrow(/parameter id/);
	expect(server.seen).toHaveLength(0);
});

test("a write without a body says that it is empty", async () => {
	const { client, server } = await serve((_seen, response) => json(response, 200, {}));
	await client.send({ method: "POST", path: "/a" });
	await client.send({ method: "PUT", path: "/a" });
	await client.send({ method: "POST", path: "/a", body: { b: "ü" } });
	expect(server.seen.map(({ headers }) => headers["content-length"])).toEqual(["0", "0", "10"]);
	expect(server.seen[2]?.headers["content-type"]).toBe("application/json");
});

test("several lines of one header are all kept; an empty answer is null; gzip is unpacked", async () => {
	const { client } = await serve((seen, response) => {
		if (seen.url === "/empty") response.writeHead(204).end();
		else if (seen.url === "/zip") response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(gzipSync('{"zip":1}'));
		else json(response, 200, [], { link: ['<a>; rel="self"', '<b>; rel="next"'] });
	});
	expect((await client.send({ method: "GET", path: "/list" })).headers.get("link")).toBe('<a>; rel="self", <b>; rel="next"');
	expect((await client.send({ method: "DELETE", path: "/empty" })).body).toBeNull();
	expect((await client.send({ method: "GET", path: "/zip" })).body).toEqual({ zip: 1 });
});

test("a next link to another origin is not followed, and no credential goes there", async () => {
	const other = await testServer((_seen, response) => json(response, 200, []));
	open.push(other);
	const { client, server } = await serve((_seen, response) => json(response, 200, []));
	for (const url of [`${other.url}/users?after=1`, "https://evil.example/users", server.url.replace("http://", "http://u:p@"), "//evil.example/users"]) {
		const error = await refusalOf(client.send({ method: "GET", path: "/users", url }));
		expect(error).toMatchObject({ name: "HttpError", cause: "cut-off", status: 0 });
		expect(error.message).not.toContain("after=");
	}
	expect([...other.seen, ...server.seen]).toHaveLength(0);
	await client.send({ method: "GET", path: "/users", url: `${server.url}/users?after=2` });
	expect(server.seen[0]?.url).toBe("/users?after=2");
});

test("redirects: a few on the same origin for reads, none elsewhere, none for writes", async () => {
	const other = await testServer((_seen, response) => json(response, 200, {}));
	open.push(other);
	const { client, server } = await serve((seen, response) => {
		if (seen.url === "/old") response.writeHead(302, { location: "/new" }).end();
		else if (seen.url === "/away") response.writeHead(302, { location: `${other.url}/new` }).end();
		else if (seen.url === "/round") response.writeHead(302, { location: "/round" }).end();
		else json(response, 200, { here: seen.url });
	});
	expect((await client.send({ method: "GET", path: "/old" })).body).toEqual({ here: "/new" });
	expect(await refusalOf(client.send({ method: "GET", path: "/away" }))).toMatchObject({ cause: "cut-off" });
	expect(await refusalOf(client.send({ method: "GET", path: "/round" }))).toMatchObject({ cause: "cut-off" });
	expect(await refusalOf(client.send({ method: "POST", path: "/old" }))).toMatchObject({ cause: "cut-off" });
	expect(server.seen.filter(({ url }) => url === "/round")).toHaveLength(4);
	expect(other.seen).toHaveLength(0);
});

test("an answer beyond the size limit is not read, packed or not", async () => {
	const big = JSON.stringify("x".repeat(100_000));
	const server = await testServer((seen, response) => {
		if (seen.url === "/zip") response.writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" }).end(gzipSync(big));
		else response.writeHead(200, { "content-type": "application/json" }).end(big);
	});
	const transport = createTransport({ origin: new URL(server.url), connections: 1, maxBytes: 5000 });
	const client = createClient({ baseUrl: server.url, dialect: testDialect(), now: Date.now, transport });
	open.push(client, server);
	for (const path of ["/zip", "/plain"]) expect((await refusalOf(client.send({ method: "GET", path }))).message).toMatch(/larger than 5000 bytes/);
	expect(server.seen).toHaveLength(2);
});

test("a secret in a vendor's message is blotted out", async () => {
	const { client } = await serve((seen, response) => json(response, 400, { echo: seen.headers.authorization, line: "a\u0007\u001b[31m\nb" }));
	const error = await refusalOf(client.send({ method: "GET", path: "/a" }));
	expect(error.message).not.toContain("s3cret");
	expect(error.message).toContain("[secret]");
	expect(error.message).not.toMatch(/\p{Cc}/u);
});

test.each([
	["http://acme.okta.com", /https/],
	["acme.okta.com", /not an address/],
	["https://user:pw@acme.okta.com", /user name/],
	["https://acme.okta.com/?x=1", /without/],
])("%s is no address for a system", (baseUrl, message) => {
	expect(() => createClient({ baseUrl, dialect: testDialect(), now: Date.now })).toThrow(message);
});

test("abort ends a request under way, those that wait, and pauses", async () => {
	const arrived = signalled();
	const { client } = await serve(() => arrived.arrive(), { maxConcurrency: 1 });
	const controller = new AbortController();
	const work = [1, 2, 3].map((index) => client.send({ method: "GET", path: `/${index}`, signal: controller.signal }));
	await arrived.seen;
	controller.abort(new Error("enough"));
	for (const one of await Promise.allSettled(work)) expect(one).toMatchObject({ status: "rejected", reason: { message: "enough" } });
});

test("a write that is aborted under way may have been done", async () => {
	const arrived = signalled();
	const { client } = await serve(() => arrived.arrive());
	const controller = new AbortController();
	const work = refusalOf(client.send({ method: "POST", path: "/a", signal: controller.signal }));
	await arrived.seen;
	controller.abort();
	expect(await work).toMatchObject({ name: "HttpError", ambiguous: true });
});

test("what a dialect knows to be refused is not sent", async () => {
	const { client, server } = await serve((_seen, response) => json(response, 200, {}), { dialect: testDialect({ refuses: () => "no emoji here" }) });
	expect((await refusalOf(client.send({ method: "POST", path: "/a", body: {} }))).message).toContain("no emoji here");
	expect(server.seen).toHaveLength(0);
});
