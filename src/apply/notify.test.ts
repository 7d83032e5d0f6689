import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Notifier, openNotifier } from "../notify/open.js";
import { type Bench, openBench, stackText } from "./bench.test-suite.js";
import { type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";

const hour = 3_600_000;
let mails: { to: string[]; text: string }[];
let server: SMTPServer;
let vendor: FakeVendor;
let bench: Bench;
let ahead: number;

beforeEach(async () => {
	[mails, ahead] = [[], 0];
	server = new SMTPServer({
		disabledCommands: ["AUTH", "STARTTLS"],
		logger: false,
		onData(stream, { envelope }, done) {
			const chunks: Buffer[] = [];
			stream.on("data", (chunk: Buffer) => chunks.push(chunk));
			stream.on("end", () => {
				mails.push({ to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() });
				done();
			});
		},
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const state = smallTenant(40);
	for (const id of ["eve", "mia"]) state.users.push(user(id, { lastActivity: Date.now() - 400 * 24 * hour }));
	vendor = await startFake(state);
});
afterEach(async () => {
	await bench.close();
	await vendor.close();
	await new Promise<void>((resolve) => server.close(() => resolve()));
});

async function open(keys: string): Promise<Notifier> {
	const { port } = server.server.address() as AddressInfo;
	const channel = `{ kind: mail, events: [ notify ], host: localhost, port: ${port}, from: keelson@acme.example }`;
	const text = stackText(`notify: { ${keys}channels: { mail: ${channel} } }`);
	bench = await openBench(vendor.url, { text, now: () => Date.now() + ahead });
	return openNotifier({ stack: bench.stack, env: {} });
}

const only = { only: ["dormant-account"] };
const suspended = () => vendor.state.users.filter(({ status }) => status === "SUSPENDED").map(({ id }) => id);

test("whoever an account belongs to is told first, and of nobody else's; once for a plan", async () => {
	const notifier = await open("");
	const plan = await bench.plan(only);
	expect(plan.actions.filter(({ kind }) => kind === "notify").map(({ target }) => target.account)).toEqual(["eve", "mia"]);
	expect(await bench.apply(plan, { notifier })).toMatchObject({ outcome: "applied", refusals: [], warnings: [] });
	expect(mails.map(({ to }) => to)).toEqual([["eve@acme.example"], ["mia@acme.example"]]);
	expect(mails[0]?.text).toContain("suspend eve@acme.example");
	expect(mails[0]?.text).not.toContain("mia");
	expect(suspended()).toEqual(["eve", "mia"]);
	const journal = await bench.store.journal({ tenant: "acme" });
	expect(journal.findIndex(({ data }) => data.kind === "notify")).toBeLessThan(journal.findIndex(({ data }) => data.kind === "suspend-account"));
	expect(await bench.apply(plan, { notifier })).toMatchObject({ outcome: "nothing-to-do" });
	expect(mails).toHaveLength(2);
});

test("with `before` the change waits for its time, and nobody is told again", async () => {
	const notifier = await open("before: 24h, ");
	const plan = await bench.plan(only);
	const first = await bench.apply(plan, { notifier });
	expect(first.calls).toBe(0);
	expect(first.actions.filter(({ outcome, action }) => outcome === "skipped" && action.kind !== "notify").map(({ detail }) => detail)).toContainEqual(
		expect.stringMatching(/is made from \d{4}-\d\d-\d\dT\d\d:\d\dZ on: run it again then/),
	);
	ahead = 23 * hour;
	await bench.apply(plan, { notifier });
	expect(suspended()).toEqual([]);
	ahead = 24 * hour + 120_000;
	expect(await bench.apply(plan, { notifier })).toMatchObject({ outcome: "applied" });
	expect(suspended()).toEqual(["eve", "mia"]);
	expect(mails).toHaveLength(2);
});

test.each([
	["required: true, ", []],
	["", ["eve", "mia"]],
])("without a mail that was sent, `%s` decides", async (keys, expected) => {
	const notifier = await open(keys);
	const plan = await bench.plan(only);
	const report = await bench.apply(plan, { notifier: { ...notifier, tell: async () => ({ sent: false, why: "mail: nobody answers", doubtful: false }) } });
	expect(report.warnings.join("\n")).toContain("not sent: mail: nobody answers");
	expect(suspended()).toEqual(expected);
	if (expected.length > 0) return;
	// The next run tells, and then makes the change.
	expect(await bench.apply(plan, { notifier })).toMatchObject({ outcome: "applied" });
	expect(mails).toHaveLength(2);
	expect(suspended()).toEqual(["eve", "mia"]);
});

test("nobody is told twice where a run ended right after the mail was sent", async () => {
	const notifier = await open("");
	const plan = await bench.plan(only);
	const tell: Notifier["tell"] = async (...told) => {
		await notifier.tell(...told);
		throw new Error("as if the machine had gone");
	};
	expect((await bench.apply(plan, { notifier: { ...notifier, tell } })).stopped).toContain("as if the machine had gone");
	expect(mails.map(({ to }) => to)).toEqual([["eve@acme.example"]]);
	await bench.apply(plan, { notifier });
	expect(mails.map(({ to }) => to)).toEqual([["eve@acme.example"], ["mia@acme.example"]]);
	expect(suspended()).toEqual(["eve", "mia"]);
});

test("without a channel for it the plan says that nobody is told", async () => {
	bench = await openBench(vendor.url);
	const plan = await bench.plan(only);
	expect(plan.actions.some(({ kind }) => kind === "notify")).toBe(false);
	expect(plan.notPlanned.map(({ why }) => why)).toContainEqual(expect.stringContaining("no mail channel with the event notify"));
});
