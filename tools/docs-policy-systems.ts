import { settingKinds as entraKinds } from "../providers/entra/setting-kinds.js";
import { settingKinds as oktaKinds, policyTypes } from "../providers/okta/setting-kinds.js";
import { type CollectionName, collections } from "../src/model/snapshot.js";
import { resolveField, usedFields } from "../src/policy/fields.js";
import { type Node, parts } from "../src/policy/node.js";
import type { PolicyFile } from "../src/policy/source.js";
import { loadProvider, providerNames } from "../src/provider/load.js";

interface System {
	id: string;
	title: string;
	/** What it reads, with the vendor's words for the rights that takes. */
	reads: Map<CollectionName, readonly string[]>;
}

const base = process.cwd();
const systems: System[] = [];
for (const name of providerNames()) {
	const { id, title, readers } = await loadProvider(name, base);
	systems.push({ id, title, reads: new Map(readers.map(({ collection, scopes }) => [collection, scopes])) });
}

/** Kinds of settings by who has them: a policy for one kind is for those systems only. */
const settingsOf: Record<string, (kind: string) => boolean> = {
	okta: (kind) => oktaKinds.some((one) => one.kind === kind) || policyTypes.some(({ type }) => kind === `policy/${type}` || kind === `rule/${type}`),
	entra: (kind) => kind === "authenticationMethodConfiguration" || entraKinds.some((one) => one.kind === kind),
	"google-workspace": (kind) => /^policy\/[a-z_]+\./.test(kind) || kind === "group-settings" || kind.startsWith("sso-"),
	sailpoint: (kind) => ["source", "campaign", "certification", "entitlement"].includes(kind),
	"panw-sspm": (kind) => ["app", "config"].includes(kind),
};

/** Which fields a policy looks at, and what each system must let be read for them. */
export function dataTable(policy: PolicyFile): string {
	const { where, pass, review } = policy.checked;
	const fields = usedFields([where, pass, review], policy.for).filter((field) => field !== policy.for);
	const needed = collections.filter((name) => fields.some((field) => sourceOf(policy, field) === name));
	const list = `Fields: ${fields.map((field) => `\`${field}\``).join(", ")} ([what they mean](../policy-fields.md)).`;
	if (needed.length === 0) return `${list}\n\nNothing is read for it alone: they follow from the stack file and from what is read for other policies.`;
	const rows = systemsFor(policy, needed).map(({ title, reads }) => {
		const cells = needed.filter((name) => reads.has(name)).map((name) => `${name} (${rights(reads.get(name) ?? [])})`);
		return `| ${title} | ${cells.join("; ")} |`;
	});
	return `${list}\n\n| System | What is read, and the rights it takes |\n|---|---|\n${rows.join("\n")}\n\nWhere a right is lacking, or the vendor does not tell, a field is unknown, and so is an outcome that depends on it: it neither passes nor fails.`;
}

function sourceOf(policy: PolicyFile, field: string): string {
	const found = resolveField(policy.for, field);
	return "unknown" in found ? "derived" : found.source;
}

/** Systems that read all of it. Workers come from another system than the accounts do. */
function systemsFor(policy: PolicyFile, needed: readonly CollectionName[]): System[] {
	const named = policy.checked.where ? equals(policy.checked.where, "provider") : [];
	const kinds = policy.for === "setting" && policy.checked.where ? equals(policy.checked.where, "kind") : [];
	return systems.filter(({ id, reads }) => {
		if (needed.includes("workers") && reads.has("workers")) return true;
		if (named.length > 0 && !named.includes(id)) return false;
		if (kinds.length > 0 && !kinds.some((kind) => settingsOf[id]?.(kind) ?? false)) return false;
		return needed.every((name) => name === "workers" || reads.has(name));
	});
}

/** Texts that a field of the subject is held to be equal to. */
function equals(node: Node, field: string): string[] {
	if (node.op === "not") return [];
	if (node.op !== "equal") return parts(node).flatMap((part) => equals(part, field));
	const { left, right, negated } = node;
	if (negated || left.op !== "field" || left.field !== field || left.operand.op !== "subject") return [];
	return right.op === "const" && typeof right.value === "string" ? [right.value] : [];
}

/** Google's scopes are addresses with one beginning. */
function rights(scopes: readonly string[]): string {
	return scopes.length === 0 ? "no right of its own" : scopes.map((scope) => `\`${scope.replace("https://www.googleapis.com/auth/", "")}\``).join(", ");
}
