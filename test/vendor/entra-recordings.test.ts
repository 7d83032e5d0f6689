import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeUser } from "../../providers/entra/schema-account.js";
import { decodeApplication, decodeServicePrincipal } from "../../providers/entra/schema-app.js";
import { decodeFederated, decodeGrant, decodeSecret } from "../../providers/entra/schema-credential.js";
import { decodeGroup } from "../../providers/entra/schema-group.js";

/** Answers of real tenants, read where they lie; other tools' reductions (scubagear, cartography) are no bodies of Graph's. */
const shared = resolve(process.env.KEELSON_SHARED ?? "../shared");
const folder = `${shared}/recordings/entra`;
const present = existsSync(folder);
if (!present) console.warn(`Skipped: no recordings under ${shared}; set KEELSON_SHARED.`);

type Raw = Record<string, unknown>;
type Decode = (item: unknown) => { ok: unknown } | { bad: string };

const holder = { app: "app", name: "App", at: "applications/app" };
const secrets = (app: unknown): { ok: unknown } | { bad: string } => {
	for (const list of ["passwordCredentials", "keyCredentials"] as const)
		for (const one of ((app as Raw)[list] as unknown[] | undefined) ?? []) {
			const found = decodeSecret(one, holder, list);
			if ("bad" in found) return found;
			expect(JSON.stringify(found.ok)).not.toContain("secretText");
		}
	return { ok: app };
};

const decoders: [RegExp, Decode[]][] = [
	[/^GET\.users(\.id)?\.json$/, [(item) => decodeUser(item, null)]],
	[/^GET\.groups(\.id)?\.json$/, [decodeGroup]],
	[/^GET\.applications(\.id)?\.json$/, [decodeApplication, secrets]],
	[/^GET\.servicePrincipals(\.id)?\.json$/, [(item) => decodeServicePrincipal(item, "tenant"), secrets]],
	[/^GET\.oauth2permissiongrants\.json$/, [(item) => decodeGrant(item, new Map())]],
	[/^GET\.applications\.id\.federatedIdentityCredentials(\.\w+)?\.json$/, [(item) => decodeFederated(item, holder)]],
];

describe.skipIf(!present)("recorded answers", () => {
	const files = present ? readdirSync(folder).filter((file) => decoders.some(([name]) => name.test(file))) : [];
	it.each(files)("%s is decoded", (file) => {
		const entries = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as { response: { status: number; body: Raw | null } }[];
		const good = entries.filter(({ response }) => response.status < 300 && response.body !== null);
		const decode = decoders.find(([name]) => name.test(file))?.[1] ?? [];
		for (const { response } of good)
			for (const item of Array.isArray(response.body?.value) ? response.body.value : [response.body])
				for (const one of decode) expect(one(item), JSON.stringify(item).slice(0, 300)).toHaveProperty("ok");
	});

	it("are there for every list that has some", () => {
		expect(files.length).toBeGreaterThanOrEqual(9);
	});
});
