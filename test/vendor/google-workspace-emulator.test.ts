import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokenOf } from "../../providers/google-workspace/emulator/test-workspace.js";
import { type EmulatedWorkspace, startGoogleWorkspace } from "../../providers/google-workspace/emulator.js";
import { makeAddresses } from "./test-google-workspace-addresses.js";
import { bare, checkAnswer, operationOf, operations, present } from "./test-google-workspace-spec.js";
import { writesOf } from "./test-google-workspace-writes.js";

const now = Date.parse("2026-11-25T12:00:00Z");

/** Served under a path that the documents don't have. */
const beyond: Record<string, string> = {
	// The token endpoint has no discovery document.
	"POST /token": "",
	// The older address of the same.
	"GET /tokeninfo": "",
	// The trimmed document has the reads and the removal only; these are in the vendor's reference, with the same scopes as the removal.
	"POST /v1/groups/{groupsId}/memberships": "",
	"POST /v1/groups/{groupsId}/memberships/{membershipsId}": "",
	// The router takes the verb for a part of the name.
	"POST /v1/projects/{projectsId}/serviceAccounts/{serviceAccountsId}": "/v1/projects/{projectsId}/serviceAccounts/{serviceAccountsId}:signJwt",
};

/** Only in the tenant from the generator. */
const only = /photos|schemas|devices|domainaliases|Oidc/;

/** Not served. Notices need an address on the internet that the vendor calls; of guests' new addresses the vendor tells nothing. */
const unserved = /\/watch$|channels\/stop$|:createGuest$/;

/** Held to their documents where tokens are: `auth.test.ts`. */
const elsewhere = /:signJwt$|tokeninfo$/;

/** Recorded answers of the live service have these, the document has not. */
const live = /Groups .*\((defaultSender|whoCanAddExternalMembers)\)$/;

const tenants = [
	["from the generator", { users: 200, acme: false }],
	["of the demo", { users: 200, acme: true }],
] as const;

it.skipIf(!present)("the check finds what is wrong", () => {
	const operation = operationOf("GET", "/admin/directory/v1/users/{userKey}");
	const user = { kind: "admin#directory#users", id: 1, suspended: "no", shoeSize: 44, creationTime: "yesterday" };
	expect(operation && checkAnswer(operation, user)).toHaveLength(5);
});

describe.skipIf(!present).each(tenants)("answers of the tenant %s", (_, options) => {
	let tenant: EmulatedWorkspace;
	let authorization: string;
	/** Of the service account itself, with scopes that nobody delegated. */
	let own: string;
	beforeAll(async () => {
		tenant = await startGoogleWorkspace({ seed: 3, now, ...options });
		authorization = `Bearer ${(await tokenOf(tenant, { which: "act" })).body.access_token}`;
		own = `Bearer ${(await tokenOf(tenant, { scopes: ["openid", "userinfo.email"], claims: { sub: undefined } })).body.access_token}`;
	});
	afterAll(() => tenant?.close());

	async function send(method: string, path: string, body?: unknown, as = authorization) {
		const headers = { authorization: as, ...(body !== undefined && { "content-type": "application/json" }) };
		const response = await fetch(tenant.system.url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
		const text = await response.text();
		return { status: response.status, body: response.headers.get("content-type")?.startsWith("application/json") && text !== "" ? JSON.parse(text) : text };
	}

	/** What no list holds from the start. */
	async function fill() {
		const [first, second] = [...tenant.state.users.values()].filter(({ deleted }) => deleted === null);
		const [group] = tenant.state.groups.values();
		const transfer = { oldOwnerUserId: first?.id, newOwnerUserId: second?.id, applicationDataTransfers: [{ applicationId: "55656082996" }] };
		expect((await send("POST", "/admin/datatransfer/v1/transfers", transfer)).status).toBe(200);
		const alias = { alias: `also-${group?.body.email}` };
		expect((await send("POST", `/admin/directory/v1/groups/${group?.id}/aliases`, alias)).status).toBe(200);
	}

	it("have no error in any GET", async () => {
		await fill();
		const problems: string[] = [];
		const empty: string[] = [];
		const addresses = makeAddresses(tenant, (path) => send("GET", path));
		for (const { method, path } of tenant.operations) {
			if (method !== "GET" || `${method} ${path}` in beyond) continue;
			const operation = operationOf(method, path);
			if (!operation) {
				problems.push(`${method} ${path} is not in the documents`);
				continue;
			}
			const all = await addresses(path);
			if (all.length === 0) empty.push(path);
			for (const address of all) {
				const { status, body } = await send("GET", address, undefined, path.includes("userinfo") ? own : authorization);
				if (status !== 200) problems.push(`${address} answered ${status}: ${JSON.stringify(body)}`);
				else problems.push(...checkAnswer(operation, body));
			}
		}
		expect([...new Set(problems)].filter((problem) => !live.test(problem))).toEqual([]);
		expect(empty.filter((path) => (options.acme ? !only.test(path) : true))).toEqual([]);
		tenant.reset();
		authorization = `Bearer ${(await tokenOf(tenant, { which: "act" })).body.access_token}`;
	});

	it("are given for the writes, and have no error", async () => {
		const problems: string[] = [];
		const given = new Set<string>();
		for (const [name, address, body] of writesOf(tenant)) {
			const [method = "", path = ""] = name.split(" ");
			const operation = operationOf(method, path);
			if (!operation) problems.push(`${name} is not in the documents`);
			else {
				const answer = await send(method, typeof address === "string" ? address : address(), body);
				if (answer.status !== (answer.body === "" ? 204 : 200)) problems.push(`${name} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
				else problems.push(...checkAnswer(operation, answer.body));
				given.add(`${method} ${bare(path)}`);
			}
		}
		expect(problems.filter((problem) => !live.test(problem))).toEqual([]);
		const log = operationOf("GET", "/admin/reports/v1/activity/users/{userKey}/applications/{applicationName}");
		const { body } = await send("GET", "/admin/reports/v1/activity/users/all/applications/admin");
		expect(log && checkAnswer(log, body)).toEqual([]);
		expect(body.items.length).toBeGreaterThan(40);
		const missing = operations.filter(
			({ method, path }) => method !== "GET" && !given.has(`${method} ${bare(path)}`) && !unserved.test(path) && !elsewhere.test(path),
		);
		expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
		tenant.reset();
		authorization = `Bearer ${(await tokenOf(tenant, { which: "act" })).body.access_token}`;
	});

	it("are guarded by the scopes that the documents name", () => {
		const wrong = tenant.operations.flatMap(({ method, path, scopes }) => {
			const operation = operationOf(method, beyond[`${method} ${path}`] || path);
			if (!operation) return `${method} ${path}` in beyond ? [] : [`${method} ${path} is not in the documents`];
			return [...operation.scopes].sort().join() === [...scopes].sort().join()
				? []
				: [`${method} ${path} wants ${operation.scopes.join(" ")}, not ${scopes.join(" ")}`];
		});
		expect(wrong).toEqual([]);
	});

	it("are given for every operation of the documents", () => {
		const served = new Set(tenant.operations.map(({ method, path }) => `${method} ${bare(beyond[`${method} ${path}`] || path)}`));
		const missing = operations.filter(({ method, path }) => !served.has(`${method} ${bare(path)}`) && !unserved.test(path));
		expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
	});
});
