import { createRequire } from "node:module";
import type * as Sdk from "sailpoint-api-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Client, startClient } from "./test-client.js";

// The package is CommonJS under a file extension that says otherwise to a static import.
const { Configuration, IdentitiesBetaApi, AccountsApi, TaskManagementBetaApi, Paginator } = createRequire(import.meta.url)(
	"sailpoint-api-client",
) as typeof Sdk;

let client: Client;
beforeAll(async () => {
	client = await startClient({ users: 300 });
});
afterAll(() => client.tenant.close());

function configuration(as: "auth" | "act" = "auth") {
	const { clientId, clientSecret } = client.tenant.system[as] as { clientId: string; clientSecret: string };
	const { url } = client.tenant.system;
	const made = new Configuration({ baseurl: url, clientId, clientSecret, tokenUrl: `${url}/oauth/token` });
	made.retriesConfig = { retries: 3, retryDelay: () => 1, retryCondition: ({ response }: { response?: { status: number } }) => response?.status === 429 };
	return made;
}

it("is paged through by the vendor's own client, over a refusal for too many requests", async () => {
	client.tenant.faults.push({ do: "throttle", retryAfterSeconds: 1, path: /accounts\?/, times: 1 });
	const api = new AccountsApi(configuration());
	const { data } = await Paginator.paginate(api, api.listAccounts, { limit: 5000 }, 250);
	const total = (await client.get("/v3/accounts?limit=1&count=true")).headers.get("x-total-count");
	expect(data.length).toBeGreaterThan(500);
	expect(String(new Set(data.map(({ id }) => id)).size)).toBe(total);
	expect(client.tenant.requests.some(({ status }) => status === 429)).toBe(true);
});

it("answers errors that the vendor's client shows", async () => {
	const api = new IdentitiesBetaApi(configuration());
	const error = await api.getIdentity({ id: "none" }).catch((thrown) => thrown);
	expect([error.response.status, error.response.data.detailCode]).toEqual([404, "404 Not found"]);
});

it("takes a write of the vendor's client and follows it", async () => {
	const { data: people } = await new IdentitiesBetaApi(configuration()).listIdentities({ limit: 3 });
	const { data: begun } = await new IdentitiesBetaApi(configuration("act")).startIdentityProcessing({
		processIdentitiesRequestBeta: { identityIds: [people[2]?.id ?? ""] },
	});
	client.tenant.advance(1000);
	const { data: task } = await new TaskManagementBetaApi(configuration()).getTaskStatus({ id: begun.id ?? "" });
	expect(task.completionStatus).toBe("SUCCESS");
});
