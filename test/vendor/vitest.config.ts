import { defineConfig } from "vitest/config";

/** Tests against answers, examples and specifications of the vendors that are not part of this repository: `KEELSON_SHARED` says where they lie. */
export default defineConfig({
	test: { include: ["test/vendor/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 120_000, pool: "forks", maxWorkers: 2 },
});
