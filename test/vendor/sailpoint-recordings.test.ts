import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { connect } from "../../providers/sailpoint/connection.js";
import { one } from "../../providers/sailpoint/read.js";
import { decodeSourceAccount } from "../../providers/sailpoint/schema-source.js";

/** Answers of a real tenant, read where they lie. The other files there hold the search index, which is not called. */
const shared = resolve(process.env.KEELSON_SHARED ?? "../shared");
const folder = `${shared}/recordings/sailpoint`;
const present = existsSync(folder);
if (!present) console.warn(`Skipped: no recordings under ${shared}; set KEELSON_SHARED.`);

interface Entry {
	request: { method: string; path: string };
	response: { status: number; body: Record<string, unknown> };
}
const recorded = (file: string): Entry[] => JSON.parse(readFileSync(`${folder}/${file}.json`, "utf8")) as Entry[];

describe.skipIf(!present)("recorded answers", () => {
	it("an account of a source", () => {
		const entries = recorded("accounts");
		expect(entries.length).toBeGreaterThan(0);
		for (const { response } of entries) {
			const { body } = response;
			const decoded = decodeSourceAccount(body);
			if ("bad" in decoded) throw new Error(decoded.bad);
			expect(decoded.ok).toEqual({
				id: body.id,
				source: body.sourceId,
				identity: body.uncorrelated === true ? null : body.identityId,
				nativeIdentity: body.nativeIdentity,
				disabled: body.disabled,
				locked: body.locked,
				system: body.systemAccount,
				name: body.name,
			});
		}
	});

	it("refusals, sent once more over HTTP", async () => {
		const entries = recorded("errors");
		expect(entries.length).toBeGreaterThan(0);
		for (const { request, response } of entries) {
			const ofToken = request.path.endsWith("/oauth/token");
			const server = createServer((asked, answer) => {
				const token = asked.url === "/oauth/token" && !ofToken;
				answer.writeHead(token ? 200 : response.status, { "content-type": "application/json" });
				answer.end(JSON.stringify(token ? { access_token: "tok", expires_in: 700 } : response.body));
			});
			await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
			const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
			const credential = { method: "client-secret", clientId: "c", clientSecret: "s" };
			const config = { system: "isc", url, credential, options: {}, purpose: "read" as const, now: Date.now, log() {}, sleep: async () => {} };
			const connection = await connect(config);
			const answer = await one(connection, { path: "/v2026/sources" });
			await connection.close();
			await new Promise((done) => server.close(done));
			if (!("error" in answer)) throw new Error("it was no refusal");
			expect(answer.error.status).toBe(response.status);
			const said = response.body.error_description ?? (response.body.messages as { text: string }[] | undefined)?.[0]?.text;
			expect(answer.error.message).toContain(String(said));
		}
	});
});
