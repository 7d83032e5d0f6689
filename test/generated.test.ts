import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generated, repository } from "../tools/generate.js";

test.each(generated)("$path is fresh", ({ path, content }) => {
	let written = "";
	try {
		written = readFileSync(join(repository, path), "utf8");
	} catch {
		// Missing is stale too.
	}
	expect(written === content(), `${path} is stale: run npm run generate`).toBe(true);
});
