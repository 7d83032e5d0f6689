import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { groupSettingRecord } from "../../providers/google-workspace/group-settings.js";
import { decodeUser } from "../../providers/google-workspace/schema-account.js";
import { decodeAssignment } from "../../providers/google-workspace/schema-role.js";
import { decodeOrgUnit, decodeSsoAssignment } from "../../providers/google-workspace/schema-setting.js";
import { at } from "../../src/provider/decode.js";

const folder = "/work/shared/recordings/google-workspace/";

interface Recording {
	request: { path: string };
	response: { status: number; body: unknown };
}

const kinds: { file: string; key: string; decode(item: unknown): unknown }[] = [
	{ file: "users.list.json", key: "users", decode: (item) => decodeUser(item) },
	{ file: "roleAssignments.list.json", key: "items", decode: (item) => decodeAssignment(item, new Map(), { accounts: null, groups: null }) },
	{ file: "orgunits.list.json", key: "organizationUnits", decode: decodeOrgUnit },
	{ file: "inboundSsoAssignments.list.json", key: "inboundSsoAssignments", decode: (item) => decodeSsoAssignment(item, new Map()) },
	{ file: "groupsSettings.get.json", key: "", decode: (item) => ({ ok: groupSettingRecord({ id: "g", name: "g" }, item) }) },
];

describe.skipIf(!existsSync(folder))("recorded answers of Google", () => {
	it.each(kinds)("$file", ({ file, key, decode }) => {
		const recorded = (JSON.parse(readFileSync(folder + file, "utf8")) as Recording[]).filter(
			({ request, response }) => request.path.startsWith("/") && response.status === 200,
		);
		const items = recorded.flatMap(({ response }) => (key === "" ? [response.body] : ((at(response.body, key) ?? []) as unknown[])));
		expect(items.length).toBeGreaterThan(0);
		for (const item of items) expect(decode(item), JSON.stringify(item).slice(0, 200)).toMatchObject({ ok: expect.anything() });
	});
});
