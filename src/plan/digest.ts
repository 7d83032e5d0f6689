import { createHash } from "node:crypto";
import { encodeKnown } from "../model/json.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";
import type { Plan } from "./plan.js";

/** Stable over plans: hash of system, kind and target. 80 bits. */
export function actionId(system: string, kind: ActionKind, target: ActionTarget): string {
	return `a_${sha256(encodeKnown([system, kind, target])).slice(0, 20)}`;
}

/** sha-256 of the canonical plan without its digest. */
export function planDigest(plan: Omit<Plan, "digest">): string {
	const { digest: _, ...rest } = plan as Plan;
	return sha256(encodeKnown(rest));
}

/** The plan in its final form: plain JSON that a file holds without loss, with its digest. */
export function sealPlan(draft: Omit<Plan, "digest">): Plan {
	const plain = plainJson(draft);
	return { ...plain, digest: planDigest(plain) };
}

/**
 * The value as a file can hold it: no missing keys, no partial lists (`{ $partial: [ … ] }` says it instead), no lone surrogates,
 * which UTF-8 has no bytes for. What is plain already stays as it is.
 * @throws TypeError for what JSON cannot hold
 */
export function plainJson<T>(value: T): T {
	return plain(value) as T;
}

function plain(value: unknown): unknown {
	if (typeof value === "string") return wellFormed(value);
	if (Array.isArray(value)) {
		const items = value.map(plain);
		return (value as { partial?: true }).partial === true ? { $partial: items } : items;
	}
	if (typeof value === "object" && value !== null) {
		const held = Object.entries(value).filter(([, inner]) => inner !== undefined);
		return Object.fromEntries(held.map(([key, inner]) => [wellFormed(key), plain(inner)]));
	}
	if (value === null || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return value === 0 ? 0 : value;
	throw new TypeError(`a value of type ${typeof value} cannot be written to a plan`);
}

function wellFormed(text: string): string {
	return text.replace(/\p{Cs}/gu, "\ufffd");
}

function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}
