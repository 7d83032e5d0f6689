import { expect, it } from "vitest";
import { makeWorld } from "../../../src/emulate/world.js";
import { makeLimits } from "./limits.js";
import { tenantFor } from "./test-workspace.js";

const minute = 60_000;

it("a user's queries are counted by the minute, filtered reports apart", async () => {
	const { tenant } = await tenantFor({ users: 10 });
	let now = 0;
	const world = makeWorld(tenant.knobs, () => now);
	const count = makeLimits({ world, state: tenant.state, choices: tenant.choices, seed: "", version: 0 });
	/** How many of so many calls go through. */
	const through = (path: string, calls: number) => {
		const [plain = "", query] = path.split("?");
		let passed = 0;
		for (let at = 0; at < calls; at++) {
			try {
				count({ path: plain, query: new URLSearchParams(query) });
				passed++;
			} catch {}
		}
		return passed;
	};
	const filtered = "/admin/reports/v1/activity/users/all/applications/login?eventName=login_success";
	expect(through("/admin/directory/v1/users", 2500)).toBe(2400);
	expect(through("/v1/policies", 2500)).toBe(2500);
	expect(through("/admin/reports/v1/activity/users/all/applications/login?startTime=x", 2500)).toBe(2400);
	expect(through(filtered, 260)).toBe(250);
	now += minute;
	expect(through("/admin/directory/v1/users", 2500)).toBe(2400);
	expect(through(filtered, 260)).toBe(250);
	await tenant.close();
});
