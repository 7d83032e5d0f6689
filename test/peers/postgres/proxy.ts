import { once } from "node:events";
import { createServer, type Socket, connect as tcp } from "node:net";

/** Stands between a store and its server, and can break the line at a chosen word. */
export interface Line {
	port: number;
	/** Breaks every connection as soon as the client sends `text`; `delivered`: the server still gets it. */
	cutAt(text: string, delivered: boolean): void;
	/** How often the line was broken so. */
	cuts(): number;
	/** Breaks every connection now. */
	cut(): void;
	close(): Promise<void>;
}

export async function startProxy(target: number): Promise<Line> {
	const sockets = new Set<Socket>();
	let armed: { text: string; delivered: boolean } | null = null;
	let cuts = 0;
	const cut = () => {
		for (const socket of sockets) socket.destroy();
	};
	const server = createServer((client) => {
		const upstream = tcp(target, "127.0.0.1");
		for (const [one, other] of [
			[client, upstream],
			[upstream, client],
		] satisfies [Socket, Socket][]) {
			sockets.add(one);
			one.on("error", () => {});
			one.on("close", () => {
				sockets.delete(one);
				other.end();
			});
		}
		upstream.on("data", (bytes) => client.write(bytes));
		client.on("data", (bytes) => {
			if (armed === null || !bytes.includes(armed.text)) return upstream.write(bytes);
			const { delivered } = armed;
			armed = null;
			cuts++;
			if (!delivered) return cut();
			client.destroy();
			upstream.end(bytes);
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	return {
		port: typeof address === "object" && address ? address.port : 0,
		cutAt: (text, delivered) => {
			armed = { text, delivered };
		},
		cuts: () => cuts,
		cut,
		async close() {
			cut();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
