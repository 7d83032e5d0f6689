import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { apply } from "./apply.js";
import { type DemoTenant, startDemoTenant } from "./demo-tenant.js";
import { pin } from "./pin.js";
import { plan } from "./plan.js";
import { scan } from "./scan.js";
import { undo } from "./undo.js";

let folder: string;
let tenant: DemoTenant;
const started = process.cwd();
const common = { stack: "stacks/acme.yaml", quiet: true };

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-cli-"));
	tenant = await startDemoTenant(folder);
	process.chdir(folder);
	const text = readFileSync(common.stack, "utf8");
	writeFileSync(common.stack, text.replace(/maxAccounts: \d+/, "maxAccounts: 4"));
	await said(() => scan({ ...common, failOn: "none" }));
	await said(() => pin(common));
});
afterAll(async () => {
	process.chdir(started);
	await tenant.close();
	rmSync(folder, { recursive: true, force: true });
});

/** What a command writes to stdout, and how it ends. */
async function said(run: () => Promise<number>): Promise<{ code: number; text: string }> {
	let text = "";
	const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
		text += String(chunk);
		return true;
	});
	try {
		return { code: await run(), text };
	} finally {
		spy.mockRestore();
	}
}

const planFiles = () => readdirSync("plans").map((name) => join("plans", name));
/** The newest plan file, with what it was called for removed from the list of earlier ones. */
const newest = (before: string[]) => planFiles().find((file) => !before.includes(file)) ?? "";

test("plan, apply, apply again, undo, on the demo tenant", async () => {
	const leavers = { ...common, policy: ["leaver-still-enabled"], limit: "2" };
	const made = await said(() => plan({ ...leavers }));
	expect(made.text).toMatch(/^\nPlan for acme {2}[0-9a-f]{8}\n/);
	expect(made.text).toMatch(/1\. end the sessions of .*@acme\.example {2}can't be taken back/);
	expect(made.text).toMatch(/Touches 2 accounts \(okta: 2 of 118 enabled\)/);
	expect(made.text).toMatch(/left for a later plan: this one touches 2 accounts at most/);
	expect(made.text).toMatch(/✓ emergency-1@acme\.example \(emergency\): Super Administrator, webauthn, Second factor every time \(policy Administrators\)/);
	const [file = ""] = planFiles();
	expect(made.text).toContain(`keelson apply ${file}`);

	const done = await said(() => apply(file, common));
	expect(done).toMatchObject({ code: 0, text: expect.stringMatching(/^\nApplied {2}plan/) });
	const again = await said(() => apply(file, common));
	expect(again).toMatchObject({ code: 0, text: expect.stringMatching(/Nothing was written: nothing is left to do/) });

	const before = planFiles();
	const back = await said(() => undo(file, common));
	expect(back.text).toMatch(/takes back [0-9a-f]{8}/);
	expect(back.text).toMatch(/unsuspend-account .*undone by suspend-account/);
	expect(back.text).toMatch(/2 findings: end-sessions can't be taken back|end the sessions of .*: end-sessions can't be taken back/);
	const undone = await said(() => apply(newest(before), common));
	expect(undone).toMatchObject({ code: 0, text: expect.stringMatching(/✓ unsuspend-account .*: done/) });
}, 240_000);

test("a plan over the budget says so, and its apply is refused with exit code 4", async () => {
	const before = planFiles();
	const made = await said(() => plan({ ...common, scan: false, policy: ["dormant-account"] }));
	expect(made.text).toMatch(/As things stand, keelson apply would refuse it\n.*accounts would be touched.*4 are allowed \(maxAccounts\)/);
	const file = newest(before);
	const refused = await said(() => apply(file, { ...common, json: true }));
	expect(refused.code).toBe(4);
	expect(JSON.parse(refused.text)).toMatchObject({ outcome: "refused", calls: 0, refusals: [{ guardrail: "budget" }] });

	writeFileSync(file, readFileSync(file, "utf8").replace(/irreversible: \d+/, "irreversible: 0"));
	await expect(apply(file, common)).rejects.toThrow(/the plan was edited after it was made[\s\S]*run keelson plan again/);
}, 240_000);

test.each([
	[{ action: ["okta/deactivate-account/00u1"] }, /add --operator/],
	[{ action: ["okta/deactivate/00u1"], operator: true }, /write <system>\/<kind>\/<id>/],
	[{ action: ["okta/remove-role/00u1"], operator: true }, /write <system>\/remove-role\/<account>\/<assignment or role>/],
	[{ action: ["okta/suspend-account/00u1/x"], operator: true }, /takes one id/],
	[{ action: ["okta/update-setting/x"], operator: true }, /settings are declared in the stack file/],
	[{ action: ["okta/suspend-account/00unobody"], operator: true, scan: false }, /there is no account 00unobody/],
	[{ finding: ["f_none"], scan: false }, /not an open failure/],
	[{ limit: "0", scan: false }, /--limit takes a number/],
])("%j is refused as input", async (options, message) => {
	await expect(said(() => plan({ ...common, ...options }))).rejects.toThrow(message);
});
