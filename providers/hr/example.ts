import type { ProviderExample } from "../../src/provider/example.js";

export const example: ProviderExample = {
	system: "hr",
	entry: `provider: hr
options: { file: people/workers.csv }
`,
	read: [],
	act: [],
};
