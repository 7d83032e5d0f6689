import type { CoverageReason } from "../../src/model/snapshot.js";
import type { HttpError } from "../../src/provider/http-error.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import type { AppList } from "./read-app-list.js";
import { appsOf } from "./read-app-list.js";
import { hasGone } from "./read-gone.js";
import type { DecodedPolicy } from "./schema-policy.js";

/** Okta's codes for an unknown name (400), an unknown path (404), and a path without this method, by status. https://developer.okta.com/docs/reference/error-codes/ */
const absent: Record<string, number[]> = { E0000001: [400], E0000003: [400], E0000007: [404], E0000022: [404, 405] };

/** The org has no such thing, in Okta's own words. A proxy's page, or a refused cursor or parameter, says nothing of the kind. */
export function isAbsent(error: HttpError | undefined): boolean {
	if (!error) return false;
	return error.cause === "licence" || error.code === "E0000015" || (absent[error.code ?? ""]?.includes(error.status) ?? false);
}

/** Policies of these types end in a catch-all rule, each of them; of the others, the default one does, and one made by hand may be empty. */
const alwaysRuled = ["ACCESS_POLICY", "PROFILE_ENROLLMENT"];
const ruledByDefault = ["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "IDP_DISCOVERY"];

/** A policy that cannot be without rules, as Okta does not let its last one be deleted. */
export function hasRules({ type, record }: DecodedPolicy): boolean {
	return alwaysRuled.includes(type) || (ruledByDefault.includes(type) && record.builtIn === true);
}

const mostLookedUp = 5;

/**
 * What the apps say against the lists: an app with an access policy is one of Identity Engine, where each such policy is listed,
 * and which has authenticators.
 */
export async function contradictionsOfApps(
	connection: OktaConnection,
	context: ReadContext,
	apps: AppList,
	listed: { policies: DecodedPolicy[]; absentKinds: Set<string> },
): Promise<CoverageReason[]> {
	const linked = new Map(appsOf(apps).flatMap(({ accessPolicy, record }) => (accessPolicy ? [[accessPolicy, record.name] as const] : [])));
	// Whether it is Classic can't be said without the apps.
	if (!apps.whole && !listed.policies.some(({ type }) => type === "ACCESS_POLICY"))
		return [{ cause: "depends", detail: "no access policy was listed, and apps, which could have one, were not read to the end" }];
	if (linked.size === 0) return [];
	const found: CoverageReason[] = [];
	if (listed.absentKinds.has("authenticator"))
		found.push({ cause: "floor", detail: "Okta says that the org has no list of authenticators, and its apps have access policies: Identity Engine has one" });
	const known = new Set(listed.policies.map(({ id }) => id));
	const missing = [...linked].filter(([policy]) => !known.has(policy));
	for (const [policy, app] of missing.slice(0, mostLookedUp)) {
		if (await hasGone(connection, "policy", policy, context.signal)) continue;
		found.push({
			cause: "floor",
			detail: `${missing.length} access ${missing.length === 1 ? "policy that an app has was" : "policies that apps have were"} not listed; the first: ${policy}, of app ${app}`,
		});
		break;
	}
	return found;
}
