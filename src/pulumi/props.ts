import type { OwnershipMode } from "../stack/stack.js";
import type { Props } from "./lifecycle.js";

export function splitKey(props: Props): { system: string; rest: string } {
	const key = String(props.key);
	const at = key.indexOf("/");
	return { system: key.slice(0, at), rest: key.slice(at + 1) };
}

export function modeOf({ mode }: Props): OwnershipMode {
	return mode === "authoritative" || mode === "additive" ? mode : "observe";
}

export function nameOf({ name }: Props): string | null {
	return typeof name === "string" ? name : null;
}

export function adoptOf({ adopt }: Props): string | null {
	return typeof adopt === "string" ? adopt : null;
}

export function asRecord(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
