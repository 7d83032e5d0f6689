import * as pulumi from "@pulumi/pulumi";
import { type ResourceReference, readPieces } from "../../stack/resource-references.js";

/** Looks up a resource that was made before. */
export type Made = (name: string) => pulumi.Resource;

/** A value of the stack file as inputs: every text with its references replaced by the outputs they name. */
export function inputOf(value: unknown, made: Made): unknown {
	if (typeof value === "string") return textInput(value, made);
	if (Array.isArray(value)) return value.map((item) => inputOf(item, made));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inputOf(item, made)]));
}

function textInput(text: string, made: Made): unknown {
	const read = readPieces(text);
	if ("fault" in read) throw new Error(`${JSON.stringify(text)}: ${read.fault}`);
	const [only, more] = read.pieces;
	if (only && !more) return "text" in only ? only.text : outputOf(only, made);
	return pulumi.all(read.pieces.map((piece) => ("text" in piece ? piece.text : outputOf(piece, made)))).apply((parts) => parts.map(asText).join(""));
}

function outputOf({ name, path }: ResourceReference, made: Made): pulumi.Input<unknown> {
	const [first, ...rest] = path;
	if (name === "pulumi") return runFact(String(first));
	const resource = made(name);
	const output = first !== undefined && first in resource ? (resource as unknown as Record<string | number, unknown>)[first] : undefined;
	if (output === undefined) throw new Error(`\${${name}.${first}}: the resource \`${name}\` has no such property`);
	return pulumi.output(output).apply((value) => walk(value, rest));
}

function walk(value: unknown, path: (string | number)[]): unknown {
	return path.reduce<unknown>((at, step) => (typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[step] : undefined), value);
}

function runFact(name: string): string {
	if (name === "organization") return pulumi.getOrganization();
	return name === "stack" ? pulumi.getStack() : pulumi.getProject();
}

function asText(value: unknown): string {
	return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}
