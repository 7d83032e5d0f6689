import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a test server saw it. */
export interface Seen {
	method: string;
	url: string;
	headers: IncomingMessage["headers"];
	body: string;
}

export interface TestServer {
	url: string;
	seen: Seen[];
	close(): Promise<void>;
}

/** A server on loopback for one test: `answer` gets each request, its number from 0, and the response to write. */
export async function testServer(answer: (seen: Seen, response: ServerResponse, index: number) => void | Promise<void>): Promise<TestServer> {
	const seen: Seen[] = [];
	const server: Server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() };
			void answer(one, response, seen.push(one) - 1);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		seen,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string | string[]> = {}): void {
	response.writeHead(status, { "content-type": "application/json", ...headers });
	response.end(JSON.stringify(body));
}
