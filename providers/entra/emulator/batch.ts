import { hash } from "../../../src/emulate/random.js";
import { badQuery } from "./errors.js";
import type { GraphCall, GraphHandler } from "./tenant.js";

/** Most requests of one batch. */
const most = 20;

interface Item {
	id: string;
	method: string;
	url: string;
	headers: Record<string, string>;
	body: unknown;
	dependsOn: string[];
}

interface Done {
	id: string;
	status: number;
	headers: Record<string, string>;
	body?: unknown;
}

function itemsOf(call: GraphCall): Item[] {
	const requests = (call.body as { requests?: unknown } | undefined)?.requests;
	if (!Array.isArray(requests)) throw badQuery("Invalid batch payload format.");
	if (requests.length === 0) throw badQuery("Batch request must contain at least one request.");
	if (requests.length > most) throw badQuery(`Number of batch request steps exceeds the maximum value of ${most}.`);
	const seen = new Set<string>();
	return requests.map((given: Record<string, unknown>) => {
		const { id, method, url, headers = {}, body, dependsOn = [] } = given;
		if (typeof id !== "string" || id === "" || typeof method !== "string" || typeof url !== "string") throw badQuery("Invalid batch payload format.");
		if (seen.has(id.toLowerCase())) throw badQuery(`Request id '${id}' is not unique.`);
		if (/^https?:/i.test(url)) throw badQuery(`Invalid batch URL '${url}': it must be relative.`);
		seen.add(id.toLowerCase());
		const names = Object.fromEntries(Object.entries(headers as Record<string, string>).map(([name, value]) => [name.toLowerCase(), String(value)]));
		if (body !== undefined && !("content-type" in names)) throw badQuery(`Request with id '${id}' has a body but no Content-Type header.`);
		return { id, method: method.toUpperCase(), url: url.startsWith("/") ? url : `/${url}`, headers: names, body, dependsOn: dependsOn as string[] };
	});
}

/** Carries out up to 20 requests: answered in no particular order, each with its own status, limits counted one by one. */
export const batch: GraphHandler = async (call) => {
	const items = itemsOf(call);
	const prefix = /^\/(v1\.0|beta)/i.exec(call.path)?.[0] ?? "/v1.0";
	const done = new Map<string, Done>();
	for (const item of items) {
		if (/^\/\$batch/i.test(item.url)) throw badQuery("A batch cannot be part of a batch.");
		const failed = item.dependsOn.some((id) => (done.get(id)?.status ?? 500) >= 400);
		done.set(item.id, failed ? dependencyFailed(item) : await carryOut(call, prefix, item));
	}
	// Answers of parallel requests come as they are ready.
	const responses = items.some(({ dependsOn }) => dependsOn.length > 0) ? [...done.values()] : [...done.values()].sort((a, b) => hash(a.id, 5) - hash(b.id, 5));
	return { status: 200, body: { responses } };
};

function dependencyFailed({ id }: Item): Done {
	return {
		id,
		status: 424,
		headers: { "Content-Type": "application/json" },
		body: { error: { code: "FailedDependency", message: "A request that this one depends on has failed." } },
	};
}

async function carryOut(call: GraphCall, prefix: string, item: Item): Promise<Done> {
	const headers = { ...item.headers, authorization: call.headers.authorization };
	const answer = await call.inner({ method: item.method, url: `${prefix}${item.url}`, headers, body: item.body });
	const given = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
	const type: Record<string, string> = answer.body === "" ? {} : { "Content-Type": answer.contentType };
	const body =
		answer.body === ""
			? {}
			: { body: answer.contentType.startsWith("application/json") ? (JSON.parse(answer.body) as unknown) : Buffer.from(answer.body).toString("base64") };
	return { id: item.id, status: answer.status, headers: { ...Object.fromEntries(given), ...type }, ...body };
}
