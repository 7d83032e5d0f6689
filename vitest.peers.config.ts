import { defineConfig } from "vitest/config";

/** Foreign servers, clients and oracles in other languages; needs their toolchains. */
export default defineConfig({ test: { include: ["test/peers/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 600_000, pool: "forks" } });
