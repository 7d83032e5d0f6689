import type { Severity, SubjectKind, SubjectRef } from "../model/finding.js";
import type { AppRecord, GroupRecord, SettingRecord } from "../model/objects.js";
import { withheldWords } from "../model/withheld.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { renderMessage } from "../policy/message.js";
import type { DesiredMappings, DesiredRecord } from "../provider/desired.js";
import type { SettingSpec } from "../provider/setting.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { resolvedProperties } from "./desired-properties.js";
import { exemptions } from "./exemptions.js";
import { openSnapshot, type Snapshot } from "./snapshot.js";

export interface DesiredInput {
	store: Store;
	stack: Stack;
	policies: CompiledPolicy[];
	/** Kinds of setting by system. */
	settingKinds: ReadonlyMap<string, SettingSpec[]>;
	/** What resources become, by system; none for a vendor that has no such mapping. */
	mappings: ReadonlyMap<string, DesiredMappings>;
	/** Milliseconds: what policies take for now, and exemptions are measured by. */
	now: number;
}

/** What a policy says of an object as the stack file would leave it. */
export interface DesiredVerdict {
	policy: string;
	severity: Severity;
	/** `fail` under a live exemption is `excepted`. */
	outcome: "fail" | "review" | "unknown" | "excepted";
	/** The live object fails already: the file does not make it worse. */
	already: boolean;
	/** For people; of unknown: what it is that can't be said yet. */
	message: string;
	/** `okta/rule/…`, or `okta/resources/<name>` for an object that does not exist yet: what an exemption names. */
	subject: string;
	name: string;
	/** Where in the stack file it is declared. */
	path: string;
}

export interface DesiredJudgement {
	verdicts: DesiredVerdict[];
	/** Declared objects that no policy could look at, and why, one line each. */
	notes: string[];
}

interface Desired {
	kind: SubjectKind;
	subject: { key: string; name: string };
	live: object | null;
	path: string;
}

const subjectKinds = { settings: "setting", groups: "group", apps: "app" } as const satisfies Record<DesiredRecord["collection"], SubjectKind>;

/**
 * Judges every object as the stack file would leave it: declared settings that may be written, and vendors' resources. From the store and the
 * file alone. What is not known before the object exists is unknown, and never a failure.
 */
export async function judgeDesired(input: DesiredInput): Promise<DesiredJudgement> {
	const notes: string[] = [];
	const objects: Desired[] = [];
	for (const system of Object.keys(input.stack.systems)) {
		const [scan] = await input.store.scans({ system, limit: 1 });
		const snapshot = scan ? openSnapshot(input.store, scan) : null;
		objects.push(...(await declaredSettings(input, system, snapshot, notes)), ...(await declaredResources(input, system, snapshot, notes)));
	}
	const exempt = exemptions(input.stack, input.now, input.policies);
	const verdicts = objects.flatMap((one) => input.policies.flatMap((policy) => verdictOf(policy, one, exempt, input.now) ?? []));
	return { verdicts, notes };
}

function verdictOf(policy: CompiledPolicy, { kind, subject, live, path }: Desired, exempt: ReturnType<typeof exemptions>, now: number): DesiredVerdict | null {
	const { policy: source } = policy;
	if (source.for !== kind) return null;
	const raw = policy.judge(subject, now);
	if (raw === "pass" || raw === "not-applicable") return null;
	const before = live === null ? null : policy.judge(live, now);
	// What was not known before the change says nothing of the change.
	if (raw === "unknown" && before === "unknown") return null;
	const ref: SubjectRef = { kind, key: subject.key, label: subject.name };
	const excuse = raw === "fail" ? exempt.of(source.id, { subject, ref }, now) : null;
	const said = raw === "unknown" ? `${subject.name}: ${source.title} can't be told before it exists` : renderMessage(policy, subject, now);
	return {
		policy: source.id,
		severity: source.severity,
		outcome: excuse?.exemption ? "excepted" : raw,
		already: raw !== "unknown" && before === raw,
		message: excuse?.withheld ? `${said}; ${withheldWords(excuse.withheld)}` : said,
		subject: subject.key,
		name: subject.name,
		path,
	};
}

async function declaredSettings({ stack, store, settingKinds }: DesiredInput, system: string, snapshot: Snapshot | null, notes: string[]): Promise<Desired[]> {
	const out: Desired[] = [];
	for (const [key, declared] of Object.entries(stack.settings)) {
		if (declared.system !== system || declared.mode === "observe") continue;
		const spec = (settingKinds.get(system) ?? [])
			.filter(({ kind }) => declared.setting.startsWith(`${kind}/`))
			.sort((a, b) => b.kind.length - a.kind.length)[0];
		const found = snapshot && !snapshot.unseen("settings").has(declared.setting) ? await store.record(snapshot.scan, "settings", declared.setting) : null;
		if (!spec || !snapshot || !found) {
			notes.push(`${key} was not read yet: no policy can judge it (keelson scan)`);
			continue;
		}
		const record = found.body as SettingRecord;
		const { provider } = snapshot.scan;
		const view = (body: SettingRecord) => ({ ...("verdict" in body ? {} : { verdict: null }), ...body, key, system, provider });
		const after = spec.predict?.(record, declared.values) ?? laidOver(record, declared.values, spec);
		out.push({ kind: "setting", subject: view(after), live: view(record), path: `${declared.path}.values` });
	}
	return out;
}

/** Where the provider can't say what the values do: they are known, and everything that follows from them is not. */
function laidOver(live: SettingRecord, values: Record<string, unknown>, spec: SettingSpec): SettingRecord {
	const { session, signIn, active, values: held, verdict, ...rest } = live;
	const decides = "status" in values || "state" in values || "isEnabled" in values;
	return {
		...rest,
		active: decides ? undefined : active,
		...(session === null && { session }),
		...(signIn === null && { signIn }),
		...(verdict === null && { verdict }),
		...(held && { values: { ...held, ...spec.canonical(values) } }),
	};
}

async function declaredResources(input: DesiredInput, system: string, snapshot: Snapshot | null, notes: string[]): Promise<Desired[]> {
	const out: Desired[] = [];
	const mappings = input.mappings.get(system) ?? {};
	for (const [key, resource] of Object.entries(input.stack.resources)) {
		if (resource.system !== system || resource.get !== null) continue;
		const mapping = Object.hasOwn(mappings, resource.type) ? mappings[resource.type] : undefined;
		if (!mapping) continue;
		const made = mapping(resolvedProperties(resource, input.stack.resources), key);
		if (!made) {
			notes.push(`resources.${key}: no policy can judge it before it exists`);
			continue;
		}
		const provider = input.stack.systems[system]?.provider ?? "";
		const view = (body: object, id: string) => ({ ...unsaid[made.collection], ...body, key: id, system, provider });
		const twin = snapshot && (await twinOf(snapshot, made));
		out.push({
			kind: subjectKinds[made.collection],
			subject: { ...view(made.record, `${system}/resources/${key}`), name: made.record.name },
			live: twin && view(twin.body, `${system}/${twin.id}`),
			path: `${resource.path}.properties`,
		});
	}
	return out;
}

/** What only joins with other collections say, and is not there before the object is. */
const unsaid: Record<DesiredRecord["collection"], object> = { settings: { verdict: null }, groups: {}, apps: {} };

/** The object that the resource is already, if it is: of the same kind, by name, for its id is in the engine's state alone. */
async function twinOf(
	snapshot: Snapshot,
	{ collection, record }: DesiredRecord,
): Promise<{ id: string; body: SettingRecord | GroupRecord | AppRecord } | null> {
	const kind = "kind" in record ? record.kind : null;
	let found: { id: string; body: SettingRecord | GroupRecord | AppRecord } | null = null;
	for await (const batch of snapshot.records<SettingRecord | GroupRecord | AppRecord>(collection, kind === null ? undefined : `${kind}/`))
		for (const { id, body } of batch) {
			if (body.name !== record.name || ("kind" in body && body.kind !== kind)) continue;
			// Two of one name: which it is can't be told, so that nothing is taken for known before.
			if (found) return null;
			found = { id, body };
		}
	return found;
}
