import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_TOKEN, type Emulator, emptyTenant, startEmulator } from "../emulator.js";
import { makeGroup, makeRole, makeUser } from "./build.js";
import { type Client, clientOf } from "./test-client.js";

const state = emptyTenant();
const user = makeUser(state, "ann+test@corp.example");
makeRole(state, "user", user, "SUPER_ADMIN");
const group = makeGroup(state, "Everyone here", [user]);
state.trustedOrigins.set("tos1", { id: "tos1", name: "Portal", origin: "https://portal.example", status: "ACTIVE", scopes: [{ type: "CORS" }] });

let okta: Emulator;
let at: Client;
const authorization = `SSWS ${DEFAULT_TOKEN}`;
beforeAll(async () => {
	okta = await startEmulator({ state, limits: "off" });
	at = clientOf(okta.url);
});
afterEach(() => okta.reset());
afterAll(() => okta.close());

function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Response> {
	return fetch(`${okta.url}${path}`, { method, headers: { authorization, ...headers }, ...(body === undefined ? {} : { body }) });
}

/** What comes back for bytes as given. */
function raw(text: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect(Number(new URL(okta.url).port), "127.0.0.1", () => socket.end(text));
		let answer = "";
		socket.on("data", (part) => {
			answer += part;
		});
		socket.on("close", () => resolve(answer));
		socket.on("error", reject);
	});
}

describe("the server", () => {
	it.each([
		["an unknown path", "GET", "/api/v1/nothing", 404, "E0000022"],
		["an unknown path below a known one", "GET", `/api/v1/users/${user}/nothing`, 404, "E0000022"],
		["a method the path lacks", "PATCH", "/api/v1/users", 405, "E0000022"],
		["a path of two slashes", "GET", "//api/v1/users", 404, "E0000022"],
		["a nonsense escape", "GET", "/api/v1/users/%zz", 404, "E0000007"],
	])("refuses %s", async (_, method, path, status, code) => {
		const answer = await at(`${method} ${path}`, method === "PATCH" ? {} : undefined);
		expect([answer.status, answer.body.errorCode]).toEqual([status, code]);
		if (status === 405) expect(answer.headers.get("allow")).toBe("GET, POST");
	});

	it.each([
		["JSON that isn't one", "application/json", "{", 400, "E0000003"],
		["a form", "application/x-www-form-urlencoded", "a=b", 415, "E0000021"],
		["plain text", "text/plain", "{}", 415, "E0000021"],
		["a list where an object belongs", "application/json", "[1]", 400, "E0000001"],
		["null", "application/json; charset=utf-8", "null", 400, "E0000001"],
	])("refuses a body of %s", async (_, type, body, status, code) => {
		const answer = await send("POST", "/api/v1/groups", { "content-type": type }, body);
		expect([answer.status, ((await answer.json()) as { errorCode: string }).errorCode]).toEqual([status, code]);
	});

	it("takes users by id, login in any writing, short name and `me`", async () => {
		for (const name of [user, "ann+test@corp.example", "ann%2Btest%40corp.example", "ANN%2Btest@corp.example", "ann+test", "me"])
			expect((await at(`GET /api/v1/users/${name}`)).body.id, name).toBe(user);
	});

	it("takes a trailing slash, a whole address and parameters nobody knows", async () => {
		expect((await at("GET /api/v1/groups/")).body).toHaveLength(1);
		expect((await at("GET /api/v1/groups?fantasy=1&x[]=?&=&%zz")).body).toHaveLength(1);
		expect(await raw(`GET ${okta.url}/api/v1/groups HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`)).toContain(group);
	});

	it.each(["-5", "0", "ten", "1.5", "9e9"])("refuses limit=%s", async (limit) => {
		const answer = await at(`GET /api/v1/users?limit=${limit}`);
		expect([answer.status, answer.body.errorCode]).toEqual([400, "E0000001"]);
	});

	it("answers HEAD as GET without the body, and OPTIONS with what there is", async () => {
		const [got, head] = [await send("GET", `/api/v1/users/${user}`), await send("HEAD", `/api/v1/users/${user}`)];
		expect([head.status, await head.text(), head.headers.get("content-length")]).toEqual([200, "", got.headers.get("content-length")]);
		expect((await send("HEAD", "/api/v1/users/00u00000000000000000")).status).toBe(404);
		const options = await fetch(`${okta.url}/api/v1/groups/${group}`, { method: "OPTIONS", headers: { origin: "https://portal.example" } });
		expect([options.status, options.headers.get("allow"), options.headers.get("access-control-allow-origin")]).toEqual([
			204,
			"GET, PUT, DELETE, HEAD, OPTIONS",
			"https://portal.example",
		]);
		const stranger = await fetch(`${okta.url}/api/v1/groups`, { method: "OPTIONS", headers: { origin: "https://evil.example" } });
		expect([stranger.status, stranger.headers.get("access-control-allow-origin")]).toEqual([204, null]);
	});

	it("survives long paths, big bodies, half requests and noise", async () => {
		expect((await at(`GET /api/v1/users/${"x".repeat(8000)}`)).status).toBe(404);
		expect(await raw(`GET /api/v1/users/${"x".repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 431/);
		expect((await send("POST", "/api/v1/groups", { "content-type": "application/json" }, `{"a":"${"x".repeat(3_000_000)}"}`)).status).toBe(400);
		expect(await raw("\u0000\u0001noise\r\n\r\n")).toMatch(/^HTTP\/1.1 400/);
		await raw(`POST /api/v1/groups HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
		expect((await at("GET /api/v1/groups")).status).toBe(200);
		expect(okta.requests.filter(({ failure }) => failure !== undefined)).toEqual([]);
	});

	it("answers many at once, each its own, on connections that stay", async () => {
		const ids = Array.from({ length: 200 }, (_, i) => makeUser(state, `many${i}@corp.example`));
		const found = await Promise.all(ids.map(async (id) => (await at(`GET /api/v1/users/${id}`)).body.id));
		expect(found).toEqual(ids);
		for (const id of ids) state.users.delete(id);
		const ports = new Set<number | undefined>();
		for (let i = 0; i < 3; i++)
			await new Promise<void>((resolve, reject) => {
				const sent = request(`${okta.url}/api/v1/groups`, { headers: { authorization, connection: "keep-alive" } }, (answer) => {
					ports.add(answer.socket.localPort);
					answer.resume().on("end", resolve);
				});
				sent.on("error", reject).end();
			});
		expect(ports.size).toBe(1);
	});

	it.each([
		["users", "filter", 'nothing eq "x"', "E0000031"],
		["users", "search", 'profile.department ne "x"', "E0000031"],
		["groups", "filter", "type eq", "E0000031"],
		["apps", "filter", "(", "E0000031"],
		["zones", "filter", 'name co "x"', "E0000031"],
		["devices", "search", 'owner eq "x"', "E0000031"],
		["logs", "filter", "eventType", "E0000053"],
		["principal-rate-limits", "filter", 'principalType eq "PERSON"', "E0000001"],
	])("refuses %s with %s=%s", async (list, name, expression, code) => {
		const answer = await at(`GET /api/v1/${list}?${new URLSearchParams({ [name]: expression })}`);
		expect([answer.status, answer.body.errorCode]).toEqual([400, code]);
		expect(answer.body.errorCauses).toHaveLength(1);
	});
});
