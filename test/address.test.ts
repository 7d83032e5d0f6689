import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keelson } from "./keelson.js";

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "keelson-address-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function stack(url: string): void {
	const auth = '    auth:\n      method: ssws\n      token: "${env:KEELSON_TEST_TOKEN}"\n';
	writeFileSync(join(folder, "stack.yaml"), `name: acme\nsystems:\n  okta:\n    provider: okta\n    url: ${url}\n${auth}`);
}
const run = (env: Record<string, string>, ...args: string[]) => keelson(folder, [...args, "-s", "stack.yaml"], env);
const token = { KEELSON_TEST_TOKEN: "0123456789abcdef" };

it("a host that does not answer ends scan and doctor with 2, in one sentence, and stores nothing", async () => {
	stack("http://127.0.0.1:9");
	const scan = await run(token, "scan");
	expect(scan).toMatchObject({ code: 2, stdout: "" });
	expect(scan.stderr).toMatch(/^keelson: okta: no answer from http:\/\/127\.0\.0\.1:9, and nothing was stored: .*systems\.okta\.url/m);
	expect(await run(token, "check")).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing is stored yet") });
	const doctor = await run(token, "doctor");
	expect(doctor.code).toBe(2);
	expect(doctor.stdout).not.toMatch(/role.*custom role/);
});

it("a secret that can't be had, and an address that is none, are told with their place in the stack file", async () => {
	stack("https://acme.okta.com");
	expect(await run({}, "scan")).toMatchObject({
		code: 2,
		stderr: expect.stringMatching(/^keelson: stack\.yaml:\d+:\d+: the environment variable KEELSON_TEST_TOKEN is not set$/m),
	});
	stack("https://acme.okta.com/api/v1");
	expect((await run(token, "scan")).stderr).toContain("stack.yaml:5:10: `url` must be the org's address, without `-admin` in its name and with no path");
});
