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
