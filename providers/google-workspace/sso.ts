import type { CredentialProvider } from "../../src/model/account.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import { at, word } from "../../src/provider/decode.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { once } from "./memo.js";
import { type OrgUnits, orgUnits, upwards } from "./org-units.js";
import { type Whole, whole } from "./read.js";
import { readScope } from "./scopes.js";

/** Who is sent to another identity provider. */
export interface SsoView {
	/** Why it can't be said; null = every assignment was understood. */
	unread: CoverageReason | null;
	/** Where an account proves who it is; undefined = can't be said. */
	providerOf(account: { id: string; orgUnitPath: unknown; isAdmin: unknown }): CredentialProvider | undefined;
}

/** The assignments of SSO profiles to org units and groups. */
export function ssoAssignments(connection: GoogleConnection, context: Pick<ReadContext, "scanStarted" | "signal">): Promise<Whole> {
	return once(connection, context, "sso", () =>
		whole(
			connection,
			{ method: "GET", path: "/v1/inboundSsoAssignments", query: { pageSize: 100, ...customerFilter(connection) } },
			{ shape: lists.ssoAssignments, scope: readScope.sso, signal: context.signal },
		),
	);
}

/** Cloud Identity finds the customer by who asks; a resold one must be named. */
export function customerFilter({ customer }: GoogleConnection): { filter?: string } {
	return customer === "my_customer" ? {} : { filter: `customer=="customers/${customer}"` };
}

/**
 * A group's assignment comes before an org unit's, and the nearest unit's before those around it. Super administrators can always sign in
 * with their password. https://support.google.com/a/answer/12032922
 */
export async function ssoView(connection: GoogleConnection, context: Pick<ReadContext, "scanStarted" | "signal">): Promise<SsoView> {
	const found = await ssoAssignments(connection, context);
	const units = await orgUnits(connection, context);
	const cut: CoverageReason = { cause: "cut-off", detail: "the assignments of SSO profiles were not read to the end" };
	if (!found.end.closed) return blind(found.end.reasons[0] ?? cut);
	// Also the witness that this credential is answered at all: an empty list of assignments is an empty object.
	if (units.unread) return blind(units.unread);
	const byUnit = new Map<string, CredentialProvider | undefined>();
	const byGroup: { members: Set<string>; provider: CredentialProvider | undefined }[] = [];
	for (const item of found.items) {
		const unit = word(at(item, "targetOrgUnit"))?.replace(/^orgUnits\//, "");
		const group = word(at(item, "targetGroup"))?.replace(/^groups\//, "");
		if (unit !== undefined) byUnit.set(unit, providerBy(item));
		else if (group !== undefined) {
			const members = await everyMember(connection, group, context.signal);
			if (!members)
				return blind({ cause: "depends", detail: `an SSO profile is assigned to the group ${group}, whose members can't be read`, scope: readScope.members });
			byGroup.push({ members, provider: providerBy(item) });
		} else return blind({ cause: "quarantine", detail: "an assignment of an SSO profile names neither org unit nor group" });
	}
	return {
		unread: null,
		providerOf({ id, orgUnitPath, isAdmin }) {
			const decided = byGroup.filter(({ members }) => members.has(id));
			const found = decided.length > 0 ? agreed(decided.map(({ provider }) => provider)) : fromUnit(orgUnitPath, byUnit, units);
			if (found === "local" || isAdmin === true) return "local";
			return isAdmin === false ? found : undefined;
		},
	};
}

function blind(unread: CoverageReason): SsoView {
	return { unread, providerOf: ({ isAdmin }) => (isAdmin === true ? "local" : undefined) };
}

function fromUnit(path: unknown, byUnit: Map<string, CredentialProvider | undefined>, units: OrgUnits): CredentialProvider | undefined {
	if (byUnit.size === 0) return "local";
	if (typeof path !== "string" || !units.byPath.has(path)) return undefined;
	for (const around of upwards(path)) {
		const id = units.byPath.get(around);
		if (id === undefined) return undefined;
		if (byUnit.has(id)) return byUnit.get(id);
	}
	return "local";
}

/** Profiles of several groups: which of them wins is only asked where they differ, and then not answered. */
function agreed(all: (CredentialProvider | undefined)[]): CredentialProvider | undefined {
	return all.every((one) => one === all[0]) ? all[0] : undefined;
}

function providerBy(assignment: unknown): CredentialProvider | undefined {
	switch (word(at(assignment, "ssoMode"))) {
		case "SSO_OFF":
			return "local";
		case "SAML_SSO":
		case "OIDC_SSO":
			// Then Google's own page takes the password: the other provider is a way in, and not the only one.
			return word(at(assignment, "signInBehavior", "redirectCondition")) === "NEVER" ? "local" : "federated";
		default:
			// DOMAIN_WIDE_SAML_IF_ENABLED: whether it is, no API tells.
			return undefined;
	}
}

/** Users in a group, those of groups inside it too; null where that can't be read. */
async function everyMember(connection: GoogleConnection, group: string, signal?: AbortSignal): Promise<Set<string> | null> {
	const people = new Set<string>();
	const seen = new Set<string>();
	const waiting = [group];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		if (seen.has(next)) continue;
		seen.add(next);
		const { items, end } = await whole(
			connection,
			{ method: "GET", path: "/admin/directory/v1/groups/{groupKey}/members", params: { groupKey: next }, query: { maxResults: 200 } },
			{ shape: lists.members, scope: readScope.members, signal },
		);
		if (!end.closed) return null;
		for (const item of items) {
			const [type, id] = [word(at(item, "type")), word(at(item, "id"))];
			if (type === "CUSTOMER" || !id) return null;
			if (type === "GROUP") waiting.push(id);
			else people.add(id);
		}
	}
	return people;
}
