import type { ServerResponse } from "node:http";
import type { Verdict } from "./limits.js";

/** An answer ready to be sent. */
export interface Answer {
	status: number;
	/** Empty for none. */
	body: string;
	contentType?: string;
	headers: Record<string, string | string[]>;
}

/** How the rate headers of one answer are written. */
export type RateHeaders = "plain" | "joined" | "absent" | "nonsense";

/** The rate headers, as the vendor sends them or spoilt. */
export function rateHeaders(verdict: Verdict, how: RateHeaders): Record<string, string> {
	if (how === "absent") return {};
	const write = (value: number): string => (how === "joined" ? `${value}, ${value}` : how === "nonsense" ? "soon" : String(value));
	return { "X-Rate-Limit-Limit": write(verdict.limit), "X-Rate-Limit-Remaining": write(verdict.remaining), "X-Rate-Limit-Reset": write(verdict.reset) };
}

/** Sends everything in one write. With `cutBody` the connection breaks in the middle of the body. */
export function send(response: ServerResponse, answer: Answer, cutBody = false): void {
	const body = Buffer.from(answer.body);
	response.sendDate = false;
	for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
	response.statusCode = answer.status;
	if (body.length > 0) response.setHeader("Content-Type", answer.contentType ?? "application/json");
	if (answer.status !== 204) response.setHeader("Content-Length", body.length);
	if (!cutBody) {
		response.end(body);
		return;
	}
	response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}
