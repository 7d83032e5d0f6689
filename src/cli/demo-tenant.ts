import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, type JWK } from "jose";
import { pulumiFile } from "./init-files.js";
import { packageRoot } from "./package-root.js";

/** The demo tenant Acme, running inside this process on the loopback interface. */
export interface DemoTenant {
	url: string;
	/** The other systems, `<name> at <address>`. */
	others: string[];
	/** Somebody changes the tenant in the vendor's console: a hand-made member, a longer session. */
	changeBehindYourBack(): void;
	close(): Promise<void>;
}

const readScopes =
	"users groups apps appGrants roles policies authenticators networkZones logs apiTokens orgs trustedOrigins oauthIntegrations behaviors eventHooks logStreams threatInsights idps userRisk"
		.split(" ")
		.map((word) => `okta.${word}.read`);
const actScopes = [...readScopes, ..."users groups roles policies apiTokens appGrants".split(" ").map((word) => `okta.${word}.manage`)];

/**
 * Starts Acme's Okta org, with `all` its other systems too, and writes its stack file and the keys of its two clients into `folder`.
 * The emulator is loaded by name: a surface knows providers by their interface only.
 */
export async function startDemoTenant(folder: string, all = false): Promise<DemoTenant> {
	const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
	const at = (path: string) => new URL(`../../providers/okta/${path}.${extension}`, import.meta.url).href;
	const { startEmulator } = await import(at("emulator"));
	const { acmeTenant, changeBehindYourBack, acmeStory } = await import(at("emulator/acme"));
	const state = acmeTenant(Date.now());
	const { keelsonRead, keelsonAct } = acmeStory.apps;
	mkdirSync(join(folder, "keys"), { recursive: true });
	mkdirSync(join(folder, "stacks"), { recursive: true });
	const emulator = await startEmulator({
		state,
		limits: "off",
		auth: {
			clients: [
				{ clientId: keelsonRead, jwks: { keys: [await keyPair(folder, "read")] }, scopes: readScopes, dpop: true, roles: ["SUPER_ADMIN"] },
				{ clientId: keelsonAct, jwks: { keys: [await keyPair(folder, "act")] }, scopes: actScopes, dpop: true, roles: ["SUPER_ADMIN"] },
			],
		},
	});
	const names = { READ_CLIENT: keelsonRead, ACT_CLIENT: keelsonAct, SUPER_ADMINS: acmeStory.groups.superAdmins, "http://127.0.0.1:8080": emulator.url };
	let text = readFileSync(join(packageRoot, "stacks", "acme.yaml"), "utf8");
	for (const [name, value] of Object.entries(names)) text = text.replaceAll(name, String(value));
	const others = all ? await (await import("./demo-systems.js")).startDemoSystems(folder, text, Date.now()) : null;
	writeFileSync(join(folder, "stacks", "acme.yaml"), others?.text ?? text);
	// Paths in a stack file start at the project's folder, which this file marks.
	writeFileSync(join(folder, "Pulumi.yaml"), pulumiFile("acme").replace("keelson.yaml", "acme.yaml"));
	return {
		url: emulator.url,
		others: others?.running ?? [],
		changeBehindYourBack: () => changeBehindYourBack(state, Date.now()),
		close: async () => {
			await others?.close();
			await emulator.close();
		},
	};
}

async function keyPair(folder: string, name: string): Promise<JWK> {
	const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	writeFileSync(join(folder, "keys", `${name}.json`), JSON.stringify({ ...(await exportJWK(privateKey)), kid: name, alg: "RS256" }), { mode: 0o600 });
	return { ...(await exportJWK(publicKey)), kid: name, alg: "RS256", use: "sig" };
}
