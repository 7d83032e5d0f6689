/**
 * The last step of a build: what every start would do again, done once. Reads the shipped policies and makes code of the schemas, with the
 * compiled modules themselves, into `prepared/` beside them. npm run build, or npx tsx tools/prepare.ts [folder of the compiled package]
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { CheckKind } from "../src/stack/prepared.js";
import { checkModule } from "./prepare-checks.js";

const root = resolve(process.argv[2] ?? ".");
const at = (path: string) => pathToFileURL(join(root, "dist", path)).href;
const shipped = join(root, "policies");

const { loadPolicies }: typeof import("../src/policy/load.js") = await import(at("src/policy/load.js"));
const { loadPacks }: typeof import("../src/policy/packs.js") = await import(at("src/policy/packs.js"));
const { writePrepared }: typeof import("../src/policy/prepared.js") = await import(at("src/policy/prepared.js"));
const { loadProvider, providerNames }: typeof import("../src/provider/load.js") = await import(at("src/provider/load.js"));
const { listedPackages, schemasOf, typeSchema }: typeof import("../src/stack/resource-schemas.js") = await import(at("src/stack/resource-schemas.js"));
const { stackSchema }: typeof import("../src/stack/schema.js") = await import(at("src/stack/schema.js"));
const prepared: typeof import("../src/stack/prepared.js") = await import(at("src/stack/prepared.js"));
const validate: typeof import("../src/stack/validate.js") = await import(at("src/stack/validate.js"));

const { policies, diagnostics } = await loadPolicies([shipped]);
for (const { file, line, message } of diagnostics) console.error(`${file}:${line}: ${message}`);
if (diagnostics.length > 0) process.exit(1);

const { baselineSchema }: typeof import("../src/stack/baseline-schema.js") = await import(at("src/stack/baseline-schema.js"));
const schemas: [CheckKind, object][] = [
	["stack", stackSchema],
	["stack", baselineSchema],
];
for (const name of providerNames()) {
	const provider = await loadProvider(name, root);
	schemas.push(["provider", provider.configSchema], ...provider.settings.map(({ valuesSchema }) => ["values", valuesSchema] satisfies [CheckKind, object]));
}
for (const name of listedPackages) {
	const listed = schemasOf(name);
	if (listed) schemas.push(...Object.keys(listed.types).map((type) => ["values", typeSchema(listed, type)] satisfies [CheckKind, object]));
}

const folder = join(root, "dist", "prepared");
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "checks"), { recursive: true });
writeFileSync(join(folder, "policies.json"), writePrepared(policies, loadPacks([shipped]).packs));
for (const [kind, schema] of schemas)
	writeFileSync(
		join(folder, "checks", `${prepared.checkKey(kind, schema)}.js`),
		checkModule(kind, schema, "../../src/stack/text-keywords.js", { prepared, validate }),
	);
console.log(`${policies.length} policies and ${schemas.length} schemas prepared in ${folder}`);
