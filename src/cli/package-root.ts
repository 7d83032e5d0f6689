import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the package that runs: this file stands in `src/cli` of it, or compiled in `dist/src/cli`. */
export const packageRoot = existsSync(join(here, "../../package.json")) ? resolve(here, "../..") : resolve(here, "../../..");
