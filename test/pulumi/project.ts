import { execFile } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTenant, type TestTenant } from "./tenant.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A Pulumi project on its own disk, driven by the real engine, with the compiled package installed as npm would. */
export interface EngineProject {
	pulumi(...args: string[]): Promise<Ran>;
	keelson(...args: string[]): Promise<Ran>;
	outputs(): Promise<Record<string, unknown>>;
	/** The engine's whole state. */
	state(): Promise<string>;
}

export interface Ran {
	code: number;
	/** Both streams, for people's eyes and for assertions on messages. */
	text: string;
}

/** The project against an emulated Acme. */
export interface Project extends TestTenant, EngineProject {}

/** @param engine the folder that holds `pulumi` */
export async function startProject(engine: string): Promise<Project> {
	const tenant = await startTenant();
	return { ...tenant, ...(await engineProject(engine, tenant.dir)) };
}

/** @param dir a folder with `stacks/acme.yaml` in it */
export async function engineProject(engine: string, dir: string): Promise<EngineProject> {
	for (const folder of ["backend", "node_modules", "home"]) mkdirSync(join(dir, folder));
	install(join(dir, "node_modules"));
	writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "acme-identity", private: true, type: "module" }));
	writeFileSync(
		join(dir, "Pulumi.yaml"),
		"name: acme-identity\nruntime: nodejs\nmain: node_modules/keelson/dist/src/pulumi/main.js\noptions: { refresh: always }\nconfig:\n  keelson:stack: { value: stacks/acme.yaml }\n",
	);
	const env = {
		...process.env,
		PATH: `${engine}${delimiter}${process.env.PATH}`,
		PWD: dir,
		PULUMI_HOME: join(dir, "home"),
		PULUMI_BACKEND_URL: `file://${join(dir, "backend")}`,
		PULUMI_CONFIG_PASSPHRASE: "1",
		PULUMI_SKIP_UPDATE_CHECK: "1",
		NO_COLOR: "1",
	};
	const ran = (command: string, args: string[]): Promise<Ran> =>
		new Promise((resolve) => {
			execFile(command, args, { cwd: dir, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
				resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
			);
		});
	const on = (...args: string[]) => ran("pulumi", [...args, "--stack", "dev"]);
	const made = await ran("pulumi", ["stack", "init", "dev", "--non-interactive"]);
	if (made.code !== 0) throw new Error(made.text);
	return {
		pulumi: (...args) => on(...args, "--non-interactive"),
		keelson: (...args) => ran(process.execPath, [join(dir, "node_modules/keelson/dist/src/cli/main.js"), ...args, "--stack", "stacks/acme.yaml"]),
		outputs: async () => JSON.parse((await on("stack", "output", "--json")).text) as Record<string, unknown>,
		state: async () => (await on("stack", "export")).text,
	};
}

/** The package as npm would put it there, and links to what it depends on. */
export function install(modules: string): void {
	for (const name of readdirSync(join(root, "node_modules"))) if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name));
	const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
	const held = ["package.json", ...files].filter((path) => existsSync(join(root, path)));
	for (const path of held) cpSync(join(root, path), join(modules, "keelson", path), { recursive: true });
	chmodSync(join(modules, "keelson/dist/src/cli/main.js"), 0o755);
}

/** The stand-in as the engine looks for it: an executable of the plugin's name on PATH. */
export function putPlugin(folder: string): void {
	mkdirSync(folder, { recursive: true });
	const file = join(folder, "pulumi-resource-okta");
	const source = fileURLToPath(new URL("./stand-in-okta.ts", import.meta.url));
	writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" --import "${import.meta.resolve("tsx")}" "${source}" "$@"\n`);
	chmodSync(file, 0o755);
}
