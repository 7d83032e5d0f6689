import { defineConfig } from "vitest/config";

/** Checks against the vendors' own files, read in place; needs the folder that KEELSON_SHARED names (default `../shared`). */
export default defineConfig({ test: { include: ["test/vendor/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 120_000, pool: "forks" } });
