import { afterEach, expect, test } from "vitest";
import { createClient } from "./client.js";
import { createJumpClock } from "./test-clock.js";
import { testDialect } from "./test-dialect.js";
import { json, testServer } from "./test-server.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** The server fails every request; the caller may write until it has been asked so many times. */
async function fencedAfter(times: number) {
	const server = await testServer((_, response) => json(response, 503, {}));
	const clock = createJumpClock(Date.now());
	let asked = 0;
	const mayWrite = () => {
		if (asked++ >= times) throw new Error("the lease ends too soon for another call");
		return 20_000;
	};
	const client = createClient({ baseUrl: server.url, dialect: testDialect(), now: clock.now, sleep: clock.sleep, attempts: 3, mayWrite });
	open.push(client, server);
	return { client, server };
}

test("a write that may not be made any more is not sent", async () => {
	const { client, server } = await fencedAfter(0);
	await expect(client.send({ method: "PUT", path: "/a" })).rejects.toMatchObject({
		ambiguous: false,
		message: expect.stringContaining("the lease ends too soon"),
	});
	expect(server.seen).toEqual([]);
});

test("it is asked before every try, and the doubt of those before stays", async () => {
	const { client, server } = await fencedAfter(1);
	await expect(client.send({ method: "PUT", path: "/a" })).rejects.toMatchObject({ ambiguous: true });
	expect(server.seen).toHaveLength(1);
});

test("reading needs no leave", async () => {
	const { client, server } = await fencedAfter(0);
	await expect(client.send({ method: "GET", path: "/a" })).rejects.toMatchObject({ status: 503 });
	expect(server.seen).toHaveLength(3);
});
