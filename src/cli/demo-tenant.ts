import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, type JWK } from "jose";

/** The part of the Okta emulator that the demo uses; loaded by name, since surfaces know providers by their interface only. */
export interface DemoTenant {
	url: string;
	changeBehindYourBack(): void;
	close(): Promise<void>;
}

const readScopes = "users groups apps appGrants roles policies authenticators networkZones logs apiTokens orgs trustedOrigins oauthIntegrations behaviors eventHooks logStreams threatInsights"
	.split(" ")
	.map((word) => `okta.${word}.read`);
const actScopes = ["okta.users.manage", "okta.groups.manage", "okta.roles.manage", "okta.policies.manage", "okta.apiTokens.manage", "okta.appGrants.manage", ...readScopes];

/** Starts the demo tenant Acme on this machine, with one client for each of the two credentials; their keys go into `folder`. */
export async function startDemoTenant(folder: string): Promise<DemoTenant> {
	const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
	const at = (path: string) => new URL(`../../providers/okta/${path}.${extension}`, import.meta.url).href;
	const { startEmulator } = await import(at("emulator"));
	const { acmeTenant, changeBehindYourBack, acmeStory } = await import(at("emulator/acme"));
	const state = acmeTenant(Date.now());
	mkdirSync(join(folder, "keys"), { recursive: true });
	const client = async (app: string, name: string, scopes: string[], roles: string[]) => ({
		clientId: state.apps.get(app)?.credentials?.oauthClient?.client_id ?? app,
		jwks: { keys: [await keyPair(folder, name)] },
		scopes,
		dpop: true,
		roles,
	});
	const emulator = await startEmulator({
		state,
		auth: {
			clients: [
				await client(acmeStory.apps.keelsonRead, "read", readScopes, ["SUPER_ADMIN"]),
				await client(acmeStory.apps.keelsonAct, "act", actScopes, ["SUPER_ADMIN"]),
			],
		},
	});
	return { url: emulator.url, changeBehindYourBack: () => changeBehindYourBack(state, Date.now()), close: () => emulator.close() };
}

async function keyPair(folder: string, name: string): Promise<JWK> {
	const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	writeFileSync(join(folder, "keys", `${name}.json`), JSON.stringify({ ...(await exportJWK(privateKey)), kid: name, alg: "RS256" }), { mode: 0o600 });
	return { ...(await exportJWK(publicKey)), kid: name, alg: "RS256", use: "sig" };
}
