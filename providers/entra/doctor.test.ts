import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import { type EntraOptions, emulation } from "./emulator.js";
import { connectTo, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

async function look(options: Partial<EntraOptions> = {}, prepare: () => void = () => {}) {
	tenant = await emulation.start({ users: 20, seed: 7, now: testNow, limits: "off", ...options } as EntraOptions);
	prepare();
	const connection = await connectTo(tenant);
	try {
		const report = await connection.doctor();
		return { report, wrong: report.checks.filter(({ ok }) => !ok) };
	} finally {
		await connection.close();
	}
}

const tokenError = (code: string) => () =>
	void tenant.faults.push({
		do: "status",
		status: 401,
		body: { error: "invalid_client", error_description: `${code}: no. Trace ID: x`, error_codes: [] },
		path: /oauth2\/v2\.0\/token/,
	});

describe("doctor says one thing, with its mend,", () => {
	it.each([
		["AADSTS7000222", "client-secret", /has expired/, /make a new (client )?secret/],
		["AADSTS700024", "workload-identity", /workload's token has expired/, /fresh token/],
		["AADSTS700024", "certificate", /clock/, /clock/],
		["AADSTS700213", "workload-identity", /no federated credential/, /federated credential.*issuer.*subject/],
		["AADSTS7000112", "client-secret", /disabled/, /switch .* on/],
	] as const)("of %s with %s", async (code, credential, detail, mend) => {
		const { wrong } = await look({ credential }, tokenError(code));
		expect(wrong).toHaveLength(1);
		expect(wrong[0]).toMatchObject({ name: "credential", detail: expect.stringMatching(detail), mend: expect.stringMatching(mend) });
	});

	it("of a token that Graph refuses", async () => {
		const body = { error: { code: "InvalidAuthenticationToken", message: "Lifetime validation failed, the token is expired." } };
		const { wrong } = await look({}, () => void tenant.faults.push({ do: "status", status: 401, body, path: /^\/(v1\.0|beta)\// }));
		expect(wrong).toHaveLength(1);
		expect(wrong[0]).toMatchObject({ name: "credential", detail: expect.stringContaining("the token is expired"), mend: expect.stringContaining("authority") });
	});

	it("of a tenant without a licence: which one, and that nothing is wrong", async () => {
		const { report, wrong } = await look({ licences: "none" });
		expect(wrong).toEqual([]);
		const licence = report.checks.find(({ name }) => name === "licence")?.detail ?? "";
		for (const text of ["P1", "P2", "activity", "risks", "authenticators"]) expect(licence).toContain(text);
	});

	it("of consent that was never given", async () => {
		const { wrong } = await look({ readScopes: [] });
		expect(wrong.map(({ name }) => name)).toEqual(["permissions"]);
		expect(wrong[0]?.detail).toContain("User.Read.All");
		expect(wrong[0]?.mend).toContain("grant admin consent");
	});
});
