import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { acmeStory, acmeTenant } from "../../providers/okta/emulator/acme.js";
import { type Emulator, startEmulator } from "../../providers/okta/emulator.js";

const { people, groups, apps } = acmeStory;

/** Stands in one of the credentials, and must show up nowhere else. */
export const canary = "kid-canary-5e1f";

/** An emulated Acme and a folder with its stack file and keys. */
export interface TestTenant {
	dir: string;
	/** The stack file's path. */
	file: string;
	emulator: Emulator;
	/** Rewrites the stack file; what isn't given is as at the start. */
	stack(parts?: Partial<StackParts>): void;
	/** Requests since the last call that could change something, as `METHOD url`. */
	writes(): string[];
	/** Account ids in Super Admins. */
	members(): string[];
	close(): Promise<void>;
}

export interface StackParts {
	memberships: string;
	settings: string;
	guardrails: string;
}

export const superAdmins = `okta/group/${groups.superAdmins}`;

type Named = { id: string; login: string };
const member = ({ id, login }: Named) => `{ login: ${login}, id: ${id} }`;

/** One membership's entry. */
export function entry(key: string, who: Named[], mode: string, more = ""): string {
	return `  ${key}:\n    mode: ${mode}\n${more}    members: [ ${who.map(member).join(", ")} ]\n`;
}

/** `memberships:` with Super Admins held to these people. */
export function holding(who: Named[], mode = "authoritative"): string {
	return `memberships:\n${entry(superAdmins, who, mode, "    name: Super Admins\n")}`;
}

const defaults: StackParts = {
	memberships: holding([people.ana, people.leo, people.kim]),
	settings: "",
	guardrails: "{ maxAccounts: 25, maxPercent: 25, keepAdmins: 2 }",
};

/** `plugin`: its clients are such as the vendor's Pulumi plugin can use: RSA keys, and no DPoP. */
export async function startTenant({ plugin = false } = {}): Promise<TestTenant> {
	const dir = mkdtempSync(join(tmpdir(), "keelson-pulumi-"));
	for (const folder of ["stacks", "keys", "plans"]) mkdirSync(join(dir, folder));
	writeFileSync(join(dir, "Pulumi.yaml"), "name: acme-identity\nruntime: nodejs\n");
	const clients = [await client(dir, "read", apps.keelsonRead, plugin), await client(dir, "act", apps.keelsonAct, plugin)];
	const emulator = await startEmulator({ state: acmeTenant(Date.now()), limits: "off", auth: { clients } });
	const file = join(dir, "stacks", "acme.yaml");
	let seen = 0;
	const tenant: TestTenant = {
		dir,
		file,
		emulator,
		stack: (parts = {}) => writeFileSync(file, stackText(emulator.url, { ...defaults, ...parts })),
		writes() {
			const fresh = emulator.requests.slice(seen);
			seen = emulator.requests.length;
			return fresh.filter(({ method, path }) => method !== "GET" && !path.includes("/oauth2/v1/token")).map(({ method, url }) => `${method} ${url}`);
		},
		members: () => [...(emulator.state.members.get(groups.superAdmins) ?? [])].sort(),
		async close() {
			await emulator.close();
			rmSync(dir, { recursive: true, force: true });
		},
	};
	tenant.stack();
	return tenant;
}

function stackText(url: string, { memberships, settings, guardrails }: StackParts): string {
	const { emergency1, emergency2 } = people;
	return `name: acme
store: sqlite:.keelson/acme.db
systems:
  okta:
    provider: okta
    url: ${url}
    auth: { method: private-key-jwt, clientId: ${apps.keelsonRead}, keyId: ${canary}, key: "\${file:keys/read.json}" }
    act: { method: private-key-jwt, clientId: ${apps.keelsonAct}, keyId: act, key: "\${file:keys/act.json}" }
people:
  breakGlass: [ { login: okta/${emergency1.login}, id: ${emergency1.id} }, { login: okta/${emergency2.login}, id: ${emergency2.id} } ]
  service: [ { where: "account.login.startsWith('svc-')", reason: naming rule } ]
${memberships}${settings}remediation:
  plans: plans/
  guardrails: ${guardrails}
`;
}

const readWords =
	"users groups apps appGrants roles policies authenticators networkZones logs apiTokens orgs trustedOrigins oauthIntegrations behaviors eventHooks logStreams threatInsights idps userRisk";
const actWords = "users groups roles policies apiTokens appGrants";

async function client(dir: string, name: "read" | "act", clientId: string, plugin: boolean) {
	const alg = plugin ? "RS256" : "ES256";
	const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
	const kid = name === "read" ? canary : name;
	writeFileSync(join(dir, "keys", `${name}.json`), JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg }), { mode: 0o600 });
	const scopes = readWords.split(" ").map((word) => `okta.${word}.read`);
	if (name === "act") scopes.push(...actWords.split(" ").map((word) => `okta.${word}.manage`));
	return { clientId, jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg }] }, scopes, dpop: !plugin, roles: ["SUPER_ADMIN"] };
}
