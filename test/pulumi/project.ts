import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair } from "jose";
import { acmeStory, acmeTenant } from "../../providers/okta/emulator/acme.js";
import { type Emulator, startEmulator } from "../../providers/okta/emulator.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { people, groups, apps } = acmeStory;

/** Stands in one of the credentials, and must show up nowhere else. */
export const canary = "kid-canary-5e1f";

/** A Pulumi project on its own disk against an emulated Acme, driven by the real engine. */
export interface Project {
	dir: string;
	emulator: Emulator;
	/** Rewrites the stack file; what isn't given is as in `defaults`. */
	stack(parts?: Partial<StackParts>): void;
	pulumi(...args: string[]): Promise<Ran>;
	keelson(...args: string[]): Promise<Ran>;
	/** Requests since the last call that could change something, as `METHOD /path`. */
	writes(): string[];
	members(): string[];
	outputs(): Promise<Record<string, unknown>>;
	state(): Promise<string>;
	file(path: string): string;
	close(): Promise<void>;
}

export interface Ran {
	code: number;
	/** Both streams, for people's eyes and for assertions on messages. */
	text: string;
}

interface StackParts {
	memberships: string;
	settings: string;
	guardrails: string;
	exemptions: string;
}

export const superAdmins = `okta/group/${groups.superAdmins}`;
const member = ({ id, login }: { id: string; login: string }) => `{ login: ${login}, id: ${id} }`;

/** `memberships:` with Super Admins held to these people. */
export function holding(who: { id: string; login: string }[], mode = "authoritative", more = ""): string {
	return `memberships:\n  ${superAdmins}:\n    name: Super Admins\n    mode: ${mode}\n${more}    members: [ ${who.map(member).join(", ")} ]\n`;
}

const defaults: StackParts = {
	memberships: holding([people.ana, people.leo, people.kim]),
	settings: "",
	exemptions: "",
	guardrails: "{ maxAccounts: 25, maxPercent: 25, keepAdmins: 2 }",
};

export async function startProject(engine: string): Promise<Project> {
	const dir = mkdtempSync(join(tmpdir(), "keelson-pulumi-"));
	for (const folder of ["stacks", "keys", "plans", "backend", "node_modules", "home"]) mkdirSync(join(dir, folder));
	install(join(dir, "node_modules"));
	writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "acme-identity", private: true, type: "module" }));
	writeFileSync(
		join(dir, "Pulumi.yaml"),
		"name: acme-identity\nruntime: nodejs\nmain: node_modules/keelson/dist/src/pulumi/main.js\noptions: { refresh: always }\nconfig:\n  keelson:stack: { value: stacks/acme.yaml }\n",
	);
	const emulator = await startEmulator({
		state: acmeTenant(Date.now()),
		limits: "off",
		auth: { clients: [await client(dir, "read", apps.keelsonRead), await client(dir, "act", apps.keelsonAct)] },
	});
	const env = {
		...process.env,
		PATH: `${engine}${delimiter}${process.env.PATH}`,
		PWD: dir,
		PULUMI_HOME: join(dir, "home"),
		PULUMI_BACKEND_URL: `file://${join(dir, "backend")}`,
		PULUMI_CONFIG_PASSPHRASE: "1",
		PULUMI_SKIP_UPDATE_CHECK: "1",
		NO_COLOR: "1",
		KEELSON_CANARY: canary,
	};
	const ran = (command: string, args: string[]): Promise<Ran> =>
		new Promise((resolve) => {
			execFile(command, args, { cwd: dir, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
				resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
			);
		});
	const pulumi = (...args: string[]) => ran("pulumi", [...args, "--non-interactive", "--stack", "dev"]);
	let seen = 0;
	const project: Project = {
		dir,
		emulator,
		pulumi,
		keelson: (...args) => ran(process.execPath, [join(dir, "node_modules/keelson/dist/src/cli/main.js"), ...args]),
		stack(parts = {}) {
			const { memberships, settings, guardrails, exemptions } = { ...defaults, ...parts };
			writeFileSync(
				join(dir, "stacks", "acme.yaml"),
				`name: acme\nstore: sqlite:.keelson/acme.db\nsystems:\n  okta:\n    provider: okta\n    url: ${emulator.url}\n    auth: { method: private-key-jwt, clientId: ${apps.keelsonRead}, keyId: ${canary}, key: "\${file:keys/read.json}" }\n    act: { method: private-key-jwt, clientId: ${apps.keelsonAct}, keyId: act, key: "\${file:keys/act.json}" }\npeople:\n  breakGlass: [ { login: okta/${people.emergency1.login}, id: ${people.emergency1.id} }, { login: okta/${people.emergency2.login}, id: ${people.emergency2.id} } ]\n  service: [ { where: "account.login.startsWith('svc-')", reason: naming rule } ]\n${memberships}${settings}${exemptions}remediation:\n  plans: plans/\n  guardrails: ${guardrails}\n`,
			);
		},
		writes() {
			const fresh = emulator.requests.slice(seen);
			seen = emulator.requests.length;
			return fresh.filter(({ method, path }) => method !== "GET" && !path.includes("/oauth2/v1/token")).map(({ method, path }) => `${method} ${path}`);
		},
		members: () => [...(emulator.state.members.get(groups.superAdmins) ?? [])].sort(),
		outputs: async () => JSON.parse((await ran("pulumi", ["stack", "output", "--json", "--stack", "dev"])).text) as Record<string, unknown>,
		state: async () => (await ran("pulumi", ["stack", "export", "--stack", "dev"])).text,
		file: (path) => readFileSync(join(dir, path), "utf8"),
		async close() {
			await emulator.close();
			rmSync(dir, { recursive: true, force: true });
		},
	};
	project.stack();
	const made = await ran("pulumi", ["stack", "init", "dev", "--non-interactive"]);
	if (made.code !== 0) throw new Error(made.text);
	return project;
}

/** The package as npm would put it there, and links to what it depends on. */
function install(modules: string): void {
	for (const name of readdirSync(join(root, "node_modules"))) if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name));
	const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
	for (const path of ["package.json", ...files].filter((one) => existsSync(join(root, one))))
		cpSync(join(root, path), join(modules, "keelson", path), { recursive: true });
}

const scopes =
	"users groups apps appGrants roles policies authenticators networkZones logs apiTokens orgs trustedOrigins oauthIntegrations behaviors eventHooks logStreams threatInsights";

async function client(dir: string, name: string, clientId: string) {
	const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
	const kid = name === "read" ? canary : name;
	writeFileSync(join(dir, "keys", `${name}.json`), JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: "ES256" }), { mode: 0o600 });
	const manage = name === "act" ? "users groups roles policies apiTokens appGrants".split(" ").map((word) => `okta.${word}.manage`) : [];
	const read = scopes.split(" ").map((word) => `okta.${word}.read`);
	return {
		clientId,
		jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "ES256" }] },
		scopes: [...read, ...manage],
		dpop: true,
		roles: ["SUPER_ADMIN"],
	};
}
