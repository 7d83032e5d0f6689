import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { assess } from "../../src/assess/assess.js";
import { stackOf, world } from "../../src/assess/test-tenant.js";
import { renderJson } from "../../src/report/json.js";
import { openStore } from "../../src/store/open.js";
import { DEFAULT_TOKEN, startEmulator } from "./emulator.js";
import { smallTenant } from "./test-quirks.js";
import { scanOrg, testNow } from "./test-scan.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
	for (const one of open.splice(0).reverse()) await one.close();
});

/** Keys whose values are words of a list that Okta may lengthen any day. */
const enumLike = new Set(
	"status type factorType provider role connection access signOnMode action scope source riskLevel level authType factorMode method key transitioningToStatus".split(
		" ",
	),
);

function spoilt(value: unknown, word: string, key = ""): unknown {
	if (Array.isArray(value)) return value.map((item) => spoilt(item, word, key));
	if (typeof value === "string") return enumLike.has(key) ? word : value;
	if (typeof value !== "object" || value === null) return value;
	// A factor that is not ACTIVE is left out, whatever its type.
	const kept = "factorType" in value ? "status" : "";
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === kept ? inner : spoilt(inner, word, name)]));
}

/** The emulated org by way of a server that puts one word for every such value. */
async function spoiltOrg(word: string): Promise<string> {
	const emulator = await startEmulator({ state: smallTenant(12), clock: () => testNow, limits: "off", auth: { ssws: [{ token: DEFAULT_TOKEN }] } });
	const server: Server = createServer(async (request, response) => {
		const answer = await fetch(`${emulator.url}${request.url}`, { headers: { authorization: request.headers.authorization ?? "" } });
		const text = (await answer.text()).replaceAll(emulator.url, url);
		const headers = { "content-type": "application/json", date: new Date(testNow).toUTCString() };
		const link = answer.headers.get("link")?.replaceAll(emulator.url, url);
		response.writeHead(answer.status, { ...headers, ...(link && { link }) });
		response.end(answer.ok && text !== "" ? JSON.stringify(spoilt(JSON.parse(text), word)) : text);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	open.push(emulator, { close: () => server.closeAllConnections() }, { close: () => server.close() });
	return url;
}

it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
	"the word %s, wherever Okta has a list of words, is one that is not known and nothing more",
	async (word) => {
		const store = await openStore("sqlite::memory:");
		open.push(store);
		const read = await scanOrg({ url: await spoiltOrg(word), now: testNow }, store, { credential: { method: "ssws", token: DEFAULT_TOKEN } });
		const reasons = read.scan.coverage.flatMap(({ reasons }) => reasons.map(({ detail }) => detail));
		expect(reasons.filter((detail) => /not a function|cannot read|is not iterable|could not be cloned|undefined/i.test(detail))).toEqual([]);
		const accounts = await read.bodies("accounts");
		expect(accounts.length).toBeGreaterThan(0);
		expect(accounts.filter((account) => "enabled" in account)).toEqual([]);
		expect(accounts).toEqual(accounts.map(() => expect.objectContaining({ status: word, credentialProvider: "unknown" })));
		const factors = (await read.bodies("authenticators")).flatMap((body) => ("items" in body && Array.isArray(body.items) ? body.items : []));
		expect(factors.length).toBeGreaterThan(0);
		expect(factors).toEqual(factors.map(() => expect.objectContaining({ type: word, strength: "unknown" })));
		const standard = (await read.bodies("roleAssignments")).filter((role) => "custom" in role && role.custom === false);
		expect(standard).toEqual(standard.map(() => expect.objectContaining({ role: word, level: "unknown" })));
		const assessment = await assess({ ...(await world(stackOf())), store });
		expect(assessment && renderJson(assessment)).toContain('"accounts"');
	},
);
