import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Peers need a Go toolchain and its module proxy: `npx vitest run --config test/peers/vitest.config.ts`. */
export default defineConfig({
	root: fileURLToPath(new URL("../..", import.meta.url)),
	test: { include: ["test/peers/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 600_000, pool: "forks", maxWorkers: 1 },
});
