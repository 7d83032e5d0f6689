import { encodeKnown } from "../../src/model/json.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, type Json, object, word } from "../../src/provider/decode.js";
import type { SettingLive, SettingSpec } from "../../src/provider/setting.js";
import { assertWriting } from "./act-guard.js";
import type { GoogleConnection } from "./connection.js";
import { canonicalGroupSettings, groupSettingsSchema, invalidGroupSettings, keptByGoogle, keptSettings } from "./group-settings.js";
import { isGone, one } from "./read.js";
import { readScope, writeScope } from "./scopes.js";
import { observedSpecs } from "./settings-observed.js";

/** Scopes of reading and of changing a group's settings: it is asked for by its address, which the Directory tells. */
export const settingScopes = [writeScope.groupSettings, readScope.groups];

interface Found extends SettingLive {
	email: string;
}

async function find(connection: GoogleConnection, id: string): Promise<Found> {
	const { signal } = connection.config;
	const request = { method: "GET" as const, path: "/admin/directory/v1/groups/{groupKey}", params: { groupKey: id } };
	const group = await one(connection, request, signal);
	const absent = (at: RequestRef): Found => ({ exists: false, name: "", values: {}, request: at, email: "" });
	if ("error" in group) {
		if (isGone(group.error)) return absent(group.error.request);
		throw group.error;
	}
	const email = word(at(group.body, "email"));
	if (at(group.body, "id") !== id || !email) throw new ActionError(`Google answers to the group ${id} with another object: a setting names the group's id`);
	const answer = await one(
		connection,
		{ method: "GET", path: "/groups/v1/groups/{groupUniqueId}", params: { groupUniqueId: email }, query: { alt: "json" } },
		signal,
	);
	if ("error" in answer) {
		if (isGone(answer.error)) return absent(answer.error.request);
		throw answer.error;
	}
	const raw = object(answer.body);
	if (!raw || word(raw.email)?.toLowerCase() !== email.toLowerCase()) throw new ActionError(`Google answers to the settings of ${email} with another object`);
	return { exists: true, name: word(at(group.body, "name")) ?? email, values: keptSettings(raw), request: answer.request, email };
}

/** PATCH changes what it names; Google changes archived groups in its own way. @throws ActionError, HttpError */
async function update(connection: GoogleConnection, id: string, values: Json, expected?: Json): Promise<RequestRef> {
	assertWriting(connection);
	const wrong = invalidGroupSettings(values);
	if (wrong) throw new ActionError(`group-settings/${id}: ${wrong}`);
	const live = await find(connection, id);
	if (!live.exists) throw new ActionError(`Google has no group ${id}`);
	if (expected && encodeKnown(live.values) !== encodeKnown(expected))
		throw new ActionError(`${live.name} was changed by somebody else since it was looked at: look again`);
	const kept = keptByGoogle(live.values, values);
	if (kept) throw new ActionError(kept);
	const request = {
		method: "PATCH" as const,
		path: "/groups/v1/groups/{groupUniqueId}",
		params: { groupUniqueId: live.email },
		query: { alt: "json" },
		body: canonicalGroupSettings(values),
	};
	return (await connection.http.send(request)).request;
}

const groupSettings: SettingSpec<GoogleConnection> = {
	kind: "group-settings",
	title: "Who can join, post to and look at a group",
	valuesSchema: groupSettingsSchema,
	async read(connection, id) {
		const { email: _, ...live } = await find(connection, id);
		return live;
	},
	canonical: canonicalGroupSettings,
	update,
	pulumiTypes: ["googleworkspace:index/groupSettings:GroupSettings"],
	lockOutCapable: false,
};

export const settingSpecs: SettingSpec<GoogleConnection>[] = [groupSettings, ...observedSpecs];
