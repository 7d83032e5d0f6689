import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, emptyTenant, startEmulator } from "../emulator.js";
import { makeApp, makeGroup, makePolicy, makeUser } from "./build.js";
import { addConsent } from "./gen-consents.js";
import { type Client, clientOf, makeKey } from "./test-client.js";

const state = emptyTenant();
const user = makeUser(state, "ann@corp.example");
const group = makeGroup(state, "Engineers", [user]);
const app = makeApp(state, "Payroll", { signOnMode: "OPENID_CONNECT", name: "oidc_client" });
const saml = makeApp(state, "Old CRM", { signOnMode: "SAML_2_0", name: "template_saml_2_0" });
const policy = makePolicy(state, "ACCESS_POLICY", "Two factors", { conditions: null });
addConsent(state, { userId: user, clientId: app, scopes: ["openid", "okta.users.manage"], granted: 0, used: 0 });

let okta: Emulator;
let at: Client;
beforeAll(async () => {
	okta = await startEmulator({ state, limits: "off" });
	at = clientOf(okta.url);
});
afterEach(() => okta.reset());
afterAll(() => okta.close());

const one = `/api/v1/apps/${app}`;
const events = (): unknown[] => okta.state.log.map(({ eventType }) => eventType);

describe("apps", () => {
	it("are made, changed, and go only once inactive, with all that hangs on them", async () => {
		const body = { label: "Wiki", signOnMode: "BOOKMARK", settings: { app: { url: "https://wiki.example" } } };
		const made = (await at("POST /api/v1/apps?activate=false", body)).body;
		expect([made.status, made.name]).toEqual(["INACTIVE", "bookmark"]);
		expect((await at("POST /api/v1/apps", body)).body.errorCode).toBe("E0000001");
		const path = `/api/v1/apps/${made.id}`;
		await at(`POST ${path}/lifecycle/activate`);
		await at(`PUT ${path}/groups/${group}`, { priority: 3 });
		expect((await at(`GET ${path}/groups/${group}`)).body.priority).toBe(3);
		await at(`PUT ${path}`, { ...body, label: "Handbook" });
		expect((await at(`GET ${path}`)).body).toMatchObject({ label: "Handbook", status: "ACTIVE", created: made.created });
		expect((await at(`DELETE ${path}`)).body.errorCode).toBe("E0000056");
		await at(`POST ${path}/lifecycle/deactivate`);
		expect([(await at(`DELETE ${path}`)).status, (await at(`GET ${path}/groups`)).status]).toEqual([204, 404]);
		expect(events()).toEqual([
			...["create", "activate"].map((verb) => `application.lifecycle.${verb}`),
			"group.application_assignment.add",
			...["update", "deactivate", "delete"].map((verb) => `application.lifecycle.${verb}`),
		]);
	});

	it("move between sign-in policies, which show what is mapped to them", async () => {
		expect((await at(`GET /api/v1/policies/${policy}/app`)).body).toEqual([]);
		await at(`PUT ${one}/policies/${policy}`);
		expect((await at(`GET /api/v1/policies/${policy}/app`)).body.map(({ id }: { id: string }) => id)).toEqual([app]);
		const [mapping] = (await at(`GET /api/v1/policies/${policy}/mappings`)).body;
		expect((await at(`DELETE /api/v1/policies/${policy}/mappings/${mapping.id}`)).status).toBe(204);
		expect((await at(`GET /api/v1/policies/${policy}/mappings`)).body).toEqual([]);
	});

	it("tell a secret once, keep two, and drop only what is switched off", async () => {
		const path = `${one}/credentials/secrets`;
		const { client_secret: secret, id } = (await at(`POST ${path}`, {})).body;
		expect(secret.length).toBeGreaterThan(30);
		expect((await at(`GET ${path}`)).text).not.toContain(secret);
		expect(JSON.stringify([...(okta.state.appSecrets ?? [])])).not.toContain(secret);
		expect((await at(`POST ${path}`, { client_secret: "short" })).status).toBe(400);
		expect((await at(`POST ${path}/${id}/lifecycle/deactivate`)).status).toBe(400);
		await at(`POST ${path}`, {});
		expect((await at(`POST ${path}`, {})).status).toBe(400);
		expect((await at(`DELETE ${path}/${id}`)).status).toBe(400);
		await at(`POST ${path}/${id}/lifecycle/deactivate`);
		expect([(await at(`DELETE ${path}/${id}`)).status, (await at(`DELETE ${path}/${id}`)).status]).toEqual([204, 404]);
	});

	it("hold keys, each with a name of its own, never a private one", async () => {
		const path = `${one}/credentials/jwks`;
		const { jwk } = await makeKey("first");
		const made = await at(`POST ${path}`, { ...jwk, d: "private" });
		expect([made.status, made.body.d, made.body.status]).toEqual([201, undefined, "ACTIVE"]);
		expect((await at(`POST ${path}`, jwk)).body.errorCauses[0].errorSummary).toContain("unique");
		expect((await at(`GET ${one}`)).body.settings.oauthClient.jwks.keys.map(({ kid }: { kid: string }) => kid)).toEqual(["first"]);
		expect((await at(`POST ${path}`, { kty: "RSA", kid: "small", e: "AQAB", n: "AQAB" })).status).toBe(400);
	});

	it("that speak SAML have a certificate; others none", async () => {
		const [key] = (await at(`GET /api/v1/apps/${saml}/credentials/keys`)).body;
		expect([key.kty, Buffer.from(key.n, "base64url").length]).toEqual(["RSA", 256]);
		expect((await at(`GET /api/v1/apps/${saml}/credentials/keys/${key.kid}`)).body).toEqual(key);
		expect((await at(`GET ${one}/credentials/keys`)).body).toEqual([]);
	});

	it("get and lose Okta's scopes, each once", async () => {
		const path = `${one}/grants`;
		const body = { scopeId: "okta.users.read", issuer: okta.url };
		const { id } = (await at(`POST ${path}`, body)).body;
		expect((await at(`POST ${path}`, body)).status).toBe(400);
		expect((await at(`POST ${path}`, { ...body, scopeId: "openid" })).status).toBe(400);
		expect((await at(`POST ${path}`, { ...body, scopeId: "okta.logs.read", issuer: `${okta.url}/oauth2/default` })).status).toBe(400);
		expect([(await at(`DELETE ${path}/${id}`)).status, (await at(`GET ${path}/${id}`)).status]).toEqual([204, 404]);
	});

	it("lose all refresh tokens at once, and the users with them", async () => {
		expect((await at(`GET ${one}/tokens`)).body).toHaveLength(1);
		expect((await at(`DELETE ${one}/tokens`)).status).toBe(204);
		expect((await at(`GET /api/v1/users/${user}/clients/${app}/tokens`)).body).toEqual([]);
		expect(events()).toEqual(["app.oauth2.token.revoke"]);
		expect((await at(`GET /api/v1/users/${user}/clients/0oaNobody/tokens`)).status).toBe(404);
	});
});
