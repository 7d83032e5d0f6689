import type { PlannedRequests, TenantSize } from "../../src/provider/provider.js";
import { bucketOf } from "./buckets.js";
import { assumed } from "./doctor-estimate.js";
import { mostRequests } from "./read-activity.js";
import { policyTypes, settingKinds } from "./setting-kinds.js";

const limits = "half of the org's limit, which is what one app gets, by the last table Okta published (developer.okta.com/docs/reference/rl-global-mgmt)";

/** Nobody tells beforehand how many apps a person has. */
const appsOfPerson = 5;

/**
 * The requests of a first, full read of an org without Identity Threat Protection (which takes as many again as factors do); sends nothing.
 * Page sizes are those the readers ask for.
 */
export function estimate({ accounts, groups, memberships, apps, administrators }: TenantSize): PlannedRequests[] {
	const plan = (collection: PlannedRequests["collection"], path: string, requests: number, how: string): PlannedRequests => {
		const bucket = bucketOf("GET", path);
		const perMinute = assumed[bucket] ?? assumed.other ?? 600;
		return { collection, call: `GET ${path}`, requests, bucket, perSecond: perMinute / 60, source: `${how}; ${limits}` };
	};
	const pages = (rows: number, page: number): number => Math.max(1, Math.ceil(rows / page));
	const members = groups === 0 ? 0 : groups * pages(memberships / groups, 1000);
	return [
		plan("accounts", "/api/v1/users", pages(accounts, 200) + 1, "pages of 200, and once more what changed just now"),
		plan("groups", "/api/v1/groups", pages(groups, 200), "pages of 200"),
		plan("groupRules", "/api/v1/groups/rules", 1, "pages of 200"),
		plan("memberships", "/api/v1/groups/{groupId}/users", members, "a request a group, pages of 1,000"),
		plan("roleAssignments", "/api/v1/users/{userId}/roles", administrators, "one an administrator"),
		plan("roleAssignments", "/api/v1/iam/…", 20, "assignees, custom roles and their bindings: about twenty"),
		plan("settings", "/api/v1/policies, /zones, …", settingKinds.length + policyTypes.length * 3, "one a kind, and the rules of two policies of each type"),
		plan("apps", "/api/v1/apps", pages(apps, 200), "pages of 200"),
		plan("appAssignments", "/api/v1/apps/{appId}/groups", apps, "one an app, pages of 200"),
		plan(
			"appAssignments",
			"/api/v1/apps/{appId}/users",
			apps + Math.floor((accounts * appsOfPerson) / 500),
			`pages of 500, ${appsOfPerson} apps a person assumed`,
		),
		plan("credentials", "/api/v1/apps/{appId}/tokens, /grants, …", apps, "one an app: those that hold neither keys nor tokens take none, clients three"),
		plan("credentials", "/api/v1/api-tokens", 1, "one list"),
		plan("risks", "/api/v1/users/{userId}/risk", 1, "one where Identity Threat Protection is missing, else one an account"),
		plan("authenticators", "/api/v1/users/{userId}/factors", accounts, "one an account that can sign in"),
		plan("activity", "/api/v1/logs", Math.min(mostRequests, pages(accounts * 90, 1000)), `pages of 1,000, at most ${mostRequests} in one scan`),
	];
}
