import type { Authenticator } from "../model/account.js";
import type { Known, KnownList } from "../model/known.js";
import type { SettingRecord } from "../model/objects.js";
import type { RequestRef } from "../model/snapshot.js";
import type { Connection } from "./provider.js";

/** A kind of configuration object that exists in the vendor's tenant and can be compared, and where allowed mended. */
export interface SettingSpec<C extends Connection = Connection> {
	/** `policy/OKTA_SIGN_ON`, `rule/OKTA_SIGN_ON`: the first part of a setting's record id. */
	kind: string;
	title: string;
	/** JSON Schema of the values a stack file may declare; a property that is `readOnly` there is compared and never changed. */
	valuesSchema: Record<string, unknown>;
	/** Reads one object by id. */
	read(connection: C, id: string): Promise<SettingLive>;
	/** Brings values to one form: order of sets, case, server defaults, ignored fields. Idempotent. */
	canonical(values: Record<string, unknown>): Record<string, unknown>;
	/** Null where the vendor's object can only be observed. `expected`: its values as they were read before; where they are others now, it is refused. */
	update: null | SettingWriter<C>["update"];
	/** Pulumi types of the vendor's own provider that manage the same object. */
	pulumiTypes: string[];
	/** The object decides who can sign in: a change needs the lock-out proof. */
	lockOutCapable: boolean;
	/** The record as an update with these values would leave it, for the lock-out proof; null or absent: can't be said, and then the change is not proven. */
	predict?(live: SettingRecord, values: Record<string, unknown>): SettingRecord | null;
	/**
	 * Only of a kind that puts other settings in order, and so is no object of its own: the settings with the others as this one leaves them;
	 * null: can't be said.
	 */
	arrange?(after: SettingRecord, settings: SettingRecord[]): SettingRecord[] | null;
	/** Names for people of the ids that live values hold, by id. */
	names?(live: Record<string, unknown>): Record<string, string>;
	/** How differing values differ, in words, where the values themselves don't say it; `stuck`: why no update can mend it. */
	explain?(declared: Record<string, unknown>, live: Record<string, unknown>): { said: string; stuck: string | null };
	/** Whom the object is for; undefined: can't be said. Absent: what the record's `signIn` says. */
	reach?(record: SettingRecord, settings: SettingRecord[]): SettingReach | undefined;
}

/** Whom a setting is for: everybody of the tenant, or the members of these groups. */
export type SettingReach = "everyone" | { groups: string[] };

/**
 * What of a tenant's configuration stands between a person and a sign-in beside the sign-in rules: for the lock-out proof.
 * What can't be said is undefined, and nobody is counted on who depends on it.
 */
export interface SignInSurroundings {
	/** Why nothing of it can be believed; null = it was understood. */
	unknown: string | null;
	/** Where people prove who they are: in force or perhaps so, in the order in which the vendor asks them. With none that applies: at the vendor. */
	routes: SignInRoute[];
	/** By id. */
	networks: Map<string, Network>;
	/** From where a rule applies. */
	networksOf(rule: SettingRecord): Known<NetworkCondition>;
	/** Authenticators of this kind are switched off for the whole tenant. */
	switchedOff(factor: Pick<Authenticator, "type" | "provider">): Known<boolean>;
	enrolments: Enrolment[];
	/** What no proof can rule out, a sentence each (`… blocks addresses it finds suspicious`). */
	caveats: string[];
}

export interface SignInRoute {
	record: SettingRecord;
	policy: string;
	/** The vendor itself is asked, or can be chosen. */
	here: Known<boolean>;
	/** The route is for whoever signs in by this login. */
	concerns(login: string): Known<boolean>;
	/** It hangs on more than login and network. */
	otherConditions: boolean;
}

export type NetworkCondition = "anywhere" | { include: string[]; exclude: string[] };

/** A named part of the network. */
export interface Network {
	id: string;
	/** Record id of the setting that it is. */
	setting: string;
	name: string;
	active: Known<boolean>;
	/** Rules name it, or whoever comes from it is turned away. */
	use: Known<"rules" | "blocks">;
	/** The addresses it holds; null: it is made of something else (places, providers); undefined: can't be said. */
	ranges: Known<AddressRange[] | null>;
	/** It holds nothing. */
	empty: Known<boolean>;
	/** It holds nothing but anonymising services. */
	anonymisers: boolean;
	/** It can't be ruled out that it holds every address. */
	wide: boolean;
}

/** First and last address, both of it, as numbers. */
export interface AddressRange {
	family: 4 | 6;
	first: bigint;
	last: bigint;
}

/** A policy that asks people to have an authenticator. */
export interface Enrolment {
	record: SettingRecord;
	/** Groups it is for; empty = everybody. */
	groups: Known<KnownList<string>>;
	/** Authenticators that must be set up at the next sign-in. `off`: switched off for the whole tenant. */
	asks: { name: string; off: Known<boolean> }[];
}

/** As a method, so that a provider's specs, made for its own connection, fit where any connection is meant. */
interface SettingWriter<C extends Connection> {
	update(connection: C, id: string, values: Record<string, unknown>, expected?: Record<string, unknown>): Promise<RequestRef>;
}

export interface SettingLive {
	exists: boolean;
	name: string;
	values: Record<string, unknown>;
	request: RequestRef;
}
