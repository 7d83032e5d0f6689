import { describe, expect, it } from "vitest";
import { loadProvider } from "../../src/provider/load.js";
import { filed } from "./test-tenant.js";

describe.each(filed)("%s, a provider without a tenant to be started", (name) => {
	it("reads workers from a file, and changes nothing", async () => {
		const provider = await loadProvider(name, import.meta.dirname);
		expect(provider.readers.map(({ collection }) => collection)).toEqual(["workers"]);
		expect(provider.actions).toEqual([]);
		expect(provider.settings).toEqual([]);
		const connection = await provider.connect({
			system: name,
			url: "",
			credential: {},
			options: { file: "nowhere.csv" },
			folder: import.meta.dirname,
			purpose: "read",
			now: () => 0,
			log: () => {},
		});
		const report = await connection.doctor();
		expect(report.ok).toBe(false);
		expect(report.checks.find(({ ok }) => !ok)?.mend).toBeTruthy();
	});
});
