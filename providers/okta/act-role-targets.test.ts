import type { IncomingMessage } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createJumpClock } from "../../src/provider/test-clock.js";
import { addRole } from "./act-add-role.js";
import { removeRole } from "./act-remove-role.js";
import { connect, type OktaConnection } from "./connection.js";
import { type PathServer, type Reply, servePaths } from "./test-scan.js";

/** An org that keeps one user's role with its targets, as Okta documents these calls. */
let org: PathServer;
let connection: OktaConnection;
let role: { id: string; type: string; created?: string } | null;
let targets: Set<string>;
/** Answers instead of the usual one, by `METHOD path`. */
let instead: Record<string, () => Reply>;
const writes: string[] = [];

const base = "/api/v1/users/00u1";
const nothing: Reply = { status: 204, body: undefined };

beforeEach(async () => {
	role = null;
	targets = new Set();
	instead = {};
	writes.length = 0;
	const clock = createJumpClock(Math.floor(Date.now() / 1000) * 1000);
	const handler = (act: (url: URL, request: IncomingMessage) => Reply) => (url: URL, request: IncomingMessage) => {
		const call = `${request.method} ${url.pathname}`;
		if (request.method !== "GET") writes.push(call.replace(base, ""));
		return instead[call.replace(base, "")]?.() ?? act(url, request);
	};
	const put = (id: string) =>
		handler(() => {
			targets.add(id);
			return nothing;
		});
	org = await servePaths({
		"/api/v1/users/me": { id: "00uOwner" },
		[base]: { id: "00u1", status: "ACTIVE" },
		[`${base}/roles`]: handler((_, request) => {
			if (request.method === "GET") return { body: role ? [{ ...role, status: "ACTIVE", label: role.type, assignmentType: "USER" }] : [] };
			role = { id: "ra9", type: "APP_ADMIN" };
			return { status: 201, body: role };
		}),
		[`${base}/roles/ra9`]: handler(() => {
			role = null;
			targets.clear();
			return nothing;
		}),
		[`${base}/roles/ra9/targets/catalog/apps`]: handler(() => ({
			body: [...targets].map((target) => ({ name: target.split("/")[0], ...(target.includes("/") && { id: target.split("/")[1] }) })),
		})),
		[`${base}/roles/ra9/targets/catalog/apps/salesforce`]: put("salesforce"),
		[`${base}/roles/ra9/targets/catalog/apps/oidc_client/0oa7`]: put("oidc_client/0oa7"),
	});
	org.now = clock.now();
	connection = await connect(
		{
			system: "okta",
			url: org.url,
			credential: { method: "ssws", token: "00test-token" },
			options: {},
			purpose: "act",
			now: clock.now,
			sleep: clock.sleep,
			log() {},
		},
		[],
	);
});
afterEach(async () => {
	await connection.close();
	await org.close();
});

const target = { account: "00u1", role: "APP_ADMIN", values: { targets: { groups: [], apps: ["salesforce", "oidc_client/0oa7"] } } };

it("gives a narrowed role back with its apps, and takes it with them", async () => {
	await addRole.perform(connection, target);
	expect([...targets].sort()).toEqual(["oidc_client/0oa7", "salesforce"]);
	const before = await addRole.inspect(connection, target);
	expect(before.done).toBe(true);
	const held = await removeRole.inspect(connection, { account: "00u1", role: "APP_ADMIN" });
	const inverse = removeRole.inverse({ account: "00u1", role: "APP_ADMIN" }, held);
	expect(inverse).toEqual({ kind: "add-role", target: { ...target, values: { targets: { groups: [], apps: ["oidc_client/0oa7", "salesforce"] } } } });
	await removeRole.perform(connection, { account: "00u1", role: "APP_ADMIN" });
	expect(role).toBeNull();
	await addRole.perform(connection, inverse?.target ?? {});
	expect((await addRole.verify(connection, inverse?.target ?? {}, before)).holds).toBe(true);
});

it("does not widen or narrow a role that is there already", async () => {
	role = { id: "ra9", type: "APP_ADMIN" };
	expect((await addRole.inspect(connection, target)).refused).toContain("with other targets");
	expect((await addRole.verify(connection, target, { exists: true, done: false, refused: null, facts: {}, request: null })).holds).toBe(false);
});

it("takes the role away again when its targets can't all be set", async () => {
	instead["PUT /roles/ra9/targets/catalog/apps/oidc_client/0oa7"] = () => ({
		status: 404,
		body: { errorCode: "E0000007", errorSummary: "Not found: 0oa7 (AppInstance)" },
	});
	await expect(addRole.perform(connection, target)).rejects.toMatchObject({ ambiguous: false, message: expect.stringContaining("was taken away again") });
	expect([role, writes.at(-1)]).toEqual([null, "DELETE /roles/ra9"]);
});

it("says so loudly when the role can't be taken away again", async () => {
	const no = () => ({ status: 403, body: { errorCode: "E0000006", errorSummary: "no" } });
	instead["PUT /roles/ra9/targets/catalog/apps/salesforce"] = no;
	instead["DELETE /roles/ra9"] = no;
	await expect(addRole.perform(connection, target)).rejects.toMatchObject({
		ambiguous: true,
		message: expect.stringContaining("WIDER than asked for, as ra9"),
	});
});

it("narrows a role whose giving was answered by nothing", async () => {
	instead["POST /roles"] = () => {
		role = { id: "ra9", type: "APP_ADMIN" };
		return { status: 502, body: "" };
	};
	await addRole.perform(connection, target);
	expect([...targets].sort()).toEqual(["oidc_client/0oa7", "salesforce"]);
});

it("refuses targets that are no lists of ids, and targets of a custom role", async () => {
	await expect(addRole.perform(connection, { ...target, values: { targets: ["salesforce"] } })).rejects.toThrow("not lists of ids");
	await expect(addRole.perform(connection, { ...target, role: "cr0", scope: "iam1" })).rejects.toThrow("has no targets");
	expect(writes).toEqual([]);
});

it("a role that an interrupted run had given is narrowed by the next one, whatever target was set already", async () => {
	const { facts } = await addRole.inspect(connection, target);
	const given = { id: "ra9", type: "APP_ADMIN", created: new Date(org.now ?? 0).toISOString() };
	for (const already of [[], ["salesforce"]]) {
		role = given;
		targets = new Set(already);
		writes.length = 0;
		const before = await addRole.inspect(connection, target, facts);
		expect(before).toMatchObject({ done: false, halfDone: true, refused: null });
		await addRole.perform(connection, target, before);
		expect([...targets].sort()).toEqual(["oidc_client/0oa7", "salesforce"]);
		expect(writes.filter((call) => !call.startsWith("PUT"))).toEqual([]);
		expect((await addRole.verify(connection, target, before)).holds).toBe(true);
		// Cut off once more: the second intent says which assignment it was.
		targets = new Set();
		expect((await addRole.inspect(connection, target, before.facts)).halfDone).toBe(true);
	}
});
