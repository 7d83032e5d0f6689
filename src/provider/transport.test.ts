import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { json, testServer } from "./test-server.js";
import { createTransport, type Transport } from "./transport.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** A proxy that notes which hosts were asked for, and lets nobody through. */
async function proxy(): Promise<{ url: string; asked: string[] }> {
	const asked: string[] = [];
	const server = createServer();
	server.on("connect", (request, socket) => {
		asked.push(`${request.url} ${request.headers.authorization ?? "-"}`);
		socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function get(transport: Transport, url: string): Promise<unknown> {
	open.push(transport);
	return transport.send({ method: "GET", url, headers: new Headers({ authorization: "Bearer s3cret" }), body: null, signal: new AbortController().signal });
}

test("HTTPS_PROXY is used, and the proxy sees no credential", async () => {
	const { url, asked } = await proxy();
	const transport = createTransport({ origin: new URL("https://acme.example"), connections: 1, env: { HTTPS_PROXY: url } });
	await expect(get(transport, "https://acme.example/api")).rejects.toMatchObject({ failure: "unreachable", sent: false });
	expect(asked).toEqual(["acme.example:443 -"]);
});

test("NO_PROXY hosts are reached directly", async () => {
	const { url, asked } = await proxy();
	const env = { HTTPS_PROXY: url, NO_PROXY: "acme.invalid" };
	await expect(get(createTransport({ origin: new URL("https://acme.invalid"), connections: 1, env }), "https://acme.invalid/api")).rejects.toMatchObject({
		sent: false,
	});
	expect(asked).toEqual([]);
});

test("loopback never goes through a proxy", async () => {
	const { url, asked } = await proxy();
	const server = await testServer((_seen, response) => json(response, 200, {}));
	open.push(server);
	const transport = createTransport({ origin: new URL(server.url), connections: 1, env: { HTTP_PROXY: url, HTTPS_PROXY: url } });
	await expect(get(transport, `${server.url}/a`)).resolves.toMatchObject({ status: 200, text: "{}" });
	expect(asked).toEqual([]);
});

test("a server that speaks no TLS is a clear failure and was not sent anything", async () => {
	const server = await testServer((_seen, response) => json(response, 200, {}));
	open.push(server);
	const https = server.url.replace("http:", "https:");
	await expect(get(createTransport({ origin: new URL(https), connections: 1 }), `${https}/a`)).rejects.toMatchObject({ failure: "tls", sent: false });
	expect(server.seen).toHaveLength(0);
});

test("sockets are kept alive and never more than allowed", async () => {
	const sockets = new Set<string>();
	const server = createServer((request, response) => {
		sockets.add(String(request.socket.remotePort));
		setImmediate(() => response.end("{}"));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const transport = createTransport({ origin: new URL(url), connections: 3 });
	await Promise.all(Array.from({ length: 40 }, () => get(transport, `${url}/a`)));
	expect(sockets.size).toBeLessThanOrEqual(3);
	server.closeAllConnections();
	server.close();
});

test.each(["gzip", "GZIP", "X-Gzip", "Identity"])("the coding %s is understood in whatever case", async (coding) => {
	const body = coding === "Identity" ? Buffer.from("{}") : gzipSync("{}");
	const server = await testServer((_seen, response) => {
		response.writeHead(200, { "content-type": "application/json", "content-encoding": coding });
		response.end(body);
	});
	open.push(server);
	await expect(get(createTransport({ origin: new URL(server.url), connections: 1 }), `${server.url}/a`)).resolves.toMatchObject({ status: 200, text: "{}" });
});
