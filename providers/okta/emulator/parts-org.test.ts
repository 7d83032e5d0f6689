import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, emptyTenant, startEmulator } from "../emulator.js";
import { makeApp, makeCustomRole, makeGroup, makePolicy, makeUser } from "./build.js";
import { makeCertificate } from "./certificate.js";
import { addAuthenticators } from "./gen-config.js";
import { newId } from "./tenant.js";
import { type Client, clientOf } from "./test-client.js";

const state = emptyTenant();
const user = makeUser(state, "ann@corp.example");
const second = makeUser(state, "bob@corp.example");
const group = makeGroup(state, "Engineers", [user]);
const source = makeApp(state, "HR source");
const { role, resourceSet } = makeCustomRole(state, "Operators", ["okta.users.read"]);
addAuthenticators(state, () => newId("aut"), 0);
const keyed = (key: string): string => [...state.authenticators].find(([, one]) => one.key === key)?.[0] ?? "";
makePolicy(state, "MFA_ENROLL", "All", { settings: { authenticators: [{ key: "webauthn", enroll: { self: "REQUIRED" } }] } });

let okta: Emulator;
let at: Client;
beforeAll(async () => {
	okta = await startEmulator({ state, limits: "off" });
	at = clientOf(okta.url);
});
afterEach(() => okta.reset());
afterAll(() => okta.close());

describe("the rest of an org", () => {
	it("answers E0000015 for what it has no licence for", async () => {
		okta.knobs.unlicensed = ["identity-threat-protection", "privileged-access"];
		for (const path of [`/api/v1/users/${user}/risk`, "/privileged-access/api/v1/service-accounts"])
			expect((await at(`GET ${path}`)).body.errorCode, path).toBe("E0000015");
	});

	it("knows a user's risk from when it is first set, with a reason, in the log", async () => {
		const path = `/api/v1/users/${user}/risk`;
		expect((await at(`GET ${path}`)).body).toMatchObject({ riskLevel: "NONE" });
		expect((await at(`PUT ${path}`, { riskLevel: "HIGH" })).status).toBe(201);
		expect((await at(`PUT ${path}`, { riskLevel: "LOW", riskReason: "Looked into it" })).status).toBe(200);
		expect((await at(`GET ${path}`)).body).toMatchObject({ riskLevel: "LOW", reason: "Looked into it" });
		expect((await at(`PUT ${path}`, { riskLevel: "NONE" })).status).toBe(400);
		expect(okta.state.log.at(-1)).toMatchObject({ eventType: "user.risk.change" });
	});

	it("keeps an authenticator that a policy demands, and the password always", async () => {
		const stop = async (key: string) => (await at(`POST /api/v1/authenticators/${keyed(key)}/lifecycle/deactivate`)).body;
		expect((await stop("webauthn")).errorCode).toBe("E0000148");
		expect((await stop("okta_password")).errorCode).toBe("E0000006");
		expect((await stop("google_otp")).status).toBe("INACTIVE");
	});

	it("changes one method of an authenticator, but not the last", async () => {
		const path = `/api/v1/authenticators/${keyed("phone_number")}/methods`;
		expect((await at(`GET ${path}`)).body.map(({ type }: { type: string }) => type)).toEqual(["sms", "voice"]);
		await at(`POST ${path}/voice/lifecycle/deactivate`);
		expect((await at(`GET ${path}/voice`)).body.status).toBe("INACTIVE");
		expect((await at(`POST ${path}/sms/lifecycle/deactivate`)).status).toBe(400);
		expect((await at(`GET ${path}/totp`)).status).toBe(404);
	});

	it("trusts a SAML identity provider only by a certificate it holds", async () => {
		const body = { type: "SAML2", name: "Partner", protocol: { type: "SAML2", credentials: { trust: { issuer: "x", kid: "nobody" } } } };
		expect((await at("POST /api/v1/idps", body)).status).toBe(400);
		expect((await at("POST /api/v1/idps/credentials/keys", { x5c: ["bm90IG9uZQ=="] })).status).toBe(400);
		const x5c = [makeCertificate({ name: "partner.example", from: 0, to: Date.UTC(2030, 0, 1) })];
		const { kid, expiresAt } = (await at("POST /api/v1/idps/credentials/keys", { x5c })).body;
		expect(expiresAt).toBe("2030-01-01T00:00:00.000Z");
		body.protocol.credentials.trust.kid = kid;
		const { id } = (await at("POST /api/v1/idps", body)).body;
		expect((await at(`DELETE /api/v1/idps/credentials/keys/${kid}`)).status).toBe(400);
		expect((await at(`DELETE /api/v1/idps/${id}`)).status).toBe(204);
		expect((await at(`DELETE /api/v1/idps/credentials/keys/${kid}`)).status).toBe(204);
	});

	it("enrols a factor by a code, and shows it as an enrolment", async () => {
		const path = `/api/v1/users/${user}/factors`;
		const sms = (await at(`POST ${path}`, { factorType: "sms", provider: "OKTA", profile: { phoneNumber: "+15554151337" } })).body;
		expect(sms.status).toBe("PENDING_ACTIVATION");
		expect((await at(`POST ${path}/${sms.id}/lifecycle/activate`, { passCode: "no" })).body.errorCode).toBe("E0000068");
		expect((await at(`POST ${path}/${sms.id}/lifecycle/activate`, { passCode: "123456" })).body.status).toBe("ACTIVE");
		const enrollments = (await at(`GET /api/v1/users/${user}/authenticator-enrollments`)).body;
		expect(enrollments.map(({ key }: { key: string }) => key)).toEqual(["phone_number", "okta_password"]);
		expect((await at(`DELETE /api/v1/users/${user}/authenticator-enrollments/${sms.id}`)).status).toBe(204);
		expect((await at(`GET ${path}`)).body).toEqual([]);
		expect((await at(`POST ${path}`, { factorType: "sms", provider: "OKTA", profile: { phoneNumber: "12" } })).status).toBe(400);
	});

	it("binds a custom role to members, once each, and keeps a role in use", async () => {
		const path = `/api/v1/iam/resource-sets/${resourceSet}/bindings`;
		const members = [`${okta.url}/api/v1/users/${user}`, `${okta.url}/api/v1/groups/${group}`];
		await at(`POST ${path}`, { role, members });
		await at(`PATCH ${path}/${role}/members`, { additions: members });
		expect((await at(`GET ${path}/${role}/members`)).body.members).toHaveLength(2);
		expect((await at(`GET /api/v1/users/${user}/roles`)).body.map(({ type }: { type: string }) => type)).toEqual(["CUSTOM"]);
		expect((await at(`DELETE /api/v1/iam/roles/${role}`)).status).toBe(400);
		expect((await at(`DELETE ${path}/${role}`)).status).toBe(204);
		expect((await at(`DELETE /api/v1/iam/roles/${role}`)).status).toBe(204);
		expect((await at(`POST ${path}`, { role: "nobody", members })).status).toBe(404);
	});

	it("imports users from a source once told to, and deactivates those it drops", async () => {
		okta.knobs.asyncMs = 1000;
		const sessions = `/api/v1/identity-sources/${source}/sessions`;
		const load = async (kind: string, profiles: unknown[]) => {
			const { id } = (await at(`POST ${sessions}`)).body;
			expect((await at(`POST ${sessions}`)).status).toBe(400);
			expect((await at(`POST ${sessions}/${id}/start-import`)).status).toBe(400);
			expect((await at(`POST ${sessions}/${id}/${kind}`, { entityType: "USERS", profiles })).status).toBe(202);
			expect((await at(`POST ${sessions}/${id}/start-import`)).body.status).toBe("TRIGGERED");
			okta.advance(1000);
			expect((await at(`GET ${sessions}/${id}`)).body.status).toBe("COMPLETED");
		};
		const profile = { userName: "eve@corp.example", email: "eve@corp.example", firstName: "Eve", lastName: "Ng" };
		await load("bulk-upsert", [{ externalId: "E1", profile }]);
		const made = (await at("GET /api/v1/users/eve@corp.example")).body;
		expect([made.status, made.credentials.provider.type]).toEqual(["STAGED", "IMPORT"]);
		expect((await at(`GET /api/v1/identity-sources/${source}/users/E1`)).body.id).toBe(made.id);
		await load("bulk-delete", [{ externalId: "E1" }]);
		expect((await at(`GET /api/v1/users/${made.id}`)).body.status).toBe("DEPROVISIONED");
		expect((await at("GET /api/v1/identity-sources/0oaNobody/sessions")).status).toBe(404);
	});

	it("takes a hook's secret in and never gives it out, and forgets it was verified when the channel changes", async () => {
		const config = { uri: "https://hooks.example/x", authScheme: { type: "HEADER", key: "authorization", value: "s3cret-value" } };
		const body = { name: "Hook", events: { type: "EVENT_TYPE", items: ["user.lifecycle.create"] }, channel: { type: "HTTP", version: "1.0.0", config } };
		const { id } = (await at("POST /api/v1/eventHooks", body)).body;
		const path = `/api/v1/eventHooks/${id}`;
		expect((await at(`GET ${path}`)).text).not.toContain("s3cret-value");
		expect((await at(`POST ${path}/lifecycle/verify`)).body.verificationStatus).toBe("VERIFIED");
		expect((await at(`PUT ${path}`, body)).body.verificationStatus).toBe("VERIFIED");
		config.uri = "https://hooks.example/y";
		expect((await at(`PUT ${path}`, body)).body.verificationStatus).toBe("UNVERIFIED");
		expect((await at(`DELETE ${path}`)).status).toBe(400);
	});

	it.each([
		[
			"PUT /api/v1/first-party-app-settings/admin-console",
			{ sessionIdleTimeoutMinutes: 30 },
			{ sessionIdleTimeoutMinutes: 30, sessionMaxLifetimeMinutes: 720 },
		],
		["PUT /api/v1/rate-limit-settings/warning-threshold", { warningThreshold: 60 }, { warningThreshold: 60 }],
		["PUT /api/v1/org/contacts/technical", { userId: second }, { userId: second }],
		["POST /api/v1/org", { city: "Delft" }, { city: "Delft", companyName: "Emulator" }],
		["POST /api/v1/threats/configuration", { action: "block" }, { action: "block" }],
	])("keeps what %s sets", async (request, body, wanted) => {
		const path = request.split(" ")[1];
		expect((await at(request, body)).status).toBe(200);
		expect((await at(`GET ${path}`)).body).toMatchObject(wanted);
		okta.reset();
		expect((await at(`GET ${path}`)).body).not.toMatchObject(wanted);
	});

	it("refuses settings out of bounds", async () => {
		for (const [request, body] of [
			["PUT /api/v1/first-party-app-settings/admin-console", { sessionIdleTimeoutMinutes: 4 }],
			["PUT /api/v1/rate-limit-settings/warning-threshold", { warningThreshold: 91 }],
			["POST /api/v1/zones", { type: "IP", name: "Bad", gateways: [{ type: "CIDR", value: "300.0.0.0/8" }] }],
			["POST /api/v1/trustedOrigins", { name: "Bad", origin: "https://x.example/path", scopes: [{ type: "CORS" }] }],
			["POST /api/v1/behaviors", { name: "Bad", type: "NOTHING" }],
		] as const) {
			const answer = await at(request, body);
			expect([answer.status, answer.body.errorCode, answer.body.errorCauses.length], request).toEqual([400, "E0000001", 1]);
		}
	});
});
