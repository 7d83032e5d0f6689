import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadPacks } from "../src/policy/packs.js";
import { parsePolicy } from "../src/policy/policy-file.js";
import type { PolicyFile, RemediationKind } from "../src/policy/source.js";
import { exampleTable } from "./docs-policy-examples.js";
import { dataTable } from "./docs-policy-systems.js";

/** A page of `docs/policies/`, as `generated` holds it. */
interface Page {
	path: string;
	content(): string;
}

interface Place {
	group: string;
	id: string;
	file: string;
}

/** `docs/policies/`: a page for each shipped policy, and their index. Policies are read when a page is asked for, not before: many tests load this. */
export function policyPages(repository: string): Page[] {
	const dir = join(repository, "policies");
	const places = placesIn(dir);
	const packs = (): Map<string, string[]> => new Map(loadPacks([dir]).packs.map(({ id, policies }) => [id, policies]));
	return [
		...places.map((place) => ({ path: `docs/policies/${place.id}.md`, content: () => page(read(place), place, packs()) })),
		{ path: "docs/policies/README.md", content: () => index(places, packs()) },
	];
}

/** A policy's file is named by its id: `policies/<group>/<id>.yaml`. */
function placesIn(dir: string): Place[] {
	return readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".yaml") && basename(entry.parentPath) !== "packs")
		.map((entry) => ({ group: basename(entry.parentPath), id: entry.name.slice(0, -".yaml".length), file: join(entry.parentPath, entry.name) }))
		.sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : a.id < b.id ? -1 : 1));
}

function read({ file, id }: Place): PolicyFile {
	const { policy, errors } = parsePolicy(readFileSync(file, "utf8"), file);
	if (!policy) throw new Error(`${file}: ${errors.map(({ message }) => message).join("; ")}`);
	if (policy.id !== id) throw new Error(`${file} holds the policy ${policy.id}: name the file by it`);
	return policy;
}

const made = "This page is made from the policy's file: `npm run generate` writes it.";

function page(policy: PolicyFile, { group }: Place, packs: Map<string, string[]>): string {
	const within = [...packs].filter(([, policies]) => policies.includes(policy.id)).map(([id]) => `\`${id}\``);
	const sections = [
		`# ${policy.title}`,
		`\`${policy.id}\` · ${policy.severity} · for every ${policy.for} · ${within.length > 0 ? `in ${within.join(", ")}` : "in no pack: name it under `policies.use`"}`,
		sentence(policy.why),
		`## What it asks of whom\n\n${asks(policy)}`,
		`## Parameters\n\n${parameters(policy)}`,
		`## Data it needs\n\n${dataTable(policy)}`,
		`## What mends it\n\n${remediation(policy)}`,
		...(policy.whenNotToUse ? [`## When not to use it\n\n${sentence(policy.whenNotToUse)}`] : []),
		...(policy.controls.length > 0 ? [`## Controls\n\n${policy.controls.map((control) => `\`${control}\``).join(", ")}`] : []),
		`## Examples\n\nThey are tested: \`keelson policy test\`. What is not given is unknown. Now is 2026-01-01 where nothing else is said.\n\n${exampleTable(policy)}`,
		`[All policies](README.md) · [How policies work](../policies.md) · file \`policies/${group}/${policy.id}.yaml\`. ${made}`,
	];
	return `${sections.join("\n\n")}\n`;
}

function asks(policy: PolicyFile): string {
	const apart =
		policy.for === "account" || policy.for === "person" ? (policy.breakGlass === "skip" ? ", emergency accounts apart" : ", emergency accounts too") : "";
	const whom = policy.where ? `Of every ${policy.for}${apart}, where this is true:\n\n${code(policy.where)}` : `Of every ${policy.for}${apart}.`;
	const review = policy.review ? `\n\nWhere it is false and this is true, a person should look, and nothing is scored:\n\n${code(policy.review)}` : "";
	return `${whom}\n\nThis must be true:\n\n${code(policy.pass)}${review}`;
}

function code(text: string): string {
	return `\`\`\`cel\n${broken(text.trim()).join("\n")}\n\`\`\``;
}

/** What binds least first. */
const operators = [[" ? ", " : "], [" || "], [" && "]];

/** A long condition on several lines, broken before the operators that bind least, and within brackets around the whole of it. */
function broken(text: string, level = 0): string[] {
	const signs = operators[level];
	if (text.length <= 110) return [text];
	if (!signs) return unwrapped(text);
	const pieces = split(text, signs);
	if (pieces.length === 1) return broken(text, level + 1);
	return pieces.flatMap((piece, i) => broken(piece, level + 1).map((line, j) => (i === 0 && j === 0 ? line : `  ${line}`)));
}

/** `&& (…)` with what stands in the brackets on lines of its own. */
function unwrapped(text: string): string[] {
	const [, before = "", inner] = /^((?:[&|?:]+ )?!?)\(\s*(.*)\)$/s.exec(text) ?? [];
	if (inner === undefined || inner.indexOf(")") < inner.indexOf("(")) return [text];
	return [`${before}(`, ...broken(inner).map((line) => `  ${line}`), ")"];
}

/** Pieces of a text, each but the first beginning with one of the signs; not within brackets or quotes. */
function split(text: string, signs: readonly string[]): string[] {
	const pieces: string[] = [];
	let [from, depth, quoted] = [0, 0, false];
	for (const [i, sign] of [...text].entries()) {
		if (sign === "'") quoted = !quoted;
		if (quoted) continue;
		if (sign === "(" || sign === "[") depth++;
		if (sign === ")" || sign === "]") depth--;
		if (depth > 0 || !signs.some((one) => text.startsWith(one, i))) continue;
		pieces.push(text.slice(from, i));
		from = i + 1;
	}
	return [...pieces, text.slice(from)];
}

function parameters({ id, params }: PolicyFile): string {
	const rows = Object.entries(params);
	if (rows.length === 0) return "None.";
	const bounds = ({ minimum, maximum }: (typeof params)[string]): string =>
		[minimum === undefined ? "" : `at least ${minimum}`, maximum === undefined ? "" : `at most ${maximum}`].filter((bound) => bound !== "").join(", ");
	const table = rows.map(([name, declaration]) => {
		const limits = bounds(declaration);
		const kind = declaration.type === "array" ? `list of ${declaration.items ?? "string"}s` : declaration.type;
		return `| \`${name}\` | ${kind}${limits ? `, ${limits}` : ""} | ${shown(declaration.default)} | ${cell(declaration.description)} |`;
	});
	return `Set under \`policies.set.${id}.params\` in the [stack file](../stack-file.md).\n\n| Name | Type | Default | Meaning |\n|---|---|---|---|\n${table.join("\n")}`;
}

function shown(value: unknown): string {
	if (!Array.isArray(value)) return `\`${String(value)}\``;
	return value.length === 0 ? "none" : value.map((one) => `\`${one}\``).join(", ");
}

const steps: Record<RemediationKind, string> = {
	"suspend-account": "Suspend the account",
	"end-sessions": "End the sessions",
	"expire-password": "Ask for a new password",
	"remove-privileged-role": "Take the privileged role away",
	"remove-group-member": "Take the account out of the group",
	"revoke-credential": "Revoke the credential",
	"fix-setting": "Set it as the stack file declares it",
	"open-ticket": "Open a ticket",
	notify: "Tell the person",
};

function remediation({ remediation: mends, blast }: PolicyFile): string {
	const lines = mends.map((step) => (typeof step === "string" ? `${steps[step]} (\`${step}\`).` : sentence(step.manual)));
	const list = lines.length > 0 ? lines.map((line, i) => `${i + 1}. ${line}`).join("\n") : "Nothing is named.";
	return `${list}${blast ? `\n\nWhat the mend may break: ${sentence(blast)}` : ""}`;
}

function index(places: readonly Place[], packs: Map<string, string[]>): string {
	const columns = [...packs.keys()];
	const groups = [...new Set(places.map(({ group }) => group))];
	const head = `| Policy | What holds when all is well | Severity | For |${columns.map((id) => ` ${id} |`).join("")}\n|---|---|---|---|${columns.map(() => "---|").join("")}`;
	const row = (place: Place): string => {
		const { id, title, severity, for: subject } = read(place);
		return `| [${id}](${id}.md) | ${cell(title)} | ${severity} | ${subject} |${columns.map((pack) => (packs.get(pack)?.includes(id) ? " ✓ |" : " |")).join("")}`;
	};
	const tables = groups.map((group) => {
		const rows = places.filter((place) => place.group === group).map(row);
		return `## ${group}\n\n${head}\n${rows.join("\n")}`;
	});
	const counts = [...packs].map(([id, policies]) => `\`${id}\` ${policies.length}`).join(", ");
	return `# Policies that ship with Keelson

${places.length} policies. Packs: ${counts}. The stack file names packs and policies under \`policies.use\`. [How policies work, and writing your own](../policies.md).

${tables.join("\n\n")}

This page is made from the policies' files: \`npm run generate\` writes it.
`;
}

function sentence(text: string): string {
	const plain = text.trim().replaceAll("\n", " ").replaceAll("<", "&lt;");
	return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}

/** Text in a cell of a table. */
function cell(text: string): string {
	return text.trim().replaceAll("\n", " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
