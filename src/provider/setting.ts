import type { SettingRecord } from "../model/objects.js";
import type { RequestRef } from "../model/snapshot.js";
import type { Connection } from "./provider.js";

/** A kind of configuration object that exists in the vendor's tenant and can be compared, and where allowed mended. */
export interface SettingSpec<C extends Connection = Connection> {
	/** `policy/OKTA_SIGN_ON`, `rule/OKTA_SIGN_ON`: the first part of a setting's record id. */
	kind: string;
	title: string;
	/** JSON Schema of the values a stack file may declare. */
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
