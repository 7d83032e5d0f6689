import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { writeParts } from "./output.js";

it("writes many pieces as one text, in pieces, and waits while nobody takes them", async () => {
	const taken: string[] = [];
	let waiting = 0;
	let most = 0;
	const slow = new Writable({
		highWaterMark: 16 * 1024,
		decodeStrings: false,
		write(chunk: string, _encoding, done) {
			taken.push(chunk);
			most = Math.max(most, ++waiting);
			setImmediate(() => {
				waiting--;
				done();
			});
		},
	});
	const parts = Array.from({ length: 50_000 }, (_, index) => `piece ${index}, `);
	await writeParts(slow, parts);
	expect(taken.join("")).toBe(parts.join(""));
	expect(taken.length).toBeGreaterThan(5);
	expect(Math.max(...taken.map(({ length }) => length))).toBeLessThan(128 * 1024);
	expect(most).toBe(1);
});

it("ends with the error of a reader that went away", async () => {
	const gone = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
	gone.on("error", () => {});
	await expect(writeParts(gone, ["a".repeat(100_000), "b"])).rejects.toThrow("EPIPE");
});
