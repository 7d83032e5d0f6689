import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { ResourceSchemas } from "../../src/stack/resource-schemas.js";
import type { GeneratedFile } from "../generate.js";
import { allowed } from "./allowed.js";
import { listed } from "./listed.js";

type Schema = Record<string, unknown>;

/** `schema/resources/<package>.json`: what the listed types of a vendor's Pulumi package take, from the package's own declarations. */
export function resourceSchemas(root: string): GeneratedFile[] {
	return Object.entries(listed).map(([name, { folder, types }]) => ({
		path: `schema/resources/${name}.json`,
		content: () => `${JSON.stringify(schemasOf(name, join(root, folder), types), null, "\t")}\n`,
	}));
}

function schemasOf(name: string, folder: string, types: string[]): ResourceSchemas {
	const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
	const files = reader(folder);
	const $defs: Record<string, Schema> = {};
	const outputs: Record<string, string[]> = {};
	for (const token of types) {
		const [, module = "", type = ""] = token.split(":");
		const source = files(`${module.replace(/^index\//, "")}.d.ts`);
		const context: Context = { inputs: files("types/input.d.ts"), $defs, allowed: allowed[token] ?? {} };
		$defs[token] = objectOf(interfaceOf(source.statements, `${type}Args`), context, "");
		outputs[token] = members(interfaceOf(source.statements, `${type}State`)).map((member) => member.name.getText());
	}
	return {
		$schema: "https://json-schema.org/draft/2020-12/schema",
		title: `Resources of the Pulumi package ${name}`,
		package: name,
		version,
		types: outputs,
		others: typesIn(folder).filter((token) => !types.includes(token)),
		$defs: { reference: { type: "string", pattern: "^\\$\\{[^{}]+\\}$" }, ...$defs },
	};
}

/** Every type that a package's classes name. */
function typesIn(folder: string): string[] {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith(".js"));
	const tokens = files.flatMap((entry) => /__pulumiType = ['"]([^'"]*:[^'"]*)['"]/.exec(readFileSync(join(entry.parentPath, entry.name), "utf8"))?.[1] ?? []);
	return [...new Set(tokens)].sort();
}

function reader(folder: string): (path: string) => ts.SourceFile {
	const read = new Map<string, ts.SourceFile>();
	return (path) => {
		const file = join(folder, path);
		const source = read.get(file) ?? ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
		read.set(file, source);
		return source;
	};
}

interface Context {
	inputs: ts.SourceFile;
	$defs: Record<string, Schema>;
	/** Words that a property takes, by its path in the resource. */
	allowed: Record<string, string[]>;
}

function objectOf(declared: ts.InterfaceDeclaration | ts.TypeLiteralNode, context: Context, path: string): Schema {
	const properties: Record<string, Schema> = {};
	const required: string[] = [];
	for (const member of members(declared)) {
		const key = member.name.getText();
		if (!member.type) continue;
		const words = context.allowed[path + key];
		properties[key] = words ? orReference(wordsOf(member.type, words)) : schemaOf(member.type, context, `${path}${key}.`);
		if (!member.questionToken) required.push(key);
	}
	return { type: "object", properties, additionalProperties: false, ...(required.length > 0 && { required }) };
}

function wordsOf(type: ts.TypeNode, words: string[]): Schema {
	return type.getText().includes("[]") ? { type: "array", items: orReference({ enum: words }) } : { enum: words };
}

/** Text may always be a reference; anything else is what it is, or a reference as a whole. */
function orReference(schema: Schema): Schema {
	return { if: { $ref: "#/$defs/reference" }, else: schema };
}

function schemaOf(type: ts.TypeNode, context: Context, path: string): Schema {
	if (ts.isUnionTypeNode(type)) {
		const rest = type.types.filter((one) => one.kind !== ts.SyntaxKind.UndefinedKeyword);
		if (rest.length === 1 && rest[0]) return schemaOf(rest[0], context, path);
		throw new Error(`${path}: a union is not understood: ${type.getText()}`);
	}
	if (ts.isArrayTypeNode(type)) return orReference({ type: "array", items: schemaOf(type.elementType, context, path) });
	if (ts.isTypeLiteralNode(type)) return literalOf(type, context, path);
	if (ts.isTypeReferenceNode(type)) return referenceOf(type, context, path);
	switch (type.kind) {
		case ts.SyntaxKind.StringKeyword:
			return { type: "string" };
		case ts.SyntaxKind.NumberKeyword:
			return orReference({ type: "number" });
		case ts.SyntaxKind.BooleanKeyword:
			return orReference({ type: "boolean" });
		case ts.SyntaxKind.AnyKeyword:
			return {};
		default:
			throw new Error(`${path}: a type is not understood: ${type.getText()}`);
	}
}

function literalOf(type: ts.TypeLiteralNode, context: Context, path: string): Schema {
	const [index] = type.members;
	if (index && ts.isIndexSignatureDeclaration(index)) return orReference({ type: "object", additionalProperties: schemaOf(index.type, context, path) });
	return orReference(objectOf(type, context, path));
}

/** `pulumi.Input<T>` is T; `inputs.policy.X` is described once, under its name. */
function referenceOf(type: ts.TypeReferenceNode, context: Context, path: string): Schema {
	const name = type.typeName.getText();
	const [argument] = type.typeArguments ?? [];
	if (name === "pulumi.Input" && argument) return schemaOf(argument, context, path);
	if (!name.startsWith("inputs.")) throw new Error(`${path}: a type is not understood: ${type.getText()}`);
	const steps = name.split(".").slice(1);
	const key = steps.join(".");
	if (!context.$defs[key]) {
		context.$defs[key] = {};
		context.$defs[key] = objectOf(interfaceOf(namespaceOf(context.inputs.statements, steps.slice(0, -1)), steps.at(-1) ?? ""), context, path);
	}
	return orReference({ $ref: `#/$defs/${key}` });
}

function namespaceOf(statements: readonly ts.Statement[], steps: string[]): readonly ts.Statement[] {
	const [step, ...rest] = steps;
	if (step === undefined) return statements;
	const found = statements.find((one) => ts.isModuleDeclaration(one) && one.name.getText() === step);
	if (!found || !ts.isModuleDeclaration(found) || !found.body || !ts.isModuleBlock(found.body)) throw new Error(`there is no namespace ${step}`);
	return namespaceOf(found.body.statements, rest);
}

function interfaceOf(statements: readonly ts.Statement[], name: string): ts.InterfaceDeclaration {
	const found = statements.find((one): one is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(one) && one.name.text === name);
	if (!found) throw new Error(`there is no interface ${name}`);
	return found;
}

function members(declared: ts.InterfaceDeclaration | ts.TypeLiteralNode): ts.PropertySignature[] {
	return declared.members.filter(ts.isPropertySignature);
}
