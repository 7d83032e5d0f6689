import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { CredentialRecord, MembershipRecord } from "../../src/model/objects.js";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import { actions } from "./actions.js";
import type { EntraConnection } from "./connection.js";
import { type EntraOptions, emulation } from "./emulator.js";
import { connectTo, type Scanned, scanTenant, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
let act: EntraConnection;
let read: Scanned;
beforeEach(async () => {
	tenant = await emulation.start({ users: 40, seed: 7, now: testNow, limits: "off", lagMs: 40_000 } as EntraOptions);
	read = await scanTenant(tenant);
	act = await connectTo(tenant, "act");
});
afterEach(async () => {
	await act.close();
	await tenant.close();
});

async function target(kind: ActionKind): Promise<ActionTarget> {
	if (kind === "revoke-credential") {
		const credentials = await read.bodies<CredentialRecord>("credentials");
		const own = String((await act.self()).principal);
		return { credential: credentials.find((one) => one.kind === "app-secret" && one.owner !== own)?.id ?? "" };
	}
	const direct = (await read.bodies<MembershipRecord>("memberships")).filter(({ source, memberType }) => source === "direct" && !memberType);
	const [first] = direct;
	if (kind === "remove-group-member") return { group: first?.group ?? "", account: first?.account ?? "" };
	const outside = direct.find(({ account }) => !direct.some((one) => one.group === first?.group && one.account === account));
	return { group: first?.group ?? "", account: outside?.account ?? "" };
}

describe("a change that was made and does not show yet", () => {
	it.each(["remove-group-member", "add-group-member", "revoke-credential"] as const)("is no failure when it is made again: %s", async (kind) => {
		const spec = actions.find((action) => action.kind === kind);
		if (!spec) throw new Error(kind);
		const one = await target(kind);
		const before = await spec.inspect(act, one);
		expect(before).toMatchObject({ exists: true, done: false, refused: null });
		await spec.perform(act, one, before);
		await expect(spec.perform(act, one)).resolves.toBeDefined();
		expect(await spec.verify(act, one, before)).toMatchObject({ holds: true, proof: "read-back" });
	});
});
