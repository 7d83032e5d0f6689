import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type OktaConnection } from "../../providers/okta/connection.js";
import { list, one } from "../../providers/okta/read.js";
import { keysOf } from "../../providers/okta/schema-credential.js";
import { type Call, calls } from "./okta-calls.js";
import type { Raw } from "./okta-checks.js";

/** Answers of real Okta orgs and the vendor's own examples, read where they lie. */
const shared = resolve(process.env.KEELSON_SHARED ?? "../shared");
const folder = `${shared}/recordings/okta`;
const present = existsSync(folder) && existsSync(`${shared}/specs/okta`);
if (!present) console.warn(`Skipped: no recordings and specification under ${shared}; set KEELSON_SHARED.`);

interface Entry {
	request: { method: string; path: string };
	response: { status: number; headers: Record<string, string>; body: Raw };
}

const recorded = (file: string): Entry[] => JSON.parse(readFileSync(`${folder}/${file}.json`, "utf8")) as Entry[];

/** Answers under an operation's name that are another object: a list of questions, governance settings, a user's own schema. */
const elsewhere = /\/factors\/questions$|\/governance\//;

const itemsOf = (body: Raw, key?: string): Raw[] =>
	Array.isArray(body) ? body : key && Array.isArray(body?.[key]) ? body[key] : Array.isArray(body?.jwks?.keys) ? (keysOf(body) ?? []) : [body];

function decodesTruly(call: Call, items: Raw[]): void {
	for (const item of items) {
		const found = call.decode(item);
		if ("bad" in found) expect.fail(`${call.path}: ${found.bad}: ${JSON.stringify(item).slice(0, 300)}`);
		call.check(item, found.ok);
	}
}

describe.skipIf(!present)("recorded answers", () => {
	let decoded = 0;
	let items = 0;

	it.each(calls.flatMap((call) => call.files.map((file) => [file, call] as const)))("%s", (file, call) => {
		const entries = recorded(file);
		expect(entries.length).toBeGreaterThan(0);
		const good = entries.filter(({ request, response }) => response.status < 300 && response.body !== null && !elsewhere.test(request.path));
		for (const { response } of good) {
			const found = itemsOf(response.body, call.key);
			decodesTruly(call, found);
			items += found.length;
		}
		decoded += good.length;
	});

	it("were all looked at", () => {
		expect({ decoded, items }).toEqual({ decoded: 588, items: 830 });
	});
});

describe.skipIf(!present)("the calls' answers, refusals among them, sent once more over HTTP", () => {
	let connection: OktaConnection;
	let current: Entry;
	const server = createServer((_, response) => {
		response.writeHead(current.response.status, { "content-type": "application/json", "x-okta-request-id": "recorded" });
		response.end(current.response.body === null ? "" : JSON.stringify(current.response.body));
	});
	beforeAll(async () => {
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		connection = await connect(
			{ system: "okta", url, credential: { method: "ssws", token: "00fake" }, options: {}, purpose: "read", now: Date.now, log: () => {} },
			[],
		);
	});
	afterAll(async () => {
		await connection.close();
		server.close();
	});

	let sent = 0;
	it.each(calls.filter((call) => /^(list|getOrg|getCurrent|getUserLockout|getAuthenticatorSettings)/.test(call.files[0] ?? "")))("$path", async (call) => {
		for (const entry of recorded(call.files[0] ?? "").filter(({ request }) => !elsewhere.test(request.path))) {
			current = entry;
			sent += 1;
			const { status, body } = entry.response;
			if (call.single) {
				const answer = await one(connection, { method: "GET", path: call.path });
				expect("body" in answer).toBe(status < 300);
				continue;
			}
			const pages = [];
			for await (const page of list(
				connection,
				{ method: "GET", path: call.path, params: {}, url: `${connection.config.url}/x` },
				{ scope: "okta.x.read", ...(call.key && { key: call.key }) },
			))
				pages.push(page);
			const end = pages.at(-1)?.end;
			expect(end?.closed).toBe(status < 300);
			const ids = new Set(status < 300 ? itemsOf(body, call.key).map((item) => item.id ?? item) : []);
			expect(pages.flatMap((page) => page.items)).toHaveLength(ids.size);
			if (status >= 400) expect(end?.error).toMatchObject({ status, code: body.errorCode });
		}
	});

	it("were all sent", () => {
		expect(sent).toBe(100);
	});
});

describe.skipIf(!present)("the vendor's examples", () => {
	const spec: Raw = present ? JSON.parse(readFileSync(`${shared}/specs/okta/management.trimmed.json`, "utf8")) : null;
	const resolved = (value: Raw): Raw =>
		value?.$ref
			? resolved(
					value.$ref
						.slice(2)
						.split("/")
						.reduce((here: Raw, part: string) => here[part.replaceAll("~1", "/")], spec),
				)
			: value;
	let examples = 0;

	it.each(calls)("$path", (call) => {
		const content = resolved(spec.paths[call.path]?.get?.responses?.["200"])?.content?.["application/json"];
		const found: Raw[] = Object.values(content?.examples ?? {}).map((example) => resolved(example).value);
		for (const value of found) decodesTruly(call, itemsOf(value, call.key));
		examples += found.length;
	});

	it("were all looked at", () => {
		expect(examples).toBe(72);
	});
});

it.skipIf(!present)("every recording of a call that reading makes is named", () => {
	const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
	for (const file of calls.flatMap((call) => call.files)) expect(names).toContain(file);
});
