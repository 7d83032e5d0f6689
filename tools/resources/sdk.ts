import type { GeneratedFile } from "../generate.js";
import { blocks, type GoogleResource, googleResources, providerInputs, secretInputs } from "./googleworkspace.js";

const folder = "sdks/googleworkspace";
/** The Terraform provider's version, and that of the plugin which carries any of them. */
const version = "0.7.0";
const bridge = "1.4.0";
const parameter = { remote: { url: "registry.opentofu.org/hashicorp/googleworkspace", version } };
const note = "// Written by npm run generate from tools/resources/googleworkspace.ts.\n";

/** The package `sdks/googleworkspace`: what `pulumi package add` writes for a parameterized provider, compiled already. */
export function googleSdk(): GeneratedFile[] {
	const file = (path: string, content: () => string): GeneratedFile => ({ path: `${folder}/${path}`, content });
	return [
		file("package.json", packageJson),
		file("utilities.js", utilitiesCode),
		file(
			"utilities.d.ts",
			() => `${note}export declare function resourceOptsDefaults(): { version: string };\nexport declare function getPackage(): Promise<string | undefined>;\n`,
		),
		file("provider.js", providerCode),
		file("provider.d.ts", providerTypes),
		file("types/input.d.ts", () => blockTypes((type) => `pulumi.Input<${type}>`)),
		file("types/output.d.ts", () => blockTypes((type) => type)),
		file("index.js", indexCode),
		file("index.d.ts", indexTypes),
		...googleResources.flatMap((resource) => [
			file(`${fileName(resource.name)}.js`, () => resourceCode(resource)),
			file(`${fileName(resource.name)}.d.ts`, () => resourceTypes(resource)),
		]),
	];
}

const fileName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const token = (name: string): string => `googleworkspace:index/${fileName(name)}:${name}`;

function packageJson(): string {
	const value = {
		name: "@pulumi/googleworkspace",
		version,
		description: "Google Workspace for Pulumi, through the plugin terraform-provider",
		license: "Apache-2.0",
		main: "index.js",
		types: "index.d.ts",
		private: true,
		peerDependencies: { "@pulumi/pulumi": ">=3.248.0" },
		pulumi: {
			resource: true,
			name: "terraform-provider",
			version: bridge,
			parameterization: { name: "googleworkspace", version, value: encoded() },
		},
	};
	return `${JSON.stringify(value, null, "\t")}\n`;
}

function encoded(): string {
	return Buffer.from(JSON.stringify(parameter)).toString("base64");
}

function utilitiesCode(): string {
	return `${note}const { registerPackage } = require("@pulumi/pulumi/runtime");

/** The engine starts the plugin terraform-provider and tells it which provider to be; what it answers names that package. */
exports.getPackage = async () =>
	registerPackage({
		baseProviderName: "terraform-provider",
		baseProviderVersion: "${bridge}",
		baseProviderDownloadUrl: "",
		packageName: "googleworkspace",
		packageVersion: "${version}",
		base64Parameter: "${encoded()}",
	});

exports.resourceOptsDefaults = () => ({ version: "${version}" });
`;
}

const requires = 'const pulumi = require("@pulumi/pulumi");\nconst utilities = require("./utilities");\n';

function providerCode(): string {
	const lines = Object.entries(providerInputs).map(([name, type]) => `\t\t\t\t${name}: ${encodedInput(name, type)},`);
	return `${note}${requires}
class Provider extends pulumi.ProviderResource {
	static __pulumiType = "googleworkspace";

	static isInstance(value) {
		return value?.__pulumiType === \`pulumi:providers:\${Provider.__pulumiType}\`;
	}

	constructor(name, args, opts) {
		super(
			Provider.__pulumiType,
			name,
			{
${lines.join("\n")}
			},
			pulumi.mergeOptions(utilities.resourceOptsDefaults(), pulumi.mergeOptions(opts ?? {}, { additionalSecretOutputs: ${list(secretInputs.Provider ?? [])} })),
			false,
			utilities.getPackage(),
		);
	}
}
exports.Provider = Provider;
`;
}

/** A provider's inputs are text: what is none goes as JSON. */
function encodedInput(name: string, type: string): string {
	if (secretInputs.Provider?.includes(name)) return `args?.${name} ? pulumi.secret(args.${name}) : undefined`;
	return type === "string" ? `args?.${name}` : `pulumi.output(args?.${name}).apply((value) => (value === undefined ? undefined : JSON.stringify(value)))`;
}

function resourceCode({ name, inputs, outputs }: GoogleResource): string {
	const secrets = secretInputs[name] ?? [];
	const options = "pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {})";
	const all = secrets.length > 0 ? `pulumi.mergeOptions(${options}, { additionalSecretOutputs: ${list(secrets)} })` : options;
	const rows = [
		...Object.keys(inputs).map((key) => `${key}: ${secrets.includes(key) ? `given?.${key} ? pulumi.secret(given.${key}) : undefined` : `given?.${key}`},`),
		...Object.keys(outputs).map((key) => `${key}: state?.${key},`),
	];
	return `${note}${requires}
class ${name} extends pulumi.CustomResource {
	static __pulumiType = "${token(name)}";

	static get(name, id, state, opts) {
		return new ${name}(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === ${name}.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
${rows.map((row) => `\t\t\t${row}`).join("\n")}
		};
		const options = ${all};
		super(${name}.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.${name} = ${name};
`;
}

function list(names: string[]): string {
	return `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
}

function indexCode(): string {
	const names = ["Provider", ...googleResources.map(({ name }) => name)];
	return `${note}const { runtime } = require("@pulumi/pulumi");

const classes = {
${names.map((name) => `\t${name}: () => require("./${fileName(name)}").${name},`).join("\n")}
};
for (const [name, load] of Object.entries(classes)) Object.defineProperty(exports, name, { enumerable: true, get: load });

const construct = (name, type, urn) => {
	const found = Object.keys(classes).find((one) => type === \`googleworkspace:index/\${one.charAt(0).toLowerCase()}\${one.slice(1)}:\${one}\`);
	if (!found) throw new Error(\`unknown resource type \${type}\`);
	return new exports[found](name, undefined, { urn });
};
for (const name of Object.keys(classes))
	if (name !== "Provider") runtime.registerResourceModule("googleworkspace", \`index/\${name.charAt(0).toLowerCase()}\${name.slice(1)}\`, { version: "${version}", construct });
runtime.registerResourcePackage("googleworkspace", {
	version: "${version}",
	constructProvider: (name, _type, urn) => new exports.Provider(name, undefined, { urn }),
});
`;
}

function indexTypes(): string {
	const lines = googleResources.map(({ name }) => `export { ${name}, ${name}Args, ${name}State } from "./${fileName(name)}";`);
	return `${note}export { Provider, ProviderArgs } from "./provider";\n${lines.join("\n")}\n`;
}

/** `string[]!` → its type, with the parts that a resource has named in full. */
function typeOf(type: string, wrap: (type: string) => string, from: string): string {
	const plain = type.replace("!", "");
	if (plain.endsWith("[]")) return `${wrap(typeOf(plain.slice(0, -2), (one) => one, from))}[]`;
	if (plain === "{string}") return `{ [key: string]: ${wrap("string")} }`;
	return /^[A-Z]/.test(plain) ? `${from}${plain}` : plain;
}

const asInput = (type: string, required: boolean): string =>
	`pulumi.Input<${typeOf(type, (one) => `pulumi.Input<${one}>`, "inputs.")}${required ? "" : " | undefined"}>`;

function fields(types: Record<string, string>, keepRequired: boolean): string {
	return Object.entries(types)
		.map(([key, type]) => `\t${key}${keepRequired && type.endsWith("!") ? "" : "?"}: ${asInput(type, keepRequired && type.endsWith("!"))};`)
		.join("\n");
}

const imports = 'import type * as pulumi from "@pulumi/pulumi";\n';

function resourceTypes({ name, about, inputs, outputs }: GoogleResource): string {
	const needs = Object.values(inputs).some((type) => type.endsWith("!")) ? "args" : "args?";
	const out = Object.entries({ ...inputs, ...outputs }).map(([key, type]) => {
		const optional = key in inputs && !type.endsWith("!") ? " | undefined" : "";
		return `\treadonly ${key}: pulumi.Output<${typeOf(type, (one) => one, "outputs.")}${optional}>;`;
	});
	const used = Object.values(inputs).some((type) => /^[A-Z]/.test(type));
	return `${note}${imports}${used ? 'import type * as inputs from "./types/input";\nimport type * as outputs from "./types/output";\n' : ""}
/** ${about} */
export declare class ${name} extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: ${name}State, opts?: pulumi.CustomResourceOptions): ${name};
	static isInstance(value: unknown): value is ${name};
${out.join("\n")}
	constructor(name: string, ${needs}: ${name}Args, opts?: pulumi.CustomResourceOptions);
}

export interface ${name}State {
${fields({ ...inputs, ...outputs }, false)}
}

export interface ${name}Args {
${fields(inputs, true)}
}
`;
}

function providerTypes(): string {
	const out = Object.entries(providerInputs).filter(([, type]) => type === "string");
	return `${note}${imports}
/** One Google Workspace customer, and the credential for it. */
export declare class Provider extends pulumi.ProviderResource {
	static isInstance(value: unknown): value is Provider;
${out.map(([key]) => `\treadonly ${key}: pulumi.Output<string | undefined>;`).join("\n")}
	constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions);
}

export interface ProviderArgs {
${fields(providerInputs, false)}
}
`;
}

function blockTypes(wrap: (type: string) => string): string {
	const isInput = wrap("x") !== "x";
	const made = Object.entries(blocks).map(([name, types]) => {
		const rows = Object.entries(types).map(([key, type]) => {
			const required = type.endsWith("!");
			const shown = isInput ? asInput(type, required).replaceAll("inputs.", "") : typeOf(type, (one) => one, "");
			return `\t${key}${required ? "" : "?"}: ${shown};`;
		});
		return `export interface ${name} {\n${rows.join("\n")}\n}\n`;
	});
	return `${note}${isInput ? imports : ""}\n${made.join("\n")}`;
}
