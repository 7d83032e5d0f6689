import { settingDrift } from "../drift/drift.js";
import type { LiveSetting } from "../drift/live.js";
import { mendSetting } from "../drift/mend.js";
import { asLive } from "../drift/values.js";
import type { DesiredSetting } from "../stack/stack.js";
import { declaredLifecycle } from "./declared.js";
import { adoptOf, asRecord, modeOf, nameOf, splitKey } from "./props.js";

/** One configuration object that exists already. Inputs: `stack`, `key`, `name`, `mode`, `values`, `adopt`. */
export const lifecycle = declaredLifecycle<DesiredSetting, LiveSetting>({
	declares: "values",
	desired(props) {
		const { system, rest } = splitKey(props);
		return { system, setting: rest, name: nameOf(props), mode: modeOf(props), values: asRecord(props.values), adopt: adoptOf(props), path: String(props.key) };
	},
	live: async (session, desired) => (await session.reader(desired.system)).setting(desired.setting),
	drift: settingDrift,
	mend: mendSetting,
	asLive: async (_session, desired, drift) => asLive(desired.values, drift.changed),
	async lines(_session, _desired, drift) {
		if (!drift.exists) return ["the vendor has no such object"];
		const named = drift.misnamed === null ? [] : [`it is named ${JSON.stringify(drift.name)}`];
		return [
			...named,
			...drift.changed.map(({ path, desired, live, said }) =>
				said !== undefined ? `~ ${path}: ${said}` : `~ ${path} is ${JSON.stringify(live) ?? "nothing"} and declared as ${JSON.stringify(desired) ?? "nothing"}`,
			),
		];
	},
});
