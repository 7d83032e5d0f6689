/** Arrows point inwards: providers and surfaces depend on the core, the core on neither. */
const core = "^src/(model|stack|provider|sync|store|link|graph|policy|score|assess|history|plan|drift|apply|notify|emulate)/";
const tests = "\\.test\\.tsx?$|\\.test-suite\\.ts$|/test-[^/]*\\.tsx?$";
const surfaces = "^src/(cli|pulumi|server|report|forge)/";

module.exports = {
	forbidden: [
		{ name: "no-circular", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
		{ name: "model-imports-nothing", severity: "error", from: { path: "^src/model/", pathNot: tests }, to: { path: "^(src/(?!model/)|providers/)" } },
		{ name: "core-knows-no-provider", severity: "error", from: { path: core, pathNot: tests }, to: { path: "^providers/" } },
		{ name: "core-knows-no-surface", severity: "error", from: { path: core, pathNot: tests }, to: { path: surfaces } },
		{
			name: "providers-know-the-interface-only",
			severity: "error",
			from: { path: "^providers/", pathNot: tests },
			to: { path: "^src/(?!(model|provider|emulate)/)" },
		},
		{ name: "providers-know-no-other", severity: "error", from: { path: "^providers/([^/]+)/" }, to: { path: "^providers/(?!$1/|$1\\.)[^/]+/" } },
		{ name: "pulumi-stays-in-its-room", severity: "error", from: { path: "^(src|providers)/", pathNot: "^src/pulumi/" }, to: { path: "node_modules/@pulumi" } },
		{
			name: "no-dev-dependency-in-product",
			severity: "error",
			from: { path: "^(src|providers)/", pathNot: `${tests}|^src/pulumi/` },
			to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
		},
	],
	options: {
		doNotFollow: { path: "node_modules" },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: "tsconfig.json" },
		enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
	},
};
