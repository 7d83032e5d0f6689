import { encodeKnown } from "../../src/model/json.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { SettingLive, SettingReach, SettingSpec } from "../../src/provider/setting.js";
import { ActionError, assertWriting } from "./act-guard.js";
import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { nextMove, orderOf, policyOrderName, rankedPolicies, rankedRules, ruleOrderName, shiftingOf } from "./order.js";
import { list, one } from "./read.js";
import { identified, type Json, object, texts, word } from "./schema.js";
import { servers, withoutNulls } from "./settings-values.js";

const scope = "okta.policies.read";

/** All policies of a type, or all rules of a policy, as Okta has them. */
interface Ranks {
	type: string;
	name: string;
	/** Null: there is no such list. */
	objects: { id: string; raw: Json }[] | null;
	request: RequestRef;
	place(id: string): { path: string; params: Record<string, string> };
}

interface OrderKind {
	kind: string;
	title: string;
	ranks(connection: OktaConnection, id: string): Promise<Ranks>;
	/** Records that the order ranks. */
	ranked(id: string): (record: SettingRecord) => boolean;
}

export const orderKinds: OrderKind[] = [
	{
		kind: "policy-order",
		title: "Order of policies",
		async ranks(connection, type) {
			if (!rankedPolicies.includes(type))
				throw new ActionError(
					type === "ACCESS_POLICY"
						? "app sign-in policies have no order among each other, as each is for apps of its own: declare rule-order/<policy id>"
						: `policy-order/${type}: there is an order of the policies of ${rankedPolicies.join(", ")}`,
				);
			const request = { method: "GET" as const, path: "/api/v1/policies", query: { type } };
			const read = await whole(connection, request, `policies of ${type}`);
			const place = (policyId: string) => ({ path: "/api/v1/policies/{policyId}", params: { policyId } });
			return { type, name: policyOrderName(type), ...read, place };
		},
		ranked: (type) => (record) => record.kind === `policy/${type}`,
	},
	{
		kind: "rule-order",
		title: "Order of a policy's rules",
		async ranks(connection, policyId) {
			const place = (ruleId: string) => ({ path: "/api/v1/policies/{policyId}/rules/{ruleId}", params: { policyId, ruleId } });
			const answer = await one(connection, { method: "GET", path: "/api/v1/policies/{policyId}", params: { policyId } }, connection.config.signal);
			if ("error" in answer) {
				if (isGone(answer.error)) return { type: "", name: "", objects: null, request: answer.error.request, place };
				throw answer.error;
			}
			const raw = object(answer.body);
			const type = word(raw?.type) ?? "";
			if (!raw || word(raw.id) !== policyId) throw new ActionError(`Okta answers to policy ${policyId} with another object`);
			if (!rankedRules.includes(type)) throw new ActionError(`rules of a policy of type ${type} are not put in order here`);
			const name = ruleOrderName(word(raw.name) ?? policyId);
			const request = { method: "GET" as const, path: "/api/v1/policies/{policyId}/rules", params: { policyId } };
			return { type, name, ...(await whole(connection, request, `rules of policy ${policyId}`)), place };
		},
		ranked: (policyId) => (record) => record.kind.startsWith("rule/") && record.parent === policyId,
	},
];

/** Nothing is said of an order of which a part was not read. */
async function whole(connection: OktaConnection, request: Parameters<typeof list>[1], what: string) {
	const objects: { id: string; raw: Json }[] = [];
	let last: RequestRef | null = null;
	for await (const page of list(connection, request, { scope, signal: connection.config.signal })) {
		const found = page.items.map((item) => identified(item, what));
		if (page.quarantined.length > 0 || found.some((item) => "bad" in item)) throw new ActionError(`the ${what} can't all be read: their order can't be said`);
		objects.push(...found.flatMap((item) => ("bad" in item ? [] : [item])));
		last = page.request;
		if (page.end?.error) throw page.end.error;
		if (page.end && !page.end.closed) throw new ActionError(`the ${what} can't be read to the end: ${page.end.reasons[0]?.detail ?? "no reason was given"}`);
	}
	if (!last) throw new ActionError(`the ${what} can't be read`);
	return { objects, request: last };
}

const rankOf = ({ id, raw }: { id: string; raw: Json }) => ({
	id,
	name: word(raw.name) ?? id,
	builtIn: raw.system === true,
	priority: typeof raw.priority === "number" ? raw.priority : null,
});

function ordered({ name, objects }: Ranks) {
	const order = orderOf((objects ?? []).map(rankOf));
	if ("why" in order) throw new ActionError(`${name} can't be said: ${order.why}`);
	return order;
}

async function read({ ranks }: OrderKind, connection: OktaConnection, id: string): Promise<SettingLive> {
	const found = await ranks(connection, id);
	if (!found.objects) return { exists: false, name: "", values: {}, request: found.request };
	return { exists: true, name: found.name, values: { ...ordered(found) }, request: found.request };
}

/**
 * The fewest PUTs, each with the whole object as it is at that moment and another priority. Between them the order is looked at again.
 * @throws ActionError where the declared ids are not the live ones, or somebody else changes it meanwhile; HttpError
 */
async function update({ ranks, kind }: OrderKind, connection: OktaConnection, id: string, values: Json, expected?: Json): Promise<RequestRef> {
	assertWriting(connection);
	const to = texts(values.order) ?? [];
	let moves = 0;
	let last: RequestRef | undefined;
	for (;;) {
		const found = await ranks(connection, id);
		if (!found.objects) throw new ActionError(`Okta has no ${kind}/${id}`);
		const now = ordered(found);
		const other = otherIds(values, { ...now });
		if (other) throw new ActionError(other);
		if (moves === 0 && expected && encodeKnown({ ...now }) !== encodeKnown(expected))
			throw new ActionError(`${found.name} was changed by somebody else since it was looked at: look again`);
		const move = nextMove(now.order, to, shiftingOf(found.type));
		if (!move) return last ?? found.request;
		if (moves++ > to.length)
			throw new ActionError(`${found.name} does not come to be as declared: somebody else changes it as well, or Okta moves more than it says`);
		const raw = found.objects.find((one) => one.id === move.id)?.raw;
		const priority = found.objects.find((one) => one.id === move.takes)?.raw.priority;
		const body = withoutNulls({ ...Object.fromEntries(Object.entries(raw ?? {}).filter(([key]) => !servers.includes(key))), priority });
		({ request: last } = await connection.http.client.send({ method: "PUT", ...found.place(move.id), body }));
	}
}

/** Why an order can't be written over the live one: it is not of the same policies or rules. Null = it is. */
export function otherIds(declared: Json, live: Json): string | null {
	const [wanted, held] = [texts(declared.order) ?? [], texts(live.order) ?? []];
	const named = (id: string): string => {
		const name = word(object(live.names)?.[id]);
		return name === undefined ? id : `${name} (${id})`;
	};
	const added = held.filter((id) => !wanted.includes(id)).map(named);
	const gone = wanted.filter((id) => !held.includes(id));
	const parts = [...(added.length > 0 ? [`not in the declared order: ${added.join(", ")}`] : []), ...(gone.length > 0 ? [`gone: ${gone.join(", ")}`] : [])];
	return parts.length === 0 ? null : `the order is not of what is there now (${parts.join("; ")}): take it over as it is with keelson drift --adopt, then move`;
}

/** Which stand elsewhere, with names. */
function explain(declared: Json, live: Json): { said: string; stuck: string | null } {
	const stuck = otherIds(declared, live);
	const say = (order: unknown) => (texts(order) ?? []).map((id) => word(object(live.names)?.[id]) ?? id).join(", ");
	return { said: stuck ?? `is ${say(live.order)}; declared ${say(declared.order)}`, stuck };
}

/** The record with the order; null where it is not of the same ids. */
function predict(live: SettingRecord, values: Json): SettingRecord | null {
	return live.values && otherIds(values, live.values) === null ? { ...live, values: { ...live.values, order: values.order } } : null;
}

/** Policies or rules as they would be ranked, Okta's own default one last. */
function arrange({ kind, ranked }: OrderKind, after: SettingRecord, settings: SettingRecord[]): SettingRecord[] | null {
	const order = texts(after.values?.order);
	const isRanked = ranked(after.id.slice(kind.length + 1));
	const of = new Map(
		settings.filter((record) => isRanked(record) && !record.builtIn).map((record) => [record.id, record.id.slice(record.id.lastIndexOf("/") + 1)]),
	);
	const there = [...of.values()];
	if (!order || there.length !== order.length || there.some((id) => !order.includes(id))) return null;
	return settings.map((record) => {
		if (!isRanked(record)) return record;
		return { ...record, priority: record.builtIn ? order.length + 1 : order.indexOf(of.get(record.id) ?? "") + 1 };
	});
}

/** An order of policies may decide for anybody; that of rules for whom their policy is. */
function reach(record: SettingRecord, settings: SettingRecord[], policyReach: Reach): SettingReach | undefined {
	if (record.parent == null) return "everyone";
	const policy = settings.find(({ kind, id }) => kind.startsWith("policy/") && id.endsWith(`/${record.parent}`));
	return policy?.kind === "policy/ACCESS_POLICY" || policy?.kind === "policy/IDP_DISCOVERY" ? "everyone" : policy && policyReach(policy, settings);
}

type Reach = (record: SettingRecord, settings: SettingRecord[]) => SettingReach | undefined;

export const orderSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	additionalProperties: false,
	required: ["order"],
	minProperties: 1,
	properties: { order: { type: "array", uniqueItems: true, items: { type: "string", pattern: "^[A-Za-z0-9_.-]+$" } } },
};

/** Orders of policies and of a policy's rules, each one setting. */
export function orderSpecs(policyReach: Reach): SettingSpec<OktaConnection>[] {
	return orderKinds.map((kind) => ({
		kind: kind.kind,
		title: kind.title,
		valuesSchema: orderSchema,
		pulumiTypes: [],
		lockOutCapable: true,
		read: (connection, id) => read(kind, connection, id),
		// Names are beside the ids for people: another name is no other order.
		canonical: ({ names: _, ...values }) => values,
		update: (connection, id, values, expected) => update(kind, connection, id, values, expected),
		names: ({ names }) => Object.fromEntries(Object.entries(object(names) ?? {}).map(([id, name]) => [id, String(name)])),
		explain,
		predict,
		arrange: (after, settings) => arrange(kind, after, settings),
		reach: (record, settings) => reach(record, settings, policyReach),
	}));
}
