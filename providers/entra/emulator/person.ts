import type { User } from "@microsoft/microsoft-graph-types";
import { day, hash, hour } from "../../../src/emulate/random.js";
import { stamp } from "./moment.js";
import { type Factor, guid, type State, type Stored } from "./state.js";

/** One account to be made. */
export interface Person {
	/** What the object id follows from. */
	key: string;
	first: string | null;
	last: string | null;
	display?: string;
	/** Address outside of the tenant, for guests; else the user principal name. */
	login: string;
	enabled: boolean;
	/** From another organisation. `member`: invited, and then made a member. */
	guest: "no" | "guest" | "member";
	/** A guest who has not answered the invitation. */
	pending?: boolean;
	synced: boolean;
	number: string | null;
	department: string | null;
	title: string | null;
	type: string | null;
	/** Days since the account was made, and since the last sign-in; null for never. */
	age: number;
	seen: number | null;
	factor: Factor;
	aliases?: string[];
	hired?: number | null;
	left?: number | null;
}

export function userId(state: State, key: string): string {
	return guid(state.seed, "user", key);
}

/** By which the directory's sync joins an account to the one on the company's own servers: 16 bytes, in base64. */
export function immutableId(key: string): string {
	return Buffer.from(guid("anchor", key).replaceAll("-", ""), "hex").toString("base64");
}

/** Adds an account. Its id. */
export function addPerson(state: State, person: Person, domains: { initial: string; main: string }, now: number): string {
	const id = userId(state, person.key);
	const made = now - person.age * day;
	const external = person.guest !== "no";
	const name = external ? `${person.login.replace("@", "_")}#EXT#@${domains.initial}` : person.login;
	const user: Stored<User> = {
		id,
		displayName: person.display ?? ([person.first, person.last].filter((part) => part).join(" ") || name),
		userPrincipalName: name,
		mail: external || person.type !== "service" ? person.login : null,
		mailNickname: name.split("@")[0]?.replace("#EXT#", "_EXT_") ?? "",
		accountEnabled: person.enabled,
		userType: person.guest === "guest" ? "Guest" : "Member",
		createdDateTime: stamp(made),
		lastPasswordChangeDateTime: stamp(Math.max(made, now - (hash(person.key, 21) % 600) * day)),
		signInSessionsValidFromDateTime: stamp(made),
		...(person.first !== null && { givenName: person.first }),
		...(person.last !== null && { surname: person.last }),
		...(person.department !== null && { department: person.department }),
		...(person.title !== null && { jobTitle: person.title }),
		...(person.number !== null && { employeeId: person.number }),
		...(person.type !== null && { employeeType: person.type }),
		...(person.hired && { employeeHireDate: stamp(person.hired) }),
		...(person.left && { employeeLeaveDateTime: stamp(person.left) }),
		...(external ? outside(person, made) : { proxyAddresses: [`SMTP:${person.login}`, ...(person.aliases ?? []).map((one) => `smtp:${one}`)] }),
		...(person.synced && synced(person, now)),
		// A quarter of all passwords never expires.
		...(!person.synced && hash(person.key, 22) % 4 === 0 && { passwordPolicies: "DisablePasswordExpiration" }),
		...(person.seen !== null && { signInActivity: activity(person, now) }),
	};
	state.users.set(id, user);
	state.factors.set(id, person.factor);
	return id;
}

function outside(person: Person, made: number): Partial<User> {
	return {
		creationType: "Invitation",
		externalUserState: person.pending ? "PendingAcceptance" : "Accepted",
		externalUserStateChangeDateTime: stamp(made + (person.pending ? 0 : 3 * hour)),
		otherMails: [person.login],
		identities: [{ signInType: "federated", issuer: "ExternalAzureAD", issuerAssignedId: null }],
	};
}

function synced(person: Person, now: number): Partial<User> {
	const account = person.login.split("@")[0] ?? person.key;
	return {
		onPremisesSyncEnabled: true,
		onPremisesImmutableId: immutableId(person.key),
		onPremisesLastSyncDateTime: stamp(now - (hash(person.key, 23) % 300) * hour),
		onPremisesSamAccountName: account.slice(0, 20),
		onPremisesDomainName: "corp.local",
		onPremisesUserPrincipalName: person.login,
		onPremisesDistinguishedName: `CN=${account},OU=Staff,DC=corp,DC=local`,
		onPremisesSecurityIdentifier: `S-1-5-21-1004336348-1177238915-682003330-${1000 + (hash(person.key, 24) % 90_000)}`,
	};
}

/** Times of the last sign-ins: attempts of any outcome, those of apps, and the last that succeeded, known since the end of 2023 only. */
function activity(person: Person, now: number): User["signInActivity"] {
	const at = now - (person.seen ?? 0) * day;
	const alone = hash(person.key, 25) % 10 === 0;
	const success = at > Date.UTC(2023, 11, 1) && hash(person.key, 26) % 12 !== 0;
	const request = (kind: string): string => guid("request", person.key, kind);
	return {
		lastSignInDateTime: alone ? null : stamp(at),
		lastSignInRequestId: alone ? null : request("interactive"),
		lastNonInteractiveSignInDateTime: alone || hash(person.key, 27) % 3 > 0 ? stamp(at - (alone ? 0 : hour)) : null,
		lastNonInteractiveSignInRequestId: alone || hash(person.key, 27) % 3 > 0 ? request("app") : null,
		lastSuccessfulSignInDateTime: success ? stamp(at) : null,
		lastSuccessfulSignInRequestId: success ? request("success") : null,
	};
}
