import type { ServerResponse } from "node:http";
import type { Answer } from "./call.js";

/** Sends everything in one write. With `cutBody` the connection breaks in the middle of the body. */
export function send(response: ServerResponse, answer: Answer, date: string, cutBody = false): void {
	const body = Buffer.from(answer.body);
	response.sendDate = false;
	response.setHeader("Date", date);
	for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
	response.statusCode = answer.status;
	if (body.length > 0) response.setHeader("Content-Type", answer.contentType);
	if (answer.status !== 204) response.setHeader("Content-Length", body.length);
	if (!cutBody) {
		response.end(body);
		return;
	}
	response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}
