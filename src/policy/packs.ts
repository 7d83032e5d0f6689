import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../model/diagnostic.js";
import { nearest } from "../model/nearest.js";
import { nothingPrepared, textDigest } from "./prepared.js";
import { readYaml } from "./yaml-document.js";

/** A pack chooses policies: `policies/packs/<id>.yaml`. */
export interface Pack {
	/** SHA-256 of the file's text, hex. */
	digest: string;
	id: string;
	title: string;
	policies: string[];
}

/** Packs that stand in the `packs/` folder below any of these folders. What a build has prepared is not read again. */
export function loadPacks(dirs: readonly string[], prepared = nothingPrepared): { packs: Pack[]; diagnostics: Diagnostic[] } {
	const packs: Pack[] = [];
	const diagnostics: Diagnostic[] = [];
	for (const dir of dirs) {
		const folder = join(dir, "packs");
		if (!existsSync(folder)) continue;
		for (const name of readdirSync(folder)
			.filter((entry) => entry.endsWith(".yaml"))
			.sort()) {
			const file = join(folder, name);
			const text = readFileSync(file, "utf8");
			const digest = textDigest(text);
			const known = prepared.pack(digest);
			if (known) {
				packs.push(known);
				continue;
			}
			const document = readYaml(text, file);
			diagnostics.push(...document.errors);
			const pack = document.value as Partial<Pack> | null;
			if (pack && typeof pack.id === "string" && Array.isArray(pack.policies))
				packs.push({ digest, id: pack.id, title: pack.title ?? pack.id, policies: pack.policies });
			else diagnostics.push({ file, line: 1, column: 1, path: "", message: "a pack has an id, a title and a list of policies" });
		}
	}
	return { packs, diagnostics };
}

/** Packs that name a policy which doesn't exist. */
export function packProblems(packs: readonly Pack[], ids: readonly string[]): string[] {
	return packs.flatMap((pack) =>
		pack.policies
			.filter((id) => !ids.includes(id))
			.map((id) => {
				const guess = nearest(id, [...ids]);
				return `pack ${pack.id} names ${id}, which is no policy${guess ? `; did you mean ${guess}?` : ""}`;
			}),
	);
}
