import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sending } from "./delivery.js";
import { draft, type Message } from "./message.js";
import { postChat, postWebhook } from "./post.js";
import { line } from "./text.js";

interface Heard {
	headers: IncomingHttpHeaders;
	body: string;
}

let server: Server;
let heard: Heard[];
let answers: { status: number; headers?: Record<string, string>; body?: string; cut?: boolean }[];
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/T0ken-canary`;
let clock = Date.UTC(2026, 10, 27);
const sending: Sending = {
	now: () => clock,
	redact: (text) => text.replaceAll("T0ken-canary", "•"),
	sleep: async (ms) => {
		clock += ms;
	},
};

beforeEach(async () => {
	clock = Date.UTC(2026, 10, 27);
	heard = [];
	answers = [];
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
			const { status, headers = {}, body = "", cut } = answers.shift() ?? { status: 204 };
			if (cut) return request.socket.destroy();
			response.writeHead(status, headers).end(body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

function message(label = "ana@acme.example"): Message {
	return draft(
		{
			event: "findings",
			tenant: "acme",
			at: Date.UTC(2026, 10, 26),
			title: ["1 new finding"],
			opening: [],
			items: [line`high: ${label}`],
			closing: [],
			data: [{ id: "f_1" }],
			facts: { plan: "p1" },
		},
		["f_1"],
	);
}

describe("a webhook", () => {
	it("gets one JSON object, signed as Standard Webhooks says", async () => {
		const key = Buffer.from("a key of some bytes");
		const secret = `whsec_${key.toString("base64")}`;
		expect(await postWebhook({ name: "siem", url: url(), secret }, message(), sending)).toMatchObject({ sent: true });
		const [{ headers, body }] = heard as [Heard];
		expect(JSON.parse(body)).toEqual({
			schema: "keelson.dev/notification/v1",
			id: headers["webhook-id"],
			event: "findings",
			tenant: "acme",
			at: "2026-11-26T00:00:00.000Z",
			title: "1 new finding",
			plan: "p1",
			total: 1,
			items: [{ id: "f_1" }],
		});
		const signed = createHmac("sha256", key).update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64");
		expect(headers["webhook-signature"]).toBe(`v1,${signed}`);
		expect(headers["webhook-timestamp"]).toBe(String(Date.UTC(2026, 10, 27) / 1000));
	});

	it("is tried again with the same id while it asks for time, and not after its refusal", async () => {
		answers = [{ status: 429, headers: { "retry-after": "1" } }, { status: 503 }];
		expect(await postWebhook({ name: "siem", url: url(), secret: null }, message(), sending)).toMatchObject({ sent: true });
		expect(new Set(heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
		expect(heard).toHaveLength(3);
		heard = [];
		answers = [{ status: 400, body: "invalid_payload" }];
		const refused = await postWebhook({ name: "siem", url: url(), secret: null }, message(), sending);
		expect(refused).toMatchObject({ sent: false, why: expect.stringMatching(/^siem: 400: the receiver says invalid_payload/) });
		expect(heard).toHaveLength(1);
	});

	it("is not followed to another address, and its address is in no failure", async () => {
		answers = [{ status: 302, headers: { location: "http://127.0.0.1:1/" } }];
		const moved = await postWebhook({ name: "siem", url: url(), secret: null }, message(), sending);
		expect(moved.sent).toBe(false);
		expect(heard).toHaveLength(1);
		answers = [{ status: 400, body: `<html>nothing at ${url()}</html>` }];
		const page = await postWebhook({ name: "siem", url: url(), secret: null }, message(), sending);
		const gone = await postWebhook({ name: "siem", url: "http://127.0.0.1:1/T0ken-canary", secret: null }, message(), sending);
		for (const one of [moved, page, gone]) expect(JSON.stringify(one)).not.toContain("canary");
		expect(await postWebhook({ name: "siem", url: "ftp://T0ken-canary", secret: null }, message(), sending)).toMatchObject({ sent: false });
	});
});

describe("a chat", () => {
	const text = async (label: string): Promise<string> => {
		heard = [];
		expect(await postChat({ name: "ops", url: url() }, message(label), sending)).toMatchObject({ sent: true });
		return JSON.parse((heard[0] as Heard).body).text;
	};

	it("shows a tenant's text as code, in which nothing is mentioned, linked or formatted", async () => {
		expect(await text("<!channel> <https://evil.example|click> *bold* `x` @here #general")).toBe(
			"*acme*: 1 new finding\n• high: `&lt;!channel&gt; &lt;https://evil.example|click&gt; *bold* 'x' @\u200bhere #\u200bgeneral`",
		);
		expect(await text("a\nb\u202e\u0000c")).toBe("*acme*: 1 new finding\n• high: `a b\ufffd\ufffdc`");
	});

	it("is not told twice where nobody knows whether it took the first", async () => {
		answers = [{ status: 200, cut: true }];
		expect(await postChat({ name: "ops", url: url() }, message(), sending)).toMatchObject({ sent: false, doubtful: true });
		expect(heard).toHaveLength(1);
	});
});
