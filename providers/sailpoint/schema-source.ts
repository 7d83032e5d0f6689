import type { AccountLink } from "../../src/model/account.js";
import type { Known } from "../../src/model/known.js";
import { at, type Decoded, flag, identified, type Json, stamp, texts, word } from "./schema.js";

/** A source: a system that is governed. */
export interface Source {
	id: string;
	name: string;
	/** The vendor's connector type word. */
	type: string;
	connector: string;
	authoritative: Known<boolean>;
	healthy: Known<boolean>;
	status: Known<string>;
	/** Its connector can disable and enable accounts; unlock them. */
	canEnable: Known<boolean>;
	canUnlock: Known<boolean>;
	owner: Known<string | null>;
	created: Known<number>;
	raw: Json;
}

/**
 * Vendors that Keelson reads itself, by the beginning of SailPoint's names of their connectors: `Okta - Direct`, `okta-angularsc`,
 * `Microsoft Entra SaaS`, `Azure Active Directory`, `Google Workspace`, `G Suite - Direct`.
 * https://documentation.sailpoint.com/connectors/identity_security_cloud/landing_pages/help/
 */
const vendors: [RegExp, string][] = [
	[/^okta(?![a-z])/, "okta"],
	[/^(?:microsoft[ -])?entra(?![a-z])|^azure[ -]?active[ -]?directory/, "entra"],
	[/^google[ -]?(?:workspace|apps)|^g[ -]?suite/, "google-workspace"],
];

/** `GET /sources` item. */
export function decodeSource(item: unknown): Decoded<Source> {
	const found = identified(item, "source");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const features = texts(raw.features);
	return {
		ok: {
			id,
			name: word(raw.name) ?? id,
			type: word(raw.type) ?? word(raw.connectorName) ?? "unknown",
			connector: word(raw.connector) ?? "",
			authoritative: flag(raw.authoritative),
			healthy: flag(raw.healthy),
			status: word(raw.status),
			canEnable: features?.includes("ENABLE"),
			canUnlock: features?.includes("UNLOCK"),
			owner: raw.owner === null ? null : word(at(raw.owner, "id")),
			created: stamp(raw.created),
			raw,
		},
	};
}

/** The provider whose system the source is, where it is one of ours. */
export function providerOf(source: Source): string | undefined {
	const names = [source.type, word(source.raw.connectorName), source.connector];
	return names.flatMap((name) => vendors.find(([pattern]) => name !== undefined && pattern.test(name.trim().toLowerCase()))?.[1] ?? [])[0];
}

/** An account in a source, correlated or not. */
export interface SourceAccount {
	id: string;
	source: string;
	/** null = the vendor says that it is nobody's. */
	identity: Known<string | null>;
	nativeIdentity: Known<string>;
	disabled: Known<boolean>;
	locked: Known<boolean>;
	/** An account in Identity Security Cloud itself. */
	system: Known<boolean>;
	name: Known<string>;
}

/** `GET /accounts` item. Live answers hold `identityId: null` where nobody has it, although the schema has text only. */
export function decodeSourceAccount(item: unknown): Decoded<SourceAccount> {
	const found = identified(item, "account");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const source = word(raw.sourceId);
	if (source === undefined) return { bad: "an account names no source", id };
	const uncorrelated = flag(raw.uncorrelated);
	const identity = word(raw.identityId);
	// Of two that disagree neither is believed.
	const agreed = uncorrelated === undefined ? identity : uncorrelated ? (identity === undefined ? null : undefined) : identity;
	return {
		ok: {
			id,
			source,
			identity: agreed,
			nativeIdentity: word(raw.nativeIdentity),
			disabled: flag(raw.disabled),
			locked: flag(raw.locked),
			system: flag(raw.systemAccount),
			name: word(raw.name),
		},
	};
}

/** The link that a correlated account is. */
export function linkOf(account: SourceAccount, source: Source): AccountLink | null {
	if (account.nativeIdentity === undefined) return null;
	const provider = providerOf(source);
	return { kind: "account", field: `account.nativeIdentity in ${source.name}`, value: account.nativeIdentity, ...(provider !== undefined && { provider }) };
}
