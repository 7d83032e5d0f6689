import { afterEach, describe, expect, it } from "vitest";
import { quirkNow, quirkOrg, closeQuirkOrgs } from "./test-quirks.js";
import { generateTenant } from "./emulator/generator.js";
import { openStore } from "../../src/store/open.js";
afterEach(closeQuirkOrgs);
describe("x", () => { it("probe", async () => {
	const org = await quirkOrg({ state: generateTenant({ seed: 3, users: 600, now: quirkNow }) });
	const store = await openStore("sqlite::memory:");
	const a = await org.scan({ store });
	for (const c of a.scan.coverage) console.log(c.collection, c.state, c.known, c.requests, JSON.stringify(c.reasons));
	const t = new Map(); for (const r of org.emulator.requests) t.set(r.path, (t.get(r.path) ?? 0) + 1);
	org.emulator.requests.length = 0;
	org.pass(86400000);
	const b = await org.scan({ store });
	for (const c of b.scan.coverage) console.log(c.collection, c.state, c.known, c.requests, JSON.stringify(c.reasons));
	for (const r of org.emulator.requests) t.set("2 " + r.path, (t.get("2 " + r.path) ?? 0) + 1);
	console.log([...t].map(([k, v]) => `${v} ${k}`).join("\n"));
}); });
