import { afterEach, describe, expect, it } from "vitest";
import { indexRoles, rolesOf } from "../../src/assess/roles.js";
import { openSnapshot } from "../../src/assess/snapshot.js";
import { makeGroup, makeRole, makeUser } from "./emulator/build.js";
import type { Fault } from "./emulator/knobs.js";
import { closeQuirkOrgs, type QuirkOrg, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const gone = { errorCode: "E0000007", errorSummary: "Not found: Resource not found" };
const refused = (path: RegExp): Fault => ({ do: "status", status: 404, body: gone, path });

/** An org where leo is Super Administrator through a group, stands in the list of assignees, and ana is one herself. */
async function superOrg(): Promise<{ org: QuirkOrg; leo: string; ana: string; group: string }> {
	const state = smallTenant();
	const [leo, ana] = [makeUser(state, "leo@corp.example"), makeUser(state, "ana@corp.example")];
	const group = makeGroup(state, "Super", [leo]);
	makeRole(state, "group", group, "SUPER_ADMIN");
	makeRole(state, "user", ana, "SUPER_ADMIN");
	// As some orgs do, the list of assignees names who holds a role through a group too.
	makeRole(state, "user", leo, "REPORT_ADMIN");
	const org = await quirkOrg({ state });
	org.emulator.knobs.faults = [{ do: "truncate", path: new RegExp(`/users/${leo}/roles`) }];
	return { org, leo, ana, group };
}
