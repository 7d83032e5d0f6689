import { afterEach, expect, it } from "vitest";
import { assess } from "../../src/assess/assess.js";
import { world } from "../../src/assess/test-tenant.js";
import { makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, quirkNow, quirkOrg, smallTenant } from "./test-quirks.js";

const day = 24 * 3600_000;
afterEach(closeQuirkOrgs);

const iso = (at: number): string => new Date(at).toISOString();

it("an account whose last session began long ago and that signed in to an app yesterday is not dormant, and one that only tried to is", async () => {
	const state = smallTenant();
	const made = ["sso", "failed", "idle"].map((name) => {
		const id = makeUser(state, `${name}@acme.example`);
		Object.assign(state.users.get(id) ?? {}, { lastLogin: iso(quirkNow - 80 * day), created: iso(quirkNow - 900 * day), activated: iso(quirkNow - 900 * day) });
		return id;
	});
	const [busy, failed, idle] = made;
	const event = (id: string | undefined, ago: number, result = "SUCCESS") => ({
		uuid: `${id}-${ago}`,
		eventType: "user.authentication.sso",
		published: iso(quirkNow - ago),
		actor: { id, type: "User" },
		target: [{ id: "0oa1", type: "AppInstance" }],
		outcome: { result },
	});
	for (const one of [event(busy, day), event(failed, day, "FAILURE"), event(idle, 60 * day)]) state.log.push(one as never);
	const org = await quirkOrg({ state });
	const input = await world();
	const read = await org.scan({ store: input.store });
	expect(read.coverage("activity").state).toBe("complete");
	expect(await read.body("activity", busy ?? "")).toEqual({ at: quirkNow - day, signal: "user.authentication.sso" });
	// Okta takes the filter, and answers in one bounded request.
	expect(org.calls(/\/api\/v1\/logs.*sortOrder=DESCENDING/).map(({ status }) => status)).toEqual([200]);

	const judged = await assess(input);
	const dormant = judged?.findings.filter(({ policy, subject }) => policy === "dormant-account" && subject.label.endsWith("@acme.example")) ?? [];
	expect(dormant.map(({ subject }) => subject.label).sort()).toEqual(["failed@acme.example", "idle@acme.example"]);
	const shown = (label: string) => dormant.find(({ subject }) => subject.label === label)?.evidence.find(({ field }) => field === "account.lastActivity");
	expect(shown("failed@acme.example")).toMatchObject({ value: iso(quirkNow - 80 * day).replace(".000", ""), call: "GET /api/v1/users" });
	expect(shown("idle@acme.example")).toMatchObject({ value: iso(quirkNow - 60 * day).replace(".000", ""), call: "GET /api/v1/logs" });
	await input.store.close();
});
