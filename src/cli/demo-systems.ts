import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { acmeDomain, acmeWorkers, type Worker } from "../emulate/acme.js";
import type { EmulatedTenant, Emulation } from "../emulate/contract.js";

/** The systems of Acme beside its identity provider, in the order in which they stand in the stack file. */
const others: { system: string; provider: string; note: string }[] = [
	{ system: "entra", provider: "entra", note: "a real tenant: https://graph.microsoft.com" },
	{ system: "google", provider: "google-workspace", note: "a real tenant: https://admin.googleapis.com" },
	{ system: "sailpoint", provider: "sailpoint", note: "a real tenant: https://acme.api.identitynow.com" },
	{ system: "sspm", provider: "panw-sspm", note: "a real tenant: https://api.strata.paloaltonetworks.com" },
	{ system: "identity", provider: "identity-api", note: "any server of the Identity API" },
];

const secretFields = new Set(["key", "clientSecret", "token", "privateKey"]);

export interface DemoSystems {
	/** The stack file's text with all systems in it. */
	text: string;
	/** `<vendor's title of the system> at <address>`. */
	running: string[];
	close(): Promise<void>;
}

/**
 * Starts the rest of Acme's systems on the loopback interface, writes their keys and the personnel file into `folder`,
 * and adds them to the stack file's text. Emulators are loaded by name: a surface knows providers by their interface only.
 */
export async function startDemoSystems(folder: string, stackText: string, now: number): Promise<DemoSystems> {
	const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
	const document = parseDocument(stackText);
	const tenants: EmulatedTenant[] = [];
	const running: string[] = [];
	for (const { system, provider, note } of others) {
		const { emulation } = (await import(new URL(`../../providers/${provider}/emulator.${extension}`, import.meta.url).href)) as { emulation: Emulation };
		const tenant = await emulation.start({ users: 0, seed: 1, acme: true, now, limits: "off" });
		tenants.push(tenant);
		declare(document, folder, system, tenant, note);
		running.push(`${system} at ${tenant.system.url}`);
	}
	document.addIn(["people", "breakGlass"], document.createNode({ login: `entra/breakglass1@${acmeDomain}` }, { flow: true }));
	document.setIn(["systems", "hr"], document.createNode({ provider: "hr", options: { file: "people/workers.csv" } }, { flow: true }));
	mkdirSync(join(folder, "people"), { recursive: true });
	writeFileSync(join(folder, "people", "workers.csv"), personnelFile(acmeWorkers(now)));
	return { text: document.toString({ lineWidth: 160 }), running, close: async () => void (await Promise.all(tenants.map((tenant) => tenant.close()))) };
}

function declare(document: Document, folder: string, system: string, tenant: EmulatedTenant, note: string): void {
	const secrets = tenant.secrets();
	const block = (purpose: "auth" | "act") =>
		Object.fromEntries(
			Object.entries(tenant.system[purpose]).map(([field, value]) => {
				if (typeof value !== "string" || !(secretFields.has(field) || secrets.some((secret) => value.includes(secret)))) return [field, value];
				const file = `keys/${system}-${purpose}-${field}`;
				writeFileSync(join(folder, file), value, { mode: 0o600 });
				return [field, `\${file:${file}}`];
			}),
		);
	const { provider, url, options } = tenant.system;
	const node = document.createNode({ provider, url, auth: block("auth"), act: block("act"), ...(options && { options }) });
	if (isMap(node))
		for (const { key, value } of node.items) {
			if (isMap(value)) value.flow = true;
			if (String(key) === "url" && value && typeof value === "object" && "comment" in value) value.comment = ` ${note}`;
		}
	document.setIn(["systems", system], node);
}

/** The export of Acme's personnel system. */
export function personnelFile(workers: Worker[]): string {
	const numbers = new Map(workers.map(({ key, number }) => [key, number]));
	const day = (at: number | null) => (at === null ? "" : new Date(at).toISOString().slice(0, 10));
	const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
	const rows = workers.map(({ key: _, ...one }) => [
		one.number,
		quoted(one.first),
		quoted(one.last),
		one.email,
		one.manager === null ? "" : (numbers.get(one.manager) ?? ""),
		one.department,
		quoted(one.title),
		one.type,
		one.status === "preboarding" ? "pre-hire" : one.status,
		day(one.hired),
		day(one.ended),
	]);
	const head = "worker_id,first_name,last_name,work_email,manager_id,department,title,type,status,start_date,end_date";
	return `${[head, ...rows.map((row) => row.join(","))].join("\n")}\n`;
}
