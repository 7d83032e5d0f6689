import { isMap, isPair, isScalar, isSeq, type Pair, type YAMLMap } from "yaml";
import type { LiveState } from "../drift/drift.js";
import { type Drift, differs, membershipDrift, settingDrift } from "../drift/drift.js";
import type { ValueChange } from "../drift/values.js";
import { untilText } from "../provider/grants.js";
import { parseYaml } from "../stack/document.js";
import { loadSource } from "../stack/load.js";
import { decode, readSource, type Source } from "../stack/source.js";
import type { Stack } from "../stack/stack.js";
import { find, replaceFile, scalar } from "./import-edit.js";
import { changedLines, dropPair, editList, flowText, lineEnd, lineStart, type Splice, setValue, spliced } from "./splices.js";

/** The change of the stack file that makes the declaration say what is live. */
export interface Adoption {
	/** Lines that go and come, with the number of the first. */
	lines: string[];
	write(): Promise<void>;
}

/** Why there is none that can be written: one sentence. */
export interface NoAdoption {
	why: string;
}

/**
 * Works out the change and proves it: with the new text the object shows no drift, and every other entry says what it said. Writes nothing by
 * itself. `logins`: of members who are not declared yet.
 */
export async function adoptionOf(
	stack: Stack,
	drift: Drift,
	live: LiveState,
	logins: ReadonlyMap<string, string>,
	now: number,
): Promise<Adoption | NoAdoption> {
	const nameless = drift.extra.filter((id) => !logins.has(id) && drift.outside[id] === undefined);
	if (nameless.length > 0) return { why: `the login of ${nameless.slice(0, 3).join(", ")} is not stored yet: run keelson scan` };
	const membership = Object.hasOwn(stack.memberships, drift.key) ? stack.memberships[drift.key] : undefined;
	const over = membership?.members.find(({ id, until }) => id !== null && drift.extra.includes(id) && until !== null);
	if (over) return { why: `the time of ${over.login} is over and it is still there: write another \`until\`, or take the line out and let the access end` };
	const [other] = drift.ends ?? [];
	if (other) {
		const ends = other.live === null ? "does not end" : `ends at ${untilText(other.live)}`;
		return {
			why: `the access of ${logins.get(other.id) ?? other.id} ${ends} at the vendor: write that under \`until\`, or restore ${other.desired === null ? "it without an end" : "the declared end"}`,
		};
	}
	const read = await readSource(stack.file);
	if ("problem" in read) return { why: "the stack file can't be read" };
	const splices = splicesFor(read.source, drift, (id) => logins.get(id) ?? drift.outside[id] ?? id);
	const text = splices && spliced(read.source.text, splices);
	if (!splices || text === null || !(await proven(read.source, text, stack, drift, live, now)))
		return { why: "its entry is written in a form that is not edited here: change it by hand" };
	return { lines: changedLines(read.source.text, splices), write: () => replaceFile(read.source, text) };
}

function splicesFor(source: Source, drift: Drift, login: (id: string) => string): Splice[] | null {
	const { text } = source;
	const section = parseYaml(source).parsed?.marks.get(drift.kind === "membership" ? "memberships" : "settings")?.node;
	const pair = isMap(section) ? find(section, drift.key) : undefined;
	if (!pair) return null;
	if (!drift.exists) return all([isMap(section) && section.items.length > 1 ? dropPair(text, pair) : null]);
	const entry = pair.value;
	if (!isMap(entry)) return null;
	const splices: (Splice | null)[] = [];
	if (drift.misnamed !== null) splices.push(within(entry, "name", (name) => setValue(text, name, drift.name)));
	if (drift.missing.length + drift.extra.length > 0) {
		const gone = new Set(drift.missing);
		const add = [...drift.extra].sort((a, b) => (login(a) < login(b) ? -1 : 1)).map((id) => `{ login: ${scalar(login(id))}, id: ${scalar(id)} }`);
		const members = find(entry, "members");
		const edited = members && editList(text, members, (item) => typeof item === "object" && item !== null && gone.has(String(Reflect.get(item, "id"))), add);
		splices.push(...(edited ?? [null]));
	}
	const values = find(entry, "values")?.value;
	for (const change of drift.changed) splices.push(...(isMap(values) ? valueSplices(text, values, change) : [null]));
	return all(splices);
}

function valueSplices(text: string, values: YAMLMap, { keys, live, said }: ValueChange): (Splice | null)[] {
	let map: YAMLMap = values;
	for (const [depth, key] of keys.entries()) {
		const pair = find(map, key);
		if (!pair) return [null];
		if (depth === keys.length - 1) {
			if (live === undefined) return [map.flow ? null : dropPair(text, pair)];
			return (said === undefined ? listSplices(text, pair, live) : orderSplices(text, pair, live)) ?? [setValue(text, pair, live)];
		}
		if (!isMap(pair.value)) return [null];
		map = pair.value;
	}
	return [null];
}

/** A list of plain values keeps the lines of those that stay. */
function listSplices(text: string, pair: Pair, live: unknown): Splice[] | null {
	const list = pair.value;
	if (!isSeq(list) || list.flow || !Array.isArray(live) || live.some((one) => typeof one === "object" && one !== null)) return null;
	const declared = list.items.map((item) => (isPair(item) || typeof item !== "object" || item === null ? null : (item as { toJSON(): unknown }).toJSON()));
	const added = live.filter((one) => !declared.includes(one)).map(flowText);
	return editList(text, pair, (item) => !live.includes(item), added);
}

/** A list whose order counts: each entry keeps its line, with what people wrote beside it. */
function orderSplices(text: string, pair: Pair, live: unknown): Splice[] | null {
	const list = pair.value;
	if (!isSeq(list) || list.flow || !Array.isArray(live) || !live.every((one) => typeof one === "string")) return null;
	const lines = new Map<unknown, string>();
	const edges: number[] = [];
	for (const item of list.items) {
		if (!isScalar(item) || !item.range) return null;
		const [start, end] = [lineStart(text, item.range[0]), lineEnd(text, item.range[1])];
		lines.set(item.value, text.slice(start, end));
		edges.push(start, end);
	}
	// Lines between the entries belong to nobody knows which.
	if (edges.length === 0 || edges.some((edge, at) => at % 2 === 0 && at > 0 && edge !== edges[at - 1])) return null;
	const dash = /^\s*- /.exec([...lines.values()][0] ?? "")?.[0];
	if (dash === undefined) return null;
	return [{ start: edges[0] ?? 0, end: edges.at(-1) ?? 0, text: live.map((id) => lines.get(id) ?? `${dash}${flowText(id)}\n`).join("") }];
}

function within(map: YAMLMap, key: string, make: (pair: Pair) => Splice | null): Splice | null {
	const pair = find(map, key);
	return pair ? make(pair) : null;
}

function all(splices: (Splice | null)[]): Splice[] | null {
	return splices.includes(null) ? null : (splices as Splice[]);
}

/** The new text is a stack file, in which this object is as it is live and all else is as it was. */
async function proven(source: Source, text: string, before: Stack, drift: Drift, live: LiveState, now: number): Promise<boolean> {
	const decoded = decode(source.file, Buffer.from(text));
	if ("problem" in decoded) return false;
	const { stack } = await loadSource(decoded.source);
	if (!stack) return false;
	const { key } = drift;
	const [membership, held, setting, values] = [stack.memberships[key], live.memberships.get(key), stack.settings[key], live.settings.get(key)];
	if (drift.exists ? !(membership || setting) : membership !== undefined || setting !== undefined) return false;
	if (membership && held && differs(membershipDrift(key, membership, held, now))) return false;
	if (setting && values && differs(settingDrift(key, setting, values))) return false;
	return rest(stack, key) === rest(before, key);
}

/** Every other part of a stack file, places left out. */
function rest({ memberships, settings, systems, people, policies, exemptions, resources, remediation, name, store }: Stack, key: string): string {
	const others = <T extends object>(all: Record<string, T>) => Object.entries(all).filter(([one]) => one !== key);
	return JSON.stringify([name, store, systems, people, policies, exemptions, resources, remediation, others(memberships), others(settings)]);
}
