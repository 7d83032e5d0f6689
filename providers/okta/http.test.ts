import { expect, test } from "vitest";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { connectHttp } from "./http.js";
import { pem, testOrg } from "./test-token-org.js";

function config(more: Partial<ConnectConfig>): ConnectConfig {
	return { system: "okta", url: "https://acme.okta.com", credential: {}, options: {}, purpose: "read", now: Date.now, log() {}, ...more };
}

const good = { method: "private-key-jwt", clientId: "0oaREAD", key: pem };

test.each([
	[{ credential: { method: "password" } }, "method of systems.okta.auth must be private-key-jwt or ssws"],
	[{ credential: { method: "ssws" }, purpose: "act" }, "token of systems.okta.act is missing"],
	[{ credential: { method: "ssws", token: "abc\ndef" } }, "token of systems.okta.auth holds a character that cannot be sent"],
	[{ credential: { ...good, clientId: " " } }, "clientId of systems.okta.auth is missing"],
	[{ credential: { ...good, key: "s3cret" } }, "key of systems.okta.auth is not a private key in PEM or JWK form"],
	[{ credential: good, url: "http://acme.okta.com" }, "systems.okta.url must begin with https://: without TLS the credential could be read on the way"],
	[{ credential: good, url: "acme" }, "systems.okta.url is not an address; write it like https://acme.okta.com"],
] satisfies [Partial<ConnectConfig>, string][])("%j is refused before anything is sent", async (more, message) => {
	await expect(connectHttp(config(more), { scopes: [] })).rejects.toThrow(new Error(message));
});

test("the stack file's scopes go before the connector's, a JWK may be an object, and the server's clock is told", async () => {
	const asked: string[][] = [];
	const org = await testOrg({
		credential: { scopes: ["okta.logs.read"] },
		token(call, response) {
			asked.push(call.scope);
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token_type: "Bearer", expires_in: 3600, access_token: "t" }));
		},
		answer: (_seen, response) => response.writeHead(200, { date: new Date(org.clock.now() + 90_000).toUTCString() }).end("[]"),
	});
	expect(org.http.clockSkew()).toBeNull();
	await org.http.client.send({ method: "GET", path: "/api/v1/logs" });
	expect(asked).toEqual([["okta.logs.read"]]);
	expect(Math.abs((org.http.clockSkew() ?? 0) - 90_000)).toBeLessThanOrEqual(1000);
	await org.close();
});

test("abort of the run ends a request and its token", async () => {
	const controller = new AbortController();
	const org = await testOrg({ token: () => controller.abort(new Error("enough")), config: { signal: controller.signal } });
	await expect(org.http.client.send({ method: "GET", path: "/api/v1/users" })).rejects.toThrow("enough");
	await org.close();
});
