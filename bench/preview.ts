/**
 * `pulumi preview --refresh` of 200 declared groups of an emulated Okta org, beside 200 dynamic resources that do nothing: the engine's own cost.
 * npm run build && npx tsx bench/preview.ts [objects]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { generateTenant } from "../providers/okta/emulator/generator.js";
import { DEFAULT_TOKEN, startEmulator } from "../providers/okta/emulator.js";
import { type EngineProject, engineProject } from "../test/pulumi/project.js";
import { findEngine } from "../tools/engine/engine.js";

const objects = Number(process.argv[2] ?? 200);
const found = await findEngine((line) => process.stderr.write(`${line}\n`));
if ("missing" in found) throw new Error(found.missing);
const state = generateTenant({ seed: 1, users: 1000, groups: Math.ceil(objects * 1.5) + 20, now: Date.now() });
const emulator = await startEmulator({ state, limits: "off" });
const root = mkdtempSync(join(tmpdir(), "keelson-bench-preview-"));

const trivial = `
import * as pulumi from "@pulumi/pulumi";
const provider = {
	async create(inputs) { return { id: inputs.name, outs: inputs }; },
	async read(id, props) { return { id, props, inputs: props }; },
	async diff(id, olds, news) { return { changes: olds.name !== news.name }; },
	async delete() {},
};
class Trivial extends pulumi.dynamic.Resource {
	constructor(name) { super(provider, name, { name }); }
}
for (let i = 0; i < ${objects}; i++) new Trivial("object-" + i);
`;

const runs = 3;

/** Seconds of the best preview, and requests of one: the update before them reads the org for the first time and is not counted. */
async function measured(name: string, project: EngineProject): Promise<{ seconds: number; requests: number }> {
	const made = await project.pulumi("up", "--yes", "--skip-preview");
	if (made.code !== 0) throw new Error(made.text.slice(-2000));
	const times: number[] = [];
	const before = emulator.requests.length;
	for (let i = 0; i < runs; i++) {
		const started = performance.now();
		const { code, text } = await project.pulumi("preview", "--refresh", "--expect-no-changes");
		times.push((performance.now() - started) / 1000);
		if (code !== 0) throw new Error(text.slice(-2000));
	}
	const best = Math.min(...times);
	const requests = Math.round((emulator.requests.length - before) / runs);
	console.log(`${name.padEnd(28)} ${best.toFixed(1)} s, ${((1000 * best) / objects).toFixed(0)} ms an object`);
	return { seconds: best, requests };
}

async function projectIn(name: string, write: (dir: string) => void): Promise<EngineProject> {
	const dir = join(root, name);
	mkdirSync(join(dir, "stacks"), { recursive: true });
	const project = await engineProject("dir" in found ? found.dir : "", dir);
	write(dir);
	return project;
}

try {
	const plain = await projectIn("trivial", (dir) => {
		writeFileSync(join(dir, "index.js"), trivial);
		writeFileSync(join(dir, "Pulumi.yaml"), "name: acme-identity\nruntime: nodejs\nmain: index.js\n");
	});
	const groups = [...state.groups.values()].flatMap(({ id, type }) => (id && type === "OKTA_GROUP" ? [{ id }] : [])).slice(0, objects);
	const members = (id: string) => [...(state.members.get(id) ?? [])].map((member) => ({ login: String(state.users.get(member)?.profile?.login), id: member }));
	// Some of the generated groups are an app's, whose members can't be declared.
	if (groups.length < objects) throw new Error(`only ${groups.length} groups to declare`);
	const declared = await projectIn("declared", (dir) => {
		const stack = {
			name: "acme",
			store: "sqlite:.keelson/acme.db",
			systems: { okta: { provider: "okta", url: emulator.url, auth: { method: "ssws", token: `\${file:token}` } } },
			memberships: Object.fromEntries(groups.map(({ id }) => [`okta/group/${id}`, { mode: "authoritative", members: members(id) }])),
		};
		writeFileSync(join(dir, "token"), DEFAULT_TOKEN, { mode: 0o600 });
		writeFileSync(join(dir, "stacks", "acme.yaml"), stringify(stack));
	});
	const engine = await measured(`${objects} that do nothing`, plain);
	const ours = await measured(`${groups.length} declared groups`, declared);
	console.log(`ratio ${(ours.seconds / engine.seconds).toFixed(2)}; ${ours.requests} requests a preview`);
} finally {
	await emulator.close();
	rmSync(root, { recursive: true, force: true });
}
