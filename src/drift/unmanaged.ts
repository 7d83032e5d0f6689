import type { AppRecord, GroupRecord, RoleAssignmentRecord, SettingRecord } from "../model/objects.js";
import type { CollectionName, Scan, StoredRecord } from "../model/snapshot.js";
import { settingSpec } from "../plan/specs.js";
import type { SettingSpec } from "../provider/setting.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";

/** An object that a live system has and the stack file declares nowhere. */
export interface UnmanagedObject {
	/** As it would stand in the stack file: `<system>/group/<id>`, `<system>/<setting id>`, `<system>/role/<role>`; apps have no such entry. */
	key: string;
	kind: "group" | "setting" | "role" | "app";
	/** The kind of setting (`policy/PASSWORD`), a group's or app's type, of a role how many hold it. */
	detail: string;
	name: string;
}

/** How much of one kind of object is declared. */
export interface KindCoverage {
	kind: UnmanagedObject["kind"];
	/** Objects of the kind that the newest scan saw. */
	total: number;
	declared: number;
	/** Null: all there are were read. Else why there may be more. */
	incomplete: string | null;
}

/** One system beside the stack file. */
export interface SystemCoverage {
	system: string;
	/** The scan that was looked at; null: none is stored. */
	scanned: number | null;
	kinds: KindCoverage[];
	unmanaged: UnmanagedObject[];
}

export interface UnmanagedInput {
	stack: Stack;
	store: Store;
	settings: SettingSpec[];
	system: string;
}

/** What the newest stored scan of a system has and the stack file does not declare. Reads no system. */
export async function unmanagedOf(input: UnmanagedInput): Promise<SystemCoverage> {
	const { store, system } = input;
	const [scan] = await store.scans({ system, limit: 1 });
	if (!scan) return { system, scanned: null, kinds: [], unmanaged: [] };
	const taken = takenOver(input.stack);
	const found: SystemCoverage = { system, scanned: scan.finished ?? scan.started, kinds: [], unmanaged: [] };
	for (const { kind, collection, objects } of [groups, settings, roles, apps]) {
		const coverage = scan.coverage.find((one) => one.collection === collection);
		if (!coverage || coverage.reasons.some(({ cause }) => cause === "unsupported")) continue;
		const all = await objects(input, scan, new Set(coverage.unseen));
		const isDeclared = ({ key, ids }: Listed) => isIn(input.stack, key) || ids.some((id) => taken.has(id));
		const open = all.filter((one) => !isDeclared(one));
		const incomplete = coverage.state === "complete" ? null : (coverage.reasons[0]?.detail ?? `${collection}: ${coverage.state}`);
		if (all.length === 0 && incomplete === null) continue;
		found.kinds.push({ kind, total: all.length, declared: all.length - open.length, incomplete });
		found.unmanaged.push(...open.map(({ ids: _, ...one }) => ({ ...one, kind })).sort((a, b) => (a.key < b.key ? -1 : 1)));
	}
	return found;
}

const isIn = ({ memberships, settings: declared }: Stack, key: string) => Object.hasOwn(memberships, key) || Object.hasOwn(declared, key);

/** Vendor ids that resources of the stack file name as taken over (`import`) or read (`id`). */
function takenOver({ resources }: Stack): Set<string> {
	const ids = new Set<string>();
	const look = (value: unknown, key: string) => {
		if (typeof value === "string" && (key === "import" || key === "id")) for (const part of value.split("/")) ids.add(part);
		if (typeof value === "object" && value !== null) for (const [inner, one] of Object.entries(value)) look(one, inner);
	};
	look(resources, "");
	return ids;
}

interface Listed extends Omit<UnmanagedObject, "kind"> {
	/** Vendor ids of the object. */
	ids: string[];
}

interface Kind {
	kind: UnmanagedObject["kind"];
	collection: CollectionName;
	objects(input: UnmanagedInput, scan: Scan, unseen: ReadonlySet<string>): Promise<Listed[]>;
}

async function each(
	{ store }: UnmanagedInput,
	scan: Scan,
	collection: CollectionName,
	unseen: ReadonlySet<string>,
	one: (record: StoredRecord) => void,
): Promise<void> {
	for await (const batch of store.records(scan, collection)) for (const record of batch) if (!unseen.has(record.id)) one(record);
}

const groups: Kind = {
	kind: "group",
	collection: "groups",
	async objects(input, scan, unseen) {
		const found: Listed[] = [];
		await each(input, scan, "groups", unseen, ({ id, body }) => {
			const { name, type, source } = body as GroupRecord;
			found.push({ key: `${input.system}/group/${id}`, ids: [id], name, detail: source === "direct" ? type : `${type}, ${source}` });
		});
		return found;
	},
};

/** Kinds that can't be declared are left out: nobody could take them over. */
const settings: Kind = {
	kind: "setting",
	collection: "settings",
	async objects(input, scan, unseen) {
		const found: Listed[] = [];
		await each(input, scan, "settings", unseen, ({ id, body }) => {
			const of = settingSpec(input.settings, id);
			const { name, values } = body as SettingRecord;
			// An order is none beside what it ranks.
			if (of && !of.spec.arrange && values !== undefined)
				found.push({ key: `${input.system}/${id}`, ids: [of.id.split("/").at(-1) ?? of.id], name, detail: of.spec.kind });
		});
		return found;
	},
};

/** Roles that somebody holds now. */
const roles: Kind = {
	kind: "role",
	collection: "roleAssignments",
	async objects(input, scan, unseen) {
		const held = new Map<string, { name: string; holders: number }>();
		await each(input, scan, "roleAssignments", unseen, ({ body }) => {
			const { role, label, assignment } = body as RoleAssignmentRecord;
			if (assignment !== "active") return;
			const one = held.get(role) ?? { name: label, holders: 0 };
			held.set(role, { ...one, holders: one.holders + 1 });
		});
		return [...held].map(([role, { name, holders }]) => ({
			key: `${input.system}/role/${role}`,
			ids: [],
			name,
			detail: `${holders} ${holders === 1 ? "assignment" : "assignments"}`,
		}));
	},
};

const apps: Kind = {
	kind: "app",
	collection: "apps",
	async objects(input, scan, unseen) {
		const found: Listed[] = [];
		await each(input, scan, "apps", unseen, ({ id, body }) => {
			const { name, type, active } = body as AppRecord;
			found.push({ key: `${input.system}/app/${id}`, ids: [id], name, detail: active ? type : `${type}, off` });
		});
		return found;
	},
};

/** Chosen by kind (`group`, `setting`, `role`, `app`) or by what stands in `detail`'s beginning (`policy/PASSWORD`, `OKTA_GROUP`). */
export function ofKinds(coverage: SystemCoverage, kinds: string[] | undefined): SystemCoverage {
	if (!kinds) return coverage;
	const chosen = ({ kind, detail }: UnmanagedObject) =>
		kinds.some((one) => one === kind || detail === one || detail.startsWith(`${one}/`) || detail.startsWith(`${one},`));
	const unmanaged = coverage.unmanaged.filter(chosen);
	const shown = new Set([...kinds, ...unmanaged.map(({ kind }) => kind)]);
	return { ...coverage, kinds: coverage.kinds.filter(({ kind }) => shown.has(kind)), unmanaged };
}
