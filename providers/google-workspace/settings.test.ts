import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { differences } from "../../src/drift/values.js";
import { declarable } from "./group-settings.js";
import { settingSpecs } from "./settings.js";
import { type Answers, base, connected, type PathServer, servePaths } from "./test-paths.js";

let tenant: PathServer;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
	await tenant?.close();
});

const spec = settingSpecs.find(({ kind }) => kind === "group-settings");
const fresh = {
	kind: "groupsSettings#groups",
	email: "g1@acme.example",
	archiveOnly: "false",
	...Object.fromEntries(Object.entries(declarable).map(([key, words]) => [key, words[0]])),
};
const values = fc
	.record(
		Object.fromEntries(
			Object.entries(declarable).map(([key, words]) => [key, fc.constantFrom<unknown>(...words, ...(words[0] === "true" ? [true, false] : []))]),
		),
		{ requiredKeys: [], noNullPrototype: true },
	)
	.filter((one) => Object.keys(one).length > 0);

async function group(live: Record<string, unknown>) {
	const answers: Answers = {
		...base(),
		"/admin/directory/v1/groups/g1": { id: "g1", email: "g1@acme.example", name: "G1" },
		"GET /groups/v1/groups/g1@acme.example": () => ({ body: live }),
		"PATCH /groups/v1/groups/g1@acme.example": (_, { sent }) => {
			for (const value of Object.values(sent as object)) expect(typeof value).toBe("string");
			return { body: Object.assign(live, sent) };
		},
	};
	tenant = await servePaths(answers);
	const connection = await connected(tenant, "act");
	open.push(connection);
	if (!spec?.update) throw new Error("group settings can't be changed");
	return {
		connection,
		read: () => spec.read(connection, "g1"),
		update: (declared: Record<string, unknown>, expected?: Record<string, unknown>) => spec.update?.(connection, "g1", declared, expected),
		canonical: spec.canonical,
	};
}

describe("a group's settings", () => {
	it("are as they were declared: write, read, and nothing differs", async () => {
		const { read, update, canonical } = await group({ ...fresh });
		await fc.assert(
			fc.asyncProperty(values, async (declared) => {
				await update(declared);
				expect(differences(declared, { values: (await read()).values, canonical })).toEqual([]);
				expect(canonical(canonical(declared))).toEqual(canonical(declared));
			}),
			{ numRuns: 30 },
		);
	});

	it("refuse what Google would not keep, and what somebody else changed meanwhile", async () => {
		const { read, update } = await group({ ...fresh, archiveOnly: "true" });
		await expect(update({ whoCanPostMessage: "ANYONE_CAN_POST" })).rejects.toThrow("archived");
		await expect(update({ whoCanFly: "ALL" })).rejects.toThrow("whoCanFly is not a value that can be declared");
		await expect(update({ whoCanJoin: "EVERYBODY" })).rejects.toThrow("must be one of");
		const { values: seen } = await read();
		await expect(update({ allowWebPosting: false }, { ...seen, whoCanJoin: "INVITED_CAN_JOIN" })).rejects.toThrow("changed by somebody else");
	});

	it("are the only ones that are written: policies and SSO can be read and compared", () => {
		expect(settingSpecs.filter(({ update }) => update).map(({ kind }) => kind)).toEqual(["group-settings"]);
	});
});

/** The same values with lists in another order and one entry twice, and nothing as null, as an empty list or not at all. */
function rewritten(value: unknown): fc.Arbitrary<unknown> {
	if (Array.isArray(value)) {
		const items = fc.tuple(...value.map(rewritten));
		return items.chain((list) =>
			list.length === 0 ? fc.constantFrom<unknown>([], null) : fc.shuffledSubarray([...list, list[0]], { minLength: list.length + 1 }),
		);
	}
	if (typeof value !== "object" || value === null) return value === null ? fc.constantFrom<unknown>(null, []) : fc.constant(value);
	const empty = (one: unknown): boolean => one === null || (Array.isArray(one) && one.length === 0);
	const parts = Object.entries(value).map(([key, inner]) =>
		fc.tuple(fc.constant(key), empty(inner) ? fc.option(rewritten(inner), { nil: undefined }) : rewritten(inner)),
	);
	return fc.tuple(...parts).map((pairs) => Object.fromEntries(pairs.filter(([, inner]) => inner !== undefined)));
}

describe("policies and SSO", () => {
	const observed = settingSpecs.filter(({ update }) => !update);
	const json = fc.letrec<{ any: unknown; object: Record<string, unknown> }>((tie) => ({
		any: fc.oneof({ depthSize: "small" }, fc.constantFrom<unknown>("ALL", "a", true, 3, null), fc.array(tie("any"), { maxLength: 3 }), tie("object")),
		object: fc.dictionary(fc.constantFrom("list", "value", "inner", "flag"), tie("any"), { noNullPrototype: true }),
	})).object;

	it("are no difference in another order, or with null or nothing for an empty list", () => {
		expect(observed.length).toBeGreaterThan(10);
		fc.assert(
			fc.property(
				fc.constantFrom(...observed),
				json.chain((values) => fc.tuple(fc.constant(values), rewritten(values) as fc.Arbitrary<Record<string, unknown>>)),
				({ canonical }, [values, written]) => {
					expect(canonical(written)).toEqual(canonical(values));
					expect(canonical(canonical(written))).toEqual(canonical(written));
				},
			),
		);
	});

	it("are a difference where a list has lost or got an entry, down to none", () => {
		for (const { canonical } of observed)
			for (const [written, values] of [
				[{ value: { list: [] } }, { value: { list: ["x"] } }],
				[{ value: { list: ["x"] } }, { value: {} }],
				[{ list: ["x", "y"] }, { list: ["x"] }],
			] as [Record<string, unknown>, Record<string, unknown>][])
				expect(differences(written, { values, canonical })).toHaveLength(1);
	});
});
