import type { AccountLink, AccountRecord } from "../../src/model/account.js";
import type { Known, KnownList } from "../../src/model/known.js";
import { at, type Decoded, date, flag, identified, type Json, known, lookUp, object, stamp, text, word } from "./schema.js";

/**
 * Whether an identity of this status can sign in to Identity Security Cloud. UNREGISTERED and PENDING can't by a password of their own,
 * and may by single sign-on, which the API does not tell: unknown, like WARNING and ERROR. A locked one is unlocked by its user.
 */
const enabledByStatus: Record<string, boolean> = { ACTIVE: true, REGISTERED: true, LOCKED: true, DISABLED: false, DEACTIVATED: false, TERMINATED: false };

/** Identity attributes that have a field of their own, or that are personal data no policy needs. */
const leftOut = new Set([
	..."uid email displayName department title manager managerId identificationNumber employeeNumber cloudStatus internalCloudStatus".split(" "),
	..."firstname lastname firstName lastName middleName preferredName phone workPhone mobilePhone homePhone personalEmail".split(" "),
	..."birthDate dateOfBirth salary socialSecurityNumber streetAddress postalAddress homeAddress".split(" "),
]);

/** `GET /identities` item → account; `links`: of its source accounts, as far as these were read. */
export function decodeIdentity(item: unknown, links: (id: string) => KnownList<AccountLink>): Decoded<AccountRecord> {
	const found = identified(item, "identity");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const attributes = object(raw.attributes);
	const status = word(raw.identityStatus);
	const employeeId = own(attributes, "identificationNumber") ?? own(attributes, "employeeNumber");
	return {
		ok: known<AccountRecord>({
			id,
			login: word(raw.alias),
			email: text(raw.emailAddress),
			displayName: text(raw.name),
			status,
			enabled: lookUp(enabledByStatus, status),
			created: stamp(raw.created),
			updated: stamp(raw.modified),
			department: own(attributes, "department"),
			title: own(attributes, "title"),
			manager: managerOf(raw.managerRef),
			employeeId,
			links: withWorker(links(id), attributes),
			profile: profileOf(raw, attributes),
		}),
	};
}

/** An identity attribute. Those without a value are missing from the map. */
function own(attributes: Json | null, name: string): Known<string | null> {
	if (!attributes) return undefined;
	return name in attributes ? text(attributes[name]) : null;
}

function managerOf(reference: unknown): Known<string | null> {
	return reference === null ? null : word(at(reference, "id"));
}

function withWorker(links: KnownList<AccountLink>, attributes: Json | null): KnownList<AccountLink> {
	const field = ["identificationNumber", "employeeNumber"].find((name) => word(attributes?.[name]) !== undefined);
	const value = field && word(attributes?.[field]);
	const all: KnownList<AccountLink> = field && value ? [...links, { kind: "worker", field, value }] : [...links];
	// Source accounts come in any order: it says nothing, and must not look like a change.
	const keyed = (link: AccountLink): string => [link.kind, link.provider ?? "", link.field, link.value].join("\u0000");
	all.sort((a, b) => (keyed(a) < keyed(b) ? -1 : 1));
	// Without the attributes nothing says that there is no number.
	if (links.partial || !attributes) all.partial = true;
	return all;
}

/** Scalars that rules on people (leavers among them) are written with. */
function profileOf(raw: Json, attributes: Json | null): AccountRecord["profile"] {
	const kept: NonNullable<AccountRecord["profile"]> = {};
	const lifecycle = raw.lifecycleState === null ? null : word(at(raw.lifecycleState, "stateName"));
	if (lifecycle !== undefined) kept.lifecycleState = lifecycle;
	const byHand = flag(at(raw.lifecycleState, "manuallyUpdated"));
	if (byHand !== undefined) kept.lifecycleManuallyUpdated = byHand;
	const processing = text(raw.processingState);
	if (processing !== undefined) kept.processingState = processing;
	const manages = flag(raw.isManager);
	if (manages !== undefined) kept.isManager = manages;
	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (leftOut.has(key) || Object.hasOwn(kept, key)) continue;
		if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") kept[key] = value;
	}
	return kept;
}

/** What of `GET /auth-users/{id}` says something. */
export interface AuthUser {
	id: string;
	/** User levels; null = none; undefined = not readable. */
	capabilities: Known<string[] | null>;
	lastLogin: Known<number | null>;
	passwordChanged: Known<number | null>;
}

/** @returns null where the answer is not that identity's */
export function decodeAuthUser(body: unknown, id: string): AuthUser | null {
	const raw = object(body);
	if (!raw || raw.id !== id) return null;
	const levels = raw.capabilities;
	const capabilities = levels === null ? null : Array.isArray(levels) && levels.every((one) => typeof one === "string") ? [...levels] : undefined;
	const login = raw.lastLoginTimestamp;
	return {
		id,
		capabilities,
		// Absent is not "never": the vendor documents no value for that.
		lastLogin: typeof login === "number" && login > 0 ? login : undefined,
		passwordChanged: date(raw.lastPasswordChangeDate),
	};
}
