import type { SourceOfAuthority } from "../model/account.js";
import type { Millis } from "../model/known.js";
import type { GroupRecord, GroupRuleRecord, MembershipRecord, RoleAssignmentRecord } from "../model/objects.js";
import type { CollectionName } from "../model/snapshot.js";
import { settingSpec } from "../plan/specs.js";
import type { GrantEnds, GrantPlace } from "../provider/grants.js";
import type { Connection, Provider } from "../provider/provider.js";
import type { SettingSpec } from "../provider/setting.js";
import { type Collected, collect, type Given, LiveError } from "./collect.js";
import type { Scanned } from "./scanned.js";

/** A setting as it is now. */
export interface LiveSetting {
	exists: boolean;
	name: string | null;
	values: Record<string, unknown>;
	/** The provider's one form of values of this kind. */
	canonical(values: Record<string, unknown>): Record<string, unknown>;
	/** JSON Schema of what can be declared of it [anything]. */
	schema?: Record<string, unknown>;
	/** How differing values differ, in words, and why no update can mend it. */
	explain?: SettingSpec["explain"];
	/** Names for people of the ids that the values hold. */
	names?: SettingSpec["names"];
	/** The vendor lets it be changed. */
	writable: boolean;
}

/** Who is in a group, or holds a role, now. */
export interface LiveMembership {
	exists: boolean;
	name: string | null;
	/** Account id → how it is a member. */
	members: Map<string, LiveMember>;
	/** Why the vendor would not end a new grant here by itself; null = it would. Missing: it ends none, or was not asked. */
	vendorEnds?: string | null;
}

export interface LiveMember {
	/** Of a group's member. */
	source?: SourceOfAuthority;
	/** Of a member from outside, who has no account in this system. */
	login?: string;
	/** Of a role's holder: its own assignments of the role. */
	assignments?: { id: string; scope: string | null }[];
	/** Names of groups through which the role is held too. */
	through?: string[];
	/** When the vendor ends it by itself; null = it doesn't. Missing: not known, or the vendor keeps no time for it. */
	ends?: Millis | null;
}

/** Reads declared objects of one system live, each at most once. Never writes. */
export interface LiveReader {
	setting(id: string): Promise<LiveSetting>;
	group(id: string): Promise<LiveMembership>;
	role(role: string): Promise<LiveMembership>;
	/** When grants end by the vendor's own clock; null: this vendor ends none by itself. */
	ends(place: GrantPlace): Promise<GrantEnds | null>;
}

export interface LiveInput {
	system: string;
	provider: Provider;
	connection: Connection;
	now(): number;
	/** What a scan of the same run read whole just now: it is not asked of the vendor again. Null for a collection: not read whole. */
	scanned?: Scanned;
}

/**
 * Reads only what is asked for: one group's members, the holders of roles, one setting.
 * Every method throws `LiveError` for what can't be read whole: nothing is concluded from a part.
 */
export function liveReader(input: LiveInput): LiveReader {
	const { provider, connection, system } = input;
	const started = input.now();
	const read = async <T extends object>(collection: CollectionName, given: Given = {}, prefix?: string): Promise<Collected<T>> =>
		(await input.scanned?.<T>(collection, prefix)) ?? collect<T>({ ...input, started }, collection, given);
	const kept = new Map<string, Promise<unknown>>();
	const once = <T>(key: string, make: () => Promise<T>): Promise<T> => {
		const held = (kept.get(key) ?? make()) as Promise<T>;
		kept.set(key, held);
		return held;
	};

	const groups = () => once("groups", () => read<GroupRecord>("groups"));
	const rules = () => once("rules", () => read<GroupRuleRecord>("groupRules"));
	const membersOf = (id: string) =>
		once(`members/${id}`, async () => {
			const [all, assigning] = await Promise.all([groups(), rules()]);
			const own = all.records.filter((record) => record.id === id);
			if (own.length === 0) return { records: [], why: null, request: null };
			// Without the rules, where a member comes from stays unknown, and nobody is taken out.
			return read<MembershipRecord>("memberships", { groups: own, ...(assigning.why === null ? { groupRules: assigning.records } : {}) }, `${id}/`);
		});
	const assignments = () =>
		once("roles", async () => {
			const all = await groups();
			const granting = all.records.filter(({ body }) => body.grantsRole !== false);
			const members = await Promise.all(granting.map(({ id }) => membersOf(id)));
			const memberships = members.flatMap(({ records }) => records);
			const held = await read<RoleAssignmentRecord>("roleAssignments", { groups: all.records, memberships });
			return { ...held, why: held.why ?? all.why };
		});

	return {
		setting: (id) =>
			once(`setting/${id}`, async () => {
				const found = settingSpec(provider.settings, id);
				if (!found) throw new LiveError(`${system}/${id}: ${provider.title} has no setting of this kind that can be declared${kindsOf(provider)}`);
				const { canonical, valuesSchema: schema, update, explain, names } = found.spec;
				const { exists, name, values } = await found.spec.read(connection, found.id);
				return {
					exists,
					name: exists ? name : null,
					values,
					canonical,
					schema,
					writable: update !== null,
					...(explain && { explain }),
					...(names && { names }),
				};
			}),
		group: async (id) => {
			const all = await groups();
			const group = all.records.find((record) => record.id === id);
			if (!group && all.why !== null) throw new LiveError(`${system}: groups can't be read whole: ${all.why}`);
			if (!group) return { exists: false, name: null, members: new Map() };
			const { records, why } = await membersOf(id);
			if (why !== null) throw new LiveError(`${system}: the members of ${group.body.name} can't be read whole: ${why}`);
			// A group inside a group is no account that could be declared.
			const own = records.filter(({ body }) => body.group === id && body.memberType !== "group");
			return {
				exists: true,
				name: group.body.name,
				members: new Map(own.map(({ body: { account, source, login } }) => [account, { source, ...(login && { login }) }])),
			};
		},
		role: async (role) => {
			const { records, why } = await assignments();
			if (why !== null) throw new LiveError(`${system}: the holders of roles can't be read whole: ${why}`);
			const of = records.filter(({ body }) => body.role === role && body.assignment === "active");
			const members = new Map<string, LiveMember>();
			const member = (id: string): LiveMember => {
				const held = members.get(id) ?? { assignments: [], through: [] };
				members.set(id, held);
				return held;
			};
			for (const { body } of of) {
				if (body.principalType === "account") member(body.principal).assignments?.push({ id: body.id, scope: body.scope ?? null });
				if (body.principalType !== "group") continue;
				const inside = await membersOf(body.principal);
				if (inside.why !== null) throw new LiveError(`${system}: the members of a group that carries ${role} can't be read whole: ${inside.why}`);
				const name = (await groups()).records.find(({ id }) => id === body.principal)?.body.name ?? body.principal;
				for (const { body: inner } of inside.records.filter((one) => one.body.group === body.principal)) member(inner.account).through?.push(name);
			}
			return { exists: true, name: of[0]?.body.label ?? null, members };
		},
		ends: (place) =>
			once(`ends/${place.kind}/${place.id}`, async () => {
				if (!provider.grantEnds) return null;
				try {
					return await provider.grantEnds(connection, place);
				} catch (error) {
					throw new LiveError(`${system}: when grants of ${place.id} end can't be read: ${error instanceof Error ? error.message : String(error)}`);
				}
			}),
	};
}

function kindsOf(provider: Provider): string {
	return provider.settings.length === 0 ? "" : `; there is: ${provider.settings.map(({ kind }) => kind).join(", ")}`;
}
