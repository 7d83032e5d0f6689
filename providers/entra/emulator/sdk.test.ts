import {
	AuthenticationHandler,
	BatchRequestContent,
	BatchResponseContent,
	Client,
	GraphError,
	type Middleware,
	type PageCollection,
	PageIterator,
	RetryHandler,
} from "@microsoft/microsoft-graph-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Tried, tried } from "./test-tenant.js";

const vendor = "https://graph.microsoft.com";

/** Carries out a request on the loopback: the client itself knows the vendor's host only, and sends no token without https. */
function bent(url: string): Middleware {
	return {
		async execute(context) {
			const address = typeof context.request === "string" ? context.request : context.request.url;
			const { status, headers, ...rest } = await fetch(address.replace(vendor, url), context.options).then(async (response) => ({
				...{ status: response.status, headers: new Headers(response.headers), text: await response.text() },
			}));
			headers.delete("content-length");
			context.response = new Response(status === 204 ? null : rest.text.replaceAll(url, vendor), { status, headers });
		},
	};
}

function clientOf(tenant: Tried): Client {
	const { clientId, clientSecret } = tenant.system.act;
	const getAccessToken = async () => String((await tenant.login({ client_id: String(clientId), client_secret: String(clientSecret) })).body.access_token);
	const first = new AuthenticationHandler({ getAccessToken });
	const second = new RetryHandler();
	first.setNext(second);
	second.setNext(bent(tenant.system.url));
	return Client.initWithMiddleware({ middleware: first });
}

describe("the vendor's client", () => {
	let tenant: Tried;
	let client: Client;
	beforeAll(async () => {
		tenant = await tried({ users: 250 });
		client = clientOf(tenant);
	});
	afterAll(() => tenant.close());

	it("pages", async () => {
		const first: PageCollection = await client.api("/users").select(["id", "accountEnabled"]).get();
		const ids: string[] = [];
		const iterator = new PageIterator(client, first, (user: { id: string }) => {
			ids.push(user.id);
			return true;
		});
		await iterator.iterate();
		expect(new Set(ids).size).toBe(250);
	});

	it("waits out a 429", async () => {
		tenant.faults.push({ do: "throttle", retryAfterSeconds: 1, path: /organization/, times: 1 });
		const { value } = await client.api("/organization").get();
		expect(value[0].displayName).toBe("Corp");
		expect(tenant.requests.filter(({ path }) => path === "/v1.0/organization").map(({ status }) => status)).toEqual([429, 200]);
		tenant.reset();
	});

	it("understands an error", async () => {
		const error = await client
			.api("/users/11111111-1111-1111-1111-111111111111")
			.get()
			.catch((one: unknown) => one);
		expect(error).toBeInstanceOf(GraphError);
		expect(error).toMatchObject({ statusCode: 404, code: "Request_ResourceNotFound" });
		expect((error as GraphError).requestId).toMatch(/^[0-9a-f-]{36}$/);
	});

	it("writes, counts and sends batches", async () => {
		const [user] = (await client.api("/users").filter("userType eq 'Guest'").select("id").get()).value;
		await client.api(`/users/${user.id}`).patch({ jobTitle: "Visitor" });
		const content = new BatchRequestContent([
			{ id: "1", request: new Request(`https://graph.example/users/${user.id}?$select=jobTitle`, { method: "GET" }) },
			{ id: "2", request: new Request("https://graph.example/nothing", { method: "GET" }) },
		]);
		const answers = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
		expect((await answers.getResponseById("1").json()).jobTitle).toBe("Visitor");
		expect(answers.getResponseById("2").status).toBe(400);
		const count = await client.api("/users/$count").header("ConsistencyLevel", "eventual").get();
		expect(String(count)).toBe("250");
		tenant.reset();
	});
});
