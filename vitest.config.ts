import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["src/**/*.test.ts", "src/**/*.test.tsx", "providers/**/*.test.ts", "test/**/*.test.ts"],
		exclude: ["test/vendor/**", "test/peers/**", "node_modules/**"],
		testTimeout: 60_000,
		hookTimeout: 120_000,
		pool: "forks",
		maxWorkers: 2,
	},
});
