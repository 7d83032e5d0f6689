import { certain, namedIds, partsOf, summaryOf, surelyDiffers } from "../drift/certain.js";
import { type Drift, DriftError, membershipDrift, settingDrift } from "../drift/drift.js";
import type { LiveMembership } from "../drift/live.js";
import { loginsOf } from "../drift/logins.js";
import type { Problem } from "../model/assessment.js";
import type { Managed, ManagedGrant } from "../model/managed.js";
import type { RequestRef } from "../model/snapshot.js";
import { settingSpec } from "../plan/specs.js";
import type { SettingSpec } from "../provider/setting.js";
import type { DesiredMembership, DesiredSetting, Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { type StoredMembership, storedGroup, storedRole, storedSetting } from "./managed-live.js";
import type { JudgedObject } from "./objects.js";
import type { RoleIndex } from "./roles.js";
import type { Snapshot } from "./snapshot.js";

export interface ManagedInput {
	store: Store;
	stack: Stack;
	snapshot: Snapshot;
	roles: RoleIndex;
	/** Kinds of setting of this system's provider; a setting of another kind can't be compared. */
	kinds: SettingSpec[];
	now: number;
}

export interface ManagedSubjects {
	subjects: (Omit<JudgedObject<Managed>, "request"> & { request: RequestRef | null })[];
	problems: Problem[];
}

/** Every object that the stack file declares of one system, compared with the snapshot by the comparison of `keelson drift`. */
export async function managedObjects(input: ManagedInput): Promise<ManagedSubjects> {
	const { stack, snapshot } = input;
	const { system } = snapshot.scan;
	const made: ManagedSubjects = { subjects: [], problems: [] };
	const settings = Object.entries(stack.settings).filter(([, desired]) => desired.system === system);
	const memberships = Object.entries(stack.memberships).filter(([, desired]) => desired.system === system);
	const stored = settings.length > 0 ? await storedSetting(snapshot) : () => null;
	for (const [key, desired] of settings) await add(made, input, key, desired, settingOf(input, key, desired, stored));
	for (const [key, desired] of memberships) await add(made, input, key, desired, await membershipOf(input, key, desired, made));
	return made;
}

/** What can be said of one object: no drift where nothing could be compared. */
interface Compared {
	kind: Managed["kind"];
	object: string;
	drift: Drift | null;
	whole: boolean;
	name: string | null;
	request: RequestRef | null;
	signIn: boolean | undefined;
	privileged: boolean | undefined;
	grants: ManagedGrant[];
}

function settingOf(input: ManagedInput, key: string, desired: DesiredSetting, stored: Awaited<ReturnType<typeof storedSetting>>): Compared {
	const found = settingSpec(input.kinds, desired.setting);
	const live = found && stored(desired.setting, found.spec.kind, found.spec);
	return {
		kind: "setting",
		object: desired.setting,
		drift: live ? settingDrift(key, desired, live.setting) : null,
		whole: true,
		name: live?.setting.name ?? null,
		request: live?.request ?? null,
		signIn: found?.spec.lockOutCapable,
		privileged: false,
		grants: [],
	};
}

async function membershipOf(input: ManagedInput, key: string, desired: DesiredMembership, made: ManagedSubjects): Promise<Compared> {
	const { store, snapshot, roles, now } = input;
	const live = desired.kind === "group" ? await storedGroup(store, snapshot, roles, desired.target) : await storedRole(store, snapshot, desired.target);
	return {
		kind: desired.kind,
		object: `${desired.kind}/${desired.target}`,
		drift: live.membership && compared(input, key, desired, live.membership, now, made),
		whole: live.whole,
		name: live.membership?.name ?? null,
		request: live.request,
		signIn: false,
		privileged: live.privileged,
		grants: grantsIn(desired, live, now),
	};
}

/** Who was seen is there; who was not seen is gone only where all was read. A line that gives the same account more time is the one that counts. */
function grantsIn({ members }: DesiredMembership, { membership, whole }: StoredMembership, now: number): ManagedGrant[] {
	return members.flatMap(({ id, login, until }): ManagedGrant[] => {
		const longer = members.some((one) => id !== null && one.id === id && (one.until === null || one.until > Math.max(now, until ?? 0)));
		if (until === null || (until <= now && longer)) return [];
		const seen = membership && id !== null ? membership.members.has(id) : undefined;
		const held = seen || whole ? seen : undefined;
		return [{ login, until, ...(held !== undefined && { held }) }];
	});
}

function compared(input: ManagedInput, key: string, desired: DesiredMembership, live: LiveMembership, now: number, made: ManagedSubjects): Drift | null {
	try {
		return membershipDrift(key, desired, live, now);
	} catch (error) {
		if (!(error instanceof DriftError)) throw error;
		const line = input.stack.positions.get(desired.path)?.line ?? null;
		made.problems.push({ path: desired.path, line, message: `whether ${key} is as declared is unknown: ${error.message}`, blocksWrites: false });
		return null;
	}
}

async function add(made: ManagedSubjects, input: ManagedInput, key: string, desired: DesiredSetting | DesiredMembership, one: Compared): Promise<void> {
	const { store, stack, snapshot } = input;
	const { system, provider } = snapshot.scan;
	const name = one.name ?? desired.name ?? key;
	const { kind, object, signIn, privileged, grants } = one;
	const subject: Managed = { key, system, provider, kind, object, name, mode: desired.mode, grants, reach: reachOf(one) };
	if (signIn !== undefined) subject.signIn = signIn;
	if (privileged !== undefined) subject.privileged = privileged;
	if (one.drift) {
		const differs = surelyDiffers(one.drift, one.whole);
		const known = one.whole ? one.drift : certain(one.drift);
		const logins = await loginsOf(stack, store, system, namedIds(known), snapshot.scan);
		const { parts, more } = partsOf(known, (id) => logins.get(id) ?? known.outside[id] ?? id);
		if (differs !== undefined) subject.differs = differs;
		subject.differences = Object.assign(parts, !(one.whole || differs === false) || more > 0 ? { partial: true as const } : {});
		subject.summary = summaryOf(known, parts, more);
	}
	made.subjects.push({ subject, ref: { kind: "managed", key, label: name }, request: one.request });
}

function reachOf({ signIn, privileged }: Compared): Managed["reach"] {
	if (signIn) return "sign-in";
	if (privileged) return "administrators";
	return signIn === false && privileged === false ? "other" : "unknown";
}
