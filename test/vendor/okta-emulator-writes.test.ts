import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_AT, makeFactor } from "../../providers/okta/emulator/build.js";
import { DEFAULT_TOKEN, type Emulator, startEmulator } from "../../providers/okta/emulator.js";
import { allOperations, checkAnswer, MISPRINTS, operationOf, present } from "./okta-spec.js";
import { fullTenant } from "./okta-state.js";
import { namesOf, writesOf } from "./okta-writes.js";

const state = fullTenant();
const withPassword = [...state.users].find(([, user]) => user.status === "ACTIVE")?.[0] ?? "";
makeFactor(state, withPassword, "sms", { id: "fct00000000000000001" });

/** Operations whose answers are OAuth's: `auth.test.ts` has them. */
const OAUTH = ["/oauth2/v1/introspect", "/oauth2/v1/revoke", "/oauth2/v1/token"];

describe.skipIf(!present)("answers to writes", () => {
	let emulator: Emulator;
	const names = namesOf(state, "http://emulator.example");
	const writes = Object.entries(writesOf(names));
	beforeAll(async () => {
		emulator = await startEmulator({ state, limits: "off", clock: () => BUILT_AT });
	});
	afterAll(() => emulator?.close());

	async function send(method: string, address: string, body?: unknown): Promise<{ status: number; text: string }> {
		const json = body === undefined ? {} : { body: JSON.stringify(body) };
		const headers = { authorization: `SSWS ${DEFAULT_TOKEN}`, ...(body === undefined ? {} : { "content-type": "application/json" }) };
		const response = await fetch(`${emulator.url}${address}`, { method, headers, ...json });
		return { status: response.status, text: await response.text() };
	}

	it("are tried for every operation of the specification", () => {
		const tried = new Set(writes.map(([name]) => name));
		const missing = allOperations().filter(
			({ method, path }) => !["GET", "OPTIONS"].includes(method) && !OAUTH.includes(path) && !tried.has(`${method} ${path}`),
		);
		expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
	});

	it.each(writes)("%s", async (name, write) => {
		const [method = "", path = ""] = name.split(" ");
		let part = 0;
		const address = path.replace(/\{[^}]+\}/g, () => encodeURIComponent(write.at?.[part++] ?? ""));
		for (const [request, body] of write.first ?? []) {
			const [verb = "", at = ""] = request.split(" ");
			const { status, text } = await send(verb, at, body);
			expect(status, `${request}: ${text}`).toBeLessThan(300);
		}
		const { status, text } = await send(method, address + (write.query ?? ""), write.body);
		const responses = operationOf(method, path)?.responses ?? {};
		const allowed = Object.keys(responses).filter((one) => one.startsWith("2"));
		expect(allowed, text).toContain(String(status));
		const problems = text === "" ? [] : (checkAnswer(method, path, status, JSON.parse(text)) ?? []);
		expect(problems.filter((problem) => !MISPRINTS.some((pattern) => pattern.test(problem)))).toEqual([]);
		const content = (responses[String(status)] as { content?: unknown } | undefined)?.content;
		if (text === "") expect(content === undefined || JSON.stringify(content) === "{}").toBe(true);
		emulator.reset();
	});

	it.each(writes.filter(([name]) => name.startsWith("DELETE")))("%s is not found a second time", async (name, write) => {
		const [method = "", path = ""] = name.split(" ");
		let part = 0;
		const address = path.replace(/\{[^}]+\}/g, () => encodeURIComponent(write.at?.[part++] ?? ""));
		for (const [request, body] of write.first ?? []) await send(request.split(" ")[0] ?? "", request.split(" ")[1] ?? "", body);
		const first = await send(method, address + (write.query ?? ""));
		const again = await send(method, address + (write.query ?? ""));
		emulator.reset();
		expect([202, 204]).toContain(first.status);
		// Of all of something, of a membership, and of a live user, which is only deactivated, the second time is as good as the first.
		const repeatable = /\/(grants|tokens|sessions)$|\/groups\/\{groupId\}\/users\/\{userId\}$|\/users\/\{id\}$|sessions\/\{sessionId\}$/.test(path);
		if (!repeatable) expect([again.status, JSON.parse(again.text).errorCode]).toEqual([404, "E0000007"]);
	});
});
