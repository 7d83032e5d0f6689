import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { loadProvider, loadPulumiPackage } from "../../provider/load.js";
import type { PulumiPackage } from "../../provider/pulumi-package.js";
import { loadStack } from "../../stack/load.js";
import type { Stack } from "../../stack/stack.js";
import { realiseResources } from "./realise.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "keelson-realise-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const canary = "canary-4f21";
const seen: (pulumi.runtime.MockResourceArgs & { options?: unknown })[] = [];

beforeEach(async () => {
	seen.length = 0;
	for (const name of ["OKTA_ACT_KEY", "EMEA_TOKEN", "ENTRA_SECRET", "GOOGLE_KEY"]) vi.stubEnv(name, canary);
	await pulumi.runtime.setMocks(
		{
			newResource(args) {
				seen.push(args);
				return { id: args.id || `${args.name}-id`, state: { ...args.inputs, etag: "e1", profile: { words: ["first", "second"] } } };
			},
			call: () => ({}),
		},
		"acme-identity",
		"dev",
	);
});

const head = `name: acme
systems:
  okta: { provider: okta, url: https://acme.okta.com, auth: { method: x }, act: { method: private-key-jwt, clientId: 0oa1, keyId: k1, key: "\${env:OKTA_ACT_KEY}" } }
  okta-emea: { provider: okta, url: https://emea.oktapreview.com, auth: { method: x }, act: { method: ssws, token: "\${env:EMEA_TOKEN}" } }
  entra: { provider: entra, url: https://graph.microsoft.com, auth: { method: x }, act: { method: client-secret, tenantId: t1, clientId: c1, clientSecret: "\${env:ENTRA_SECRET}" } }
  google: { provider: google-workspace, url: https://admin.googleapis.com, auth: { method: x }, act: { method: service-account-key, subject: a@acme.example, key: "\${env:GOOGLE_KEY}" } }
resources:
`;

async function realised(resources: string, where = repository): Promise<void> {
	const { stack, packages } = await read(resources);
	const made = realiseResources(stack, { packages, folder: where });
	await Promise.all(made.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
	await pulumi.runtime.disconnect();
}

async function read(resources: string): Promise<{ stack: Stack; packages: Map<string, PulumiPackage> }> {
	const file = join(folder, "acme.yaml");
	writeFileSync(file, head + resources);
	const { stack, diagnostics } = await loadStack(file, { pulumiPackages: (name) => loadPulumiPackage(name, folder) });
	if (!stack) throw new Error(JSON.stringify(diagnostics));
	const packages = new Map<string, PulumiPackage>();
	for (const [system, { provider }] of Object.entries(stack.systems)) {
		const found = await loadPulumiPackage(provider, folder);
		if (found) packages.set(system, found);
	}
	return { stack, packages };
}

const one = (name: string) => seen.find((args) => args.name === name);

describe("what the engine is sent", () => {
	it("every resource after what it refers to, with the values that those turned out to have", async () => {
		await realised(`  rule:
    type: okta:group:Rule
    system: okta
    properties:
      name: "All of \${group.name} in \${pulumi.stack}, $\${kept}"
      expressionValue: 'user.department=="x"'
      groupAssignments: [ "\${group.id}" ]
    options: { protect: true, ignoreChanges: [ name ], dependsOn: [ "\${other}" ] }
  group: { type: okta:group:Group, system: okta, properties: { name: Contractors } }
  other: { type: okta:group:Group, system: okta-emea, name: renamed, properties: { name: Other } }
`);
		expect(one("rule")).toMatchObject({
			type: "okta:group/rule:Rule",
			inputs: { name: "All of Contractors in dev, ${kept}", groupAssignments: ["group-id"], expressionValue: 'user.department=="x"' },
		});
		expect(one("renamed")?.inputs).toEqual({ name: "Other" });
		const order = seen.map(({ name }) => name);
		expect(order.indexOf("rule")).toBeGreaterThan(order.indexOf("group"));
		expect(order.indexOf("rule")).toBeGreaterThan(order.indexOf("renamed"));
	});

	it("a value in a value of another resource", async () => {
		await realised(`  zone: { type: okta:network:Zone, system: okta, properties: { name: z, type: IP, gateways: [ 10.0.0.0/8, 192.0.2.0/24 ] } }
  origin: { type: okta:trustedorigin:Origin, system: okta, properties: { name: "\${zone.gateways[1]}", origin: https://acme.example } }
`);
		expect(one("origin")?.inputs).toMatchObject({ name: "192.0.2.0/24" });
	});

	it("one provider for each system, with its own tenant and no credential", async () => {
		await realised(`  a: { type: okta:group:Group, system: okta, properties: { name: A } }
  b: { type: okta:policy:Signon, system: okta-emea, properties: { name: B } }
  c: { type: azuread:Group, properties: { displayName: C, securityEnabled: true } }
  d: { type: googleworkspace:Group, properties: { email: d@acme.example } }
`);
		const providers = seen.filter(({ type }) => type.startsWith("pulumi:providers:"));
		expect(Object.fromEntries(providers.map(({ name, type, inputs }) => [name, { type, ...inputs }]))).toEqual({
			okta: { type: "pulumi:providers:okta", orgName: "acme", baseUrl: "okta.com", clientId: "0oa1", privateKeyId: "k1", scopes: '["okta.groups.manage"]' },
			"okta-emea": { type: "pulumi:providers:okta", orgName: "emea", baseUrl: "oktapreview.com" },
			// The package itself keeps the client's id encrypted.
			entra: {
				type: "pulumi:providers:azuread",
				tenantId: "t1",
				clientId: expect.objectContaining({ value: "c1" }),
				environment: "global",
				useCli: "false",
				useMsi: "false",
				useOidc: "false",
			},
			google: { type: "pulumi:providers:googleworkspace", customerId: "my_customer", impersonatedUserEmail: "a@acme.example" },
		});
		expect(Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, one(name)?.provider?.split("::").slice(2, 4).join(" ")]))).toEqual({
			a: "pulumi:providers:okta okta",
			b: "pulumi:providers:okta okta-emea",
			c: "pulumi:providers:azuread entra",
			d: "pulumi:providers:googleworkspace google",
		});
		expect(JSON.stringify(seen)).not.toContain(canary);
	});

	it("an existing object is read and not made", async () => {
		await realised(`  everyone: { type: okta:group:Group, system: okta, get: { id: 00g1 } }
  role: { type: okta:group:Role, system: okta, properties: { groupId: "\${everyone.id}", roleType: READ_ONLY_ADMIN } }
`);
		expect(one("everyone")?.id).toBe("00g1");
		expect(one("role")?.inputs).toMatchObject({ groupId: "00g1" });
	});

	it("a provider of one's own is used where it is named, and as its package's default", async () => {
		await realised(`  mine: { type: pulumi:providers:okta, properties: { orgName: mine, baseUrl: okta.com } }
  a: { type: okta:group:Group, properties: { name: A }, options: { provider: "\${mine}" } }
`);
		expect(one("a")?.provider).toContain("::mine::");
		expect(seen.filter(({ type }) => type.startsWith("pulumi:providers:")).map(({ name }) => name)).toEqual(["mine"]);
	});
});

describe("what is missing is one sentence", () => {
	it("a package", async () => {
		await expect(realised("  a: { type: azuread:Group, properties: { displayName: A } }\n", folder)).rejects.toThrow(
			`the Pulumi package @pulumi/azuread is not installed in ${folder}: npm install @pulumi/azuread`,
		);
		await expect(realised("  a: { type: googleworkspace:Group, properties: { email: a@b.c } }\n", folder)).rejects.toThrow(
			"pulumi package add terraform-provider hashicorp/googleworkspace",
		);
	});

	it("a type that the installed package does not have", async () => {
		const { stack, packages } = await read("  a: { type: okta:policy/newer:Newer, system: okta-emea }\n");
		expect(() => realiseResources(stack, { packages, folder: repository })).toThrow("there is no type okta:policy/newer:Newer in the installed package okta");
		const near = await read("  a: { type: okta:policy/signin:Signon, system: okta-emea }\n");
		expect(() => realiseResources(near.stack, { packages, folder: repository })).toThrow("did you mean okta:policy/signon:Signon?");
	});

	it("a credential", async () => {
		vi.stubEnv("EMEA_TOKEN", "");
		await expect(realised("  a: { type: okta:group:Group, system: okta-emea, properties: { name: A } }\n")).rejects.toThrow(
			"resources of okta-emea are made with its `act` credential, and the environment variable EMEA_TOKEN is not set",
		);
	});
});

it("a provider and its light module name one package", async () => {
	for (const name of ["okta", "entra", "google-workspace"]) {
		const light = await loadPulumiPackage(name, folder);
		expect(light).not.toBeNull();
		expect((await loadProvider(name, folder)).pulumiPackage).toBe(light);
	}
	expect(await loadPulumiPackage("hr", folder)).toBeNull();
});
