import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmulatedTenant } from "../src/emulate/contract.js";

/** The system's entry in a stack file that stands in `folder` or under it; its keys are put into files there. */
export function declared(folder: string, system: string, { system: entry }: EmulatedTenant): Record<string, unknown> {
	mkdirSync(join(folder, "keys"), { recursive: true });
	const block = (purpose: "auth" | "act") =>
		Object.fromEntries(
			Object.entries(entry[purpose]).map(([field, value]) => {
				if (field !== "key" && field !== "clientSecret") return [field, value];
				const file = `keys/${system}-${purpose}`;
				writeFileSync(join(folder, file), String(value), { mode: 0o600 });
				return [field, `\${file:${file}}`];
			}),
		);
	return { provider: entry.provider, url: entry.url, auth: block("auth"), act: block("act") };
}
