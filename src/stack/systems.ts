import { nearest } from "../model/nearest.js";
import type { Mark } from "./document.js";
import { reportSchemaErrors } from "./explain.js";
import { narrow, type WrongChoice } from "./narrow.js";
import type { Parts } from "./paths.js";
import { accepted } from "./prepared.js";
import type { Reporter } from "./report.js";
import { isMapping, mapping } from "./values.js";

export interface ProviderLookup {
	/** The provider's `configSchema`; null: there is no such provider. */
	providerSchemas?: ((id: string) => Promise<object | null>) | undefined;
	/** Providers that are known, for "did you mean". */
	providers?: string[] | undefined;
}

/** Checks each system's `provider`, and its `url`, `auth`, `act`, `options` against that provider's schema. */
export async function checkSystems(data: unknown, marks: Map<string, Mark>, reporter: Reporter, lookup: ProviderLookup): Promise<void> {
	for (const [name, system] of Object.entries(mapping(mapping(data).systems))) {
		if (!isMapping(system)) continue;
		const parts = ["systems", name];
		checkUrl(system.url, [...parts, "url"], reporter);
		if (typeof system.provider !== "string" || reporter.failed([...parts, "provider"])) continue;
		const schema = await findSchema(system.provider, [...parts, "provider"], reporter, lookup);
		if (schema !== null) await checkAgainst(schema, system, parts, marks, reporter);
	}
}

async function findSchema(provider: string, parts: Parts, reporter: Reporter, lookup: ProviderLookup): Promise<object | null> {
	let schema: object | null = null;
	if (lookup.providerSchemas) {
		try {
			schema = await lookup.providerSchemas(provider);
		} catch (error) {
			const why = error instanceof Error ? error.message.split("\n")[0] : "unknown error";
			reporter.at(parts, `the provider \`${provider}\` can't be loaded: ${why}`);
			return null;
		}
	}
	const isPackage = provider.startsWith("@");
	const unknown = lookup.providerSchemas ? schema === null : lookup.providers !== undefined && !isPackage && !lookup.providers.includes(provider);
	if (!unknown) return schema;
	const known = lookup.providers ?? [];
	const meant = nearest(provider, known);
	const list = known.length > 0 ? `known here: ${known.join(", ")}` : undefined;
	reporter.at(parts, `there is no provider \`${provider}\``, {
		hint: isPackage ? "install the package beside keelson" : meant === null ? list : `did you mean \`${meant}\`?`,
	});
	return null;
}

async function checkAgainst(schema: object, system: Record<string, unknown>, parts: Parts, marks: Map<string, Mark>, reporter: Reporter): Promise<void> {
	const written = Object.fromEntries(
		["url", "auth", "act", "options"].filter((key) => system[key] !== undefined && system[key] !== null).map((key) => [key, system[key]]),
	);
	const wrong: WrongChoice[] = [];
	const narrowed = narrow(schema, written, schema, parts, wrong);
	if (wrong.length === 0 && (await accepted("provider", schema, written))) return;
	for (const { parts: at, key, allowed, meant, missing } of wrong) {
		const choice = `one of ${allowed.map((word) => `\`${word}\``).join(", ")}`;
		if (missing) reporter.at(at, `\`${key}\` is missing in \`${at.at(-1)}\``, { on: "key", hint: `write ${choice}` });
		else reporter.at([...at, key], `\`${key}\` must be ${choice}`, { hint: meant === null ? undefined : `did you mean \`${meant}\`?` });
	}
	const { errorsOf } = await import("./validate.js");
	try {
		const definitions = { $defs: mapping(Object.fromEntries(Object.entries(schema))).$defs ?? {} };
		reportSchemaErrors(errorsOf("provider", isMapping(narrowed) ? { ...definitions, ...narrowed } : schema, written), parts, marks, reporter);
	} catch (error) {
		const why = error instanceof Error ? error.message.split("\n")[0] : "unknown error";
		reporter.at([...parts, "provider"], `this provider's own schema is broken: ${why}`, { hint: "tell the provider's author" });
	}
}

function checkUrl(url: unknown, parts: Parts, reporter: Reporter): void {
	if (typeof url !== "string" || reporter.failed(parts)) return;
	const fault = urlFault(url);
	if (fault !== null) reporter.at(parts, fault.message, { hint: fault.hint });
}

function urlFault(url: string): { message: string; hint: string } | null {
	if (!URL.canParse(url)) return { message: "`url` is not a web address", hint: "write the whole address: `https://acme.okta.com`" };
	const { username, password, hostname, protocol, search, hash } = new URL(url);
	if (username !== "" || password !== "")
		return { message: "`url` must not hold a user name or password", hint: "credentials stand under `auth`, as references" };
	const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
	if (protocol !== "https:" && !(loopback && protocol === "http:"))
		return { message: "`url` must begin with https://", hint: "plain http is allowed for this machine only" };
	return search !== "" || hash !== "" ? { message: "`url` must not hold `?` or `#`", hint: "write the tenant's address only" } : null;
}

/** The address without a slash at its end. */
export function trimUrl(url: string): string {
	return url.replace(/\/+$/, "");
}
