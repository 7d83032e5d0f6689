import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * SHA-256, hex, over the modules in the folder of `moduleUrl` and over those of the model, which every room uses.
 * What a build prepared with these modules is good for as long as it is the same.
 */
export function codeDigest(moduleUrl: string): string {
	const extension = extname(fileURLToPath(moduleUrl));
	const hash = createHash("sha256");
	for (const folder of [new URL(".", moduleUrl), new URL(".", import.meta.url)]) {
		const names = readdirSync(folder).filter((name) => extname(name) === extension && !name.endsWith(".d.ts"));
		for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(new URL(name, folder)));
	}
	return hash.digest("hex");
}
