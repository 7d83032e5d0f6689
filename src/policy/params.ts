import { nearest } from "../model/nearest.js";
import { type CelType, listOf, types } from "./cel-type.js";
import type { ParamValues } from "./emit.js";
import type { Scalar } from "./node.js";
import type { ParamDeclaration } from "./source.js";

/** The CEL type a parameter has in expressions. */
export function paramType(declaration: ParamDeclaration): CelType {
	if (declaration.type === "array") return listOf(declaration.items === "integer" ? types.int : types.string);
	return { integer: types.int, number: types.double, string: types.string, boolean: types.bool }[declaration.type];
}

/** What is wrong with a value for a parameter, in one sentence; null when it fits. */
export function paramProblem(declaration: ParamDeclaration, value: unknown): string | null {
	const { type, minimum, maximum } = declaration;
	if (type === "array") {
		const items = declaration.items ?? "string";
		return Array.isArray(value) && value.every((item) => (items === "integer" ? Number.isSafeInteger(item) : typeof item === "string"))
			? null
			: `must be a list of ${items}s`;
	}
	if (type === "integer" && !Number.isSafeInteger(value)) return "must be an integer";
	if (type !== "integer" && typeof value !== type) return `must be a ${type}`;
	if (typeof value === "number" && !Number.isFinite(value)) return "must be a finite number";
	if (typeof value === "number" && minimum !== undefined && value < minimum) return `must be at least ${minimum}`;
	if (typeof value === "number" && maximum !== undefined && value > maximum) return `must be at most ${maximum}`;
	if (declaration.enum && !declaration.enum.includes(value as Scalar)) return `must be one of ${declaration.enum.join(", ")}`;
	return null;
}

/** Everything wrong with a set of parameter values, by name: for the stack file's `policies.set`. */
export function checkParams(
	declared: Readonly<Record<string, ParamDeclaration>>,
	values: Readonly<Record<string, unknown>>,
): { name: string; message: string; hint?: string }[] {
	const problems: { name: string; message: string; hint?: string }[] = [];
	for (const [name, value] of Object.entries(values)) {
		const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
		if (!declaration) {
			const names = Object.keys(declared);
			const near = nearest(name, names);
			problems.push({
				name,
				message: `unknown parameter ${name}`,
				hint: near ? `did you mean ${near}?` : names.length > 0 ? `there are ${names.join(", ")}` : "the policy has no parameters",
			});
			continue;
		}
		const message = paramProblem(declaration, value);
		if (message) problems.push({ name, message: `${name} ${message}` });
	}
	return problems;
}

/** Defaults overlaid with what was set. */
export function paramValues(declared: Readonly<Record<string, ParamDeclaration>>, set: Readonly<Record<string, Scalar | Scalar[]>>): ParamValues {
	return { ...Object.fromEntries(Object.entries(declared).map(([name, d]) => [name, d.default])), ...set };
}
