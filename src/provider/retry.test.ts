import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type ClientOptions, createClient } from "./client.js";
import type { HttpClient, HttpRequest } from "./http.js";
import type { HttpError } from "./http-error.js";
import { createJumpClock } from "./test-clock.js";
import { testDialect } from "./test-dialect.js";
import { json, type TestServer, testServer } from "./test-server.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function serve(
	answer: Parameters<typeof testServer>[0],
	options: Partial<ClientOptions> = {},
): Promise<{ client: HttpClient; server: TestServer; clock: ReturnType<typeof createJumpClock> }> {
	const server = await testServer(answer);
	const clock = createJumpClock(Math.floor(Date.now() / 1000) * 1000);
	const client = createClient({ baseUrl: server.url, dialect: testDialect(), now: clock.now, sleep: clock.sleep, ...options });
	open.push(client, server);
	return { client, server, clock };
}

const refusalOf = (work: Promise<unknown>): Promise<HttpError> =>
	work.then(
		() => Promise.reject(new Error("it was answered")),
		(error) => error,
	);

const faults: [string, (response: Parameters<typeof json>[0]) => void][] = [
	["a server error", (response) => json(response, 503, { a: 1 })],
	["a connection cut before the answer", (response) => response.destroy()],
	[
		"a connection cut in the middle of the answer",
		(response) => void response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy()),
	],
];

for (const [name, fault] of faults) {
	test.each(["GET", "PUT", "DELETE"] as const)(`${name}: %s is repeated`, async (method) => {
		const { client, server } = await serve((_seen, response, index) => (index < 2 ? fault(response) : json(response, 200, { ok: 1 })));
		expect((await client.send({ method, path: "/a" })).body).toEqual({ ok: 1 });
		expect(server.seen).toHaveLength(3);
	});

	test(`${name}: a POST is sent once and may have been done`, async () => {
		const { client, server } = await serve((_seen, response) => fault(response));
		expect(await refusalOf(client.send({ method: "POST", path: "/a", body: {} }))).toMatchObject({ name: "HttpError", ambiguous: true });
		expect(server.seen).toHaveLength(1);
	});

	test(`${name}: a POST that the vendor calls harmless is repeated`, async () => {
		const dialect = testDialect({ repeatable: () => true });
		const { client } = await serve((_seen, response, index) => (index < 1 ? fault(response) : json(response, 200, {})), { dialect });
		expect((await client.send({ method: "POST", path: "/a" })).status).toBe(200);
	});
}

test.each([
	["GET", false],
	["DELETE", true],
] as const)("%s gives up after its tries; ambiguous: %s", async (method, ambiguous) => {
	const { client, server } = await serve((_seen, response) => json(response, 500, { a: 1 }, { "x-id": "r-9" }), { attempts: 3 });
	const error = await refusalOf(client.send({ method, path: "/a" }));
	expect(error).toMatchObject({ status: 500, cause: "error", requestId: "r-9", ambiguous });
	expect(server.seen).toHaveLength(3);
});

test("a POST that never left is repeated, and its failure is not ambiguous", async () => {
	const free = await new Promise<number>((resolve) => {
		const probe = createServer().listen(0, "127.0.0.1", () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
		});
	});
	const clock = createJumpClock();
	const client = createClient({ baseUrl: `http://127.0.0.1:${free}`, dialect: testDialect(), now: clock.now, sleep: clock.sleep, attempts: 3 });
	open.push(client);
	expect(await refusalOf(client.send({ method: "POST", path: "/a" }))).toMatchObject({ status: 0, cause: "cut-off", ambiguous: false });
	// Where nothing was ever met, the address is more likely wrong than down.
	expect(client.requests()).toBe(2);
});

test("broken JSON: a read is repeated, a write may have been done", async () => {
	const { client, server } = await serve((seen, response, index) => {
		response.writeHead(200, { "content-type": "application/json" }).end(seen.method === "GET" && index > 1 ? "[1]" : "[1");
	});
	expect((await client.send({ method: "GET", path: "/a" })).body).toEqual([1]);
	expect(server.seen).toHaveLength(3);
	expect(await refusalOf(client.send({ method: "PUT", path: "/a" }))).toMatchObject({ ambiguous: true });
});

test("a server that drips its answer is cut off", async () => {
	const drip: NodeJS.Timeout[] = [];
	const { client } = await serve(
		(_seen, response) => {
			response.writeHead(200);
			drip.push(setInterval(() => response.write(" "), 20));
		},
		{ attemptTimeoutMs: 150, attempts: 2 },
	);
	const error = await refusalOf(client.send({ method: "GET", path: "/a" }));
	for (const timer of drip) clearInterval(timer);
	expect(error).toMatchObject({ status: 0, cause: "cut-off" });
});

test("refused credentials are renewed once, with the headers that were refused", async () => {
	const renewed: (string | null)[] = [];
	const dialect = testDialect({
		async renew(sent) {
			renewed.push(sent.get("authorization"));
			return true;
		},
	});
	const { client, server } = await serve((_seen, response) => json(response, 401, {}), { dialect });
	expect(await refusalOf(client.send({ method: "POST", path: "/a" }))).toMatchObject({ status: 401, ambiguous: false });
	expect(server.seen).toHaveLength(2);
	expect(renewed).toEqual(["Bearer s3cret-t0ken-value"]);
});

const read: HttpRequest = { method: "GET", path: "/a" };

test.each([
	["seconds", () => "7", 7],
	["a date on the server's clock, which is an hour off", () => new Date(hourAhead() + 7000).toUTCString(), 7],
	["nonsense", () => "soon", null],
	["a negative number", () => "-7", 0],
])("Retry-After as %s", async (_name, value, seconds) => {
	const { client, clock } = await serve((_seen, response, index) => {
		if (index > 0) return json(response, 200, {});
		json(response, 503, {}, { "retry-after": value(), date: new Date(hourAhead()).toUTCString() });
	});
	await client.send(read);
	const waited = clock.slept.reduce((sum, ms) => sum + ms, 0);
	if (seconds === null) expect(waited).toBeLessThanOrEqual(500);
	else expect(Math.round(waited / 1000)).toBe(seconds);
});

function hourAhead(): number {
	return Math.floor(Date.now() / 60_000) * 60_000 + 3_600_000;
}

test("a Retry-After beyond the deadline is said at once", async () => {
	const { client, server, clock } = await serve((_seen, response) => json(response, 429, {}, { "retry-after": "86400" }));
	const error = await refusalOf(client.send(read));
	expect(error).toMatchObject({ status: 429, cause: "throttled" });
	expect(error.message).toMatch(/86400 s, later than the deadline of 300 s/);
	expect(server.seen).toHaveLength(1);
	expect(clock.slept).toEqual([]);
});

test("a used-up window is waited for on the server's clock, by everybody", async () => {
	const skew = 600_000;
	let opened = false;
	const server = await testServer((_seen, response, index) => {
		const time = clock.now() + skew;
		opened ||= index > 0 && time >= resetAt;
		const headers = {
			date: new Date(time).toUTCString(),
			"x-limit": "10",
			"x-remaining": opened ? "9" : "0",
			"x-reset": String((opened ? resetAt + 60_000 : resetAt) / 1000),
		};
		json(response, opened ? 200 : 429, {}, headers);
	});
	const clock = createJumpClock(1_780_000_000_000);
	const resetAt = clock.now() + skew + 20_000;
	const client = createClient({ baseUrl: server.url, dialect: testDialect(), now: clock.now, sleep: clock.sleep });
	open.push(client, server);
	await Promise.all([client.send(read), client.send(read), client.send(read)]);
	expect(client.stats().buckets["/a"]).toMatchObject({ requests: 4, throttled: 1 });
	expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(22_000);
});

test("too many at once is a short pause, whatever the reset says", async () => {
	const { client, clock } = await serve((_seen, response, index) => {
		if (index > 0) return json(response, 200, {});
		json(response, 429, {}, { "x-limit": "0", "x-remaining": "0", "x-reset": String(Math.floor(Date.now() / 1000) + 3600) });
	});
	await client.send(read);
	expect(clock.slept).toHaveLength(1);
	expect(clock.slept[0]).toBeGreaterThanOrEqual(1000);
	expect(clock.slept[0]).toBeLessThanOrEqual(5000);
	expect(client.stats()).toMatchObject({ concurrencyThrottled: 1, concurrency: 1 });
});

test("429 without end stops at the deadline", async () => {
	const { client } = await serve((_seen, response) => json(response, 429, {}), { deadlineMs: 30_000 });
	expect(await refusalOf(client.send(read))).toMatchObject({ status: 429, cause: "throttled" });
});

test.each<[string, number, object]>([
	["a refusal", 403, {}],
	["a rate limit beyond the deadline", 429, { "retry-after": "900" }],
])("%s of a repeat leaves a write in doubt that was cut before", async (_, status, headers) => {
	const { client } = await serve((_seen, response, index) => (index === 0 ? void response.destroy() : json(response, status, {}, { ...headers })));
	expect(await refusalOf(client.send({ method: "DELETE", path: "/a" }))).toMatchObject({ status, ambiguous: true });
	expect(await refusalOf(client.send({ method: "DELETE", path: "/a" }))).toMatchObject({ status, ambiguous: false });
});
