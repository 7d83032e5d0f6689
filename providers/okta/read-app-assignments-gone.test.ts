import { afterEach, describe, expect, it } from "vitest";
import { makeApp, makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const body = { errorCode: "E0000007", errorSummary: "Not found" };

describe("an app's assignments", () => {
	it("that are 404 while the app is still there are a gap; of an app that is gone they are none", async () => {
		const state = smallTenant();
		const app = makeApp(state, "Wiki");
		makeUser(state, "reader@corp.example");
		const org = await quirkOrg({ state });
		const only = ["accounts" as const, "groups" as const, "apps" as const, "appAssignments" as const];
		const lists = { do: "status" as const, status: 404, body, path: new RegExp(`/apps/${app}/(?:users|groups)`) };
		org.emulator.knobs.faults = [lists];
		expect((await org.scan({ only })).coverage("appAssignments")).toMatchObject({ state: "partial", reasons: [{ detail: expect.stringContaining("404") }] });
		org.emulator.knobs.faults = [lists, { do: "status", status: 404, body, path: new RegExp(`/apps/${app}$`) }];
		expect((await org.scan({ only })).coverage("appAssignments")).toMatchObject({ state: "complete", reasons: [] });
	});
});
