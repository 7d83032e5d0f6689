import type { Account } from "../model/account.js";
import type { Exposure } from "../model/finding.js";
import type { SettingRecord } from "../model/objects.js";
import { day } from "../model/time.js";
import type { Snapshot } from "./snapshot.js";

/** Without a sign-in for this long an account is dormant: CIS Controls v8 safeguard 5.3 and the default of NIST SP 800-53 AC-2(3). */
const dormantAfter = 45 * day;
/** Time a new account has for its first sign-in. */
const firstSignIn = 30 * day;

/** The facts that make a gap on this account worse. */
export function exposureOf(account: Account, reachableAnywhere: boolean | undefined, now: number): Exposure {
	return {
		topPrivilege: account.topPrivileged,
		privilege: account.privileged,
		external: account.external,
		reachableAnywhere,
		dormant: dormant(account, now),
	};
}

function dormant(account: Account, now: number): boolean | undefined {
	if (account.lastActivity === undefined) return undefined;
	if (account.lastActivity !== null) return account.lastActivity < now - dormantAfter;
	if (account.created === undefined || account.created === null) return undefined;
	return account.created < now - firstSignIn;
}

/** True when some enforced rule lets people in with no condition on their network: from anywhere. */
export async function reachable(snapshot: Snapshot): Promise<boolean | undefined> {
	let found: boolean | undefined = false;
	let rules = 0;
	for await (const batch of snapshot.records<SettingRecord>("settings"))
		for (const { body } of batch) {
			if (!body.signIn || body.signIn.allows === false) continue;
			rules++;
			if (body.active === false || body.signIn.networkBound === true) continue;
			if (body.active === true && body.signIn.allows === true && body.signIn.networkBound === false) return true;
			found = undefined;
		}
	return rules > 0 && snapshot.complete("settings") ? found : undefined;
}
